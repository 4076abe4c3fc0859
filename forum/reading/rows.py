"""Posts as rows of a list, as the head of a page, and their series as knots on a line."""

from __future__ import annotations

import math
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from forum.accounts.models import User
from forum.comments import queries as comment_queries
from forum.marks import muting, reading
from forum.posts import queries as post_queries
from forum.posts.models import CLOSED, Post, Series
from forum.posts.permissions import may_change
from forum.reading import cards
from forum.reading.cards import AuthorLine, PersonCard
from forum.text import safe
from forum.text.excerpt import plain

# The eight figures a series' knot can be; see DESIGN: x = sin(a·t + p), y = sin(b·t).
_FIGURES = ((1, 2), (2, 3), (3, 4), (4, 5), (3, 2), (1, 3), (3, 5), (2, 5))
_POINTS = 90
PEOPLE_SHOWN = 3


@dataclass(frozen=True)
class Knot:
    part: int
    title: str
    url: str | None
    # past, here, future (not out yet)
    state: str
    lang: str = ""


@dataclass(frozen=True)
class SeriesPlace:
    name: str
    slug: str
    url: str
    part: int
    total: int | None
    knots: list[Knot]
    previous: Knot | None
    next: Knot | None
    knot_path: str


@dataclass(frozen=True)
class SeriesRow:
    """A series in a list: its line of knots and its newest part."""

    name: str
    slug: str
    url: str
    description: str
    knots: list[Knot]
    knot_path: str
    part: int
    total: int | None
    latest_at: datetime | None
    is_complete: bool
    posts: list[Knot]


@dataclass(frozen=True)
class TagLink:
    name: str
    url: str
    count: int | None = None


@dataclass(frozen=True)
class Unread:
    """How a discussion stands with one reader: what is `new` since they last looked in, or that they never did."""

    new: int = 0
    is_cut: bool = False
    never_read: bool = False
    url: str = ""

    def __bool__(self) -> bool:
        return bool(self.new) or self.never_read

    @property
    def number(self) -> str:
        """How many are new, as “8” or “99+”."""
        return f"{self.new}+" if self.is_cut else str(self.new)


# What a guest sees of every row, and a reader of what they have read.
READ = Unread()


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


@dataclass(frozen=True)
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
    people = comment_queries.recent_people([post.id for post in posts], PEOPLE_SHOWN)
    parts = post_queries.parts_of(list({post.series_id for post in posts if post.series_id}))
    hidden = _muted_among(people, posts, viewer)
    unread = unread_of(posts, viewer)
    return [
        PostRow(
            **_row(post, people.get(post.id, []), parts.get(post.series_id or 0, []), hidden),
            unread=unread.get(post.id, READ),
        )
        for post in posts
    ]


def _muted_among(people: Mapping[int, Sequence[User]], posts: Sequence[Post], viewer: User | None) -> Collection[int]:
    """Who of the people named in these rows this reader has muted. One query for a member."""
    if viewer is None:
        return set()
    named = {person.id for some in people.values() for person in some}
    named |= {post.last_comment_by_id for post in posts if post.last_comment_by_id is not None}
    return muting.muted_among(viewer, named)


def unread_of(posts: Sequence[Post], viewer: User | None) -> dict[int, Unread]:
    """How these discussions stand with this reader. One query for a member, none for a guest."""
    if viewer is None:
        return {}
    found = reading.unread_in(viewer, [post.id for post in posts])
    return {post.id: _unread(post, viewer, found.get(post.id)) for post in posts}


def _unread(post: Post, viewer: User, count: int | None) -> Unread:
    if count is None:
        # Nobody has to read all that was there before they came.
        return Unread(never_read=(post.published_at or post.created_at) > viewer.created_at)
    shown = min(count, reading.MOST_IN_ROW)
    return Unread(new=shown, is_cut=count > shown, url=url_for("news.first", slug=post.slug) if shown else "")


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
        "series": place_in(post.series, post, parts) if post.series else None,
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


def place_in(series: Series, post: Post, parts: Sequence[Post]) -> SeriesPlace:
    knots = _knots(series, parts, post)
    here = next((i for i, knot in enumerate(knots) if knot.state == "here"), None)
    earlier = knots[:here]
    later = knots[here + 1 :] if here is not None else []
    return SeriesPlace(
        name=series.name,
        slug=series.slug,
        url=url_for("home.series", slug=series.slug),
        part=post.part or (knots[here].part if here is not None else 1),
        total=series.total,
        knots=knots,
        previous=earlier[-1] if here and earlier[-1].url else None,
        next=later[0] if later and later[0].url else None,
        knot_path=knot_path(series.slug),
    )


def series_row(series: Series, parts: Sequence[Post]) -> SeriesRow:
    last = parts[-1] if parts else None
    return SeriesRow(
        name=series.name,
        slug=series.slug,
        url=url_for("home.series", slug=series.slug),
        description=series.description,
        knots=_knots(series, parts, last),
        knot_path=knot_path(series.slug),
        part=(last.part if last else None) or len(parts),
        total=series.total,
        latest_at=last.published_at if last else None,
        is_complete=bool(series.total and len(parts) >= series.total),
        posts=[_knot(number, part, None) for number, part in enumerate(parts, 1)],
    )


def _knots(series: Series, parts: Sequence[Post], here: Post | None) -> list[Knot]:
    out = [_knot(number, part, here) for number, part in enumerate(parts, 1)]
    numbers = {knot.part for knot in out}
    planned = [n for n in range(1, (series.total or 0) + 1) if n not in numbers]
    return sorted([*out, *(Knot(n, "", None, "future") for n in planned)], key=lambda knot: knot.part)


def _knot(number: int, part: Post, here: Post | None) -> Knot:
    state = "here" if here is not None and part.id == here.id else "past"
    return Knot(part.part or number, part.title, url_for("posts.show", slug=part.slug), state, part.lang)


def knot_path(slug: str) -> str:
    """The series' figure as an SVG path in a box of 48 by 48."""
    a, b = _FIGURES[zlib.crc32(slug.encode()) % len(_FIGURES)]
    phase = math.pi / (4 * b)
    steps = (2 * math.pi * step / _POINTS for step in range(_POINTS))
    points = (f"{24 + 20 * math.sin(a * t + phase):.1f} {24 + 20 * math.sin(b * t):.1f}" for t in steps)
    return "M" + "L".join(points) + "Z"
