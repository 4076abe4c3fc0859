"""Text that is the same for everybody, kept in this process up to a number of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

# About two hundred thread pages of 150 KB.
MOST_BYTES = 32 * 1024 * 1024


class Cache:
    """Least recently used goes first. Keys carry the version of what they hold, so nothing is ever stale."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._held = 0
        self._rows: OrderedDict[Hashable, str] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], str]) -> str:
        """What is kept under `key`, made now if need be."""
        with self._lock:
            if key in self._rows:
                self._rows.move_to_end(key)
                return self._rows[key]
        made = make()
        with self._lock:
            self._keep(key, made)
        return made

    def _keep(self, key: Hashable, text: str) -> None:
        self._held -= _size(self._rows.pop(key, ""))
        self._rows[key] = text
        self._held += _size(text)
        while self._held > self._most and self._rows:
            self._held -= _size(self._rows.popitem(last=False)[1])

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()
            self._held = 0


def _size(text: str) -> int:
    # One to four bytes a character inside Python; two is the middle.
    return 2 * len(text)


cache = Cache()
