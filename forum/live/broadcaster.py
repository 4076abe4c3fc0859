"""One for each process: it looks at the log of events, and tells what it finds to every open page it concerns.

It runs only while somebody listens. Between two looks it holds nothing: no session, no connection, no context.
"""

from __future__ import annotations

import json
import logging
import queue
import resource
import threading
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from forum.events import tail
from forum.events.bell import Bell
from forum.live import news
from forum.live.news import News

log = logging.getLogger(__name__)

# Seconds between two looks at the log: a comment is told within a second, and a look costs 0.2 ms.
PAUSE = 0.5
# The same where a bell rings, in case that it does not.
PAUSE_WITH_BELL = 5.0
# Seconds after a look that failed.
PAUSE_AFTER_FAILURE = 3.0
# Messages that wait for one reader whose line is slow. Past it the stream ends, and goes on where it was.
MOST_WAITING = 200
# Streams of one process; gunicorn.conf.py leaves as many connections again for pages. Where the system lets a program
# open few files, half of them.
MOST_STREAMS = 2_000
# Streams of one address: the tabs of a household. An office behind one address asks by itself every half a minute.
MOST_OF_ONE_ADDRESS = 20


class Message(NamedTuple):
    """One event, as the bytes of a stream that everybody gets."""

    event: int
    text: bytes


class Full(Exception):
    """There is no room for another stream; `is_own_fault` when this address has too many of its own."""

    def __init__(self, is_own_fault: bool) -> None:
        super().__init__()
        self.is_own_fault = is_own_fault


class Listener:
    """An open page; what is put into `box` is sent to it, and None ends its stream."""

    __slots__ = ("address", "box", "post_id")

    def __init__(self, post_id: int, address: str) -> None:
        self.post_id = post_id
        self.address = address
        self.box: queue.SimpleQueue[Message | None] = queue.SimpleQueue()

    def tell(self, messages: Iterable[Message]) -> None:
        if self.box.qsize() > MOST_WAITING:
            self.end()
            return
        for message in messages:
            self.box.put(message)

    def end(self) -> None:
        self.box.put(None)


class Broadcaster:
    """Who listens, and the thread that tells them; a greenlet where gevent has replaced threads."""

    def __init__(self, redis_url: str | None, *, is_limited: bool) -> None:
        self.settled = 0
        self.is_closing = False
        self._redis_url = redis_url
        self._most = min(MOST_STREAMS, _most_files() // 2)
        self._most_of_one = MOST_OF_ONE_ADDRESS if is_limited else MOST_STREAMS
        self._listeners: dict[int, set[Listener]] = {}
        self._addresses: Counter[str] = Counter()
        self._count = 0
        self._lock = threading.Lock()
        self._idle = threading.Event()
        self._thread: threading.Thread | None = None

    def join(self, engine: Engine, post_id: int, address: str) -> Listener:
        """Listen to a discussion from now on. Raises Full."""
        with self._lock:
            if self._count >= self._most:
                raise Full(is_own_fault=False)
            if self._addresses[address] >= self._most_of_one:
                raise Full(is_own_fault=True)
            if self._thread is None:
                self._start(engine)
            listener = Listener(post_id, address)
            self._listeners.setdefault(post_id, set()).add(listener)
            self._addresses[address] += 1
            self._count += 1
        if self.is_closing:
            listener.end()
        return listener

    def leave(self, listener: Listener) -> None:
        """Stop listening. Whoever has left already may leave again."""
        with self._lock:
            of_post = self._listeners.get(listener.post_id, set())
            if listener not in of_post:
                return
            of_post.remove(listener)
            if not of_post:
                del self._listeners[listener.post_id]
            self._count -= 1
            self._addresses[listener.address] -= 1
            if not self._addresses[listener.address]:
                del self._addresses[listener.address]
            if not self._listeners:
                self._idle.set()

    def count(self) -> int:
        """How many listen."""
        return self._count

    def close(self) -> None:
        """End every stream, and each that comes, at once: the process is about to stop."""
        self.is_closing = True
        for listener in self._all():
            listener.end()

    def wait_until_idle(self, seconds: float) -> bool:
        """Whether the thread ended within so many seconds, as it does when nobody listens."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return thread is None or not thread.is_alive()

    def _start(self, engine: Engine) -> None:
        with engine.connect() as connection:
            place = tail.end(connection)
        self.settled = place.settled
        self._idle = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(engine, place, self._idle), name="live", daemon=True)
        self._thread.start()

    def _run(self, engine: Engine, place: tail.Place, idle: threading.Event) -> None:
        bell = Bell(self._redis_url) if self._redis_url else None
        while self._goes_on(idle):
            try:
                # A bell says that something was stored, and not that what was missing has come.
                if bell is None or place.missing or not bell.wait(PAUSE_WITH_BELL):
                    idle.wait(PAUSE)
                place = self._look(engine, place)
            except SQLAlchemyError as error:
                log.warning("the log could not be read and is read again: %s", error)
                idle.wait(PAUSE_AFTER_FAILURE)
        if bell is not None:
            bell.close()

    def _goes_on(self, idle: threading.Event) -> bool:
        """Whether somebody listens. If not, the next who does starts another thread."""
        with self._lock:
            idle.clear()
            if not self._listeners:
                self._thread = None
            return bool(self._listeners)

    def _look(self, engine: Engine, place: tail.Place) -> tail.Place:
        with engine.connect() as connection:
            place, found = news.since(connection, place)
        by_post: dict[int, list[News]] = {}
        for post_id, one in found:
            by_post.setdefault(post_id, []).append(one)
        for post_id, told in by_post.items():
            messages = [message(one, place.settled) for one in told]
            is_gone = any(one.kind == news.GONE for one in told)
            for listener in self._of(post_id):
                listener.tell(messages)
                if is_gone:
                    listener.end()
        # Raised last: a stream that reads it has been given all that lies before.
        self.settled = place.settled
        return place

    def _of(self, post_id: int) -> list[Listener]:
        with self._lock:
            return list(self._listeners.get(post_id, ()))

    def _all(self) -> list[Listener]:
        with self._lock:
            return [listener for of_post in self._listeners.values() for listener in of_post]


def _most_files() -> int:
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 2 * MOST_STREAMS if soft == resource.RLIM_INFINITY else soft


def message(one: News, settled: int) -> Message:
    """An event as a message; its id is where to go on from, which is never past a number that may still appear."""
    named = f"event: {one.kind}\n" if one.kind == news.GONE else ""
    told = json.dumps(one.told(), separators=(",", ":"))
    return Message(one.event, f"id: {min(one.event, settled)}\n{named}data: {told}\n\n".encode())
