"""How far the log of events is complete, and what may still appear in it.

An event gets its number when it is stored and is seen when its transaction commits. On PostgreSQL two transactions
run at once, so number 41 may appear after 42. Whoever follows the log remembers the numbers that are missing, asks
for them again until no transaction can be as old as they are, and names a place to go on from that lies before them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Row, or_, select

from forum.events.log import EventRow
from forum.foundation import clock

# Longer than a request or a job may take between storing an event and committing it.
LONGEST_TRANSACTION = timedelta(seconds=60)
# Where a follower begins it looks for missing numbers among so many; more are not stored in a minute at once.
LOOKED_BACK = 100
# A number that a crash skipped by the thousand is not waited for.
MOST_MISSING = 500


class Asks(Protocol):
    """A session or a connection."""

    def execute(self, statement: Any) -> Any: ...


@dataclass(frozen=True)
class Place:
    """Read up to `last`, but for the `missing` numbers, each with the moment until which it may appear."""

    last: int = 0
    missing: Mapping[int, datetime] = field(default_factory=dict)

    @property
    def settled(self) -> int:
        """Nothing new can appear up to this number: whoever goes on from here misses nothing."""
        return min(self.missing) - 1 if self.missing else self.last

    def unread(self) -> ColumnElement[bool]:
        """The rows that have not been read yet."""
        newer = EventRow.id > self.last
        return or_(newer, EventRow.id.in_(self.missing)) if self.missing else newer

    def after(self, rows: Iterable[Row[Any]]) -> Place:
        """The place when these rows, in the order of their ids, have been read too."""
        now, last = clock.now(), self.last
        missing = {number: until for number, until in self.missing.items() if until > now}
        for row in rows:
            missing.pop(row.id, None)
            until = row.created_at + LONGEST_TRANSACTION
            if until > now:
                missing |= dict.fromkeys(range(max(last + 1, row.id - MOST_MISSING), row.id), until)
            last = max(last, row.id)
        return Place(last, dict(sorted(missing.items())[-MOST_MISSING:]))


def end(database: Asks) -> Place:
    """Where the log ends now. One query."""
    newest = select(EventRow.id, EventRow.created_at).order_by(EventRow.id.desc()).limit(LOOKED_BACK)
    rows = database.execute(newest).all()[::-1]
    # Where these are all there are, the very first may be missing too.
    return (Place() if len(rows) < LOOKED_BACK else Place(rows[0].id)).after(rows)
