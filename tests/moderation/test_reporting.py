"""Anybody reports what they hold to be illegal, and asks what became of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from forum.comments import withdrawing
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.moderation import decisions, flagging, queries, reporting, undoing
from forum.moderation.actions import FLAGGED
from forum.moderation.models import Report, Signal
from forum.moderation.permissions import may_report
from tests import makers
from tests.letters import letters


@pytest.fixture
def comment(app, cast, post):
    return makers.make_comment(cast.alice, post, "Words that somebody reports.")


def report(comment, **values) -> Report:
    values = {"law": "Libel", "words": "It says that I stole.", "name": "", "email": ""} | values
    made = reporting.report(comment, **values)
    db.session.commit()
    return made


def later(minutes: float = 11) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False)


def test_a_report_stands_first_in_the_queue_and_hides_nothing(comment, cast):
    other = makers.make_comment(cast.alice, comment.post)
    for person in (cast.bob, cast.max, cast.mallory):
        flagging.flag(other, person, "unkind", "", hides_at=4)
    report(comment)
    case = queries.open_case_of(comment)
    assert case.kind == FLAGGED
    assert case.priority > queries.open_case_of(other).priority
    assert comment.is_public
    assert comment.flag_weight == 0


def test_a_report_joins_the_open_case(comment, cast):
    flagging.flag(comment, cast.bob, "unkind", "")
    report(comment)
    assert queries.open_counts() == {FLAGGED: 1}
    reasons = [signal.reason for signal in queries.signals_of([queries.open_case_of(comment).id]).popitem()[1]]
    assert reasons == ["unkind", "illegal"]


def test_two_people_report_one_comment(comment):
    assert report(comment).reference != report(comment, words="Another reason.").reference


def test_the_same_form_sent_twice_is_one_report(comment):
    assert report(comment).id == report(comment).id
    assert db.session.scalar(select(func.count(Signal.id))) == 1


REFUSED = [
    ("no law", {"law": " "}, "law"),
    ("no reason", {"words": "\n"}, "words"),
    ("half an address", {"email": "me"}, "email"),
    ("an address with a line break", {"email": "me@example.org\nBcc: all@example.org"}, "email"),
    ("too long a law", {"law": "x" * 501}, "law"),
    ("too many words", {"words": "x" * 4_001}, "words"),
    ("too long a name", {"name": "x" * 81}, "name"),
    ("too long an address", {"email": "x" * 250 + "@example.org"}, "email"),
    ("no good faith", {"in_good_faith": False}, "good_faith"),
]


@pytest.mark.parametrize(("values", "field"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_report_is_refused_with(values, field, comment):
    with pytest.raises(Refused) as refused:
        report(comment, **values)
    assert refused.value.field == field


@pytest.mark.parametrize("state", ["held", "rejected", "removed", "withdrawn"])
def test_only_what_everybody_reads_can_be_reported(state, comment):
    comment.state = state
    assert not may_report(comment)


def test_a_reference_is_found_however_it_is_typed_and_never_by_chance(comment):
    made = report(comment)
    for typed in (
        made.reference,
        made.reference.lower(),
        made.reference.replace("-", " "),
        made.reference[:9] + made.reference[9:].replace("-", ""),
    ):
        assert reporting.by_reference(typed).id == made.id
    for typed in ("", "0", made.reference[:-1], made.reference + "0", "%", "O" * 16, "ä" * 16):
        assert reporting.by_reference(typed) is None


OUTCOMES = [("removed", "remove", "acted"), ("kept", "dismiss", "kept"), ("taken away as spam", "mark_spam", "acted")]


@pytest.mark.parametrize(("act", "state"), [row[1:] for row in OUTCOMES], ids=[row[0] for row in OUTCOMES])
def test_what_became_of_it_is_told_once_it_lasts(act, state, comment, cast):
    made = report(comment)
    assert reporting.outcome(made).state == "waiting"
    case = queries.open_case_of(comment)
    getattr(decisions, act)(case, cast.mona, case.version, *(["illegal"] if act == "remove" else []))
    db.session.commit()
    assert reporting.outcome(made).state == "waiting"
    with later():
        assert reporting.outcome(made).state == state


def test_an_undone_decision_is_no_outcome(comment, cast):
    made = report(comment)
    case = queries.open_case_of(comment)
    undoing.undo(decisions.remove(case, cast.mona, case.version, "illegal"), cast.mona)
    db.session.commit()
    with later():
        assert reporting.outcome(made).state == "waiting"


def test_a_comment_its_writer_took_back_is_told_as_that(comment, work):
    made = report(comment)
    withdrawing.withdraw(comment)
    work()
    assert reporting.outcome(made).state == "gone"


def test_who_gave_an_address_is_written_to_twice_and_the_letters_say_nothing_that_was_typed(app, comment, cast, work):
    report(comment, name="Buy pills now", email="somebody@example.org", words="Buy pills now", law="Pills")
    work()
    (received,) = letters(app, "somebody@example.org")
    case = queries.open_case_of(comment)
    decisions.remove(case, cast.mona, case.version, "illegal")
    db.session.commit()
    with later():
        work()
        work()
    _received, outcome = letters(app, "somebody@example.org")
    assert "not shown any more" in outcome.text
    for letter in (received, outcome):
        assert "ills" not in (letter.text + letter.html)
        assert "Words that somebody reports" not in (letter.text + letter.html)


def test_moderators_are_told_at_once(app, comment, cast, work):
    assert cast.mona
    cast.max.queue_mail = "never"
    db.session.commit()
    report(comment)
    work()
    assert any(
        "reports a comment as illegal" in (letter.text + letter.html) for letter in letters(app, "mona@example.org")
    )
    assert letters(app, "max@example.org") == []


def test_names_and_addresses_are_forgotten_after_half_a_year(comment):
    made = report(comment, name="Gwen", email="gwen@example.org")
    for days, name in ((180, "Gwen"), (190, "")):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
            reporting.forget_senders()
            db.session.commit()
        db.session.refresh(made)
        assert made.name == name
    assert (made.email, made.words) == ("", "It says that I stole.")
