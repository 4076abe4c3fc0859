"""Telling people of decisions, once these can no longer be undone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, exists, insert, literal, select

from forum.events import catalog
from forum.events.publish import publish
from forum.foundation import clock
from forum.foundation.db import UtcDateTime, db
from forum.moderation import queries
from forum.moderation.actions import UNDO_FOR
from forum.moderation.models import Decision, Notice

# In one transaction: a worker that was away for a day does not keep others from writing.
AT_ONCE = 200
# Older ones are not looked through every minute: a worker that stood still for so long comes too late to tell anybody.
STALE_AFTER = timedelta(days=30)


def send_due() -> int:
    """Say of each decision that lasts now that it does, once; how many those were. Due every minute.

    What is said is one event a decision: the letters and notices to people hang on it.
    """
    now = clock.now()
    is_due = (
        Decision.created_at.between(now - STALE_AFTER, now - UNDO_FOR), queries.in_force(), ~_is_told(),
    )  # fmt: skip
    # Whoever undoes one of these takes its row first, too. Where they were just in time, the next statement sees it.
    oldest = select(Decision.id).where(*is_due).order_by(Decision.id).limit(AT_ONCE)
    numbers = db.session.scalars(oldest.with_for_update(skip_locked=True)).all()
    if not numbers:
        return 0
    lasting = select(Decision.id, literal(now, UtcDateTime())).where(Decision.id.in_(numbers), *is_due)
    noted = insert(Notice).from_select(["decision_id", "told_at"], lasting).returning(Notice.decision_id)
    told = sorted(db.session.scalars(noted))
    for number in told:
        publish(catalog.DecisionFinal(number))
    return len(told)


def _is_told() -> ColumnElement[bool]:
    return exists().where(Notice.decision_id == Decision.id)
