"""The index of a site under measurement: filled, weighed, and the processor time of what is asked of it."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from flask import current_app
from sqlalchemy import text

from benchmarks.servers import Processes
from forum.foundation.db import db
from forum.search import site_index
from forum.search.engine import Document

MEGABYTE = 2**20


class Meter:
    """Processor time from now on: of this process, and of the database server with all that it starts."""

    def __init__(self, server: Processes | None) -> None:
        self._server = server
        # Looking at the server costs this process something, which is not counted.
        self._theirs = _spent(server)
        self._ours = time.process_time()

    def ms(self) -> float:
        ours = time.process_time()
        return (ours - self._ours + _spent(self._server) - self._theirs) * 1000


class SearchIndex:
    """The engine that the site uses. `server` is PostgreSQL, when it does the work."""

    def __init__(self) -> None:
        self.engine = site_index.engine()
        self._is_inside = db.engine.dialect.name == "postgresql"
        self.server = Processes(_postmaster()) if self._is_inside else None

    def fill(self, documents: Iterable[Document]) -> dict[str, float]:
        """Hold these only; how many there are, how many a second of processor time took, how large they are, and
        the megabytes that this process needed for it at most."""
        made = _Made(documents)
        before, meter = self._bytes(), Meter(self.server)
        with self.engine.writing(patiently=True):
            count = self.engine.replace(made)
        seconds = meter.ms() / 1000 - made.seconds
        self._settle()
        size = self._bytes() - before
        return {
            "documents": count,
            "per_second": count / seconds,
            "index_mb": size / MEGABYTE,
            "bytes_each": size / count,
            "build_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }

    def pss(self) -> float:
        """Megabytes of this process, and of the database server."""
        return Processes(os.getpid()).pss() + (self.server.pss() if self.server else 0)

    def _settle(self) -> None:
        """What the database does within minutes by itself, done before the measurement and not in its midst."""
        if self._is_inside:
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
                connection.execute(text("CHECKPOINT"))

    def _bytes(self) -> int:
        if self._is_inside:
            with db.engine.connect() as connection:
                return connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
        folder: Path = current_app.config["FORUM"].index_dir
        return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


class _Made:
    """Documents, and how long it takes to make them up, which is none of the engine's business."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = documents
        self.seconds = 0.0

    def __iter__(self) -> Iterator[Document]:
        began = time.process_time()
        for document in self._documents:
            self.seconds += time.process_time() - began
            yield document
            began = time.process_time()


def _spent(server: Processes | None) -> float:
    return sum(server.cpu().values()) if server else 0.0


def _postmaster() -> int:
    """The process above the one that answers us."""
    with db.engine.connect() as connection:
        backend = connection.scalar(text("SELECT pg_backend_pid()"))
    stat = Path(f"/proc/{backend}/stat").read_text()
    return int(stat.rpartition(")")[2].split()[1])
