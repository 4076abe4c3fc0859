"""Programs of the measurement: started, asked what they used, stopped. Reads /proc, so Linux only."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from config import ROOT

TICKS = os.sysconf("SC_CLK_TCK")
# Seconds a start or stop may take on a busy machine.
PATIENCE = 60
WORKER, SET_UP = "forum.worker", "forum.prepare"


class Missing(RuntimeError):
    """Why something cannot be measured here; the text is for the person who asked."""


class Processes:
    """A process and all that descend from it."""

    def __init__(self, number: int) -> None:
        self.number = number

    def cpu(self) -> dict[int, float]:
        """Seconds of processor time, user and system, by process; what ended children used is with their parent."""
        used = {}
        for number in self.tree():
            try:
                used[number] = _cpu(number)
            except OSError:  # ended meanwhile: its parent has the sum now or soon
                continue
        return used

    def pss(self) -> float:
        """Megabytes of memory, with what processes share divided between them."""
        return sum(_pss(number) for number in self.tree())

    def tree(self) -> list[int]:
        found, parents = {self.number}, _parents()
        while grown := {child for child, parent in parents.items() if parent in found} - found:
            found |= grown
        return sorted(found)


class Server(Processes):
    """A program, all that it starts, and the port of 127.0.0.1 where it answers."""

    def __init__(
        self, command: Sequence[str], environ: Mapping[str, str], *, python: bool = True, folder: Path = ROOT
    ) -> None:
        self.port = free_port()
        told = [self._with_port(part) for part in command]
        self._command = [sys.executable, "-m", *told] if python else told
        self._environ = {name: self._with_port(value) for name, value in environ.items()} | {"PORT": str(self.port)}
        self._folder = folder
        # What others say on the way is of no interest, unless they do not start.
        self._log = None if python else folder / f"server-{self.port}.log"

    def start(self, path: str = "/") -> float:
        """Start it; the seconds until this path is answered."""
        began = time.monotonic()
        with open(self._log or os.devnull, "ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log if self._log else None,
            )
        super().__init__(self._process.pid)
        while not self._answers(path):
            if self._process.poll() is not None or time.monotonic() - began > PATIENCE:
                last = self._log.read_text()[-500:] if self._log else ""
                raise RuntimeError(f"no answer from: {' '.join(self._command)}\n{last}")
            time.sleep(0.01)
        return time.monotonic() - began

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def wait_for_the_set_up(self) -> None:
        """Until the processes are those that stay."""
        deadline = time.monotonic() + PATIENCE
        while any(SET_UP in _command(number) for number in self.tree()):
            if time.monotonic() > deadline:
                raise RuntimeError("the set-up did not come to an end")
            time.sleep(0.1)

    def is_worker(self, number: int) -> bool:
        return WORKER in _command(number)

    def _with_port(self, text: str) -> str:
        return text.replace("{port}", str(self.port))

    def _answers(self, path: str) -> bool:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            try:
                connection.request("GET", path)
                return connection.getresponse().status == 200
            except (OSError, http.client.HTTPException):
                return False


@dataclass(frozen=True)
class Spent:
    """Seconds of processor time: of what answers, the database included, and of all, the worker included."""

    serving: float
    all: float


@dataclass(frozen=True)
class Served:
    """A server and the programs beside it that work for it, such as a database."""

    server: Server
    beside: Sequence[Processes] = ()

    @property
    def port(self) -> int:
        return self.server.port

    def spent(self) -> Spent:
        own = self.server.cpu()
        helping = sum(sum(helper.cpu().values()) for helper in self.beside)
        serving = sum(seconds for number, seconds in own.items() if not self.server.is_worker(number))
        return Spent(serving + helping, sum(own.values()) + helping)


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return free.getsockname()[1]


def environ(**added: str) -> dict[str, str]:
    """The environment of this program without the settings of a site, and these."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("FORUM_", "PORT"))} | added


def _command(number: int) -> str:
    """What it was started with, and what it calls itself."""
    try:
        return Path(f"/proc/{number}/cmdline").read_text() + Path(f"/proc/{number}/comm").read_text()
    except OSError:
        return ""


def _stat(number: int) -> list[str]:
    # The second field is the program's name in parentheses, and may hold anything.
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()


def _cpu(number: int) -> float:
    """What the process and its ended children used: counted in nanoseconds, or in ticks where threads have ended."""
    user, system, *of_children = map(int, _stat(number)[11:15])
    threads = Path(f"/proc/{number}/task").glob("*/schedstat")
    precise = sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9
    return max(precise, (user + system) / TICKS) + sum(of_children) / TICKS


def _parents() -> dict[int, int]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            found[int(folder.name)] = int(_stat(int(folder.name))[1])
        except OSError:
            continue
    return found


def _pss(number: int) -> float:
    try:
        lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
