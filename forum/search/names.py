"""The tags, series, discussions and people that a search names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, literal, select, union_all

from forum.accounts import queries as account_queries
from forum.accounts import usernames
from forum.accounts.models import User
from forum.foundation.db import db
from forum.posts.models import PUBLISHED, Post, Series, Tag

TAG, SERIES, DISCUSSION, WRITER = "tag", "series", "post", "writer"


class Named(NamedTuple):
    """Something with a name, and its part of an address."""

    id: int
    slug: str
    name: str


@dataclass(frozen=True)
class Names:
    """What there is of what was named, by slug; people by username."""

    tags: dict[str, Named] = field(default_factory=dict)
    series: dict[str, Named] = field(default_factory=dict)
    posts: dict[str, Named] = field(default_factory=dict)
    people: dict[str, Named] = field(default_factory=dict)


def by_slug(
    tags: Collection[str] = (),
    series: Collection[str] = (),
    posts: Collection[str] = (),
    people: Collection[str] = (),
) -> Names:
    """What everybody may know of these. One query at most."""
    keys = {usernames.key(name) for name in people}
    wanted = [
        _tags(Tag.slug.in_(tags)) if tags else None,
        _series(Series.slug.in_(series)) if series else None,
        _posts(Post.slug.in_(posts)) if posts else None,
        _people(User.username_key.in_(keys)) if keys else None,
    ]
    return _found([one for one in wanted if one is not None])


def by_id(tags: Collection[int] = (), series: Collection[int] = (), people: Collection[int] = ()) -> Names:
    """The same, by their numbers."""
    wanted = [
        _tags(Tag.id.in_(tags)) if tags else None,
        _series(Series.id.in_(series)) if series else None,
        _people(User.id.in_(people)) if people else None,
    ]
    return _found([one for one in wanted if one is not None])


_Rows = Select[*tuple[Any, ...]]


def _tags(condition: ColumnElement[bool]) -> _Rows:
    return select(literal(TAG), Tag.id, Tag.slug, Tag.name).where(condition)


def _series(condition: ColumnElement[bool]) -> _Rows:
    return select(literal(SERIES), Series.id, Series.slug, Series.name).where(condition)


def _posts(condition: ColumnElement[bool]) -> _Rows:
    return select(literal(DISCUSSION), Post.id, Post.slug, Post.title).where(condition, Post.state == PUBLISHED)


def _people(condition: ColumnElement[bool]) -> _Rows:
    return select(literal(WRITER), User.id, User.username, User.name).where(condition, account_queries.known())


_PARTS: Final = {TAG: "tags", SERIES: "series", DISCUSSION: "posts", WRITER: "people"}


def _found(wanted: list[_Rows]) -> Names:
    found = Names()
    if wanted:
        for part, number, slug, name in db.session.execute(union_all(*wanted)):
            getattr(found, _PARTS[part])[slug] = Named(number, slug, name)
    return found
