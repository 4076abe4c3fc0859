"""Heavy work done aside, so that the other requests of this process go on meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

from flask import has_request_context

from forum.foundation.db import db

Result = TypeVar("Result")


class TooLate(RuntimeError):
    """Heavy work was begun in the midst of a request's changes: a mistake in the program."""


def run(function: Callable[..., Result], *args: Any) -> Result:
    """What `function` answers or raises. Under gevent it runs in a thread, elsewhere here and now.

    It gets nothing of the request: no database, no translations. Raises TooLate when the request has begun to write to
    SQLite: others of its process would wait for its changes, and it for them, since they share one thread.
    """
    if _is_writing_to_sqlite():
        raise TooLate("compute first, change afterwards")
    patches = sys.modules.get("gevent.monkey")
    if patches is None or not patches.is_module_patched("threading"):
        return function(*args)
    return sys.modules["gevent"].get_hub().threadpool.apply(function, args)


def _is_writing_to_sqlite() -> bool:
    if not has_request_context() or not db.session().in_transaction():
        return False
    # Only the driver of SQLite says it this way, and only once something was written.
    return getattr(db.session.connection().connection.driver_connection, "in_transaction", False) is True
