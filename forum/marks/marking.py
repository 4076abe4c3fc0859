"""Liking and keeping a comment, and taking it back. Doing either twice changes nothing."""

from __future__ import annotations

from sqlalchemy import case, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from forum.accounts.models import User
from forum.comments import counting
from forum.comments.models import Comment
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation import clock
from forum.foundation.db import db
from forum.marks import scoring
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
    left = Comment.like_count + step
    # Until the worker has scored it, a liked comment stands behind those that are scored, and before the others.
    score = case((left <= 0, 0), (Comment.like_score > 0, Comment.like_score), else_=scoring.UNSCORED)
    db.session.execute(
        update(Comment)
        .where(Comment.id == comment.id)
        .values(like_count=left, like_score=score)
        .execution_options(synchronize_session="fetch")
    )
    # The number stands on the page that all readers share.
    counting.touch(comment.post_id)
    publish(catalog.LikesChanged(comment.post_id))
