"""Servers of the measurement: started, asked what they used, stopped. Reads /proc, so Linux only."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from config import ROOT

TICKS = os.sysconf("SC_CLK_TCK")
# Seconds a start or stop may take on a busy machine.
PATIENCE = 60
WORKER, SET_UP = "forum.worker", "forum.prepare"


class Server:
    """A program, all that it starts, and the port of 127.0.0.1 where it answers."""

    def __init__(self, command: Sequence[str], environ: dict[str, str]) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        self._command = [sys.executable, "-m", *command]
        self._environ = environ | {"PORT": str(self.port)}

    def start(self, path: str = "/") -> float:
        """Start it; the seconds until this path is answered."""
        began = time.monotonic()
        self._process = subprocess.Popen(self._command, cwd=ROOT, env=self._environ, stdout=subprocess.DEVNULL)
        while not self._answers(path):
            if self._process.poll() is not None or time.monotonic() - began > PATIENCE:
                raise RuntimeError(f"no answer from: {' '.join(self._command)}")
            time.sleep(0.01)
        return time.monotonic() - began

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=PATIENCE)

    def cpu(self) -> dict[int, float]:
        """Seconds of processor time, user and system, that each of its processes has used."""
        return {number: _cpu(number) for number in self._tree()}

    def pss(self) -> float:
        """Megabytes of memory, with what processes share divided between them."""
        return sum(_pss(number) for number in self._tree())

    def wait_for_the_set_up(self) -> None:
        """Until the processes are those that stay."""
        deadline = time.monotonic() + PATIENCE
        while any(SET_UP in _command(number) for number in self._tree()):
            if time.monotonic() > deadline:
                raise RuntimeError("the set-up did not come to an end")
            time.sleep(0.1)

    def is_worker(self, number: int) -> bool:
        return WORKER in _command(number)

    def _tree(self) -> list[int]:
        found, parents = {self._process.pid}, _parents()
        while grown := {child for child, parent in parents.items() if parent in found} - found:
            found |= grown
        return sorted(found)

    def _answers(self, path: str) -> bool:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            try:
                connection.request("GET", path)
                return connection.getresponse().status == 200
            except OSError:
                return False


def _command(number: int) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_text()
    except OSError:
        return ""


def _stat(number: int) -> list[str]:
    # The second field is the program's name in parentheses, and may hold anything.
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()


def _parents() -> dict[int, int]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            found[int(folder.name)] = int(_stat(int(folder.name))[1])
        except OSError:
            continue
    return found


def _cpu(number: int) -> float:
    user, system = _stat(number)[11:13]
    return (int(user) + int(system)) / TICKS


def _pss(number: int) -> float:
    lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
