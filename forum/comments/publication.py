"""Becoming public and ceasing to be: the step, the counters and the event, together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from forum.comments import counting, tree
from forum.comments.findings import Screened
from forum.comments.models import HELD, PUBLISHED, Comment
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Conflict


def take_turn(comment: Comment) -> None:
    """Called before a comment is changed. Raises Conflict when somebody changed it since it was read."""
    tree.lock(comment.post_id)
    if db.session.scalar(select(Comment.version).where(Comment.id == comment.id)) != comment.version:
        raise Conflict(_("Somebody changed this comment at the same moment. Look at it again."))


def show_new(comment: Comment) -> None:
    """Store a comment that `tree.place` has just placed, public from the beginning. It is nobody else's turn."""
    comment.step_to(PUBLISHED)
    comment.created_at = comment.published_at = clock.now()
    counting.rank(comment)
    db.session.flush()  # counting asks for the comments that are public, and the event for its number
    counting.count_in(comment)
    publish(catalog.CommentPublished(comment.id))


def show(comment: Comment) -> None:
    """Make public. Raises IllegalStep, or Conflict when somebody changed it at the same moment."""
    take_turn(comment)
    comment.step_to(PUBLISHED)
    comment.published_at = comment.published_at or clock.now()
    comment.held_for = []
    db.session.flush()  # counting asks for the comments that are public
    counting.count_in(comment)
    publish(catalog.CommentPublished(comment.id))


def take_away(comment: Comment, state: str) -> None:
    """Step to a state that readers cannot read. Raises as `show` does."""
    take_turn(comment)
    was_public = comment.is_public
    comment.step_to(state)
    db.session.flush()  # as above
    if was_public:
        counting.count_out(comment)
        publish(catalog.CommentHidden(comment.id))


def go_back(
    comment: Comment, state: str, *, published_at: datetime | None, hidden_at: datetime | None, rank: int | None,
    held_for: list[Any],
) -> None:  # fmt: skip
    """Undo a step: the comment stands as it stood before. Raises as `show` does.

    A comment that nobody could read before, and that somebody has answered since, leaves a line above the answers.
    """
    take_turn(comment)
    was_public = comment.is_public
    comment.step_back_to(state)
    comment.hidden_at, comment.held_for = hidden_at, held_for
    db.session.refresh(comment, ["descendant_count"])
    if rank is not None or not comment.descendant_count:
        comment.published_at, comment.rank = published_at, rank
    db.session.flush()  # as above
    if was_public and not comment.is_public:
        counting.count_out(comment)
        publish(catalog.CommentHidden(comment.id))
    elif comment.is_public and not was_public:
        counting.count_in(comment)
        publish(catalog.CommentPublished(comment.id))


def hold(comment: Comment, findings: list[dict]) -> None:
    """Let a moderator read it first. Raises as `show` does."""
    if comment.state != HELD:
        take_away(comment, HELD)
    comment.held_for = findings
    publish(catalog.CommentHeld(comment.id))


def suspect(comment: Comment, found: Screened) -> None:
    """Tell moderators what a look at a public comment found, if anything."""
    comment.held_for = found.rows()
    if comment.held_for:
        publish(catalog.CommentSuspected(comment.id))
