"""Bringing what one case collected into another of the same comment or person: nothing of it is lost."""

from __future__ import annotations

from sqlalchemy import select, update

from forum.foundation.db import db
from forum.moderation.models import Appeal, Case, Note, Report, Signal


def bring_over(of: Case, to: Case) -> None:
    """A person may have flagged in both: the later flag is what they say now, and keeps what they said before."""
    db.session.flush()
    earlier = {row.by_id: row for row in _flags(to)}
    for signal in _flags(of):
        before = earlier.get(signal.by_id)
        if before is not None:
            _join(before, signal)
    for model in (Signal, Note, Appeal):
        _run(update(model).where(model.case_id == of.id).values(case_id=to.id))


def _flags(case: Case) -> list[Signal]:
    found = select(Signal).where(Signal.case_id == case.id, Signal.by_id.is_not(None)).order_by(Signal.id)
    return list(db.session.scalars(found))


def _join(earlier: Signal, later: Signal) -> None:
    said = {"reason": earlier.reason, "at": earlier.created_at.isoformat()} | earlier.detail
    later.detail = later.detail | {"before": [*earlier.detail.get("before", []), said]}
    later.weight = max(earlier.weight, later.weight)
    _run(update(Report).where(Report.signal_id == earlier.id).values(signal_id=later.id))
    db.session.delete(earlier)
    db.session.flush()


def _run(statement) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.expire_all()
