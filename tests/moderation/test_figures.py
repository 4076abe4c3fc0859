"""The numbers of the transparency report."""

from __future__ import annotations

import math
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation import appeals, cases, decisions, figures, flagging, queries, reporting, undoing
from forum.moderation.actions import FLAGGED
from forum.moderation.figures import Figures, percentile
from forum.moderation.models import Case, Decision, MonthFigures, Signal
from tests import makers
from tests.queries import counted_queries

MARCH = datetime(2026, 3, 10, 12, tzinfo=UTC)


def now() -> Figures:
    return figures.count(figures.month_of(clock.now()))


def flagged(cast, post, by=None):
    comment = makers.make_comment(cast.alice, post)
    flagging.flag(comment, by or cast.bob, "unkind", "")
    db.session.commit()
    return comment


def decide(comment, by, act: str, *rest):
    case = queries.open_case_of(comment) or cases.open_for(comment, FLAGGED)
    made = getattr(decisions, act)(case, by, case.version, *rest)
    db.session.commit()
    return made


def nearest_rank(values: list[int], percent: int) -> int:
    """By the book: the value at the rank ceil(p/100 × n) of the sorted list."""
    return sorted(values)[max(1, math.ceil(percent * len(values) / 100)) - 1]


@pytest.mark.parametrize("size", [1, 2, 5, 10, 99, 100, 1_000])
def test_percentiles_are_those_of_a_plain_computation(size):
    luck = random.Random(size)
    values = [luck.randrange(0, 1_400) for _number in range(size)]
    for percent in (1, 10, 50, 90, 99, 100):
        assert percentile(Counter(values), percent) == nearest_rank(values, percent)


def test_months_together_have_the_percentiles_of_all_their_decisions():
    luck = random.Random(7)
    months = [[luck.randrange(0, 1_400) for _number in range(luck.randrange(0, 60))] for _month in range(12)]
    together = figures.total(Figures(waits=Counter(values)) for values in months)
    everything = [value for values in months for value in values]
    assert (together.wait(50), together.wait(90)) == (nearest_rank(everything, 50), nearest_rank(everything, 90))


def test_of_few_decisions_no_time_is_told():
    assert Figures(waits=Counter([5, 6, 7, 8])).wait(50) is None
    assert Figures(waits=Counter([5, 6, 7, 8, 9])).wait(50) == 7


def test_decisions_are_counted_by_action_and_by_reason(app, cast, post):
    decide(flagged(cast, post), cast.mona, "remove", "unkind")
    decide(flagged(cast, post), cast.mona, "remove", "spam")
    decide(flagged(cast, post), cast.mona, "dismiss")
    _held, case = makers.make_held(cast.nora, post)
    decisions.reject(case, cast.mona, case.version, "unkind")
    db.session.commit()
    found = now()
    assert found.actions == {"remove": 2, "dismiss": 1, "reject": 1}
    assert found.reasons == {"unkind": 2, "spam": 1}
    assert found.against == 3
    assert found.comments == 4
    assert found.held == {"first_comment": 1}


def test_an_undone_decision_and_its_undoing_count_for_nothing(app, cast, post):
    made = decide(flagged(cast, post), cast.mona, "remove", "unkind")
    undoing.undo(made, cast.mona)
    db.session.commit()
    found = now()
    assert (found.actions, found.reasons, found.decided, found.flags_answered) == ({}, {}, 0, 0)


def test_time_is_measured_from_when_somebody_asked(app, cast, post):
    comment = flagged(cast, post)
    db.session.execute(update(Case).values(opened_at=clock.now() - timedelta(minutes=95, seconds=30)))
    db.session.commit()
    decide(comment, cast.mona, "remove", "unkind")
    assert now().waits == {95: 1}


def test_what_a_moderator_removes_unasked_kept_nobody_waiting(app, cast, post):
    makers.make_removed(cast.alice, post, cast.mona)
    found = now()
    assert (found.actions, found.decided) == ({"remove": 1}, 0)


LONG = [(95, 95), (24 * 60 + 59, 24 * 60), (25 * 60 + 1, 25 * 60), (40 * 24 * 60 + 700, 40 * 24 * 60)]


@pytest.mark.parametrize(("minutes", "kept"), LONG)
def test_long_waits_are_kept_less_exactly_so_that_a_month_stays_small(minutes, kept, app, cast, post):
    comment = flagged(cast, post)
    db.session.execute(update(Case).values(opened_at=clock.now() - timedelta(minutes=minutes, seconds=5)))
    db.session.commit()
    decide(comment, cast.mona, "dismiss")
    assert now().waits == {kept: 1}


