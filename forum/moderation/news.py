"""Which cases changed lately, for pages that are open while colleagues work."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from forum.comments.queries import writer_and_post
from forum.events.catalog import CaseChanged
from forum.events.log import EventRow
from forum.foundation.db import db
from forum.moderation.models import Decision
from forum.moderation.queries import in_force

# How many events are looked through for what a page missed: about 10 ms.
MOST_LOOKED_THROUGH = 5_000
# A page that missed more is better loaded again.
MOST_CHANGED = 100


def changed_after(event: int) -> list[int] | None:
    """The numbers of cases that changed after this event; None when the page should be loaded again. Two queries."""
    oldest, newest = db.session.execute(
        select(
            select(func.min(EventRow.id)).scalar_subquery(),
            select(func.max(EventRow.id)).scalar_subquery(),
        )
    ).one()
    if event >= (newest or 0):
        # Of the future: a database that was put back to an earlier day.
        return [] if event == (newest or 0) else None
    if not (oldest or 0) - 1 <= event or newest > event + MOST_LOOKED_THROUGH:
        return None
    about = EventRow.payload["case_id"].as_integer()
    found = db.session.scalars(
        select(about)
        .where(EventRow.id > event, EventRow.name == CaseChanged.__name__)
        .distinct()
        .limit(MOST_CHANGED + 1)
    ).all()
    return sorted(found) if len(found) <= MOST_CHANGED else None


def endings(case_ids: Sequence[int]) -> Sequence[Decision]:
    """The last decision in each of these cases that stands, with its people. One query, none without cases."""
    if not case_ids:
        return []
    last = select(func.max(Decision.id)).where(Decision.case_id.in_(case_ids), in_force()).group_by(Decision.case_id)
    comment = joinedload(Decision.comment)
    return db.session.scalars(
        select(Decision)
        .where(Decision.id.in_(last))
        .options(
            joinedload(Decision.by),
            joinedload(Decision.user),
            comment.options(*writer_and_post()),
        )
    ).all()
