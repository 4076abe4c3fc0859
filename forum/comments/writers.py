"""Who writes: the people of a discussion, and the language somebody writes in."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select, union_all

from forum.accounts.models import User
from forum.comments.models import PUBLISHED, Comment
from forum.comments.queries import Value
from forum.foundation.cache import cache
from forum.foundation.db import db
from forum.posts.models import Post

# Whoever wrote before these is found by their name like everybody else.
NEWEST_LOOKED_AT = 500
# Among so many newest comments the last few people are looked for.
LAST_LOOKED_AT = 12


def newest_language(user_id: Value) -> Select:
    """The same; for a part of another query."""
    return (
        select(Comment.lang)
        .where(Comment.author_id == user_id, Comment.state == PUBLISHED)
        .order_by(Comment.created_at.desc())
        .limit(1)
    )


def newest_in(post: Post) -> list[User]:
    """Who wrote the newest comments below a post, the last one first, and its authors. One query, for any length."""
    newest = (
        select(Comment.author_id, Comment.published_at)
        .where(Comment.post_id == post.id, Comment.state == PUBLISHED)
        .order_by(Comment.published_at.desc())
        .limit(NEWEST_LOOKED_AT)
        .subquery()
    )
    last = select(newest.c.author_id, func.max(newest.c.published_at).label("at")).group_by(newest.c.author_id)
    wrote = last.subquery()
    authors = [author.user_id for author in post.authors if author.user_id]
    return list(
        db.session.scalars(
            select(User)
            .outerjoin(wrote, wrote.c.author_id == User.id)
            .where(or_(wrote.c.author_id.is_not(None), User.id.in_(authors)))
            .order_by(wrote.c.at.is_(None), wrote.c.at.desc(), User.id)
        )
    )


def last_below(versions: Mapping[int, int], each: int = 3) -> dict[int, list[User]]:
    """Who wrote last below each of these posts, each person once. The version of each discussion stands by its post.

    One query for the people. One more, over the newest few comments of each post, where one of them is not kept: to put
    that one together takes longer than to ask it.
    """
    if not versions:
        return {}
    asked = functools.cache(lambda: _last_writers(versions.keys()))
    writers = {
        post_id: cache.get_own(("last writers", post_id, version), functools.partial(_last_of, asked, post_id)).numbers
        for post_id, version in versions.items()
    }
    wanted = {number for some in writers.values() for number in some[:each]}
    people = {user.id: user for user in db.session.scalars(select(User).where(User.id.in_(wanted)))}
    return {post_id: [people[number] for number in some[:each]] for post_id, some in writers.items() if some}


@dataclass(frozen=True)
class Last:
    """Who wrote last below a post, as it is kept."""

    numbers: Sequence[int]

    @property
    def size(self) -> int:
        return 200 + 8 * len(self.numbers)


def _last_of(asked: Callable[[], Mapping[int, list[int]]], post_id: int) -> Last:
    return Last(asked().get(post_id, ()))


def _last_writers(post_ids: Collection[int]) -> dict[int, list[int]]:
    newest = union_all(*map(_newest_writers, post_ids))
    writers: dict[int, list[int]] = {}
    for post_id, author_id, _when in sorted(db.session.execute(newest), key=lambda row: row[2], reverse=True):
        seen = writers.setdefault(post_id, [])
        if author_id not in seen:
            seen.append(author_id)
    return writers


def _newest_writers(post_id: int) -> Select:
    newest = (
        select(Comment.post_id, Comment.author_id, Comment.published_at)
        .where(Comment.post_id == post_id, Comment.state == PUBLISHED)
        .order_by(Comment.published_at.desc())
        .limit(LAST_LOOKED_AT)
        .subquery()
    )
    return select(newest)
