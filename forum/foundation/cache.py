"""What is the same for everybody, made once and kept up to a number of bytes; text also for other processes."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, Protocol, TypeVar

from flask import Flask

from forum.foundation.later import Later

Value = TypeVar("Value")

log = logging.getLogger(__name__)

redis: Any = Later("redis")

# About two hundred thread pages of 150 KB.
MOST_BYTES = 32 * 1024 * 1024
# Seconds that somebody waits for what another makes; then they make it themselves.
PATIENCE = 10

# Redis, in seconds: how long a text stays (a database put back from a copy meets no old texts after that), what takes
# longer is no help, and for how long it is left alone when it did not answer.
KEPT_SECONDS = 60 * 60
SLOWEST = 0.25
LEFT_ALONE = 5


class Beyond(Protocol):
    """A place that several processes share. It may forget, and it may be away: then it answers None."""

    def get(self, key: Hashable) -> str | None: ...

    def put(self, key: Hashable, text: str) -> None: ...


class _Flight(Generic[Value]):
    """Something that is being made, for all who wait for it."""

    def __init__(self) -> None:
        self.landed = threading.Event()
        self.value: Value | None = None


class Cache(Generic[Value]):
    """Least recently used goes first. Keys carry the version of what they hold, so nothing is ever stale."""

    def __init__(self, size_of: Callable[[Value], int], most_bytes: int = MOST_BYTES) -> None:
        self._size_of = size_of
        self._most = most_bytes
        self._held = 0
        self._rows: OrderedDict[Hashable, Value] = OrderedDict()
        self._flights: dict[Hashable, _Flight[Value]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What is kept under `key`, made now if need be: once, however many ask. Raises what `make` raises."""
        with self._lock:
            if key in self._rows:
                self._rows.move_to_end(key)
                return self._rows[key]
            flight = self._flights.get(key)
            if flight is None:
                mine = self._flights[key] = _Flight()
        if flight is None:
            return self._fly(key, mine, make)
        flight.landed.wait(PATIENCE)
        # None: it failed or takes too long, and nobody else shall wait for the same.
        return flight.value if flight.value is not None else make()

    def peek(self, key: Hashable) -> Value | None:
        """What is kept under `key` now."""
        with self._lock:
            return self._rows.get(key)

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()
            self._held = 0

    def _fly(self, key: Hashable, flight: _Flight[Value], make: Callable[[], Value]) -> Value:
        try:
            flight.value = value = make()
            with self._lock:
                self._keep(key, value)
            return value
        finally:
            with self._lock:
                del self._flights[key]
            flight.landed.set()

    def _keep(self, key: Hashable, value: Value) -> None:
        self._rows[key] = value
        self._held += self._size_of(value)
        while self._held > self._most:
            self._held -= self._size_of(self._rows.popitem(last=False)[1])


class Sized(Protocol):
    """What is read from a text, and how many bytes it takes."""

    @property
    def size(self) -> int: ...


Read = TypeVar("Read", bound=Sized)


class Texts:
    """Texts kept in this process, and beyond it where there is a place."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._near: Cache[Any] = Cache(_size, most_bytes)
        self.beyond: Beyond | None = None

    def get(self, key: Hashable, make: Callable[[], str]) -> str:
        """What is kept under `key`, made now if need be."""
        return self._near.get(key, lambda: self._from_beyond(key, make))

    def get_read(self, key: Hashable, make: Callable[[], str], read: Callable[[str], Read]) -> Read:
        """What is read from the text under `key`: in this process kept as it was read, beyond it as text."""
        return self._near.get(key, lambda: read(self._from_beyond(key, make)))

    def get_own(self, key: Hashable, make: Callable[[], Read]) -> Read:
        """What is kept under `key` in this process alone."""
        return self._near.get(key, make)

    def clear(self) -> None:
        """Forget what this process keeps."""
        self._near.clear()

    def _from_beyond(self, key: Hashable, make: Callable[[], str]) -> str:
        beyond = self.beyond
        if beyond is None:
            return make()
        text = beyond.get(key)
        if text is None:
            text = make()
            beyond.put(key, text)
        return text


class InRedis:
    """Texts in Redis, for one version of one site: another one would make other texts of the same keys."""

    def __init__(self, url: str, site: str) -> None:
        self._redis = redis.Redis.from_url(url, socket_timeout=SLOWEST, socket_connect_timeout=SLOWEST)
        self._site = site
        self._back_at = 0.0

    def get(self, key: Hashable) -> str | None:
        found = self._try(lambda: self._redis.get(self._name(key)))
        try:
            return zlib.decompress(found).decode() if isinstance(found, bytes) else None
        except (zlib.error, UnicodeDecodeError):
            return None

    def put(self, key: Hashable, text: str) -> None:
        # Level 1: 361 KB become 34 in 0.9 ms, which is less than sending them would take.
        packed = zlib.compress(text.encode(), 1)
        self._try(lambda: self._redis.set(self._name(key), packed, ex=KEPT_SECONDS))

    def _name(self, key: Hashable) -> str:
        return f"forum:text:{hashlib.sha256(repr((self._site, key)).encode()).hexdigest()}"

    def _try(self, ask: Callable[[], object]) -> object:
        if time.monotonic() < self._back_at:
            return None
        try:
            return ask()
        except redis.RedisError as error:
            log.warning("Redis did not answer, so texts are kept in each process alone for %s s: %s", LEFT_ALONE, error)
            self._back_at = time.monotonic() + LEFT_ALONE
            return None


def install(app: Flask) -> None:
    """Share texts where there is a Redis: between the processes and hosts of this site in this version."""
    settings = app.config["FORUM"]
    site = f"{settings.secret_key} {app.config['BUILD']}"
    cache.beyond = InRedis(settings.redis_url, site) if settings.redis_url else None


def _size(kept: str | Sized) -> int:
    # One to four bytes a character inside Python; two is the middle.
    return 2 * len(kept) if isinstance(kept, str) else kept.size


cache = Texts()
