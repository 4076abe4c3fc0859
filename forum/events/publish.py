"""Say that something happened."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import insert

from forum.events import catalog
from forum.events.log import EventRow
from forum.foundation.db import db


def publish(event: catalog.Event) -> None:
    """Store the event with the change it tells: no commit, no event; a commit, and it is never lost."""
    row = {"name": catalog.name_of(event), "payload": catalog.payload_of(event)}
    # Past the session, for nobody asks for it again here.
    db.session.connection().execute(_STORED, row)


_STORED = insert(EventRow)


def publish_all(events: Iterable[catalog.Event]) -> None:
    """The same for many at once, in this order and after what was published before. Two statements."""
    db.session.flush()
    rows = [{"name": catalog.name_of(event), "payload": catalog.payload_of(event)} for event in events]
    if rows:
        db.session.execute(insert(EventRow), rows)
