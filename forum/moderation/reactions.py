"""What happens in moderation after a check spoke up, or a comment was withdrawn."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from forum.comments import editing
from forum.comments import queries as comment_queries
from forum.comments.models import HELD, WITHDRAWN, Comment
from forum.events import catalog
from forum.foundation.db import db
from forum.moderation import cases, queries
from forum.moderation.actions import FLAGGED, SPAM
from forum.moderation.actions import HELD as HELD_CASE
from forum.moderation.models import Signal
from forum.screening import names


def open_case(event: catalog.CommentHeld) -> None:
    """Put a held comment in the queue with what screening found. A second run adds nothing."""
    comment = comment_queries.by_id(event.comment_id)
    if comment is not None and comment.state == HELD:
        _collect(comment, comment.held_for, HELD_CASE)


def note_suspicion(event: catalog.CommentSuspected) -> None:
    """The same for a comment that everybody reads, and that a check would have a moderator look at."""
    comment = comment_queries.by_id(event.comment_id)
    if comment is not None and comment.is_public and comment.held_for:
        _collect(comment, comment.held_for, FLAGGED)


def open_edit_case(event: catalog.EditHeld) -> None:
    """The same for the new words of a comment that is read in its old ones meanwhile."""
    comment = comment_queries.by_id(event.comment_id)
    edit = editing.waiting_of(comment) if comment is not None else None
    if comment is not None and edit is not None:
        _collect(comment, edit.held_for, HELD_CASE)


def close_edit_case(event: catalog.EditDropped) -> None:
    """New words that wait no more need no decision; flags on the old ones still do."""
    comment = comment_queries.by_id(event.comment_id)
    if comment is None or not comment.is_public or editing.waiting_of(comment) is not None:
        return
    case = queries.open_case_of(comment)
    if case is not None and case.kind == HELD_CASE:
        cases.close(case, case.version)


def _collect(comment: Comment, findings: list[dict[str, Any]], kind: str) -> None:
    is_spam = any(finding["reason"] == names.SPAM for finding in findings)
    case = cases.open_for(comment, SPAM if is_spam else kind)
    known = {
        signal.reason: signal
        for signal in db.session.scalars(select(Signal).where(Signal.case_id == case.id, Signal.by_id.is_(None)))
    }
    for finding in findings:
        earlier = known.get(finding["reason"])
        if earlier is None:
            cases.add_signal(case, finding["reason"], finding["detail"])
        elif earlier.detail != finding["detail"]:
            # The comment was edited since: what counts is what is found in it now.
            earlier.detail = finding["detail"]
            cases.touch(case)


def close_case(event: catalog.CommentWithdrawn) -> None:
    """A comment its writer took back needs no decision."""
    comment = comment_queries.by_id(event.comment_id)
    if comment is None or comment.state != WITHDRAWN:
        return
    case = queries.open_case_of(comment)
    if case is not None:
        cases.close(case, case.version)
