"""Liking and keeping a comment, and taking it back. Doing either twice changes nothing."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from forum.accounts.models import User
from forum.comments import counting
from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.marks.models import Bookmark, Like


def like(comment: Comment, by: User) -> None:
    """The caller has asked `may_like`."""
    if _add(Like, comment, by):
        _count(comment, +1)


def unlike(comment: Comment, by: User) -> None:
    if _take_back(Like, comment, by):
        _count(comment, -1)


def bookmark(comment: Comment, by: User) -> None:
    """The caller has asked `may_bookmark`."""
    _add(Bookmark, comment, by)


def drop_bookmark(comment: Comment, by: User) -> None:
    _take_back(Bookmark, comment, by)


def _add(kind: type[Like] | type[Bookmark], comment: Comment, by: User) -> bool:
    """Whether it is new. Two clicks at once add one row."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"comment_id": comment.id, "user_id": by.id, "created_at": clock.now()}
    added = dialect.insert(kind).values(row).on_conflict_do_nothing().returning(kind.comment_id)
    return db.session.scalar(added) is not None


def _take_back(kind: type[Like] | type[Bookmark], comment: Comment, by: User) -> bool:
    gone = db.session.execute(delete(kind).where(kind.comment_id == comment.id, kind.user_id == by.id))
    return gone.rowcount == 1  # type: ignore[attr-defined]


def _count(comment: Comment, step: int) -> None:
    db.session.execute(
        update(Comment)
        .where(Comment.id == comment.id)
        .values(like_count=Comment.like_count + step)
        .execution_options(synchronize_session="fetch")
    )
    # The number stands on the page that all readers share.
    counting.touch(comment.post_id)
