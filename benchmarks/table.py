"""The table of what was measured, the figures made of it, and the bars they must hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from benchmarks.driver import Cost


@dataclass(frozen=True)
class Bar:
    """What must hold: `figure` is at most `most`. The reason says why it must, on any machine."""

    figure: str
    most: float
    reason: str


BARS = [
    Bar("huge_over_hundred", 1.5, "a page reads and draws what it shows, whatever the length of the discussion"),
    Bar("warm_over_cold", 0.75, "a kept thread is neither read nor drawn again"),
    Bar("unchanged_over_warm", 0.75, "a reader who has the page is told so before it is put together"),
    Bar("queries_huge_minus_hundred", 0, "a page asks the database as often for 50,000 comments as for 100"),
    Bar("hundred_not_shown", 0, "the page of 100 comments shows 100, or its cost says nothing"),
    Bar("posts_lost", 0, "every comment that was answered with success is in the database"),
    Bar("rare_over_common_search", 1.5, "a word that few used is not dearer to find than one that many did"),
]


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    cost: Cost
    requests: int
    queries: int | None = None


# Ratios of what the web server spends: the figure, the row above the line, the row below it.
_RATIOS = [
    ("warm_over_floor", "guest, 100 comments", "floor: bare view"),
    ("unchanged_over_floor", "guest, 100, unchanged (304)", "floor: bare view, 304"),
    ("warm_over_cold", "guest, 100 comments", "guest, 100, cold"),
    ("unchanged_over_warm", "guest, 100, unchanged (304)", "guest, 100 comments"),
    ("member_over_warm", "member, 100 comments", "guest, 100 comments"),
    ("huge_over_hundred", "guest, 50,000, page 1, cold", "guest, 100, cold"),
    ("rare_over_common_search", "search, rare word", "search, common word"),
]
_MILLISECONDS = [
    ("warm_ms", "guest, 100 comments"),
    ("cold_ms", "guest, 100, cold"),
    ("home_ms", "home"),
    ("posting_ms", "posting, 1 writer"),
]


def figures_of(rows: Mapping[str, Row]) -> dict[str, float]:
    """What the rows that were measured say together."""
    ratios = {
        figure: rows[above].cost.web / rows[below].cost.web
        for figure, above, below in _RATIOS
        if above in rows and below in rows
    }
    return ratios | {figure: rows[name].cost.web for figure, name in _MILLISECONDS if name in rows}


def show(rows: Iterable[Row]) -> None:
    """Print the rows in columns."""
    head = ["", "requests", "CPU ms", "with worker", "per s", "p50 ms", "p95 ms", "KB", "queries"]
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for name, *cells in lines:
        print("  ".join([name.ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells, widths[1:], strict=True))]))


def _cells(row: Row) -> list[str]:
    cost = row.cost
    spent = [f"{number:.2f}" for number in (cost.web, cost.all)]
    timing = [f"{number:.1f}" for number in (cost.rate, cost.p50, cost.p95, cost.size / 1024)]
    return [row.name, str(row.requests), *spent, *timing, "" if row.queries is None else str(row.queries)]


def judge(figures: Mapping[str, float]) -> int:
    """Print the bars that are missed, then all figures; the exit code."""
    missed = [bar for bar in BARS if figures.get(bar.figure, 0) > bar.most]
    for bar in missed:
        print(f"Missed: {bar.figure} is {figures[bar.figure]:.3g}, at most {bar.most:g}, because {bar.reason}.")
    print(" ".join(f"{name}={number:.4g}" for name, number in figures.items()))
    return 1 if missed else 0
