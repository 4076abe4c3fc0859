"""From what was read in a search to what the engine is asked: names become numbers of the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, literal_column, or_, select

from forum.accounts.models import User
from forum.comments.models import PUBLISHED, Comment
from forum.foundation.db import db
from forum.posts.models import PUBLISHED as POST_PUBLISHED
from forum.posts.models import Post, PostTag
from forum.search import names
from forum.search.asked import Asked
from forum.search.engine import COMMENT, KINDS, LIKED, ORDERS, RELEVANCE, Picked, Query, key_of
from forum.search.language import Reading
from forum.search.names import Named, Names

# Who looks for the most liked reads no further.
FAVOURITES: Final = 5_000


@dataclass(frozen=True)
class Ticks:
    """What was ticked beside the results, by numbers; of values that there are not, nothing is left."""

    kinds: frozenset[str] = frozenset()
    series: frozenset[int] = frozenset()
    tags: frozenset[int] = frozenset()
    writers: frozenset[int] = frozenset()
    year: int | None = None

    def __bool__(self) -> bool:
        return bool(self.kinds or self.series or self.tags or self.writers) or self.year is not None


@dataclass(frozen=True)
class Meant:
    """A search as the engine gets it, what is ticked in it, and the names in it; `notes` say what there is not."""

    query: Query
    ticks: Ticks
    names: Names
    notes: tuple[str, ...]


def of(reading: Reading, asked: Asked, viewer: User | None) -> Meant:
    """At most four queries, whatever there is: names, the discussions typed and ticked, and what is liked most."""
    found = names.by_slug(
        tags={*reading.tags, *reading.without_tags, *asked.tags},
        series={*reading.series, *reading.without_series, *asked.series},
        posts={*reading.posts, *reading.without_posts},
        people=asked.authors,
    )
    ticks = _ticks(asked, found)
    order = order_of(reading, asked)
    query = Query(
        wishes=reading.wishes,
        without=reading.without,
        authors=reading.authors,
        without_authors=reading.without_authors,
        kinds=reading.kinds,
        posts=_posts(reading, found),
        without_posts=_without_posts(reading, found),
        writers=frozenset({viewer.id} if viewer is not None else ()) if reading.is_mine else None,
        since=reading.since,
        until=reading.until,
        contents=reading.contents,
        without_contents=reading.without_contents,
        order=order,
        favourites=_favourites() if order == LIKED else (),
        picked=_picked(ticks),
    )
    return Meant(query, ticks, found, _notes(reading, found))


def order_of(reading: Reading, asked: Asked) -> str:
    """What is typed goes before what the address says."""
    return next((order for order in (reading.order, asked.order) if order in ORDERS), RELEVANCE)


def _ticks(asked: Asked, found: Names) -> Ticks:
    return Ticks(
        kinds=frozenset(asked.kinds).intersection(KINDS),
        series=_numbers(found.series, asked.series),
        tags=_numbers(found.tags, asked.tags),
        writers=_numbers(found.people, asked.authors),
        year=asked.year,
    )


def _numbers(named: dict[str, Named], slugs: Iterable[str]) -> frozenset[int]:
    return frozenset(named[slug].id for slug in slugs if slug in named)


def _picked(ticks: Ticks) -> Picked:
    return Picked(
        kinds=ticks.kinds,
        posts=_in(ticks.series, ticks.tags) if ticks.series or ticks.tags else None,
        writers=ticks.writers,
        years=frozenset() if ticks.year is None else frozenset({ticks.year}),
    )


def _posts(reading: Reading, found: Names) -> frozenset[int] | None:
    """The discussions that a search keeps to; of one kind of name any will do. One query at most."""
    asked: list[ColumnElement[bool]] = []
    if reading.posts:
        asked.append(Post.id.in_(_numbers(found.posts, reading.posts)))
    if reading.series:
        asked.append(Post.series_id.in_(_numbers(found.series, reading.series)))
    if reading.tags:
        asked.append(_tagged(_numbers(found.tags, reading.tags)))
    return _those(and_(*asked)) if asked else None


def _without_posts(reading: Reading, found: Names) -> frozenset[int]:
    return _numbers(found.posts, reading.without_posts) | (
        _those(
            or_(
                Post.series_id.in_(_numbers(found.series, reading.without_series)),
                _tagged(_numbers(found.tags, reading.without_tags)),
            )
        )
        if reading.without_series or reading.without_tags
        else frozenset()
    )


def _in(series: Collection[int], tags: Collection[int]) -> frozenset[int]:
    conditions = [Post.series_id.in_(series)] if series else []
    return _those(and_(*conditions, *([_tagged(tags)] if tags else [])))


def _tagged(tags: Collection[int]) -> ColumnElement[bool]:
    return Post.id.in_(select(PostTag.post_id).where(PostTag.tag_id.in_(tags)))


def _those(condition: ColumnElement[Any]) -> frozenset[int]:
    return frozenset(db.session.scalars(select(Post.id).where(Post.state == POST_PUBLISHED, condition)))


# A number that is written out: with a place for it, SQLite does not see that the index is about the same comments.
_MOST_LIKED: Final = (
    select(Comment.id)
    .where(Comment.like_count > literal_column("0"), Comment.state == PUBLISHED)
    .order_by(Comment.like_score.desc(), Comment.id)
    .limit(FAVOURITES)
)


def _favourites() -> tuple[str, ...]:
    return tuple(key_of(COMMENT, number) for number in db.session.scalars(_MOST_LIKED))


def _notes(reading: Reading, found: Names) -> tuple[str, ...]:
    unknown = [
        *(_("There is no tag “%(name)s”.", name=slug) for slug in reading.tags if slug not in found.tags),
        *(_("There is no series “%(name)s”.", name=slug) for slug in reading.series if slug not in found.series),
        *(_("There is no discussion “%(name)s”.", name=slug) for slug in reading.posts if slug not in found.posts),
    ]
    return (*reading.notes, *unknown)
