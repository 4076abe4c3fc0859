"""Say that something happened."""

from __future__ import annotations

from forum.events import catalog
from forum.events.log import EventRow
from forum.foundation.db import db


def publish(event: catalog.Event) -> None:
    """Store the event with the change it tells: no commit, no event; a commit, and it is never lost."""
    db.session.add(EventRow(name=catalog.name_of(event), payload=catalog.payload_of(event)))
