"""The site under measurement, as it is served in production."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.databases import Database
from benchmarks.driver import PACKED, Cost, Request, measure, read, together
from benchmarks.servers import PATIENCE, Served, Server, environ
from config import ROOT

SITE = ["forum.serve"]
# Seconds after which every process of the site has noticed a change; it looks four times a second.
NOTICED = 0.3


@dataclass(frozen=True)
class Ask:
    """One page of the site, and the discussion that it is made from."""

    path: str
    slug: str
    cookie: str = ""
    status: int = 200

    @property
    def request(self) -> Request:
        return Request(self.path, _headers(self.cookie), status=self.status)


@dataclass
class Site:
    """A data folder, its database, and once it runs the server. Made by `running`, or `filled` and then started."""

    folder: Path
    database: Database
    made: dict = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.environ = environ(
            FORUM_DATA=str(self.folder),
            FORUM_ENV="production",
            FORUM_BASE_URL="http://localhost",
            FORUM_RATE_LIMITS="off",
            FORUM_WEB_WORKERS="2",
            **self.database.environ,
        )

    @property
    def cookies(self) -> list[str]:
        """Of the members who read and write."""
        return self.made["cookies"]

    def fill(self, plan: str) -> None:
        self.made = self.ask("benchmarks.content", plan)
        self.database.after_filling()

    def ask(self, *command: str) -> dict:
        """What another program of ours says about the site."""
        return ask_for(self.environ, *command)

    @contextmanager
    def running(self, path: str = "/") -> Iterator[float]:
        """Run it; the seconds until this path was answered."""
        # Its own address, as Lighthouse looks at where the site says its pages are.
        self.server = Server(SITE, self.environ | {"FORUM_BASE_URL": "http://127.0.0.1:{port}"})
        self.served = Served(self.server, self.database.processes)
        try:
            yield self.server.start(path)
        finally:
            self.server.stop()

    def come_to_rest(self) -> None:
        self.server.wait_for_the_set_up()
        self.wait_for_the_worker()

    def warm(self, path: str, seconds: float, *, cookie: str = "", status: int = 200, **headers: str) -> Cost:
        """The same page over and over."""
        return read(self.served, Request(path, _headers(cookie) | headers, status=status), seconds)

    def cold(self, asked: Sequence[Ask], times: int) -> list[Cost]:
        """What each of these pages costs when nothing of it is kept: asked for once after a change, so many times."""
        found: list[list[Cost]] = [[] for _ask in asked]
        for _time in range(times):
            gone: set[Ask] = set()
            for ask, costs in zip(asked, found, strict=True):
                self.touch(ask.slug)
                if not gone or ask in gone:
                    time.sleep(NOTICED)
                    gone = set()
                gone.add(ask)
                costs.append(measure(self.served, [[ask.request]]))
        return [together(costs) for costs in found]

    def touch(self, slug: str) -> None:
        """A change of this discussion that readers can see."""
        self.database.change("UPDATE posts SET thread_version = thread_version + 1 WHERE slug = ?", slug)

    def wait_for_the_worker(self) -> None:
        """Until all that happened is relayed and in the index."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if not self.database.number("SELECT count(*) FROM events WHERE relayed_at IS NULL"):
                # What was relayed last is a job now, and a note for the index soon after.
                time.sleep(1)
                if not self.database.number("SELECT count(*) FROM search_pending"):
                    return
            time.sleep(0.1)
        raise RuntimeError("the worker did not come to an end")

    def pss(self) -> float:
        """Megabytes of the site's own processes; the database's stand apart."""
        return self.server.pss()


def ask_for(settings: Mapping[str, str], *command: str) -> dict:
    """What a program of ours says about the site with these settings."""
    told = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=settings, stdout=subprocess.PIPE, check=True)
    return json.loads(told.stdout)


def _headers(cookie: str) -> dict[str, str]:
    return PACKED | ({"Cookie": cookie} if cookie else {})
