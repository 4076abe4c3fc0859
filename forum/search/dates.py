"""Days as people type them: 2026-01-31, 2026-01, 2026, 7d, yesterday, last week; and the same in Welsh."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from forum.search import analysis


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(day: date, ago: int = 0) -> date:
    """The first day of the month so many months ago."""
    months = day.year * 12 + day.month - 1 - ago
    return date(months // 12, months % 12 + 1, 1)


def _year(day: date, ago: int = 0) -> date:
    return date(day.year - ago, 1, 1)


# What a period is called, without accents, and its first day as seen from today. A week begins on Monday.
_NAMED: Final[dict[tuple[str, ...], Callable[[date], date]]] = {
    ("today", "heddiw"): lambda day: day,
    ("yesterday", "ddoe", "doe"): lambda day: day - timedelta(days=1),
    ("this week", "wythnos yma", "yr wythnos yma", "wythnos hon", "yr wythnos hon"): _week,
    ("last week", "wythnos diwethaf", "yr wythnos diwethaf"): lambda day: _week(day) - timedelta(weeks=1),
    ("this month", "mis yma", "y mis yma", "mis hwn", "y mis hwn"): _month,
    ("last month", "mis diwethaf", "y mis diwethaf"): lambda day: _month(day, 1),
    ("this year", "eleni"): _year,
    ("last year", "llynedd", "y llynedd"): lambda day: _year(day, 1),
}
_BY_NAME: Final = {name: first_day for names, first_day in _NAMED.items() for name in names}

# Names of several words, with spaces or hyphens between them: a value may go on after a space for these only.
SEVERAL_WORDS: Final = re.compile(
    rf"(?:{'|'.join(name.replace(' ', '(?: +|-)') for name in _BY_NAME if ' ' in name)})(?![\w-])", re.IGNORECASE
)
_DAY: Final = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
# Days, weeks, months, years; b is Welsh "blwyddyn" (year), and the other letters are the same.
_AGO: Final = re.compile(r"([0-9]{1,5})([dwmyb])", re.IGNORECASE)


def first_day(typed: str, today: date) -> date | None:
    """The day that was typed, or the first one of the period; None where it is neither."""
    name = " ".join(analysis.fold(word) for word in re.split(r"[\s-]+", typed.strip()))
    try:
        if name in _BY_NAME:
            return _BY_NAME[name](today)
        if match := _DAY.fullmatch(typed):
            return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
        if match := _AGO.fullmatch(typed):
            return _ago(today, int(match[1]), match[2].lower())
    except (ValueError, OverflowError):
        pass
    return None


def _ago(today: date, count: int, unit: str) -> date:
    if unit in "dw":
        return today - timedelta(days=count * (7 if unit == "w" else 1))
    month = _month(today, count * (1 if unit == "m" else 12))
    # The 31st of a month that has none is its last day.
    return min(month + timedelta(days=today.day - 1), _month(month, -1) - timedelta(days=1))


def midnight(day: date) -> datetime:
    """When this day begins."""
    return datetime.combine(day, time(), UTC)