def test_flags_and_how_many_were_upheld(app, cast, post):
    first, second = flagged(cast, post), flagged(cast, post)
    flagging.flag(first, cast.max, "spam", "")
    flagged(cast, post)
    decide(first, cast.mona, "remove", "unkind")
    decide(second, cast.mona, "dismiss")
    found = now()
    assert (found.flags, found.flags_answered, found.flags_upheld) == (4, 3, 2)


def test_appeals_and_how_many_changed_a_decision(app, cast, post):
    # In the middle of a month, so that the appeals are made in the month of the decisions.
    middle = clock.now().replace(day=15, hour=12)
    for is_upheld in (True, False, False):
        with time_machine.travel(middle, tick=False):
            comment = flagged(cast, post)
            made = decide(comment, cast.mona, "remove", "unkind")
        with time_machine.travel(middle + timedelta(minutes=11), tick=False):
            appeal = appeals.make(made, cast.alice, "It was a joke.")
            db.session.commit()
            appeals.answer(appeal, cast.max, appeal.case.version, is_upheld, "We looked again.")
            db.session.commit()
    found = figures.count(figures.month_of(middle))
    assert (found.appeals, found.appeals_answered, found.appeals_overturned) == (3, 3, 2)
    assert found.flags == 3, "an appeal is no flag"


def test_reports_are_counted_and_are_no_check_and_no_flag(app, cast, post):
    reporting.report(makers.make_comment(cast.alice, post), "Libel", "It says lies.")
    db.session.commit()
    found = now()
    assert (found.reports, found.flags, found.held) == (1, 0, {})


def test_the_kept_numbers_are_read_as_they_were(app, cast, post):
    decide(flagged(cast, post), cast.mona, "remove", "unkind")
    found = now()
    db.session.add(MonthFigures(month="2020-01", numbers=found.row()))
    db.session.commit()
    db.session.expire_all()
    assert Figures.read(db.session.get(MonthFigures, "2020-01").numbers) == found


@pytest.fixture
def last_march(app, cast, post):
    """A month that is over, with one decision in it."""
    made = decide(flagged(cast, post), cast.mona, "remove", "unkind")
    db.session.execute(update(Decision).where(Decision.id == made.id).values(created_at=MARCH))
    db.session.execute(update(Case).values(opened_at=MARCH - timedelta(minutes=30)))
    db.session.execute(update(Signal).values(created_at=MARCH - timedelta(minutes=30)))
    db.session.commit()
    return made


def kept() -> list[str]:
    return sorted(db.session.scalars(select(MonthFigures.month)))


def test_months_that_are_over_are_kept_once(last_march):
    with time_machine.travel(datetime(2026, 5, 20, tzinfo=UTC), tick=False):
        assert figures.keep_finished() == 2
        assert kept() == ["2026-03", "2026-04"]
        assert figures.keep_finished() == 0


def test_a_month_is_kept_only_when_nothing_about_it_can_change(last_march):
    with time_machine.travel(datetime(2026, 4, 1, 0, 5, tzinfo=UTC), tick=False):
        assert figures.keep_finished() == 0
        assert figures.by_month()["2026-03"].actions == {"remove": 1}, "it is counted anew until then"


def test_what_is_kept_is_what_is_shown_and_can_be_counted_again(last_march, cast):
    with time_machine.travel(datetime(2026, 5, 20, tzinfo=UTC), tick=False):
        figures.keep_finished()
        db.session.commit()
        assert figures.by_month()["2026-03"] == figures.count("2026-03")
        assert list(figures.by_month()) == ["2026-05", "2026-04", "2026-03"]
        figures.forget_kept()
        assert kept() == []


def test_a_site_without_decisions_has_its_present_month(app):
    assert list(figures.by_month()) == [figures.month_of(clock.now())]


def test_counting_a_month_costs_the_same_queries_however_much_happened(app, cast, post):
    decide(flagged(cast, post), cast.mona, "remove", "unkind")
    month = figures.month_of(clock.now())
    with counted_queries() as few:
        figures.count(month)
    for _number in range(10):
        decide(flagged(cast, post), cast.mona, "dismiss")
    with counted_queries() as many:
        figures.count(month)
    assert len(few) == len(many) <= 8


def test_the_present_month_is_counted_again_when_something_was_decided(app, cast, post):
    comment, other = flagged(cast, post), flagged(cast, post)
    decide(comment, cast.mona, "dismiss")
    assert figures.present().actions == {"dismiss": 1}
    decide(other, cast.mona, "remove", "unkind")
    assert figures.present().actions == {"dismiss": 1, "remove": 1}
