"""The right to write the index in PostgreSQL, for one process of all machines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Engine, text

# Any number will do that nothing else on the site's database takes: "search" as letters of eight bits.
LOCK: Final = int.from_bytes(b"search")


@contextmanager
def write_lock(database: Engine, *, patiently: bool) -> Iterator[bool]:
    """Whether it is ours for this block. The server takes it back from a process that dies, however it dies."""
    # Each statement by itself: a transaction that is open for as long as a build would keep all that is deleted.
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            if patiently:
                connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
                yield True
            else:
                yield connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}) is True
        finally:
            # The connection goes back into the pool, and must not take the right with it.
            connection.execute(text("SELECT pg_advisory_unlock_all()"))
