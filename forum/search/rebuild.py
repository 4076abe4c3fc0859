"""The index made anew from the database, and compared with it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.foundation.db import db
from forum.search import documents, site_index
from forum.search.engine import Document, Engine, key_of
from forum.search.models import Pending

log = logging.getLogger(__name__)

# (documents done, documents in all)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Differences:
    """Keys of what the index lacks, has wrong and should not have, apart from what waits to be written."""

    missing: list[str]
    outdated: list[str]
    surplus: list[str]
    waiting: int

    def __bool__(self) -> bool:
        return bool(self.missing or self.outdated or self.surplus)


def ensure() -> bool:
    """See that there is an index that can be read; whether it had to be built. For the worker's start."""
    engine = site_index.engine()
    if engine.is_sound():
        return False
    with engine.writing() as is_mine:
        if is_mine:
            log.info("the search index is missing or damaged and is built anew")
            build(engine)
        return is_mine


def run(progress: Progress | None = None) -> int:
    """Build the index anew beside the old one, and use it when it is whole; how many documents it has.

    Notes made meanwhile wait until the end and are then written into the new index: nothing is lost.
    """
    engine = site_index.engine()
    with engine.writing(patiently=True):
        return build(engine, progress)


def check() -> Differences:
    """Compare index and database. Reads every public text. Raises NotReady."""
    held = site_index.engine().entries()
    with Session(db.engine) as reading:
        wanted = {document.key: document.stamp for document in documents.everything(reading)}
        notes = reading.execute(select(Pending.kind, Pending.thing_id))
        waiting = {key_of(kind, number) for kind, number in notes}
    return Differences(
        missing=sorted(wanted.keys() - held.keys() - waiting),
        outdated=sorted(k for k in wanted.keys() & held.keys() - waiting if wanted[k] != held[k]),
        surplus=sorted(held.keys() - wanted.keys() - waiting),
        waiting=len(waiting),
    )


def build(engine: Engine, progress: Progress | None = None) -> int:
    """As `run`, for who has the right to write."""
    with Session(db.engine) as reading:
        found: Iterable[Document] = documents.everything(reading)
        if progress is not None:
            found = _told(found, documents.count(reading), progress)
        return engine.replace(found)


# A bar moves visibly with every so many documents.
_STEP: Final = 50


def _told(found: Iterable[Document], total: int, progress: Progress) -> Iterator[Document]:
    done = 0
    for done, document in enumerate(found, 1):
        yield document
        if done % _STEP == 0:
            progress(done, max(total, done))
    progress(done, max(total, done))
