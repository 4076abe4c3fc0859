"""One open page: what it is sent, piece by piece, until it leaves or its time is over."""

from __future__ import annotations

import queue
import random
import time
from collections.abc import Collection, Sequence

from forum.live.broadcaster import Broadcaster, Listener, message
from forum.live.news import News
from forum.live.parting import Parting

# Seconds. Proxies close a line that is silent for a minute; many for less.
HEARTBEAT = 20.0
# Seconds after which a stream ends and is asked for anew: what may be seen is checked again, and nobody stays for ever.
# Not the same for all, or they would all come back at once.
LONGEST, SPREAD = 15 * 60.0, 3 * 60.0
# Milliseconds until a reader asks again whose stream ended, spread for the same reason.
RETRY, RETRY_SPREAD = 2_000, 2_000


class Stream:
    """The body of an answer. It holds the listener and nothing of the request."""

    __slots__ = ("_broadcaster", "_first", "_is_over", "_listener", "_parting", "_told", "_until")

    def __init__(self, broadcaster: Broadcaster, listener: Listener, missed: Sequence[News] | None) -> None:
        self._broadcaster = broadcaster
        self._listener = listener
        self._first = _opening(missed, broadcaster.settled)
        # What was looked up for this page may have been put into its box too.
        self._told: Collection[int] = {one.event for one in missed or ()}
        self._until = time.monotonic() + LONGEST + random.uniform(0, SPREAD)  # noqa: S311 (no secret)
        self._is_over = missed is None
        self._parting: Parting | None = None

    def ends_with(self, parting: Parting | None) -> None:
        """Close this watch when the stream is closed."""
        self._parting = parting

    def __iter__(self) -> Stream:
        return self

    def __next__(self) -> bytes:
        if self._first:
            first, self._first = self._first, b""
            return first
        while not self._is_over:
            piece = self._next()
            if piece:
                return piece
        raise StopIteration

    def close(self) -> None:
        """Called by the server when the reader is gone or the stream has ended."""
        self._is_over = True
        self._broadcaster.leave(self._listener)
        if self._parting is not None:
            self._parting.close()
            self._parting = None

    def _next(self) -> bytes:
        # Read before waiting: all that lies before it is in the box by now.
        settled = self._broadcaster.settled
        left = self._until - time.monotonic()
        if left <= 0:
            self._is_over = True
            return b""
        try:
            told = [self._listener.box.get(timeout=min(HEARTBEAT, left))]
        except queue.Empty:
            self._told = ()
            return _beat(settled)
        while not self._listener.box.empty():
            told.append(self._listener.box.get())
        self._is_over = None in told
        return b"".join(one.text for one in told if one is not None and one.event not in self._told)


def _opening(missed: Sequence[News] | None, settled: int) -> bytes:
    wait = RETRY + random.randrange(RETRY_SPREAD)  # noqa: S311 (no secret)
    opening = f"retry: {wait}\n\n".encode()
    if missed is None:
        return opening + b"event: reload\ndata: {}\n\n"
    return opening + b"".join(message(one, settled).text for one in missed)


def _beat(settled: int) -> bytes:
    """A sign of life, and where to go on from: a page that hears nothing for hours has little to look through."""
    return f"id: {settled}\nevent: beat\ndata: {settled}\n\n".encode()
