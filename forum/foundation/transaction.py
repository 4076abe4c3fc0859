"""Where changes become lasting. Only web/settle, foundation/jobs and cli call these."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from forum.foundation.db import BUSY_TIMEOUT, db

# Milliseconds that something unimportant waits for its turn.
IMPATIENCE = 50


def commit() -> None:
    db.session.commit()


def roll_back() -> None:
    db.session.rollback()


@contextmanager
def impatient() -> Iterator[None]:
    """What is done inside waits hardly at all for others who write. Raises OperationalError when they do."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {IMPATIENCE}")
        yield
        return
    # SQLite knows no local settings, and the connection goes back to its pool.
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {IMPATIENCE}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
