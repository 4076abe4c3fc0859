"""A case may hold several questions: the words of a comment, an appeal, a suspension that two must want."""

from __future__ import annotations

from sqlalchemy import exists, select

from forum.comments.models import HELD as COMMENT_HELD
from forum.foundation.db import db
from forum.moderation import cases
from forum.moderation.actions import APPEAL, HELD
from forum.moderation.models import Appeal, Case, Decision, Sanction


def go_on(case: Case) -> None:
    """Open a case again on which something else still waits, when one of its questions is answered."""
    kind = _what_waits(case)
    if kind:
        cases.reopen(case)
        case.kind = kind
        db.session.flush()


def _what_waits(case: Case) -> str:
    if db.session.scalar(select(exists().where(Appeal.case_id == case.id, Appeal.answer_id.is_(None)))):
        return APPEAL
    if case.comment is not None:
        return HELD if case.comment.state == COMMENT_HELD else ""
    proposed = select(Sanction.id).join(Decision, Decision.id == Sanction.decision_id)
    waits = proposed.where(Decision.case_id == case.id, Sanction.begins_at.is_(None), Sanction.lifted_at.is_(None))
    return HELD if db.session.scalar(waits.limit(1)) is not None else ""
