"""Days as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.search import dates

# A Monday.
TODAY = date(2026, 11, 23)

DAYS = [
    ("2026-01-31", date(2026, 1, 31)),
    ("2026-1-5", date(2026, 1, 5)),
    ("2026-02", date(2026, 2, 1)),
    ("2025", date(2025, 1, 1)),
    ("today", TODAY),
    ("Heddiw", TODAY),
    ("yesterday", date(2026, 11, 22)),
    ("ddoe", date(2026, 11, 22)),
    ("this week", TODAY),
    ("last week", date(2026, 11, 16)),
    ("Last-Week", date(2026, 11, 16)),
    ("last  week", date(2026, 11, 16)),
    ("yr wythnos diwethaf", date(2026, 11, 16)),
    ("wythnos-yma", TODAY),
    ("this month", date(2026, 11, 1)),
    ("mis hwn", date(2026, 11, 1)),
    ("last month", date(2026, 10, 1)),
    ("mis diwethaf", date(2026, 10, 1)),
    ("this year", date(2026, 1, 1)),
    ("eleni", date(2026, 1, 1)),
    ("last year", date(2025, 1, 1)),
    ("llynedd", date(2025, 1, 1)),
    ("0d", TODAY),
    ("7d", date(2026, 11, 16)),
    ("2W", date(2026, 11, 9)),
    ("3m", date(2026, 8, 23)),
    ("12m", date(2025, 11, 23)),
    ("1y", date(2025, 11, 23)),
    ("1b", date(2025, 11, 23)),
]


@pytest.mark.parametrize(("typed", "day"), DAYS, ids=[typed for typed, _day in DAYS])
def test_a_period_stands_for_its_first_day(typed, day):
    assert dates.first_day(typed, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "today", "day"),
    [
        ("last week", date(2026, 11, 29), date(2026, 11, 16)),
        ("last month", date(2026, 1, 15), date(2025, 12, 1)),
        ("1m", date(2026, 3, 31), date(2026, 2, 28)),
        ("1y", date(2024, 2, 29), date(2023, 2, 28)),
        ("1m", date(2026, 1, 31), date(2025, 12, 31)),
    ],
)
def test_it_is_reckoned_from_today(typed, today, day):
    assert dates.first_day(typed, today) == day


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "week",
        "2026-13",
        "2026-02-30",
        "0000",
        "26-01-31",
        "31/01/2026",
        "7",
        "7x",
        "-7d",
        "99999y",
        "9999m9",
    ],
)
def test_anything_else_is_no_day(typed):
    assert dates.first_day(typed, TODAY) is None


@settings(max_examples=200, derandomize=True)
@given(st.one_of(st.text(max_size=20), st.text(alphabet="0123456789-dwmyb", max_size=12)))
def test_no_text_fails(typed):
    day = dates.first_day(typed, TODAY)
    assert day is None or dates.midnight(day).date() == day
