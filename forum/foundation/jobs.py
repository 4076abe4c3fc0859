"""Work done after the answer: a queue in a SQLite file or in Redis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey

from forum.foundation import transaction
from forum.foundation.db import db

# A reaction that fails is tried again: after 2 s, 8 s, 32 s, 2 min, 8 min.
RETRIES = 5
FIRST_DELAY = 2


def open_queue(app: Flask) -> Huey:
    """The queue this site is configured for."""
    settings = app.config["FORUM"]
    if settings.redis_url:
        return RedisHuey("forum", url=settings.redis_url, results=False)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return SqliteHuey("forum", filename=str(settings.data_dir / "jobs.db"), results=False, fsync=True)


def in_context(app: Flask, work: Callable[..., Any], *args: Any) -> Any:
    """Run one piece of work in its own transaction, with addresses as readers see them."""
    with app.test_request_context(base_url=app.config["FORUM"].base_url):
        try:
            result = work(*args)
            transaction.commit()
            return result
        except BaseException:
            transaction.roll_back()
            raise
        finally:
            db.session.remove()
