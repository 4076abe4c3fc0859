"""Becoming public and ceasing to be: the step, the counters and the event, together."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from forum.comments import counting, tree
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


def hold(comment: Comment, findings: list[dict]) -> None:
    """Let a moderator read it first. Raises as `show` does."""
    if comment.state != HELD:
        take_away(comment, HELD)
    comment.held_for = findings
    publish(catalog.CommentHeld(comment.id))
