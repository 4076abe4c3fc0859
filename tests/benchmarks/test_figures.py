"""What the measurement makes of what it measured, and what it measures."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from benchmarks import discussions
from benchmarks.driver import Cost, together
from benchmarks.table import Bar, Row, judge
from forum.comments import queries, tree

BARS = [Bar("ms", "it is quick", at_most=20), Bar("ratio", "it is better", at_least=2)]


def _cost(cpu: float, latency: float = 1) -> Cost:
    return Cost(requests=1, cpu=cpu, all=cpu, rate=1, p50=latency, p95=latency, size=1)


def test_a_ratio_is_the_median_of_the_rounds_so_one_disturbed_round_does_not_count():
    page = Row("page", [_cost(2), _cost(90), _cost(4)])
    floor = Row("floor", [_cost(1), _cost(1), _cost(2)])
    assert page.over(floor) == 2


def test_requests_measured_one_by_one_cost_their_mean():
    assert together([_cost(1, 10), _cost(3, 30)]).cpu == 2


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        ({"ms": 20, "ratio": 2}, 0),
        ({"ms": 20.1, "ratio": 2}, 1),
        ({"ms": 20, "ratio": 1.9}, 1),
        ({"sqlite.ms": 1, "postgresql.ms": 21, "ratio": 2}, 1),
        ({"ms": 20}, 1),
    ],
)
def test_a_bar_that_is_missed_or_not_measured_fails_the_run(figures: dict[str, float], code: int):
    assert judge(figures, BARS) == code


def test_a_run_of_chosen_rows_is_asked_only_what_it_can_tell():
    assert judge({"ms": 1}, BARS, asks_all=False) == 0


def test_the_last_line_has_all_figures(capsys):
    judge({"sqlite.ms": 21.0, "ratio": 2.5}, BARS)
    assert capsys.readouterr().out.splitlines()[-1] == "sqlite.ms=21 ratio=2.5"


def test_the_discussion_of_a_hundred_fits_a_page_and_says_which_of_its_comments_a_page_shows():
    written = discussions.hundred()
    depths, replies = _depths([one.parent for one in written]), Counter(one.parent for one in written)
    assert len(written) == 100
    assert max(depths) <= queries.LEVELS
    assert replies.pop(None) <= queries.MOST_BRANCHES
    assert max(replies.values()) <= queries.FIRST_REPLIES
    assert all(discussions.mark(number) in one.text for number, one in enumerate(written))


@pytest.mark.parametrize("name", [discussions.WIDE, discussions.DEEP])
def test_the_made_discussions_are_as_long_and_as_deep_as_they_say(name: str):
    shape = discussions.PLANS["threads"].shapes[name](random.Random(1))
    depths = _depths(shape)
    assert len(shape) == 50_000
    assert max(depths) == discussions.CHAIN - 1
    assert max(depths) <= tree.DEEPEST
    assert all(answered is None or answered < place for place, answered in enumerate(shape))


def test_one_branch_of_the_wide_discussion_has_ten_thousand_comments():
    shape = discussions.PLANS["threads"].shapes[discussions.WIDE](random.Random(1))
    roots: list[int] = []
    for place, answered in enumerate(shape):
        roots.append(place if answered is None else roots[answered])
    assert max(Counter(roots).values()) >= discussions.BRANCH


def _depths(shape: discussions.Shape) -> list[int]:
    depths: list[int] = []
    for answered in shape:
        depths.append(0 if answered is None else depths[answered] + 1)
    return depths
