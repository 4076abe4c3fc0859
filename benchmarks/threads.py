"""Whether a page costs what it shows, whatever hangs around it: `make bench-threads`.

In one run, on each database: two discussions of 100 comments, one shown whole on its page and one folded because it is
deep, and two of 50,000, one wide and one deep. Every kind of page is measured, and one of 50,000 set against the same
kind of page of 100: as it is, and for the number of comments it shows, by the line through the first pages of 10 and of
100 comments, which says how much dearer the one may be. Queries are set against those of the
shortest discussion that has such a page. Prints a table and a line of figures; exit code 1 below a bar.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks import machine
from benchmarks.databases import POSTGRESQL, SQLITE, opened
from benchmarks.discussions import DEEP, FOLDED, HUNDRED, LEVELS_OF_A_PAGE, PAGED, TEN, WIDE
from benchmarks.driver import Cost, fetch, follow
from benchmarks.queries import AS_MEMBER
from benchmarks.servers import Missing
from benchmarks.site import Ask, Site
from benchmarks.table import Bar, Row, judge, show

COLD, WARM = "cold", "warm"
WARM_SECONDS = 0.5
LONG = (WIDE, DEEP)

BARS = [
    Bar("dearest_cold", "a page costs what the same page of a discussion of 100 costs", at_most=1.5),
    # What every page costs, however little it shows, weighs more on a short one: the dearest show six comments.
    Bar("dearest_for_its_size", "a page reads and draws what it shows, whatever hangs around it", at_most=2),
    Bar("dearest_warm", "a kept page is as near in a long discussion as in a short one", at_most=1.5),
    # Small branches are read at once, large ones a level at a time; see forum/comments/hanging.
    Bar(
        "more_queries",
        "beyond what a page of 100 asks, one of 50,000 asks once for each level drawn",
        at_most=LEVELS_OF_A_PAGE,
    ),
    Bar("not_there", "every kind of page answers, and with what it was asked for", at_most=0),
    Bar("hundred_not_shown", "the page of 100 comments shows 100, or its cost says nothing", at_most=0),
]


@dataclass(frozen=True)
class Kind:
    """A kind of page: its name among the addresses of a discussion, or what is added to that of the first page."""

    name: str
    added: str = ""
    is_members: bool = False
    # Follow the link to the next page once.
    is_next: bool = False
    # What it is set against: the kind of page, since one of 100 has no second page, and the discussion.
    like: str = ""
    beside: str = HUNDRED
    # The shortest discussion that has such a page: one of 300 comments, for pages that are not the first.
    shortest: str = ""


FIRST = Kind("first page")
KINDS = [
    FIRST,
    Kind("middle page", shortest=PAGED),
    Kind("last page", shortest=PAGED),
    Kind("permalink", shortest=PAGED),
    Kind("permalink, folded", beside=FOLDED),
    Kind("permalink, deepest", beside=FOLDED),
    Kind("branch", beside=FOLDED),
    Kind("continue", beside=FOLDED),
    Kind("newest", "?order=newest"),
    Kind("most liked", "?order=liked"),
    Kind("most liked, page 2", "?order=liked", is_next=True, like="most liked", shortest=PAGED),
    Kind("flat", "?view=flat"),
    Kind("flat, page 2", "?view=flat", is_next=True, like="flat", shortest=PAGED),
    Kind("member, first page", is_members=True),
    Kind("member, new since last visit", "?order=new", is_members=True),
]


@dataclass
class Page:
    """One kind of page of one discussion: the addresses of a visit, and what was found."""

    kind: Kind
    slug: str
    paths: Sequence[str] = ()
    shown: Sequence[str] = ()
    error: str = ""
    rows: dict[str, Row] = field(default_factory=lambda: {COLD: Row(COLD), WARM: Row(WARM)})
    queries: Sequence[int | None] = (None, None)

    @property
    def name(self) -> str:
        return f"{self.kind.name}, {self.slug}"

    def ms(self, how: str) -> float:
        return self.rows[how].typical("cpu")


class Threads:
    """A site with the discussions, and its pages."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.pages = {
            (kind.name, slug): Page(kind, slug)
            for kind in KINDS
            for slug in (kind.beside, *LONG)
            if slug in LONG or not kind.like
        }
        self.pages[FIRST.name, TEN] = Page(FIRST, TEN)
        # Found, but not measured.
        self.short = {kind.name: Page(kind, kind.shortest) for kind in KINDS if kind.shortest}

    def find(self) -> None:
        """Where the pages are and what they show."""
        for page in [*self.pages.values(), *self.short.values()]:
            try:
                self._find(page)
            except RuntimeError as error:
                page.error = str(error)
        for page in self.pages.values():
            is_other = page.kind.added and page.slug in LONG and not page.error
            if is_other and page.shown == self.pages[FIRST.name, page.slug].shown:
                page.error = f"{page.kind.added} shows what the first page shows"

    def _find(self, page: Page) -> None:
        server, cookie = self.site.served, self._cookie(page)
        headers = {"Cookie": cookie} if cookie else {}
        addresses = self.site.made["addresses"][page.slug]
        path = addresses.get(page.kind.name) or addresses[FIRST.name] + page.kind.added
        if page.kind.is_next:
            html = fetch(server, path, **headers)[0].decode()
            link = re.search(r'<a[^>]*href="([^"]+)"[^>]*rel="next"', html)
            if link is None:
                raise RuntimeError("there is no link to a next page")
            path = link[1].replace("&amp;", "&").partition("#")[0]
        page.paths = [path]
        if path.startswith("/comments/"):
            page.paths = [path, follow(server, path, headers)]
        html = fetch(server, page.paths[-1], **headers)[0].decode()
        page.shown = re.findall(r'<article[^>]*id="comment-(\d+)"', html)
        if not page.shown:
            raise RuntimeError("it shows no comment")

    def count_queries(self) -> None:
        pages = [page for page in [*self.pages.values(), *self.short.values()] if not page.error]
        paths = [(AS_MEMBER if page.kind.is_members else "") + page.paths[0] for page in pages]
        counted = self.site.ask("benchmarks.queries", self.site.cookies[0], *paths)
        for page, path in zip(pages, paths, strict=True):
            page.queries = counted[path]

    def measure(self, count: int) -> None:
        """One round of all pages."""
        pages = [page for page in self.pages.values() if not page.error]
        visits = [[Ask(path, page.slug, self._cookie(page), _status(path)) for path in page.paths] for page in pages]
        cold = iter(self.site.cold([ask for visit in visits for ask in visit], count))
        for page, visit in zip(pages, visits, strict=True):
            page.rows[COLD].costs.append(_visit([next(cold) for _ask in visit]))
            warm = [self.site.warm(ask.path, WARM_SECONDS, cookie=ask.cookie, status=ask.status) for ask in visit]
            page.rows[WARM].costs.append(_visit(warm))

    def like(self, page: Page) -> Page:
        """The page of 100 comments that it is set against."""
        return self.pages[page.kind.like or page.kind.name, page.kind.beside]

    def over(self, page: Page, how: str) -> float | None:
        """How much dearer than its like, if that showed as many comments."""
        like = self.like(page)
        if like.error:
            return None
        return page.ms(how) / (like.ms(how) * self._line(len(page.shown), how) / self._line(len(like.shown), how))

    def _beside(self, page: Page) -> float:
        """How much dearer than its like as it is; for what it shows, where it shows more."""
        like = self.like(page)
        return 0 if like.error else min(page.ms(COLD) / like.ms(COLD), self.over(page, COLD) or 0)

    def _line(self, shown: int, how: str) -> float:
        ten, hundred = self.pages[FIRST.name, TEN], self.pages[FIRST.name, HUNDRED]
        slope = max(0, (hundred.ms(how) - ten.ms(how)) / (len(hundred.shown) - len(ten.shown)))
        return hundred.ms(how) + slope * (shown - len(hundred.shown))

    def lines(self) -> list[list[str]]:
        lines = []
        for page in self.pages.values():
            if page.error:
                lines.append([page.name, *[""] * 6, page.error])
                continue
            cells = [page.name, str(len(page.shown))]
            for how in (COLD, WARM):
                over = self.over(page, how)
                cells += [f"{page.ms(how):.2f}", f"{over:.2f}" if over is not None and page.slug in LONG else ""]
            lines.append([*cells, "/".join(map(str, page.queries)), f"{page.rows[WARM].typical('size') / 1024:.0f} KB"])
        return lines

    def figures(self) -> dict[str, float]:
        long = [page for page in self.pages.values() if page.slug in LONG and not page.error]
        hundred = self.pages[FIRST.name, HUNDRED]
        found: dict[str, float] = {
            "not_there": sum(1 for page in self.pages.values() if page.error),
            "hundred_not_shown": 100 - len(hundred.shown),
            "hundred_cold_ms": hundred.ms(COLD),
            "hundred_warm_ms": hundred.ms(WARM),
        }
        found["dearest_cold"], dearest = max((self._beside(page), page.name) for page in long)
        found["dearest_for_its_size"], for_its_size = max((self.over(page, COLD) or 0, page.name) for page in long)
        found["dearest_warm"], kept = max((self.over(page, WARM) or 0, page.name) for page in long)
        print(f"Dearest cold: {dearest}. For what it shows: {for_its_size}. Kept: {kept}.")
        found["more_queries"] = max((self._more_queries(page) for page in long), default=0)
        return found

    def _more_queries(self, page: Page) -> int:
        shortest = self.short.get(page.kind.name) or self.like(page)
        pairs = zip(page.queries, shortest.queries, strict=True)
        return max((mine - theirs for mine, theirs in pairs if mine is not None and theirs is not None), default=0)

    def _cookie(self, page: Page) -> str:
        return self.site.cookies[0] if page.kind.is_members else ""


