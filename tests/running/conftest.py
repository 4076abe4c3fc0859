"""A site started the way `make run` starts it, on a free port and in a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Seconds that anything may take on a busy machine; what takes longer has failed.
PATIENCE = 60
IS_UP = "Ctrl-C stops it."
WORKED_THROUGH = {"events", "search_pending"}


class Site:
    """`python -m forum.serve` as a person would run it: its settings, what it prints, and what it starts."""

    def __init__(self, folder: Path) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]
        self.folder = folder / "site"
        self.settings = {"PORT": str(port), "FORUM_DATA": str(self.folder), "FORUM_WEB_WORKERS": "1"}
        self.paper = folder / "printed"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.paper.open("wb") as paper:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "forum.serve"],
                cwd=ROOT,
                env=_environ(**self.settings),
                stdout=paper,
                stderr=subprocess.STDOUT,
            )

    def start_and_wait(self) -> None:
        self.start()
        self.wait_for_words(IS_UP)

    def refuse(self) -> tuple[int, str]:
        """Start it where it cannot start; its exit code and all it said."""
        self.start()
        return self.process.wait(timeout=PATIENCE), self.printed().strip()

    def end(self, number: int = signal.SIGINT) -> int:
        """Send it a signal; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)

    def printed(self) -> str:
        return self.paper.read_text()

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.settings['PORT']}/", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def content(self) -> dict[str, list[tuple[object, ...]]]:
        """The rows of every table that the worker does not work through."""
        with closing(sqlite3.connect(self.folder / "forum.db")) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            return {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in tables - WORKED_THROUGH}

    def child(self, words: str) -> int:
        """The process it started itself whose command or name has these words; 0 if there is none."""
        for process, parent in _parents().items():
            if parent == self.process.pid and words in _command(process):
                return process
        return 0

    def offspring(self) -> set[int]:
        """The processes it started, and those that they started."""
        return self.offspring_of(self.process.pid)

    def offspring_of(self, process: int) -> set[int]:
        """The processes this one started, and those that they started."""
        parents, found = _parents(), {process}
        while grown := {child for child, parent in parents.items() if parent in found} - found:
            found |= grown
        return found - {process}

    def are_gone(self, processes: set[int]) -> bool:
        return not processes & set(_parents())

    def wait_for_words(self, words: str) -> None:
        def have_come() -> bool:
            assert self.process.poll() is None, f"it ended early and said: {self.printed()}"
            return words in self.printed()

        self.wait_until(have_come, words)

    def wait_until(self, is_so: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < deadline, f"waited in vain for: {what}; it said: {self.printed()}"
            time.sleep(0.05)


def _environ(**settings: str) -> dict[str, str]:
    """Our own environment without the settings of a site, and these settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")} | settings


def _parents() -> dict[int, int]:
    """Every living process and its parent, as /proc tells."""
    found = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The second field is the program's name in parentheses, and may hold anything.
            state, parent = file.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            found[int(file.parent.name)] = int(parent)
    return found


def _command(process: int) -> str:
    """What it was started with, and what it calls itself."""
    try:
        started = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        return f"{started} {Path(f'/proc/{process}/comm').read_text()}"
    except OSError:
        return ""


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as the first start leaves it; making one takes seconds, copying it none."""
    folder = tmp_path_factory.mktemp("prepared")
    subprocess.run([sys.executable, "-m", "forum.prepare"], cwd=ROOT, env=_environ(FORUM_DATA=str(folder)), check=True)
    return folder


@pytest.fixture
def new_site(tmp_path: Path) -> Iterator[Site]:
    """A site that was never started; it is stopped after the test."""
    site = Site(tmp_path)
    yield site
    if site.process and site.process.poll() is None:
        site.end()


@pytest.fixture
def site(new_site: Site, prepared: Path) -> Site:
    """A site that was started before, and does not run."""
    shutil.copytree(prepared, new_site.folder)
    return new_site
