"""What is asked of every site that is compared: the same discussion of 100, read and written to."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from benchmarks import cache
from benchmarks.databases import Postgres
from benchmarks.discussions import mark
from benchmarks.driver import Connection, Request
from benchmarks.servers import Missing, Served
from benchmarks.table import Row


class Writer(Protocol):
    """Makes the request with which one person posts this text."""

    def __call__(self, text: str) -> Request: ...


@dataclass
class Place:
    """Where a peer may put what it has: an empty folder, and a PostgreSQL server."""

    folder: Path
    postgres: Postgres


@dataclass
class Running:
    """A peer that answers, filled."""

    name: str
    served: Served
    setting: str
    # The page of the discussion of 100 for a guest, and for a member where there are members.
    thread: Request
    member: Request | None = None
    writers: Sequence[Writer] = ()
    start_seconds: float = 0
    # What is not as its makers give it out.
    note: str = ""
    rest_mb: float = field(default=0, init=False)
    rows: dict[str, Row] = field(default_factory=dict, init=False)

    @property
    def shown(self) -> int:
        """How many of the hundred comments one page holds."""
        headers = {name: value for name, value in self.thread.headers.items() if name != "Accept-Encoding"}
        page = Connection(self.served.port).send(replace(self.thread, headers=headers))[0].decode()
        return sum(mark(number) in page for number in range(100))


def packages(name: str, wanted: Sequence[str], *pythons: str) -> Path:
    """The programs of a virtual environment with these packages, made at the first call.

    `pythons` names those it can run on, the best first; none means the one that runs this. Raises Missing.
    """
    place = cache.folder(name)
    done = place / "done"
    if not done.exists() or done.read_text().split() != list(wanted):
        python = next(filter(_runs, _places_of(pythons)), None) if pythons else sys.executable
        if python is None:
            raise Missing(f"it needs {' or '.join(pythons)}, and none was found")
        shutil.rmtree(place)
        _run([python, "-m", "venv", str(place)])
        _run([str(place / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted])
        done.write_text("\n".join(wanted))
    return place / "bin"


def _places_of(pythons: Sequence[str]) -> list[str]:
    """On the PATH, and where pyenv keeps those that are not."""
    kept = [str(place) for name in pythons for place in Path.home().glob(f".pyenv/versions/*/bin/{name}")]
    return [*pythons, *kept]


def _runs(python: str) -> bool:
    # A name may be there and not run, as one that a version manager keeps.
    return bool(shutil.which(python)) and not subprocess.run([python, "--version"], capture_output=True).returncode


def node_packages(name: str, wanted: Sequence[str]) -> Path:
    """The folder of the npm packages, fetched at the first call. Raises Missing."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise Missing("npm and node were not found")
    place = cache.folder(name)
    done = place / "done"
    if not done.exists() or done.read_text().split() != list(wanted):
        shutil.rmtree(place)
        place.mkdir()
        told = [npm, "install", "--prefix", str(place), "--no-audit", "--no-fund", "--loglevel=error"]
        _run([*told, *wanted])
        done.write_text("\n".join(wanted))
    return place / "node_modules"


def tell(command: Sequence[str], folder: Path, environ: Mapping[str, str], words: str = "") -> str:
    """What a program of the peer answers to these words. Raises Missing."""
    return _run(command, folder, environ, words)


def _run(
    command: Sequence[str], folder: Path | None = None, environ: Mapping[str, str] | None = None, words: str = ""
) -> str:
    done = subprocess.run(command, cwd=folder, env=environ, input=words, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no word").splitlines()[-1]
        raise Missing(f"{' '.join(command[:4])} ended with {done.returncode}: {last}")
    return done.stdout
