"""One search at a time in each process, beside the pages: two would share the time of one, and make both slow."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

from forum.foundation import aside
from forum.search.engine import NotReady

Result = TypeVar("Result")

# Searches that wait: each keeps a connection to the database meanwhile, and pages need some too.
MOST_WAITING: Final = 6

_turn: Final = threading.Lock()
_seats: Final = threading.BoundedSemaphore(1 + MOST_WAITING)


class Busy(NotReady):
    """Too many are waiting for their turn."""


def take(ask: Callable[..., Result], *args: Any) -> Result:
    """What the engine answers to this, or raises, once the searches before are done. It gets nothing of the request.
    Raises Busy."""
    if not _seats.acquire(blocking=False):
        raise Busy
    try:
        with _turn:
            return aside.run(ask, *args)
    finally:
        _seats.release()
