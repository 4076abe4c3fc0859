"""Programs that run beside this one: started, started again when they die, ended with all they started."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

from config import ROOT

# A child that dies is started again after a pause in seconds, doubled each time up to the longest, so that a
# broken one does not fill the log; one that ran steadily starts anew with the shortest.
SHORTEST_PAUSE, LONGEST_PAUSE, STEADY = 0.5, 30.0, 60.0
# Gunicorn gives its open connections three seconds; what still runs after eight is killed.
LONGEST_STOP = 8
PR_SET_PDEATHSIG = 1  # From <sys/prctl.h>.

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Failed(Exception):
    """A child could not do its work; the text says which and how it ended."""


class Child:
    """A program that runs beside this one, in a process group of its own: Ctrl-C reaches only its parent."""

    def __init__(self, name: str, arguments: Sequence[str], output: int | None = None) -> None:
        self.name, self.command, self.output = name, [sys.executable, *arguments], output
        self.process: subprocess.Popen[str] | None = None
        self.written: str | None = None
        self.started = self.due = 0.0
        self.pause = SHORTEST_PAUSE / 2

    def start(self) -> subprocess.Popen[str]:
        self.started, self.due = time.monotonic(), 0.0
        self.process = subprocess.Popen(  # noqa: S603 (our own programs only)
            self.command,
            cwd=ROOT,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
        return self.process

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def result(self) -> str:
        """Run it to its end, the first time this is asked; what it wrote. Raises Failed if it could not."""
        if self.written is None:
            self.written, _ = self.start().communicate()
        if self._code():
            raise Failed(f"The {self.name} failed ({self._ending()}); the lines above say why.")
        return self.written

    def tend(self) -> None:
        """Start it again if it has ended and its pause is over."""
        if not self.has_ended():
            return
        if not self.due:
            self._plan_a_restart()
        elif time.monotonic() >= self.due:
            self.signal(signal.SIGKILL)
            self.start()

    def signal(self, number: signal.Signals) -> None:
        """Send this to the child and to what it started, which may outlive it."""
        # When all of them have ended, macOS says the second where Linux says the first.
        with suppress(ProcessLookupError, PermissionError):
            if self.process:
                os.killpg(self.process.pid, number)

    def _plan_a_restart(self) -> None:
        now = time.monotonic()
        self.pause = SHORTEST_PAUSE if now - self.started > STEADY else min(self.pause * 2, LONGEST_PAUSE)
        self.due = now + self.pause
        self.signal(signal.SIGTERM)
        print(
            f"The {self.name} stopped ({self._ending()}). It is started again in {self.pause:g} s.",
            flush=True,
        )

    def _code(self) -> int:
        return self.process.returncode if self.process else 0

    def _ending(self) -> str:
        code = self._code()
        return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def stop_all(children: Sequence[Child]) -> None:
    """Ask all of them to end, and see that they do: nothing they started is left when this returns."""
    for child in children:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + LONGEST_STOP
    while any(child.is_running() for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    for child in children:
        child.signal(signal.SIGKILL)


def _end_with_parent() -> None:
    """Run in a new child: ask Linux to end it when this process is gone. No other system offers that."""
    if _libc:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
