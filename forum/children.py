"""Processes that run beside this one: started, started again when they die, ended with all they started.

Some are programs of their own, others are forked from this process and share with it what it has loaded.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NoReturn, Protocol, cast

from config import ROOT

# A child that dies is started again after a pause in seconds, doubled each time up to the longest, so that a
# broken one does not fill the log; one that ran steadily starts anew with the shortest.
SHORTEST_PAUSE, LONGEST_PAUSE, STEADY = 0.5, 30.0, 60.0
# Gunicorn gives its open connections three seconds; what still runs after eight is killed.
LONGEST_STOP = 8
STOPPED_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15  # From <sys/prctl.h>.

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Failed(Exception):
    """A child could not do its work; the text says which and how it ended."""


class Process(Protocol):
    """What is asked of a process that was started."""

    pid: int
    returncode: int | None

    def poll(self) -> int | None: ...


class Fork:
    """A process that does this work and ends. Whoever starts one has nothing open that must not cross a fork."""

    def __init__(self, work: Callable[[], object], name: str = "", *, is_apart: bool) -> None:
        """`is_apart` has it lead a process group of its own."""
        sys.stdout.flush()
        sys.stderr.flush()
        self.returncode: int | None = None
        # What a handler of the parent raises in the midst of a fork would be lost, or be raised in the child.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPED_BY)
        try:
            self.pid = os.fork()
            if not self.pid:
                _be_a_fork(work, name, is_apart)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def poll(self) -> int | None:
        """How it ended, below zero by which signal; None while it runs."""
        if self.returncode is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                # Somebody else in this process asked first.
                self.returncode = 0
            else:
                self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode


class Child:
    """A program that runs beside this one, in a process group of its own: Ctrl-C reaches only its parent."""

    def __init__(self, name: str, arguments: Sequence[str], output: int | None = None) -> None:
        self.name, self.command, self.output = name, [sys.executable, *arguments], output
        self.process: Process | None = None
        self.written: str | None = None
        self.started = self.due = 0.0
        self.pause = SHORTEST_PAUSE / 2

    def start(self) -> None:
        self.started, self.due = time.monotonic(), 0.0
        self.process = self._run()

    def _run(self) -> Process:
        return subprocess.Popen(  # noqa: S603 (our own programs only)
            self.command,
            cwd=ROOT,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def result(self) -> str:
        """Run it to its end, the first time this is asked; what it wrote. Raises Failed if it could not."""
        if self.written is None:
            self.start()
            self.written, _ = cast("subprocess.Popen[str]", self.process).communicate()
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
        return (self.process.returncode if self.process else 0) or 0

    def _ending(self) -> str:
        code = self._code()
        return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


class Forked(Child):
    """The same, forked from this process. `title` is its name among the processes of the system."""

    def __init__(self, name: str, title: str, work: Callable[[], object]) -> None:
        super().__init__(name, [])
        self._title, self._work = title, work

    def _run(self) -> Process:
        return Fork(self._work, self._title, is_apart=True)


class Aside:
    """A process that is there while it has something to do, in the group of the one that forked it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._process: Fork | None = None

    def start(self, work: Callable[[], object]) -> None:
        self._process = Fork(work, is_apart=False)

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def close(self) -> None:
        """Ask it to end, and wait until it has."""
        if self._process is None:
            return
        if self.is_running():
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGTERM)
        while self.is_running():
            time.sleep(0.02)


def stop_all(children: Sequence[Child]) -> None:
    """Ask all of them to end, and see that they do: nothing they started is left when this returns."""
    for child in children:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + LONGEST_STOP
    while any(child.is_running() for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    for child in children:
        child.signal(signal.SIGKILL)


def _be_a_fork(work: Callable[[], object], name: str, is_apart: bool) -> NoReturn:
    code = 1
    try:
        for number in STOPPED_BY:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPED_BY)
        if is_apart:
            os.setsid()
        _end_with_parent()
        _call_itself(name)
        os.chdir(ROOT)
        work()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # told here, for behind it is the work of the parent
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # What the parent has to clean up is not this one's.
        os._exit(code)


def _call_itself(name: str) -> None:
    if _libc and name:
        _libc.prctl(PR_SET_NAME, name.encode())


def _end_with_parent() -> None:
    """Run in a new child: ask Linux to end it when this process is gone. No other system offers that."""
    if _libc:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
