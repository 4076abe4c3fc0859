"""What a search costs among hundreds of thousands of comments: `make bench-search-scale`. May take an hour.

Made comments go straight into the engine, without a web site. Prints a table for each size and a line of figures; exit
code 1 below a bar.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks import machine
from benchmarks.databases import postgres_in
from benchmarks.servers import Missing, environ
from benchmarks.site import ask_for
from benchmarks.table import Bar, judge, p95, show

WHOOSH, POSTGRESQL = "whoosh", "postgresql"
SIZES = {WHOOSH: [10_000, 100_000, 200_000], POSTGRESQL: [500_000, 1_000_000]}
# Different searches of each kind.
TIMES = 60

BARS = [
    Bar("whoosh_100000_p95_ms", "a search stalls no page of its process for longer", at_most=50),
    Bar("whoosh_200000_p95_ms", "as far as this engine is recommended", at_most=100),
    Bar("postgresql_1000000_p95_ms", "beyond it this one takes over", at_most=100),
]
TOLD = {
    "per_second": "{:.0f} documents a second of CPU",
    "index_mb": "{:.0f} MB on disk",
    "bytes_each": "{:.0f} bytes each",
    "build_mb": "{:.0f} MB of memory at most to build it",
    "mb": "{:.0f} MB (PSS) to search in it",
    "write_ms": "a write and a search {:.0f} ms of CPU",
    "slowest_write_ms": "{:.0f} at most",
    "to_found_ms": "found {:.0f} ms after the write at most",
}


def main(arguments: Sequence[str]) -> int:
    asked = _asked(arguments)
    print(machine.line())
    figures: dict[str, float] = {}
    for engine in asked.only:
        for size in asked.sizes or SIZES[engine]:
            try:
                found = _measured(engine, size, asked.times)
            except Missing as missing:
                print(f"\nLeft out: {missing}.")
                continue
            figures |= {f"{engine}_{size}_{name}": number for name, number in found.items()}
    print(machine.line())
    return judge(figures, BARS, asks_all=not asked.sizes and len(asked.only) == len(SIZES))


def _measured(engine: str, size: int, times: int) -> dict[str, float]:
    print(f"\n{engine}, {size:,} comments", flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, _site(engine, Path(folder)) as settings:
        filled = ask_for(settings, "benchmarks.search_asking", "fill", str(size))
        told = ask_for(settings, "benchmarks.search_asking", "scale", str(size), str(times))
    figures = filled | told["figures"]
    show(["CPU ms", "p50", "p95", "most", "facets p95", "results", "cut", "refused"], _lines(told["kinds"]))
    print("; ".join(form.format(figures[name]) for name, form in TOLD.items()) + ".")
    return figures | {"p95_ms": max(p95(kind["ms"]) for kind in told["kinds"].values())}


@contextmanager
def _site(engine: str, folder: Path) -> Iterator[dict[str, str]]:
    """The settings of a site with this engine and nothing in it."""
    settings = environ(FORUM_DATA=str(folder / "site"), FORUM_SEARCH=engine)
    if engine == WHOOSH:
        yield settings
        return
    with postgres_in(folder) as server:
        yield settings | {"FORUM_DATABASE_URL": server.make("forum")}


def _lines(kinds: dict[str, dict]) -> Iterator[list[str]]:
    for name, kind in kinds.items():
        numbers = (median(kind["ms"]), p95(kind["ms"]), max(kind["ms"]), p95(kind["facets_ms"]))
        took = [f"{number:.1f}" for number in numbers]
        cut = f"{kind['cut'] / len(kind['ms']):.0%}" if kind["cut"] else ""
        yield [name, *took, f"{kind['results']:,.0f}", cut, str(kind["refused"] or "")]


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-search-scale ARGS=…", description=__doc__)
    parser.add_argument("--only", choices=list(SIZES), action="append", help="one engine")
    parser.add_argument("--sizes", type=int, nargs="+", help="numbers of comments")
    parser.add_argument("--times", type=int, default=TIMES, help="different searches of each kind")
    asked = parser.parse_args(arguments)
    asked.only = asked.only or list(SIZES)
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
