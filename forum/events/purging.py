"""Forgetting events that everybody has heard of."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select

from forum.events.log import EventRow
from forum.foundation import clock
from forum.foundation.db import db

# Long enough to look into what went wrong last week.
KEPT_FOR = timedelta(days=14)


def forget_old() -> None:
    """Delete relayed events past their time; the ones that wait stay, however old.

    The newest stays too: SQLite would number from the beginning again, and whoever follows the log would not see it.
    """
    newest = select(func.max(EventRow.id)).scalar_subquery()
    is_old = EventRow.created_at < clock.now() - KEPT_FOR
    db.session.execute(
        delete(EventRow)
        .where(EventRow.relayed_at.is_not(None), is_old, EventRow.id < newest)
        .execution_options(synchronize_session=False)
    )
