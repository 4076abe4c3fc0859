"""Closing the replies below a comment, and finding them closed again."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from forum.accounts.models import User
from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.marks.models import Fold

# The oldest is forgotten first. Nobody misses what they closed a thousand branches ago.
MOST = 1_000


def fold(comment: Comment, by: User) -> None:
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"user_id": by.id, "comment_id": comment.id, "created_at": clock.now()}
    db.session.execute(dialect.insert(Fold).values(row).on_conflict_do_nothing())
    db.session.execute(delete(Fold).where(Fold.user_id == by.id, Fold.comment_id.in_(_past_the_most(by))))


def unfold(comment: Comment, by: User) -> None:
    db.session.execute(delete(Fold).where(Fold.user_id == by.id, Fold.comment_id == comment.id))


def _past_the_most(user: User):
    newest = select(Fold.comment_id).where(Fold.user_id == user.id)
    return newest.order_by(Fold.created_at.desc(), Fold.comment_id.desc()).limit(MOST).offset(MOST)
