"""Noticing that a reader has left.

A server that only writes hears of it at the second heartbeat. Until then the place is taken, and somebody who reads
one page after the other would soon have no place left.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from typing import Any

# libev's EV_READ.
READABLE = 1


class Parting:
    """Watches a line on which nothing is expected."""

    __slots__ = ("_leave", "_line", "_watcher")

    def __init__(self, line: int, hub: Any, leave: Callable[[], None]) -> None:
        self._line = line
        self._leave = leave
        self._watcher = hub.loop.io(line, READABLE)
        self._watcher.start(self._look)

    def close(self) -> None:
        self._watcher.stop()
        self._watcher.close()

    def _look(self) -> None:
        # Called in the hub, which must not wait, as a socket of gevent's does.
        line = _plain_socket()(fileno=self._line)
        try:
            is_left = not line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            is_left = True
        finally:
            line.detach()
        # What was sent ahead of its time is none of our business, and would wake us for ever.
        self._watcher.stop()
        if is_left:
            self._leave()


def watch(environ: dict[str, Any], leave: Callable[[], None]) -> Parting | None:
    """Call `leave` when the reader of this request has left, if the server lets us see that."""
    line, patches = environ.get("gunicorn.socket"), sys.modules.get("gevent.monkey")
    if line is None or patches is None or not patches.is_module_patched("socket"):
        return None
    return Parting(line.fileno(), sys.modules["gevent"].get_hub(), leave)


def _plain_socket() -> type[socket.socket]:
    return sys.modules["gevent.monkey"].get_original("socket", "socket")