def main(arguments: Sequence[str]) -> int:
    asked = _asked(arguments)
    print(machine.line())
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for kind in asked.only:
            try:
                with opened(kind, Path(folder) / kind) as database:
                    print(f"\n{database.name}: writing the discussions.", flush=True)
                    found = _measured(Site(Path(folder) / kind / "site", database), asked)
            except Missing as missing:
                print(f"\nLeft out: {missing}.")
                continue
            figures |= {f"{kind}.{name}": number for name, number in found.items()}
    print(machine.line())
    return judge(figures, BARS)


def _measured(site: Site, asked: argparse.Namespace) -> dict[str, float]:
    site.fill("threads")
    with site.running():
        site.come_to_rest()
        threads = Threads(site)
        threads.find()
        threads.count_queries()
        print("Measuring.", flush=True)
        for _round in range(asked.rounds):
            threads.measure(asked.count)
    head = ["CPU ms of a visit", "shown", "cold", "×", "kept", "×", "queries", ""]
    show(head, threads.lines())
    return threads.figures()


def _visit(costs: Sequence[Cost]) -> Cost:
    """What following a redirect to its end costs."""
    first, last = costs[0], costs[-1]
    return replace(last, cpu=sum(c.cpu for c in costs), all=sum(c.all for c in costs)) if first is not last else last


def _status(path: str) -> int:
    return 303 if path.startswith("/comments/") else 200


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-threads ARGS=…", description=__doc__)
    parser.add_argument("--only", choices=[SQLITE, POSTGRESQL], action="append", help="one database")
    parser.add_argument("--rounds", type=int, default=3, help="how often all is measured; the median counts")
    parser.add_argument("--count", type=int, default=12, help="cold requests for each page in a round")
    asked = parser.parse_args(arguments)
    asked.only = asked.only or [SQLITE, POSTGRESQL]
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
