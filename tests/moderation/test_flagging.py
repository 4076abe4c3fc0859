"""Readers say that a comment breaks a house rule."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from forum.comments import editing
from forum.comments.models import Comment
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.moderation import cases, decisions, flagging, queries, rules
from forum.moderation.actions import FLAGGED
from forum.moderation.models import Signal
from forum.moderation.permissions import may_flag
from tests import makers
from tests.comments.test_posting import in_threads


@pytest.fixture
def comment(app, cast):
    return makers.make_comment(cast.alice, makers.make_post(cast.arthur))


def test_a_flag_opens_a_case_and_leaves_the_comment_public(comment, cast):
    flagging.flag(comment, cast.bob, "unkind", "The second line.")
    db.session.commit()
    case = queries.open_case_of(comment)
    assert case.kind == FLAGGED
    assert comment.state == "published"
    (signal,) = queries.signals_of([case.id])[case.id]
    assert (signal.reason, signal.detail["text"], signal.by) == ("unkind", "The second line.", cast.bob)


def test_flags_of_several_people_are_one_case(comment, cast):
    for person in (cast.bob, cast.mallory, cast.arthur):
        flagging.flag(comment, person, "spam", "")
    db.session.commit()
    assert queries.open_counts() == {FLAGGED: 1}


def test_a_person_flags_a_comment_once(comment, cast):
    flagging.flag(comment, cast.bob, "spam", "")
    with pytest.raises(Refused, match="flagged this comment already"):
        flagging.flag(comment, cast.bob, "unkind", "")


def test_the_same_person_flagging_from_four_windows_at_once_flags_once(app, comment, cast):
    comment_id, who, refused = comment.id, cast.bob.id, []
    db.session.commit()

    def flag(_number: int) -> None:
        try:
            flagging.flag(db.session.get(Comment, comment_id), db.session.get(type(cast.bob), who), "spam", "")
            db.session.commit()
        except Refused as refusal:
            refused.append(refusal.sentence)
            db.session.rollback()

    assert in_threads(app, 4, flag) == []
    assert len(refused) == 3
    assert db.session.scalar(select(func.count(Signal.id))) == 1


REASONS = [
    ("a reason", "unkind", "", None),
    ("every reason with words", "illegal", "See the second line.", None),
    ("no reason", "", "Some words.", ("reason", "Choose")),
    ("a made-up reason", "boring", "", ("reason", "Choose")),
    ("other without words", "other", "  ", ("details", "Say in a few words")),
    ("other with words", "other", "It gives the plot away.", None),
    ("too many words", "spam", "x" * 1_003, ("details", "by 3 characters")),
]


@pytest.mark.parametrize(("reason", "words", "refusal"), [row[1:] for row in REASONS], ids=[row[0] for row in REASONS])
def test_what_a_flag_must_say(reason, words, refusal, comment, cast):
    if refusal is None:
        assert flagging.flag(comment, cast.bob, reason, words).reason == reason
        return
    with pytest.raises(Refused, match=refusal[1]) as refused:
        flagging.flag(comment, cast.bob, reason, words)
    assert refused.value.field == refusal[0]


def test_every_reason_can_be_given(comment, cast):
    for reason in rules.REASONS:
        flagging.flag(comment, cast.bob, reason, "Words.")
        db.session.rollback()


MAY_FLAG = [
    ("a reader", "bob", "published", None),
    ("a newcomer", "nora", "published", None),
    ("a guest", None, "published", "Sign in"),
    ("its writer", "alice", "published", "your own comment"),
    ("somebody unconfirmed", "unconfirmed", "published", "Confirm your e-mail"),
    ("a held comment", "bob", "held", "not public"),
    ("a removed comment", "bob", "removed", "not public"),
    ("a withdrawn comment", "bob", "withdrawn", "not public"),
]


@pytest.mark.parametrize(("who", "state", "refusal"), [row[1:] for row in MAY_FLAG], ids=[row[0] for row in MAY_FLAG])
def test_who_may_flag(who, state, refusal, comment, cast):
    comment.state = state
    person = cast.bob if who == "unconfirmed" else getattr(cast, who) if who else None
    if who == "unconfirmed":
        person.confirmed_at = None
    verdict = may_flag(person, comment)
    assert bool(verdict) == (refusal is None)
    assert refusal is None or refusal in verdict.reason


@pytest.mark.parametrize(("act", "upheld"), [("remove", True), ("dismiss", False)])
def test_a_decision_answers_the_flags(act, upheld, comment, cast):
    flagging.flag(comment, cast.bob, "unkind", "")
    case = queries.open_case_of(comment)
    getattr(decisions, act)(case, cast.mona, case.version, *(["unkind"] if act == "remove" else []))
    db.session.commit()
    assert db.session.scalar(select(Signal.was_upheld)) is upheld
    assert queries.flag_record(cast.bob) == (int(upheld), 1)


def test_the_same_words_are_not_flagged_twice_by_one_person_also_after_the_flag_was_dismissed(comment, cast):
    flagging.flag(comment, cast.bob, "unkind", "")
    case = queries.open_case_of(comment)
    decisions.dismiss(case, cast.mona, case.version)
    db.session.commit()
    with pytest.raises(Refused, match="flagged this comment already"):
        flagging.flag(comment, cast.bob, "spam", "")


def test_other_words_can_be_flagged_again(comment, cast):
    flagging.flag(comment, cast.bob, "unkind", "")
    case = queries.open_case_of(comment)
    decisions.dismiss(case, cast.mona, case.version)
    db.session.commit()
    editing.edit(comment, cast.alice, "Other words.", "en", has_case=True, screen=makers.screen)
    flagging.flag(comment, cast.bob, "unkind", "It was edited.")
    db.session.commit()
    assert queries.open_case_of(comment).id != case.id


def test_a_flag_on_earlier_words_speaks_of_the_new_ones_when_its_giver_flags_these(comment, cast):
    flagging.flag(comment, cast.bob, "unkind", "The first line.")
    editing.edit(comment, cast.alice, "Other words.", "en", has_case=True, screen=makers.screen)
    flagging.flag(comment, cast.bob, "spam", "The new line.")
    db.session.commit()
    (signal,) = queries.signals_of([queries.open_case_of(comment).id])[queries.open_case_of(comment).id]
    assert (signal.reason, signal.detail["text"]) == ("spam", "The new line.")
    assert comment.flag_weight == 100


def test_a_flag_makes_what_a_moderator_saw_of_the_case_out_of_date(comment, cast):
    flagging.flag(comment, cast.bob, "unkind", "")
    case = queries.open_case_of(comment)
    seen = case.version
    flagging.flag(comment, cast.mallory, "illegal", "")
    with pytest.raises(decisions.AlreadyDecided):
        decisions.dismiss(case, cast.mona, seen)


def test_a_case_is_opened_once_however_often_it_is_asked_for(comment, cast):
    assert cases.open_for(comment, FLAGGED).id == cases.open_for(comment, FLAGGED).id
