"""Who marked what."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.comments.models import Comment
from forum.comments.permissions import visible_to
from forum.foundation import paging
from forum.foundation.db import among, db
from forum.marks.models import Bookmark, Fold, Like, Mute
from forum.posts.models import Post

PAGE = 30
# Enough for a line of names; the rest is a number.
MOST_NAMES = 200


class Marked(NamedTuple):
    """What a person has marked of the comments of a page, and whom of their writers."""

    liked: Collection[int]
    kept: Collection[int]
    folded: Collection[int]
    muted: Collection[int]


def marked_on(user: User, comment_ids: Collection[int], author_ids: Collection[int]) -> Marked:
    """What this person has marked on a page of these comments by these people. One query."""
    found: dict[str, set[int]] = {name: set() for name in Marked._fields}
    values = {"user": user.id, "comments": comment_ids, "authors": author_ids}
    for name, number in db.session.connection().execute(_MARKED, values):
        found[name].add(number)
    return Marked(*found.values())


_MARKED = union_all(
    *(
        select(literal(name), kind.comment_id).where(
            kind.user_id == bindparam("user"), among(kind.comment_id, "comments")
        )
        for name, kind in (("liked", Like), ("kept", Bookmark), ("folded", Fold))
    ),
    select(literal("muted"), Mute.muted_id).where(Mute.user_id == bindparam("user"), among(Mute.muted_id, "authors")),
)


def who_like(comment: Comment) -> Sequence[User]:
    """The people who like a comment, the first first."""
    return db.session.scalars(
        select(User)
        .join(Like, Like.user_id == User.id)
        .where(Like.comment_id == comment.id)
        .order_by(Like.created_at, User.id)
        .limit(MOST_NAMES)
    ).all()


def kept_by(user: User, after: str = "") -> tuple[Sequence[Bookmark], str | None]:
    """A page of what a person keeps, the newest first, as far as it may still be seen. One query."""
    found = (
        select(Bookmark)
        .join(Comment, Comment.id == Bookmark.comment_id)
        .join(Post, Post.id == Comment.post_id)
        .where(Bookmark.user_id == user.id, visible_to(user))
        .options(joinedload(Bookmark.comment).options(joinedload(Comment.author), joinedload(Comment.post)))
    )
    where = paging.read(after, datetime, int)
    if where is not None:
        moment, number = where
        earlier = and_(Bookmark.created_at == moment, Bookmark.comment_id < number)
        found = found.where(or_(Bookmark.created_at < moment, earlier))
    rows = db.session.scalars(
        found.order_by(Bookmark.created_at.desc(), Bookmark.comment_id.desc()).limit(PAGE + 1)
    ).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return rows[:PAGE], paging.cursor(last.created_at, last.comment_id) if last else None
