"""From the notes to the index: the one place that writes it, besides a rebuild."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from forum.foundation.db import db
from forum.search import documents, rebuild, site_index
from forum.search.engine import KINDS, Engine, NotReady, key_of
from forum.search.models import Pending

# A commit of the index takes 10 to 500 ms; what is noted meanwhile makes the next batch.
BATCH: Final = 500

Note = tuple[str, int, int]


def drain() -> int:
    """Bring the index up to date with what is noted; how many notes that were. The caller commits.

    The notes are deleted after the index has them: a process that dies in between repeats the batch, which
    changes nothing. All reading ends before the index is written, so nobody waits for this. Does nothing
    while another process writes. Where there is no index that can be read, it is built from the database.
    """
    if not (noted := _read_notes()):
        return 0
    engine = site_index.engine()
    with engine.writing() as is_mine:
        # Read again under the lock: the other writer may have done these.
        if not is_mine or not (noted := _read_notes()):
            return 0
        try:
            _write(engine, noted)
        except NotReady:
            rebuild.build(engine)
    _forget(noted)
    return len(noted)


def _read_notes() -> list[Note]:
    with Session(db.engine) as reading:
        rows = reading.execute(select(Pending.kind, Pending.thing_id, Pending.version).limit(BATCH))
        return [(kind, number, version) for kind, number, version in rows]


def _write(engine: Engine, noted: Collection[Note]) -> None:
    """Last state wins: whatever happened to a thing, the index gets what the database says now."""
    found = []
    with Session(db.engine) as reading:
        for kind in KINDS:
            found += documents.public(reading, kind, {number for k, number, _version in noted if k == kind})
    engine.write({key_of(kind, number) for kind, number, _version in noted}, found)


def _forget(noted: Collection[Note]) -> None:
    # A note with another version was renewed meanwhile and stays. So does one that somebody is renewing this moment:
    # to wait for them, holding others, could end with both waiting.
    seen = tuple_(Pending.kind, Pending.thing_id, Pending.version).in_(noted)
    rows = select(Pending.kind, Pending.thing_id).where(seen).with_for_update(skip_locked=True)
    gone = tuple_(Pending.kind, Pending.thing_id).in_(db.session.execute(rows).all())
    db.session.execute(delete(Pending).where(gone), execution_options={"synchronize_session": False})
