"""Posts as rows of a list, and as the head of a page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from forum.accounts.models import User
from forum.comments import writers
from forum.marks import muting
from forum.posts import queries as post_queries
from forum.posts.models import CLOSED, Post
from forum.posts.permissions import may_change
from forum.reading import cards, knots
from forum.reading.cards import AuthorLine, PersonCard
from forum.reading.knots import Knot, SeriesPlace
from forum.reading.unread import READ, Place, Unread, unread_of
from forum.text import safe
from forum.text.excerpt import plain

PEOPLE_SHOWN = 3


@dataclass(frozen=True)
class TagLink:
    name: str
    url: str
    count: int | None = None


@dataclass(frozen=True)
class Held:
    """Holes in a row in place of how the discussion stands with a reader: a mark on the row, and a line."""

    mark: Markup
    line: Markup


@dataclass(frozen=True)
class Listed:
    """Rows as all readers see them, but for what is held; what that is made from, and whom the rows name."""

    rows: list[PostRow]
    places: list[Place]
    named: frozenset[int]


@dataclass(frozen=True)
class PostRow:
    id: int
    slug: str
    url: str
    title: str
    standfirst: str
    lang: str
    authors: list[AuthorLine]
    series: SeriesPlace | None
    tags: list[TagLink]
    published_at: datetime
    comment_count: int
    people_count: int
    recent_people: list[PersonCard]
    more_people: int
    last_comment_by: str | None
    last_comment_at: datetime | None
    is_closed: bool
    closes_at: datetime | None
    policy: str
    is_draft: bool
    unread: Unread
    # Where each reader's own is put in later.
    held: Held | None = None


@dataclass(frozen=True, kw_only=True)
class PostPage(PostRow):
    body_html: Markup
    question: str
    reading_minutes: int
    siblings: list[Knot]
    edit_url: str | None


@dataclass(frozen=True)
class DeskRow:
    """One of an author's own posts."""

    title: str
    lang: str
    url: str
    edit_url: str
    series_name: str
    part: int | None
    is_draft: bool
    is_closed: bool
    published_at: datetime | None
    comment_count: int


def desk(posts: Sequence[Post]) -> list[DeskRow]:
    return [
        DeskRow(
            title=post.title,
            lang=post.lang,
            url=url_for("posts.show", slug=post.slug),
            edit_url=url_for("writing.edit", post_id=post.id),
            series_name=post.series.name if post.series else "",
            part=post.part,
            is_draft=not post.is_public,
            is_closed=post.is_public and not post.is_open,
            published_at=post.published_at if post.is_public else None,
            comment_count=post.comment_count,
        )
        for post in posts
    ]


def many(posts: Sequence[Post], viewer: User | None) -> list[PostRow]:
    """Rows for a list. Three queries for all of them: people, and the parts of their series; two more for a member."""
    people, parts = _around(posts)
    hidden = muting.muted_among(viewer, _named(people, posts)) if viewer else ()
    unread = unread_of([Place.of(post) for post in posts], viewer)
    return [
        PostRow(**_row(post, people.get(post.id, []), parts.get(post.series_id or 0, []), hidden), unread=found)
        for post, found in ((post, unread.get(post.id, READ)) for post in posts)
    ]


def for_all(posts: Sequence[Post], held: Callable[[int], Held]) -> Listed:
    """The same rows for all readers who muted none of those named in them. Two queries."""
    people, parts = _around(posts)
    rows = [
        PostRow(
            **_row(post, people.get(post.id, []), parts.get(post.series_id or 0, [])), unread=READ, held=held(post.id)
        )
        for post in posts
    ]
    return Listed(rows, [Place.of(post) for post in posts], frozenset(_named(people, posts)))


def _around(posts: Sequence[Post]) -> tuple[Mapping[int, Sequence[User]], Mapping[int, Sequence[Post]]]:
    """Who wrote last below each post, and the parts of each series. Two queries."""
    people = writers.last_below({post.id: post.thread_version for post in posts}, PEOPLE_SHOWN)
    return people, post_queries.parts_of(list({post.series_id for post in posts if post.series_id}))


def _named(people: Mapping[int, Sequence[User]], posts: Sequence[Post]) -> set[int]:
    named = {person.id for some in people.values() for person in some}
    return named | {post.last_comment_by_id for post in posts if post.last_comment_by_id is not None}


def beside(post: Post) -> Sequence[Post]:
    """The parts of the post's series. One query when it is part of one."""
    return post_queries.parts_of([post.series_id]).get(post.series_id, []) if post.series_id else []


def page(post: Post, viewer: User | None, parts: Sequence[Post]) -> PostPage:
    """The head of a post's page, with the parts of its series."""
    row = _row(post, [], parts)
    return PostPage(
        **row,
        unread=READ,
        body_html=safe.stored(post.body_html),
        question=post.question,
        reading_minutes=cards.reading_minutes(plain(safe.stored(post.body_html))),
        siblings=row["series"].knots if row["series"] else [],
        edit_url=url_for("writing.edit", post_id=post.id) if may_change(viewer, post) else None,
    )


def _row(post: Post, people: Sequence[User], parts: Sequence[Post], hidden: Collection[int] = ()) -> dict:
    shown = [user for user in people if user.id not in hidden]
    is_last_hidden = post.last_comment_by_id in hidden
    return {
        "id": post.id,
        "slug": post.slug,
        "url": url_for("posts.show", slug=post.slug),
        "title": post.title,
        "standfirst": post.standfirst,
        "lang": post.lang,
        "authors": [cards.author_line(author) for author in post.authors],
        "series": knots.place_in(post.series, post, parts) if post.series else None,
        "tags": [TagLink(tag.name, url_for("home.tag", slug=tag.slug)) for tag in post.tags],
        "published_at": post.published_at or post.created_at,
        "comment_count": post.comment_count,
        "people_count": post.people_count,
        "recent_people": [cards.person_card(user) for user in shown],
        "more_people": max(0, post.people_count - len(people)),
        "last_comment_by": post.last_comment_by.name if shown and post.last_comment_by and not is_last_hidden else None,
        "last_comment_at": post.last_comment_at,
        "is_closed": not post.is_open,
        "closes_at": post.closes_at if post.is_open else None,
        "policy": post.policy if post.is_open else CLOSED,
        "is_draft": not post.is_public,
    }
