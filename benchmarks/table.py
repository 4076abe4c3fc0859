"""The table of what was measured, the figures made of it, and the bars they must hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

from benchmarks.driver import Cost

HEAD = ["", "requests", "CPU ms", "with worker", "per s", "p50 ms", "p95 ms", "KB", "queries"]


@dataclass
class Row:
    """One line of the table: what a request cost in each round, and the queries it sent."""

    name: str
    costs: list[Cost] = field(default_factory=list)
    queries: int | None = None

    def typical(self, what: str) -> float:
        """The median over the rounds."""
        return median(getattr(cost, what) for cost in self.costs)

    def over(self, other: Row, what: str = "cpu") -> float:
        """How much larger than the other: the median of the ratios round by round, since a machine's speed drifts."""
        pairs = zip(self.costs, other.costs, strict=True)
        return median(getattr(mine, what) / getattr(theirs, what) for mine, theirs in pairs)

    def cells(self) -> list[str]:
        spent = [f"{self.typical(what):.2f}" for what in ("cpu", "all")]
        timing = [f"{self.typical(what):.1f}" for what in ("rate", "p50", "p95")]
        requests = str(sum(cost.requests for cost in self.costs))
        queries = "" if self.queries is None else str(self.queries)
        return [self.name, requests, *spent, *timing, f"{self.typical('size') / 1024:.1f}", queries]


@dataclass(frozen=True)
class Bar:
    """What must hold of a figure, and why. A figure of several sites has their names before a dot: each must hold."""

    figure: str
    reason: str
    at_most: float = float("inf")
    at_least: float = float("-inf")

    def holds(self, number: float) -> bool:
        return self.at_least <= number <= self.at_most

    def __str__(self) -> str:
        return f"at least {self.at_least:g}" if self.at_most == float("inf") else f"at most {self.at_most:g}"


def p95(numbers: Sequence[float]) -> float:
    """What one in twenty of these lies above."""
    return quantiles(numbers, n=20, method="inclusive")[18]


def show(head: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """Print in columns: the first to the left, the others to the right."""
    rows = [list(head), *(list(line) for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    for name, *cells in rows:
        print(
            "  ".join([name.ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells, widths[1:], strict=True))]).rstrip()
        )


def judge(figures: Mapping[str, float], bars: Sequence[Bar], *, asks_all: bool = True) -> int:
    """Print the bars that are missed, then all figures on one line; the exit code.

    Where all was asked for, a bar whose figure was not measured is missed too.
    """
    failed = False
    for bar in bars:
        told = {name: number for name, number in figures.items() if name.rpartition(".")[2] == bar.figure}
        for name, number in told.items():
            if not bar.holds(number):
                failed = True
                print(f"Missed: {name} is {number:.3g}, {bar}: {bar.reason}.")
        if not told and asks_all:
            failed = True
            print(f"Missed: {bar.figure} was not measured, {bar}: {bar.reason}.")
    print(" ".join(f"{name}={number:.4g}" for name, number in figures.items()))
    return 1 if failed else 0
