"""The numbers of the transparency report in words and bars; page, CSV and JSON are made of the same ones."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

from forum.foundation import clock
from forum.moderation import figures, rules
from forum.moderation.actions import ACTIONS, APPROVE, DECLINE, DISMISS, PROPOSE, UNDO
from forum.moderation.figures import Figures
from forum.moderation.openness import SHOWN, month_bounds
from forum.reading import openness

# Months of the chart: a year, and the present one stands out.
MONTHS_DRAWN = 12

# Name in CSV and JSON, words on the page, and how it is counted. Shares and waits are empty where there is too little.
_MEASURES: list[tuple[str, LazyString, Callable[[Figures], Any]]] = [
    ("comments", lazy_gettext("Comments written"), lambda f: f.comments),
    ("decisions", lazy_gettext("Decisions"), lambda f: sum(f.actions.values())),
    ("removed_or_rejected", lazy_gettext("Removed or rejected"), lambda f: f.against),
    ("minutes_to_decision_median", lazy_gettext("Median time to decision"), lambda f: f.wait(50)),
    ("minutes_to_decision_90", lazy_gettext("Nine of ten decided within"), lambda f: f.wait(90)),
    ("flags", lazy_gettext("Flags"), lambda f: f.flags),
    ("flags_answered", lazy_gettext("Flags answered"), lambda f: f.flags_answered),
    ("flags_upheld", lazy_gettext("Flags upheld"), lambda f: f.flags_upheld),
    ("reports", lazy_gettext("Reports of illegal content"), lambda f: f.reports),
    ("appeals", lazy_gettext("Appeals made"), lambda f: f.appeals),
    ("appeals_answered", lazy_gettext("Appeals answered"), lambda f: f.appeals_answered),
    ("appeals_overturned", lazy_gettext("Decisions changed on appeal"), lambda f: f.appeals_overturned),
]
_TIMES = ("minutes_to_decision_median", "minutes_to_decision_90")
_COUNTED_ACTIONS = [action for action in ACTIONS if action not in (UNDO, PROPOSE, DECLINE)]


@dataclass(frozen=True)
class Line:
    """A count in words, with how much of all it is."""

    words: str
    count: int
    percent: int


@dataclass(frozen=True)
class MonthRow:
    name: str
    values: list[tuple[str, Any]]


@dataclass(frozen=True)
class Bar:
    """A bar of the chart, in the units of its drawing."""

    x: float
    y: float
    width: float
    height: float
    label: str
    count: int
    is_now: bool


@dataclass(frozen=True)
class Chart:
    """Decisions a month, from the oldest to the present."""

    width: int
    height: int
    base: int
    bars: list[Bar]
    # Height of each line of the grid, with its number.
    grid: list[tuple[float, int]]
    said: str


@dataclass(frozen=True)
class Report:
    since: str
    total: Figures
    actions: list[Line]
    reasons: list[Line]
    held: list[Line]
    heads: list[str]
    rows: list[MonthRow]
    chart: Chart


def report(months: Mapping[str, Figures]) -> Report:
    """Of these months, the newest first."""
    everything = figures.total(months.values())
    return Report(
        since=_month_name(min(months)),
        total=everything,
        actions=_lines(everything.actions, _action_words),
        reasons=_lines(everything.reasons, rules.reason_words),
        held=_lines(everything.held, rules.held_label),
        heads=[str(words) for _name, words, _measure in _MEASURES],
        rows=[
            MonthRow(_month_name(month), [(name, measure(found)) for name, _words, measure in _MEASURES])
            for month, found in months.items()
        ],
        chart=_chart(months),
    )


def as_json(months: Mapping[str, Figures]) -> dict[str, Any]:
    """The same numbers for programs: each month and all together."""
    return {
        "made_at": clock.now().isoformat(timespec="seconds"),
        "total": _plain(figures.total(months.values())),
        "months": [{"month": month} | _plain(found) for month, found in months.items()],
    }


def as_csv(months: Mapping[str, Figures]) -> str:
    """The same numbers as a table: a line a month, and one for all."""
    everything = figures.total(months.values())
    reasons, held = _reasons(everything), sorted(everything.held)
    sheet = io.StringIO()
    lines = csv.writer(sheet)
    lines.writerow(
        ["month", *(name for name, _words, _measure in _MEASURES)]
        + [f"action_{name}" for name in _COUNTED_ACTIONS]
        + [f"reason_{name}" for name in reasons]
        + [f"held_{name}" for name in held]
    )
    for month, found in [*months.items(), ("all", everything)]:
        lines.writerow(
            [month, *(_blank(measure(found)) for _name, _words, measure in _MEASURES)]
            + [found.actions[name] for name in _COUNTED_ACTIONS]
            + [found.reasons[name] for name in reasons]
            + [found.held[name] for name in held]
        )
    return sheet.getvalue()


def is_time(name: str) -> bool:
    """Whether this measure is in minutes."""
    return name in _TIMES


def _plain(found: Figures) -> dict[str, Any]:
    counted = {name: measure(found) for name, _words, measure in _MEASURES}
    return counted | {
        "actions": {name: found.actions[name] for name in _COUNTED_ACTIONS},
        "reasons": {name: found.reasons[name] for name in _reasons(found)},
        "held": dict(sorted(found.held.items())),
    }


def _reasons(found: Figures) -> list[str]:
    """The house rules, and reasons that were among them once."""
    return [*rules.reasons(), *sorted(set(found.reasons) - set(rules.reasons()))]


def _blank(value: Any) -> Any:
    return "" if value is None else value


def _lines(counted: Mapping[str, int], words: Callable[[str], str]) -> list[Line]:
    everything = sum(counted.values())
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [Line(words(name), count, round(100 * count / everything)) for name, count in ordered if count]


def _action_words(action: str) -> str:
    if action in SHOWN:
        return dict(openness.action_words())[action]
    return {APPROVE: _("Approved"), DISMISS: _("Flags dismissed")}.get(action, action)


def _month_name(month: str, pattern: str = "MMMM yyyy") -> str:
    return str(format_date(month_bounds(month)[0], pattern))


def _chart(months: Mapping[str, Figures]) -> Chart:
    width, top, base, left, step = 640, 24, 200, 44, 48
    shown = sorted(months)[-MONTHS_DRAWN:]
    counts = [sum(months[month].actions.values()) for month in shown]
    highest = _round_up(max(counts, default=0))
    scale = (base - top) / highest
    bars = [
        Bar(
            x=left + 10 + number * step,
            y=round(base - count * scale, 1),
            width=30,
            height=round(count * scale, 1),
            label=_month_name(month, "MMM"),
            count=count,
            is_now=number == len(shown) - 1,
        )
        for number, (month, count) in enumerate(zip(shown, counts, strict=True))
    ]
    grid = [(round(base - part * highest / 4 * scale, 1), part * highest // 4) for part in range(5)]
    said = _("Decisions a month, from %(first)s to %(last)s: %(counts)s.", first=_month_name(shown[0]),
             last=_month_name(shown[-1]), counts=", ".join(str(count) for count in counts))  # fmt: skip
    return Chart(width, 230, base, bars, grid, said)


def _round_up(highest: int) -> int:
    """A round number, not below this one, that four parts into whole ones."""
    size = 4
    while True:
        for factor in (1, 2, 5):
            if size * factor >= highest:
                return size * factor
        size *= 10
