"""What happens in moderation after a comment was held or withdrawn."""

from __future__ import annotations

from sqlalchemy import select

from forum.comments import queries as comment_queries
from forum.comments.models import HELD, WITHDRAWN
from forum.events import catalog
from forum.foundation.db import db
from forum.moderation import cases, queries
from forum.moderation.models import HELD as HELD_CASE
from forum.moderation.models import Signal


def open_case(event: catalog.CommentHeld) -> None:
    """Put a held comment in the queue with what screening found. A second run adds nothing."""
    comment = comment_queries.by_id(event.comment_id)
    if comment is None or comment.state != HELD:
        return
    case = cases.open_for(comment, HELD_CASE)
    case.kind = HELD_CASE
    known = set(db.session.scalars(select(Signal.reason).where(Signal.case_id == case.id, Signal.by_id.is_(None))))
    for finding in comment.held_for:
        if finding["reason"] not in known:
            db.session.add(Signal(case_id=case.id, reason=finding["reason"], detail=finding["detail"]))


def close_case(event: catalog.CommentWithdrawn) -> None:
    """A comment its writer took back needs no decision."""
    comment = comment_queries.by_id(event.comment_id)
    if comment is None or comment.state != WITHDRAWN:
        return
    case = queries.open_case_of(comment)
    if case is not None:
        cases.close(case, case.version)
