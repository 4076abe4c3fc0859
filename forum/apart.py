"""Work for a process of its own: a line of places before it, no secret told to it, and an end by the clock.

A web process serves everybody on one thread: a second of work there is a second for all of them. While it waits for
another process, a gevent worker answers others.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]


class Full(Exception):
    """As many are in line already as may be."""


class Ended(Exception):
    """The process was ended before it was done, by the clock or by a limit it was held to; the text says by which."""


class Line:
    """Places for processes: how many work at once, and how many are in line, those at work among them."""

    def __init__(self, *, at_once: int, in_line: int) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._line = threading.BoundedSemaphore(in_line)

    @contextmanager
    def place(self) -> Iterator[None]:
        """One of them, waited for. Raises Full."""
        if not self._line.acquire(blocking=False):
            raise Full
        try:
            with self._places:
                yield
        finally:
            self._line.release()


def command(module: str) -> list[str]:
    """What runs a module of ours as a program."""
    return [sys.executable, "-m", module]


def run(arguments: Sequence[str], patience: float, **streams: Any) -> subprocess.CompletedProcess[bytes]:
    """A program of ours that came to its own end, a good one or not, within so many seconds by the clock.

    `streams` are those of subprocess.run. Raises Ended, and OSError where no process can be started.
    """
    # Of the environment only where programs are: the settings hold the secret key and the keys of the storage.
    environment = {"PATH": os.environ.get("PATH", "")}
    try:
        child = subprocess.run(  # noqa: S603 (our own programs only)
            arguments, cwd=ROOT, env=environment, timeout=patience, check=False, **streams
        )
    except subprocess.TimeoutExpired:
        raise Ended(f"it took longer than {patience} s") from None
    if child.returncode < 0:
        raise Ended(f"signal {-child.returncode}{last_words(child)}")
    return child


def last_words(child: subprocess.CompletedProcess[bytes]) -> str:
    """What it wrote about its end, as the rest of a line of the log; nothing where it wrote that there itself."""
    return f": {child.stderr[-500:]!r}" if child.stderr else ""


def hold_to(limit: int, most: int) -> None:
    """Let this process take no more of something: `limit` is one of resource.RLIMIT_*."""
    # macOS refuses some limits that Linux takes; the clock still ends the process there.
    with suppress(ValueError, OSError):
        resource.setrlimit(limit, (most, most))
