"""Measure the site as it is served, and beside it a floor: `make bench`. Prints a table and a line of figures.

Exit code 1 below a bar. Words choose rows by their names ("home search"), and then only the bars these can tell.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks import lighthouse, machine, weight
from benchmarks.databases import POSTGRESQL, SQLITE, Database, opened
from benchmarks.discussions import COMMON, HUGE, HUNDRED, RARE, SMALL, THOUSANDS, WRITERS, WRITTEN_TO, mark, source
from benchmarks.driver import PACKED, Cost, Request, fetch, forms, measure, mixture, read
from benchmarks.queries import AS_MEMBER
from benchmarks.servers import Missing, Processes, Served, Server
from benchmarks.site import Ask, Site
from benchmarks.table import HEAD, Bar, Row, judge, show

FLOOR = ["gunicorn", "--config", "gunicorn.conf.py", "benchmarks.floor:app"]
STARTS = 3
WARM_SECONDS, LOAD_SECONDS = 1, 3
# Of a long run: requests in all, and those after which what is kept in memory has its full size.
LONG, FULL = 100_000, 20_000

# The rows, named once.
FLOOR_PAGE, FLOOR_304 = "floor: bare view", "floor: bare view, 304"
GUEST, GUEST_COLD, UNCHANGED = "guest, 100 comments", "guest, 100, cold", "guest, 100, unchanged (304)"
MEMBER, MEMBER_COLD = "member, 100 comments", "member, 100, cold"
THOUSANDS_PAGE, THOUSANDS_COLD = "guest, 2,000, page 1", "guest, 2,000, page 1, cold"
HUGE_PAGE, HUGE_COLD = "guest, 50,000, page 1", "guest, 50,000, page 1, cold"
HOME, HOME_COLD, MEMBERS_HOME = "home", "home, cold", "member, home"
SEARCH_COMMON, SEARCH_RARE = "search, common word, cold", "search, rare word, cold"
POSTING_ALONE, POSTING_MANY = "posting, 1 writer", f"posting, {WRITERS} writers"

BARS = [
    Bar("floor_over_guest", "a kept page costs less than any Flask view that returns its bytes", at_least=1.3),
    Bar("floor_over_unchanged", "nor does any Flask view say as cheaply that nothing changed", at_least=1.3),
    Bar("floor_over_member", "reading signed in is nearly as cheap", at_least=0.4),
    Bar("cold_ms", "100 comments are drawn without anything kept", at_most=20),
    Bar("posting_ms", "a post is one short transaction, with its HTML, counters, event and screening", at_most=7),
    Bar("huge_over_hundred", "a page costs what it shows, whatever the length of the discussion", at_most=1.2),
    Bar("more_queries", "a page asks the database as often for 50,000 comments as for 100", at_most=0),
    Bar("hundred_not_shown", "the page of 100 comments shows 100, or its cost says nothing", at_most=0),
    Bar("posts_lost", "every comment that was answered with success is in the database", at_most=0),
    Bar("rest_mb", "web and worker at rest, together", at_most=200),
    Bar("start_seconds", "from the command to the first answer", at_most=2),
    Bar("weight_kb", "the page of 100 comments, all included, at a first visit", at_most=60),
    Bar("weight_requests", "the same", at_most=8),
    Bar("shown_without_js", "all 100 comments can be read without JavaScript", at_least=100),
]
LONG_BARS = [
    Bar("growth", f"memory after {LONG:,} requests over that after {FULL:,}", at_most=1.05),
    Bar("long_failed", "each of them was answered", at_most=0),
]
LIGHTHOUSE_BARS = [
    Bar(name, "Lighthouse finds nothing to better, on the worst of post, home and search", at_least=98)
    for name in lighthouse.FIGURES
]

# Ratios of CPU: the figure, the row above the line, the row below it.
_RATIOS = [
    ("floor_over_guest", FLOOR_PAGE, GUEST),
    ("floor_over_unchanged", FLOOR_304, UNCHANGED),
    ("floor_over_member", FLOOR_PAGE, MEMBER),
    ("huge_over_hundred", HUGE_COLD, GUEST_COLD),
    ("huge_over_hundred_kept", HUGE_PAGE, GUEST),
]
_MILLISECONDS = [
    ("floor_ms", FLOOR_PAGE),
    ("guest_ms", GUEST),
    ("cold_ms", GUEST_COLD),
    ("unchanged_ms", UNCHANGED),
    ("member_ms", MEMBER),
    ("home_ms", HOME_COLD),
    ("search_common_ms", SEARCH_COMMON),
    ("search_rare_ms", SEARCH_RARE),
    ("posting_ms", POSTING_ALONE),
    ("posting_many_ms", POSTING_MANY),
]


class Bench:
    """A site with its content, and what was found of it so far."""

    def __init__(self, site: Site, asked: argparse.Namespace) -> None:
        self.site, self.asked = site, asked
        self.rows: dict[str, Row] = {}
        self.figures: dict[str, float] = {}
        self._dice = random.Random(8)
        self._sent = 0

    def add(self, name: str, cost: Callable[[], Cost]) -> None:
        """Measure one round of this row, if it was asked for."""
        if self.is_wanted(name):
            self.rows.setdefault(name, Row(name)).costs.append(cost())

    def is_wanted(self, name: str) -> bool:
        return not self.asked.words or any(word in name for word in self.asked.words)

    def starts(self) -> None:
        """How long the site, its content in place, takes to answer."""
        seconds = []
        for _start in range(STARTS):
            with self.site.running() as until_the_answer:
                seconds.append(until_the_answer)
                self.site.come_to_rest()
        self.figures["start_seconds"] = median(seconds)

    def rest(self) -> None:
        self.site.come_to_rest()
        self.figures["start_cpu_seconds"] = sum(self.site.server.cpu().values())
        self.figures["rest_mb"] = self.site.pss()
        self.figures["database_rest_mb"] = _pss(self.site.database.processes)

    def round(self, floor: Served) -> None:
        """Everything once, so that each ratio is of figures taken within seconds."""
        site, cookie = self.site, self.site.cookies[0]
        hundred, thousands, huge = (f"/posts/{slug}" for slug in (HUNDRED, THOUSANDS, HUGE))
        warm, add = site.warm, self.add
        add(FLOOR_PAGE, lambda: read(floor, Request("/", PACKED), WARM_SECONDS))
        add(GUEST, lambda: warm(hundred, WARM_SECONDS))
        add(MEMBER, lambda: warm(hundred, WARM_SECONDS, cookie=cookie))
        self.cold(cookie)
        not_changed = Request("/", PACKED | {"If-None-Match": '"the-floor"'}, status=304)
        add(FLOOR_304, lambda: read(floor, not_changed, WARM_SECONDS))
        add(UNCHANGED, lambda: warm(hundred, WARM_SECONDS, status=304, **{"If-None-Match": self.tag()}))
        add(THOUSANDS_PAGE, lambda: warm(thousands, WARM_SECONDS))
        add(HUGE_PAGE, lambda: warm(huge, WARM_SECONDS))
        add(HOME, lambda: warm("/", WARM_SECONDS))
        add(MEMBERS_HOME, lambda: warm("/", WARM_SECONDS, cookie=cookie))
        add(POSTING_ALONE, lambda: self.post(1, 40))
        add(POSTING_MANY, lambda: self.post(WRITERS, 10))

    def cold(self, cookie: str) -> None:
        pages = {
            GUEST_COLD: Ask(f"/posts/{HUNDRED}", HUNDRED),
            HUGE_COLD: Ask(f"/posts/{HUGE}", HUGE),
            THOUSANDS_COLD: Ask(f"/posts/{THOUSANDS}", THOUSANDS),
            MEMBER_COLD: Ask(f"/posts/{HUNDRED}", HUNDRED, cookie),
            HOME_COLD: Ask("/", SMALL.format(2)),
            SEARCH_COMMON: Ask(f"/search?q={COMMON}", SMALL.format(2)),
            SEARCH_RARE: Ask(f"/search?q={RARE}", SMALL.format(2)),
        }
        wanted = {name: ask for name, ask in pages.items() if self.is_wanted(name)}
        for name, cost in zip(wanted, self.site.cold(list(wanted.values()), 12), strict=True):
            self.rows.setdefault(name, Row(name)).costs.append(cost)

    def tag(self) -> str:
        """Of the page of 100 comments as it is now."""
        return fetch(self.site.served, f"/posts/{HUNDRED}", **PACKED)[1]["ETag"]

    def post(self, writers: int, each: int) -> Cost:
        sequences = [
            forms(
                self.site.served,
                WRITTEN_TO,
                cookie,
                [source(self._dice) for _number in range(each)],
                f"bench-{self._sent}-{writer}",
            )
            for writer, cookie in enumerate(self.site.cookies[:writers])
        ]
        self._sent += writers * each
        return measure(self.site.served, sequences, after=self.site.wait_for_the_worker)

    def count_queries(self) -> None:
        hundred, thousands, huge = (f"/posts/{slug}" for slug in (HUNDRED, THOUSANDS, HUGE))
        member, common, rare = AS_MEMBER + hundred, f"/search?q={COMMON}", f"/search?q={RARE}"
        rows = {
            hundred: (GUEST_COLD, GUEST),
            member: (MEMBER_COLD, MEMBER),
            thousands: (THOUSANDS_COLD, THOUSANDS_PAGE),
            huge: (HUGE_COLD, HUGE_PAGE),
            "/": (HOME_COLD, HOME),
            common: (SEARCH_COMMON, ""),
            rare: (SEARCH_RARE, ""),
        }
        asked = self.site.ask("benchmarks.queries", self.site.cookies[0], *rows)
        for path, names in rows.items():
            for name, count in zip(names, asked[path], strict=True):
                if name in self.rows:
                    self.rows[name].queries = count
        self.figures["more_queries"] = max(a - b for a, b in zip(asked[huge], asked[hundred], strict=True))

    def load(self) -> None:
        """Memory while sixteen readers, some of them members, ask for all kinds of pages."""
        most = self.figures["rest_mb"]
        busy = threading.Thread(target=mixture, args=(self.site.served, *self._mixture(), LOAD_SECONDS))
        busy.start()
        while busy.is_alive():
            most = max(most, self.site.pss())
            time.sleep(0.2)
        self.figures["load_mb"] = most
        self.figures["database_load_mb"] = _pss(self.site.database.processes)

    def go_on(self) -> None:
        """Memory over a long run."""
        done = failed = 0
        full = megabytes = 0.0
        while done < LONG:
            told = mixture(self.site.served, *self._mixture(), 10)
            done, failed = done + int(told["requests"]), failed + int(told["failed"])
            megabytes = self.site.pss()
            full = full or (megabytes if done >= FULL else 0)
            print(f"{done:,} requests: {megabytes:.0f} MB", flush=True)
        self.figures |= {"growth": megabytes / full, "long_mb": megabytes, "long_failed": failed}

    def _mixture(self) -> tuple[str, list[str]]:
        hundred = f"/posts/{HUNDRED}"
        small = [f"/posts/{SMALL.format(number)}" for number in range(2, 12)]
        fresh = [f"{hundred}?fresh=", "/?fresh=", f"/search?q={COMMON}&fresh="]
        members = [AS_MEMBER + path for path in (hundred, small[0], "/")]
        return self.site.cookies[0], [hundred, "/", f"/posts/{THOUSANDS}", *small, *fresh, *members]

    def add_figures(self, measured: Callable[[], dict[str, float]]) -> None:
        """What needs a program that may not be here."""
        try:
            self.figures |= measured()
        except Missing as missing:
            print(f"Left out: {missing}.")

    def finish(self) -> None:
        page = fetch(self.site.served, f"/posts/{HUNDRED}")[0].decode()
        self.figures["hundred_not_shown"] = sum(mark(number) not in page for number in range(100))
        if self._sent:
            count = "SELECT count(*) FROM comments WHERE form_token LIKE ?"
            self.figures["posts_lost"] = self._sent - self.site.database.number(count, "bench-%")
        for figure, above, below in _RATIOS:
            if above in self.rows and below in self.rows:
                self.figures[figure] = self.rows[above].over(self.rows[below])
        for figure, name in _MILLISECONDS:
            if name in self.rows:
                self.figures[figure] = self.rows[name].typical("cpu")
        if POSTING_MANY in self.rows:
            self.figures["posting_many_per_second"] = self.rows[POSTING_MANY].typical("rate")


def main(arguments: Sequence[str]) -> int:
    if not Path("/proc/self/smaps_rollup").exists():
        print("The measurement reads /proc, which only Linux has.", file=sys.stderr)
        return 2
    asked = _asked(arguments)
    print(machine.line())
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for kind in asked.only:
            try:
                with opened(kind, Path(folder) / kind) as database:
                    found = _measured(database, Path(folder) / kind, asked)
            except Missing as missing:
                print(f"\nLeft out: {missing}.")
                continue
            figures |= {f"{kind}.{name}": number for name, number in found.items()}
    print(machine.line())
    bars = BARS + LONG_BARS * asked.long + LIGHTHOUSE_BARS * asked.lighthouse
    return judge(figures, bars, asks_all=not asked.words)


def _measured(database: Database, folder: Path, asked: argparse.Namespace) -> dict[str, float]:
    print(f"\n{database.name}: writing the discussions.", flush=True)
    site = Site(folder / "site", database)
    site.fill("site")
    bench = Bench(site, asked)
    if not asked.words:
        bench.starts()
    print("Measuring.", flush=True)
    with site.running():
        bench.rest()
        with _floor(site, folder) as floor:
            for _round in range(asked.rounds):
                bench.round(floor)
        bench.count_queries()
        if not asked.words:
            bench.load()
            bench.add_figures(lambda: weight.of(site.served, f"/posts/{HUNDRED}", "article.card"))
        if asked.long:
            bench.go_on()
        if asked.lighthouse:
            pages = [f"/posts/{HUNDRED}", "/", f"/search?q={COMMON}"]
            bench.add_figures(lambda: lighthouse.of(site.served, pages))
        bench.finish()
    show(HEAD, (row.cells() for row in bench.rows.values()))
    return bench.figures


@contextmanager
def _floor(site: Site, folder: Path) -> Iterator[Served]:
    """On the settings of the site, with the bytes that a browser is sent for the page of 100 comments."""
    page, headers = fetch(site.served, f"/posts/{HUNDRED}", **PACKED)
    kept = folder / "page"
    kept.write_bytes(page)
    floor = Server(FLOOR, site.environ | {"FLOOR_PAGE": str(kept), "FLOOR_ENCODING": headers["Content-Encoding"] or ""})
    floor.start()
    try:
        yield Served(floor)
    finally:
        floor.stop()


def _pss(processes: Sequence[Processes]) -> float:
    return sum(one.pss() for one in processes)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("words", nargs="*", help="measure only rows whose names have one of these")
    parser.add_argument("--only", choices=[SQLITE, POSTGRESQL], action="append", help="one database")
    parser.add_argument("--rounds", type=int, default=5, help="how often all is measured; the median counts")
    parser.add_argument("--long", action="store_true", help=f"memory over {LONG:,} requests as well")
    parser.add_argument("--lighthouse", action="store_true", help="Lighthouse's scores as well (fetched with npm)")
    asked = parser.parse_args(arguments)
    asked.only = asked.only or [SQLITE, POSTGRESQL]
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
