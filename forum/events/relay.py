"""From the outbox to the jobs: one job for each reaction to each event."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from forum.events import catalog
from forum.events.log import EventRow
from forum.foundation import clock
from forum.foundation.db import db

log = logging.getLogger(__name__)

# Enough to keep the worker busy, few enough that a killed relay repeats little.
BATCH = 100

Reaction = Callable[[Any], None]
Reactions = Mapping[type[catalog.Event], Sequence[Reaction]]


def relay(reactions: Reactions, enqueue: Callable[[int, str], None]) -> int:
    """Enqueue the reactions to the oldest waiting events; how many events that were.

    The caller commits. A process that dies in between repeats the batch: at least once, never not.
    """
    waiting = db.session.scalars(
        select(EventRow)
        .where(EventRow.relayed_at.is_(None))
        .order_by(EventRow.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for row in waiting:
        for reaction in _reactions_to(row, reactions):
            enqueue(row.id, name_of(reaction))
        row.relayed_at = clock.now()
    return len(waiting)


def react(reactions: Reactions, event_id: int, reaction_name: str) -> None:
    """Run one reaction to one event."""
    row = db.session.get(EventRow, event_id)
    if row is None:
        return
    event = catalog.read(row.name, row.payload)
    for reaction in reactions.get(type(event), ()):
        if name_of(reaction) == reaction_name:
            reaction(event)


def name_of(reaction: Reaction) -> str:
    return f"{reaction.__module__}.{reaction.__qualname__}"


def _reactions_to(row: EventRow, reactions: Reactions) -> Sequence[Reaction]:
    try:
        return reactions.get(type(catalog.read(row.name, row.payload)), ())
    except (KeyError, TypeError):
        log.warning("event %s, %s, is not one this version can read; it is left alone", row.id, row.name)
        return ()
