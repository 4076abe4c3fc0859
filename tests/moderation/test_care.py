"""What moderators are told by the clock: digests of the queue, and once of each case that has waited too long."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from forum.comments.models import Comment
from forum.foundation import clock, jobs
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.moderation import care, cases
from forum.moderation.models import Case
from tests import makers
from tests.letters import letters

# The promise of the tests' site, in hours.
PROMISED = 4
SECRET = "zqbadofuxe"
# A Monday, so that no clock change and no end of a month comes near.
NINE = datetime(2031, 3, 3, 9, 0, 30, tzinfo=UTC)


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur, "Slow buses")


@pytest.fixture
def wait(post, cast, work):
    """Let this many comments wait since so many hours."""

    def hold(count: int = 1, *, hours: float = 0) -> list[Case]:
        held = [makers.make_held(cast.nora, post, f"A {SECRET} comment.")[1] for _number in range(count)]
        for case in held:
            case.opened_at = clock.now() - timedelta(hours=hours)
        db.session.commit()
        return held

    return hold


@pytest.fixture
def work(work):
    """What is due by the clock, and the letters that follow from it."""

    def run() -> None:
        work()
        work()

    return run


def told(app, person) -> list[str]:
    return [letter.subject for letter in letters(app, person.email)]


def choose(person, rhythm: str) -> None:
    care.choose(person, rhythm)
    db.session.commit()


# What has waited too long


def test_a_case_past_the_promise_is_marked_and_told_of_once(app, cast, wait, work):
    (case,) = wait(hours=PROMISED + 1)
    mona, max_ = cast.mona, cast.max
    for _run in range(3):
        work()
    assert case.escalated_at is not None
    assert told(app, mona) == ["1 case has waited longer than promised"]
    assert told(app, max_) == told(app, mona), "every moderator is told"
    assert told(app, cast.alice) == []


def test_nothing_is_decided_by_waiting(cast, wait, work):
    (case,) = wait(hours=24 * 365)
    work()
    assert case.is_open
    assert db.session.get(Comment, case.comment_id).state == "held"


def test_cases_that_are_late_together_are_told_of_in_one_letter(app, cast, wait, work):
    wait(3, hours=PROMISED + 1)
    mona = cast.mona
    work()
    wait(hours=PROMISED + 2)
    work()
    assert told(app, mona) == [
        "3 cases have waited longer than promised",
        "4 cases have waited longer than promised",
    ]


def test_a_case_within_the_promise_is_not_told_of(app, cast, wait, work):
    (case,) = wait(hours=PROMISED - 1)
    mona = cast.mona
    work()
    assert case.escalated_at is None
    assert told(app, mona) == []


def test_whoever_wants_no_letters_gets_none(app, cast, wait, work):
    choose(cast.mona, care.NEVER)
    wait(hours=PROMISED + 1)
    max_ = cast.max
    work()
    assert told(app, cast.mona) == []
    assert told(app, max_) != []


def test_a_case_decided_before_the_letter_is_written_is_not_told_of(app, cast, wait, work):
    (case,) = wait(hours=PROMISED + 1)
    mona = cast.mona
    care.escalate()
    cases.close(case, case.version)
    work()
    assert told(app, mona) == []


def test_the_letter_counts_and_links_and_holds_no_word_of_a_comment(app, cast, wait, work):
    wait(2, hours=PROMISED + 1)
    mona = cast.mona
    work()
    (letter,) = letters(app, mona.email)
    for part in (letter.text, letter.html):
        assert "2 comments are held" in part
        assert "/moderation?tab=held" in part
        assert "/moderation/mail" in part
        assert SECRET not in part
        assert cast.nora.name not in part
    assert "The oldest has waited" in letter.text


# Digests


def test_an_hourly_digest_comes_once_an_hour_while_something_waits(app, cast, wait, work):
    with time_machine.travel(NINE, tick=False) as now:
        choose(cast.mona, care.HOURLY)
        wait()
        work()
        assert told(app, cast.mona) == [], "the hour in which it was chosen is not over"
        for _minute in range(3):
            now.shift(timedelta(minutes=30))
            work()
            work()
        assert told(app, cast.mona) == ["1 case waits in the queue"] * 1
        now.shift(timedelta(minutes=30))
        work()
        assert told(app, cast.mona) == ["1 case waits in the queue"] * 2


def test_a_daily_digest_comes_once_a_day_at_its_hour(app, cast, wait, work):
    with time_machine.travel(NINE, tick=False) as now:
        choose(cast.mona, care.DAILY)
        (case,) = wait()
        case.escalated_at = clock.now()
        db.session.commit()
        now.shift(timedelta(hours=21))
        work()
        assert told(app, cast.mona) == [], "it is six in the morning"
        for _run in range(3):
            now.shift(timedelta(hours=1))
            work()
        assert told(app, cast.mona) == ["1 case waits in the queue"]


def test_after_days_without_a_worker_one_digest_comes_and_not_one_for_each_day(app, cast, wait, work):
    with time_machine.travel(NINE, tick=False) as now:
        choose(cast.mona, care.HOURLY)
        (case,) = wait()
        case.escalated_at = clock.now()
        db.session.commit()
        now.shift(timedelta(days=5))
        work()
        work()
        assert told(app, cast.mona) == ["1 case waits in the queue"]


def test_an_empty_queue_is_not_written_about(app, cast, work):
    with time_machine.travel(NINE, tick=False) as now:
        choose(cast.mona, care.HOURLY)
        now.shift(timedelta(hours=2))
        work()
        assert told(app, cast.mona) == []


def test_who_is_no_moderator_any_more_is_not_written_to(app, cast, wait, work):
    with time_machine.travel(NINE, tick=False) as now:
        choose(cast.mona, care.HOURLY)
        wait(hours=PROMISED + 1)
        now.shift(timedelta(hours=2))
        care.escalate()
        care.ask_for_digests()
        cast.mona.is_moderator = False
        db.session.commit()
        work()
        assert told(app, cast.mona) == []


def test_of_several_workers_at_once_one_tells(app, cast, wait, work):
    """Each in a transaction of its own, as in processes of their own."""
    # Letters are named by the time, which goes on so that one does not take the other's place.
    with time_machine.travel(NINE) as now:
        choose(cast.mona, care.HOURLY)
        choose(cast.max, care.LATE_ONLY)
        wait(2, hours=PROMISED + 1)
        now.shift(timedelta(hours=1))
        _at_once(app, 4)
        work()
    assert sorted(told(app, cast.mona)) == ["2 cases have waited longer than promised", "2 cases wait in the queue"]
    assert told(app, cast.max) == ["2 cases have waited longer than promised"]


def _at_once(app, workers: int) -> None:
    barrier = threading.Barrier(workers)

    def run() -> None:
        barrier.wait()
        for function in (care.escalate, care.ask_for_digests):
            jobs.in_context(app, function)

    threads = [threading.Thread(target=run) for _number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_nonsense_is_not_chosen(cast):
    with pytest.raises(Refused):
        care.choose(cast.mona, "each minute")
