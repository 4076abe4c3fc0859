"""Cases: one for each comment and person, that collects every reason to look; and who has it while they look."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from forum.events.log import EventRow
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import IllegalStep
from forum.moderation import cases, decisions, flagging, queries
from forum.moderation.actions import APPEAL, FLAGGED, HELD, SPAM
from forum.moderation.models import Case, Seen
from tests import makers


@pytest.fixture
def held(post, cast):
    return makers.make_held(cast.nora, post)


def news() -> int:
    """How often moderators with the queue open were told to look anew."""
    db.session.flush()
    return db.session.scalar(select(func.count(EventRow.id)).where(EventRow.name == "CaseChanged"))


# What a case collects


def test_a_comment_has_one_case_that_becomes_of_the_graver_kind(post, cast):
    comment = makers.make_comment(cast.alice, post)
    kinds = []
    for kind in (HELD, SPAM, FLAGGED, APPEAL, HELD):
        kinds.append(cases.open_for(comment, kind).kind)
    assert kinds == [HELD, SPAM, SPAM, APPEAL, APPEAL]
    assert db.session.scalar(select(func.count(Case.id))) == 1


def test_a_person_has_one_case_of_their_own(post, cast):
    comment = makers.make_comment(cast.alice, post)
    about_words, about_person = cases.open_for(comment, HELD), cases.open_about(cast.alice, HELD)
    assert about_words.id != about_person.id
    assert cases.open_about(cast.alice, HELD).id == about_person.id
    assert (about_words.concerns(), about_person.concerns()) == (cast.alice, cast.alice)
    assert not about_person.is_about_comment
    with pytest.raises(IllegalStep, match="about a person"):
        decisions.approve(about_person, cast.mona, about_person.version)


def test_a_signal_makes_what_was_seen_of_the_case_out_of_date(held, cast):
    _comment, case = held
    seen = case.version
    cases.add_signal(case, "links", {"count": 4})
    assert case.version > seen
    with pytest.raises(decisions.AlreadyDecided):
        decisions.approve(case, cast.mona, seen)


def test_what_weighs_most_is_looked_at_first(post, cast):
    quiet, urgent = (makers.make_comment(cast.alice, post) for _turn in range(2))
    for person in (cast.bob, cast.arthur, cast.mallory):
        flagging.flag(quiet, person, "off_topic", "")
    flagging.flag(urgent, cast.bob, "personal", "")
    flagging.flag(urgent, cast.mallory, "personal", "")
    first, second = (queries.open_case_of(comment) for comment in (urgent, quiet))
    assert first.priority > second.priority > 0


def test_an_approved_comment_that_is_flagged_comes_back_with_its_history(held, cast):
    comment, case = held
    decisions.approve(case, cast.mona, case.version)
    flagging.flag(comment, cast.bob, "unkind", "")
    db.session.commit()
    again = queries.open_case_of(comment)
    assert (again.id == case.id, again.kind) == (False, FLAGGED)
    (past,) = queries.decisions_on([comment.id])[comment.id]
    assert (past.action, past.by) == ("approve", cast.mona)


def test_the_weight_of_flags_is_no_new_version_of_the_words(post, cast):
    comment = makers.make_comment(cast.alice, post)
    version = comment.version
    flagging.flag(comment, cast.bob, "unkind", "")
    db.session.commit()
    db.session.refresh(comment)
    assert (comment.version, comment.flag_weight > 0) == (version, True)


SEEN = [("3.2", Seen(3, 2)), ("3", Seen(3)), ("", Seen(-1)), ("x.y", Seen(-1, -1)), ("1.2.3", Seen(1, -1))]


@pytest.mark.parametrize(("word", "seen"), SEEN)
def test_what_a_form_says_was_seen(word, seen):
    assert Seen.read(word) == seen


# Who has it


def test_a_claim_lasts_a_quarter_of_an_hour_and_longer_for_who_goes_on_looking(held, cast):
    _comment, case = held
    now = clock.now()
    with time_machine.travel(now, tick=False):
        assert cases.claim(case, cast.mona)
        assert not cases.claim(case, cast.max)
    with time_machine.travel(now + timedelta(minutes=14), tick=False):
        assert not cases.claim(case, cast.max)
        assert cases.renew(case, cast.mona)
    with time_machine.travel(now + timedelta(minutes=28), tick=False):
        assert case.holder() == cast.mona
    with time_machine.travel(now + timedelta(minutes=30), tick=False):
        assert case.holder() is None
        assert cases.claim(case, cast.max)
        assert not cases.renew(case, cast.mona), "what somebody else has taken is not kept"
        assert case.holder() == cast.max


def test_a_case_can_be_taken_over_and_whoever_had_it_hears(held, cast):
    _comment, case = held
    cases.claim(case, cast.mona)
    heard = news()
    assert cases.take_over(case, cast.max)
    assert case.holder() == cast.max
    assert news() == heard + 1
    cases.release(case, cast.mona)
    assert case.holder() == cast.max, "nobody lets go what another has"


def test_going_on_looking_is_no_news(held, cast):
    _comment, case = held
    cases.claim(case, cast.mona)
    heard = news()
    cases.claim(case, cast.mona)
    cases.renew(case, cast.mona)
    assert news() == heard


def test_a_colleague_who_is_asked_finds_the_case_free(held, cast):
    _comment, case = held
    cases.claim(case, cast.mona)
    cases.assign(case, cast.max, cast.mona)
    assert (case.assigned_to, case.holder()) == (cast.max, None)
    cases.assign(case, None, cast.mona)
    assert case.assigned_to is None


@pytest.mark.parametrize("act", ["claim", "renew", "take_over"])
def test_a_decided_case_is_nobodys(act, held, cast):
    _comment, case = held
    cases.claim(case, cast.mona)
    decisions.approve(case, cast.mona, case.version)
    assert case.holder() is None
    assert not getattr(cases, act)(case, cast.max)


def test_a_claim_does_not_stop_a_decision(held, cast):
    """It is a courtesy: whoever has the newest version on the screen decides."""
    comment, case = held
    cases.claim(case, cast.mona)
    decisions.approve(case, cast.max, case.version)
    assert comment.state == "published"


def test_every_change_of_a_case_is_told_to_open_pages(held, cast):
    _comment, case = held
    told = [news()]
    for act in (
        lambda: cases.claim(case, cast.mona),
        lambda: cases.release(case, cast.mona),
        lambda: cases.add_signal(case, "links", {}),
        lambda: decisions.approve(case, cast.mona, case.version),
    ):
        act()
        told.append(news())
    assert told == sorted(set(told)), "each act is news"
