"""Measure the site as it is served: `make bench`. Prints a table and a line of figures; exit code 1 below a bar.

ARGS="home search" measures only the rows whose names have one of these words, and asks only the bars these can tell.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import sleep

from benchmarks import weight
from benchmarks.discussions import COMMON, HUGE, HUNDRED, RARE, SIZES, THOUSANDS, WRITERS, WRITTEN_TO, source
from benchmarks.driver import Request, fetch, forms, measure
from benchmarks.queries import AS_MEMBER
from benchmarks.servers import PATIENCE, Server
from benchmarks.table import Row, figures_of, judge, show
from config import ROOT

READERS = 2
SITE = ["forum.serve"]
FLOOR = ["gunicorn", "--config", "gunicorn.conf.py", "benchmarks.floor:app"]


class Bench:
    """The site under measurement, what was found so far, and which rows were asked for."""

    def __init__(self, folder: Path, words: list[str]) -> None:
        self.words = words
        self.rows: dict[str, Row] = {}
        self.figures: dict[str, float] = {}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FORUM_", "PORT"))}
        self.environ = inherited | {
            "FORUM_DATA": str(folder),
            "FORUM_ENV": "production",
            "FORUM_BASE_URL": "http://localhost",
            "FORUM_RATE_LIMITS": "off",
            "FORUM_WEB_WORKERS": "2",
        }
        self.database = folder / "forum.db"

    def is_wanted(self, name: str) -> bool:
        return not self.words or any(word in name for word in self.words)

    def run(self, *command: str) -> dict:
        """What another program of ours says about the site."""
        told = subprocess.run(
            [sys.executable, "-m", *command], cwd=ROOT, env=self.environ, stdout=subprocess.PIPE, check=True
        )
        return json.loads(told.stdout)

    def read(
        self,
        name: str,
        server: Server,
        path: str,
        count: int,
        queries: int | None = None,
        *,
        headers: dict[str, str] | None = None,
        status: int = 200,
        before: Callable[[], None] | None = None,
    ) -> None:
        """Measure `count` requests of each reader; one reader if something happens before each request."""
        if self.is_wanted(name):
            readers = 1 if before else READERS
            cost = measure(server, [[Request(path, headers or {}, status=status)] * count] * readers, before=before)
            self.rows[name] = Row(name, cost, count * readers, queries)

    def changed(self, slug: str) -> Callable[[], None]:
        """A change of this discussion, so that no kept page of it is right any more."""
        return lambda: self.tell("UPDATE posts SET thread_version = thread_version + 1 WHERE slug = ?", slug)

    def tell(self, statement: str, *values: str) -> None:
        with closing(sqlite3.connect(self.database, timeout=PATIENCE)) as database, database:
            database.execute(statement, values)

    def number(self, question: str) -> int:
        with closing(sqlite3.connect(self.database, timeout=PATIENCE)) as database:
            return database.execute(question).fetchone()[0]

    def wait_for_the_worker(self) -> None:
        """Until all that happened is relayed and in the index."""
        for _look in range(PATIENCE * 10):
            if not self.number("SELECT count(*) FROM events WHERE relayed_at IS NULL"):
                # What was relayed last is a job now, and a note for the index soon after.
                sleep(1)
                if not self.number("SELECT count(*) FROM search_pending"):
                    return
            sleep(0.1)
        raise RuntimeError("the worker did not come to an end")


def main(words: list[str]) -> int:
    if not Path("/proc/self/smaps_rollup").exists():
        print("The measurement reads /proc, which only Linux has.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = Bench(Path(folder) / "site", words)
        print(f"Writing {sum(SIZES.values()):,} comments.", flush=True)
        made = bench.run("benchmarks.content")
        bench.figures["indexed"] = made["documents"]
        site = Server(SITE, bench.environ)
        bench.figures["start_seconds"] = site.start()
        with _stopped(site):
            print("Measuring.", flush=True)
            site.wait_for_the_set_up()
            bench.wait_for_the_worker()
            bench.figures["start_cpu_seconds"] = sum(site.cpu().values())
            bench.figures["pss_rest"] = site.pss()
            page, _headers = fetch(site, f"/posts/{HUNDRED}")
            with _floor(bench, page, Path(folder)) as floor:
                _measure_floor(bench, floor)
                _measure_reading(bench, site, made["cookies"][0])
                _measure_writing(bench, site, made["cookies"])
            bench.figures["pss_after"] = site.pss()
            bench.figures |= weight.of(site, f"/posts/{HUNDRED}")
            bench.figures["hundred_not_shown"] = SIZES[HUNDRED] - page.count(b'<article class="card"')
    show(bench.rows.values())
    return judge(bench.figures | figures_of(bench.rows))


@contextmanager
def _stopped(server: Server) -> Iterator[None]:
    try:
        yield
    finally:
        server.stop()


@contextmanager
def _floor(bench: Bench, page: bytes, folder: Path) -> Iterator[Server]:
    kept = folder / "page.html"
    kept.write_bytes(page)
    floor = Server(FLOOR, bench.environ | {"FLOOR_PAGE": str(kept)})
    floor.start()
    with _stopped(floor):
        yield floor


def _measure_floor(bench: Bench, floor: Server) -> None:
    bench.read("floor: bare view", floor, "/", 600, 0)
    bench.read("floor: bare view, 304", floor, "/", 600, 0, headers={"If-None-Match": '"the-floor"'}, status=304)


def _measure_reading(bench: Bench, site: Server, cookie: str) -> None:
    hundred, thousands, huge = (f"/posts/{slug}" for slug in (HUNDRED, THOUSANDS, HUGE))
    member, common, rare = AS_MEMBER + hundred, f"/search?q={COMMON}", f"/search?q={RARE}"
    asked = bench.run("benchmarks.queries", cookie, hundred, member, thousands, huge, "/", common, rare)
    bench.read("guest, 100 comments", site, hundred, 150, asked[hundred][1])
    bench.read("guest, 100, cold", site, hundred, 50, asked[hundred][0], before=bench.changed(HUNDRED))
    tag = fetch(site, hundred)[1]["ETag"]
    bench.read("guest, 100, unchanged (304)", site, hundred, 150, headers={"If-None-Match": tag}, status=304)
    bench.read("member, 100 comments", site, hundred, 100, asked[member][1], headers={"Cookie": cookie})
    bench.read("guest, 2,000, page 1", site, thousands, 100, asked[thousands][1])
    bench.read("guest, 2,000, page 1, cold", site, thousands, 30, asked[thousands][0], before=bench.changed(THOUSANDS))
    bench.read("guest, 50,000, page 1", site, huge, 100, asked[huge][1])
    bench.read("guest, 50,000, page 1, cold", site, huge, 50, asked[huge][0], before=bench.changed(HUGE))
    bench.read("home", site, "/", 50, asked["/"][1])
    bench.read("search, common word", site, common, 50, asked[common][1])
    bench.read("search, rare word", site, rare, 50, asked[rare][1])
    bench.figures["queries_huge_minus_hundred"] = max(a - b for a, b in zip(asked[huge], asked[hundred], strict=True))


def _measure_writing(bench: Bench, site: Server, cookies: list[str]) -> None:
    dice = random.Random(8)
    before, sent = bench.number("SELECT count(*) FROM comments"), 0
    for name, writers, each in (("posting, 1 writer", 1, 80), (f"posting, {WRITERS} writers", WRITERS, 20)):
        if not bench.is_wanted(name):
            continue
        bodies = [source(dice, False) for _number in range(each)]
        sequences = [forms(site, WRITTEN_TO, cookie, bodies) for cookie in cookies[:writers]]
        cost = measure(site, sequences, after=bench.wait_for_the_worker, warm_up=0)
        bench.rows[name] = Row(name, cost, each * writers)
        sent += each * writers
    bench.figures["posts_lost"] = sent - (bench.number("SELECT count(*) FROM comments") - before)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
