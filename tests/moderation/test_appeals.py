"""Appeals: who may, when, who answers, and that overturning puts everything back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from forum.accounts.models import User
from forum.comments import counting, editing, withdrawing
from forum.events.log import EventRow
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Conflict, Forbidden, IllegalStep, Refused
from forum.moderation import appeals, decisions, flagging, queries, sanctions, standing, undoing
from forum.moderation.decisions import AlreadyDecided
from forum.moderation.models import Appeal, Decision, Signal
from forum.moderation.permissions import may_answer, may_appeal, may_read_statement
from tests import makers
from tests.comments.test_posting import in_threads

WHY = "I wrote about the timetable, not about a person."


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur)


@pytest.fixture
def rejected(post, cast) -> Decision:
    """Nora’s first comment, rejected by Mona."""
    assert cast.max
    comment = makers.make_rejected(cast.nora, post, cast.mona, "Slow, slow, slow.", message="Kinder, please.")
    return decision_on(comment)


@pytest.fixture
def removed(post, cast) -> Decision:
    """Alice’s comment with a reply, flagged by Bob and removed by Mona."""
    assert cast.max
    comment = makers.make_comment(cast.alice, post)
    makers.make_comment(cast.bob, post, parent=comment)
    flagging.flag(comment, cast.bob, "unkind", "")
    case = queries.open_case_of(comment)
    decisions.remove(case, cast.mona, case.version, "unkind")
    db.session.commit()
    return decision_on(comment)


def decision_on(comment) -> Decision:
    return queries.decisions_on([comment.id])[comment.id][-1]


def appeal(decision: Decision, words: str = WHY) -> Appeal:
    made = appeals.make(decision, decision.user, words)
    db.session.commit()
    return appeals.by_id(made.id)


def answer(made: Appeal, by, *, is_upheld: bool, words: str = "I have read it again.") -> Decision:
    decision = appeals.answer(made, by, made.case.version, is_upheld, words)
    db.session.commit()
    return decision


def test_an_appeal_is_a_case_of_its_own_kind(rejected, cast):
    made = appeal(rejected)
    case = queries.open_case_of(rejected.comment)
    assert (case.kind, made.case_id, made.words) == ("appeal", case.id, WHY)
    assert [one.id for one in appeals.waiting_on(case)] == [made.id]


def test_overturning_a_rejection_publishes_and_earns_trust(rejected, post, cast):
    made = answer(appeal(rejected), cast.max, is_upheld=False, words="You are right.")
    db.session.expire_all()
    assert rejected.comment.state == "published"
    assert not cast.nora.is_newcomer
    assert (post.comment_count, post.people_count) == (1, 1)
    assert counting.differences() == []
    assert (made.action, made.on_id, made.message, made.to_state) == (
        "overturn",
        rejected.id,
        "You are right.",
        "published",
    )
    assert "CommentPublished" in db.session.scalars(select(EventRow.name)).all()
    assert queries.open_case_of(rejected.comment) is None


def test_overturning_a_removal_brings_it_back_where_it_stood_and_answers_the_flags(removed, post, cast):
    assert db.session.scalar(select(Signal.was_upheld)) is True
    answer(appeal(removed), cast.max, is_upheld=False)
    db.session.expire_all()
    assert removed.comment.state == "published"
    assert removed.comment.hidden_at is None
    assert (removed.comment.descendant_count, post.comment_count, post.people_count) == (1, 2, 2)
    assert db.session.scalar(select(Signal.was_upheld)) is False
    assert counting.differences() == []


def test_upholding_changes_nothing(removed, cast):
    made = answer(appeal(removed), cast.max, is_upheld=True)
    assert removed.comment.state == "removed"
    assert (made.action, made.from_state, made.to_state) == ("uphold", "removed", "removed")
    assert db.session.scalar(select(Signal.was_upheld)) is True
    assert queries.open_case_of(removed.comment) is None


@pytest.mark.parametrize("kind", ["warn", "silence", "suspend"])
def test_overturning_a_sanction_ends_it(kind, cast, app):
    assert cast.max
    length = [] if kind == "warn" else [24]
    sanction = getattr(sanctions, kind)(cast.alice, cast.mona, "unkind", "Words.", *length)
    db.session.commit()
    made = appeal(sanction.decision)
    assert queries.open_case_on(cast.alice).kind == "appeal"
    answer(made, cast.max, is_upheld=False)
    assert standing.of(cast.alice) == "free"
    assert standing.in_force_on(cast.alice) == []
    assert queries.open_case_on(cast.alice) is None


# Who may appeal, and when

APPEAL = [
    ("its writer", "nora", None),
    ("another reader", "bob", "Only the person it concerns"),
    ("the moderator", "mona", "Only the person it concerns"),
    ("a guest", None, "Only the person it concerns"),
]


@pytest.mark.parametrize(("who", "refusal"), [row[1:] for row in APPEAL], ids=[row[0] for row in APPEAL])
def test_who_may_appeal(who, refusal, rejected, cast):
    person = getattr(cast, who) if who else None
    verdict = may_appeal(person, rejected, has_appealed=False)
    assert bool(verdict) == (refusal is None)
    assert refusal is None or refusal in verdict.reason
    if person is not None and refusal:
        with pytest.raises(Forbidden):
            appeals.make(rejected, person, WHY)


def test_once_a_decision(rejected, cast):
    appeal(rejected)
    with pytest.raises(Forbidden, match="appealed against this decision already"):
        appeals.make(rejected, cast.nora, "Again.")
    answer(appeals.against(rejected), cast.max, is_upheld=True)
    with pytest.raises(Forbidden, match="appealed against this decision already"):
        appeals.make(rejected, cast.nora, "And again.")


def test_within_thirty_days(rejected, cast):
    with time_machine.travel(rejected.created_at + timedelta(days=29, hours=23), tick=False):
        assert may_appeal(cast.nora, rejected, has_appealed=False)
    with time_machine.travel(rejected.created_at + timedelta(days=30), tick=False):
        assert "time to appeal is over" in may_appeal(cast.nora, rejected, has_appealed=False).reason


def test_with_words_that_have_an_end(rejected, cast):
    for words, sentence in (("  ", "Say why"), ("x" * 4_001, "Shorten this by 1 character")):
        with pytest.raises(Refused, match=sentence):
            appeals.make(rejected, cast.nora, words)
    db.session.rollback()
    assert queries.open_case_of(rejected.comment) is None


def test_not_against_what_is_not_against_somebody(post, cast):
    _comment, case = makers.make_held(cast.nora, post)
    approved = decisions.approve(case, cast.mona, case.version)
    db.session.commit()
    assert "no appeal" in may_appeal(cast.nora, approved, has_appealed=False).reason


def test_not_once_the_comment_is_withdrawn(rejected, cast):
    withdrawing.withdraw(rejected.comment)
    db.session.commit()
    assert "withdrawn" in may_appeal(cast.nora, rejected, has_appealed=False).reason


def test_not_against_what_was_undone(rejected, cast):
    undoing.undo(rejected, cast.mona)
    db.session.commit()
    with pytest.raises(Conflict, match="was undone"):
        appeals.make(rejected, cast.nora, WHY)


def test_a_decision_with_an_appeal_is_not_undone(rejected, cast):
    appeal(rejected)
    with pytest.raises(Conflict, match="There is an appeal"):
        undoing.undo(rejected, cast.mona)


# Who answers

ANSWER = [
    ("another moderator", "max", None),
    ("an administrator", "ada", None),
    ("whoever decided", "mona", "You had a part in this decision"),
    ("its writer", "nora", "for moderators"),
    ("the author of the post", "arthur", "for moderators"),
    ("a reader", "bob", "for moderators"),
    ("a guest", None, "for moderators"),
]


@pytest.mark.parametrize(("who", "refusal"), [row[1:] for row in ANSWER], ids=[row[0] for row in ANSWER])
def test_who_may_answer(who, refusal, rejected, cast):
    made = appeal(rejected)
    person = getattr(cast, who) if who else None
    verdict = may_answer(person, made)
    assert bool(verdict) == (refusal is None)
    assert refusal is None or refusal in verdict.reason
    if person is not None and refusal:
        for is_upheld in (True, False):
            with pytest.raises(Forbidden):
                appeals.answer(made, person, made.case.version, is_upheld, "No.")
        assert rejected.comment.state == "rejected"


def test_nobody_answers_about_a_reply_to_themselves(post, cast):
    parent = makers.make_comment(cast.max, post)
    comment = makers.make_removed(cast.alice, post, cast.mona, parent=parent)
    made = appeal(decision_on(comment))
    assert "a reply to you" in may_answer(cast.max, made).reason
    assert may_answer(cast.ada, made)


def test_neither_of_two_who_suspended_answers(app, cast):
    assert cast.max
    sanction = sanctions.suspend(cast.alice, cast.mona, "unkind", "Words.", 72)
    db.session.commit()
    sanctions.agree(sanction, cast.max)
    db.session.commit()
    made = appeal(sanction.decision)
    assert not may_answer(cast.mona, made)
    assert not may_answer(cast.max, made)
    assert not appeals.can_be_answered(made.decision)
    assert may_answer(cast.ada, made)
    assert appeals.can_be_answered(made.decision)


def test_where_one_person_moderates_it_waits_for_another(post, cast):
    comment = makers.make_removed(cast.alice, post, cast.mona)
    made = appeal(decision_on(comment))
    assert not appeals.can_be_answered(made.decision)
    with pytest.raises(Forbidden):
        appeals.answer(made, cast.mona, made.case.version, True, "It stands.")
    assert cast.ada
    assert appeals.can_be_answered(made.decision)


def test_an_answer_has_words(rejected, cast):
    made = appeal(rejected)
    with pytest.raises(Refused, match="Say why"):
        appeals.answer(made, cast.max, made.case.version, True, " ")
    assert queries.open_case_of(rejected.comment)


READ = {"nora": True, "mona": True, "ada": True, "bob": False, "arthur": False, None: False}


@pytest.mark.parametrize("who", READ)
def test_who_reads_the_statement_of_reasons(who, rejected, cast):
    assert bool(may_read_statement(getattr(cast, who) if who else None, rejected)) is READ[who]


# Together with other things


def test_an_appeal_is_answered_and_not_decided_another_way(rejected, cast):
    case = appeal(rejected).case
    with pytest.raises(IllegalStep, match="Answer the appeal"):
        decisions.restore(case, cast.max, case.version)
    db.session.rollback()
    assert rejected.comment.state == "rejected"


def test_what_was_sent_again_waits_on_after_the_decision_is_upheld(rejected, cast, work):
    made = appeal(rejected)
    editing.edit(rejected.comment, cast.nora, "More kindly said.", "en", has_case=True, screen=makers.screen)
    work()
    made = appeals.by_id(made.id)
    answer(made, cast.max, is_upheld=True)
    db.session.expire_all()
    case = queries.open_case_of(rejected.comment)
    assert (rejected.comment.state, case.kind) == ("held", "held")
    decisions.approve(case, cast.max, case.version)
    db.session.commit()
    assert rejected.comment.state == "published"


def test_two_appeals_of_one_person_are_two_answers(app, cast):
    assert cast.max
    first = sanctions.silence(cast.alice, cast.mona, "unkind", "Words.", 24)
    second = sanctions.warn(cast.alice, cast.mona, "unkind", "Words.")
    db.session.commit()
    one, two = appeal(first.decision), appeal(second.decision)
    answer(appeals.by_id(one.id), cast.max, is_upheld=False)
    case = queries.open_case_on(cast.alice)
    assert (case.kind, [left.id for left in appeals.waiting_on(case)]) == ("appeal", [two.id])
    assert (cast.alice.is_silenced, cast.alice.has_warning) == (False, True)
    answer(appeals.by_id(two.id), cast.max, is_upheld=True)
    assert queries.open_case_on(cast.alice) is None


def test_an_appeal_and_a_proposal_share_a_case_and_are_both_answered(app, cast):
    assert cast.max
    silence = sanctions.silence(cast.alice, cast.mona, "unkind", "Words.", 24)
    proposed = sanctions.suspend(cast.alice, cast.mona, "spam", "Words.", 72)
    db.session.commit()
    made = appeal(silence.decision)
    sanctions.decline(standing.by_id(proposed.id), cast.max)
    db.session.commit()
    assert queries.open_case_on(cast.alice).kind == "appeal"
    answer(appeals.by_id(made.id), cast.max, is_upheld=True)
    assert queries.open_case_on(cast.alice) is None


@pytest.mark.parametrize("verdicts", [(True, True), (True, False), (False, False)])
def test_of_two_who_answer_at_once_one_does(verdicts, app, rejected, cast):
    made = appeal(rejected)
    number, version, people = made.id, made.case.version, [cast.max.id, cast.ada.id]
    db.session.commit()
    won, lost = [], []

    def act(place: int) -> None:
        person = db.session.get(User, people[place])
        try:
            decision = appeals.answer(appeals.by_id(number), person, version, verdicts[place], "Read again.")
            won.append((decision.by_id, decision.action))
            db.session.commit()
        except AlreadyDecided as conflict:
            lost.append((conflict.decision.by_id, conflict.decision.action))
            db.session.rollback()

    assert in_threads(app, 2, act) == []
    db.session.expire_all()
    assert len(won) == 1
    assert lost == won, "the loser is told who was first"
    assert rejected.comment.state == ("published" if won[0][1] == "overturn" else "rejected")
    assert counting.differences() == []


def test_of_two_appeals_sent_at_once_one_is_kept(app, rejected, cast):
    number, who = rejected.id, cast.nora.id
    db.session.commit()
    refused = []

    def act(_place: int) -> None:
        try:
            appeals.make(db.session.get(Decision, number), db.session.get(User, who), WHY)
            db.session.commit()
        except Refused as refusal:
            refused.append(refusal)
            db.session.rollback()

    assert in_threads(app, 2, act) == []
    assert len(refused) == 1
    assert db.session.scalar(select(func.count(Appeal.id))) == 1


# Undoing an answer


def test_undoing_an_overturned_rejection_puts_everything_back(rejected, post, cast):
    made = appeal(rejected)
    decision = answer(made, cast.max, is_upheld=False)
    undoing.undo(decision, cast.max)
    db.session.commit()
    db.session.expire_all()
    assert rejected.comment.state == "rejected"
    assert cast.nora.is_newcomer
    assert post.comment_count == 0
    assert counting.differences() == []
    case = queries.open_case_of(rejected.comment)
    assert (case.kind, len(appeals.waiting_on(case))) == ("appeal", 1)
    answer(appeals.by_id(made.id), cast.ada, is_upheld=True)


def test_undoing_an_overturned_removal_answers_the_flags_again(removed, post, cast):
    decision = answer(appeal(removed), cast.max, is_upheld=False)
    undoing.undo(decision, cast.max)
    db.session.commit()
    db.session.expire_all()
    assert removed.comment.state == "removed"
    assert db.session.scalar(select(Signal.was_upheld)) is True
    assert post.comment_count == 1
    assert counting.differences() == []


def test_undoing_an_overturned_silence_puts_it_back(app, cast):
    assert cast.max
    sanction = sanctions.silence(cast.alice, cast.mona, "unkind", "Words.", 24)
    db.session.commit()
    until = cast.alice.silenced_until
    decision = answer(appeal(sanction.decision), cast.max, is_upheld=False)
    undoing.undo(decision, cast.max)
    db.session.commit()
    assert cast.alice.silenced_until == until
    assert queries.open_case_on(cast.alice).kind == "appeal"


def test_who_was_overruled_does_not_undo_the_answer(rejected, cast):
    decision = answer(appeal(rejected), cast.max, is_upheld=False)
    with pytest.raises(Forbidden, match="Only who answered"):
        undoing.undo(decision, cast.mona)
    assert rejected.comment.state == "published"


def test_an_answer_lasts_after_ten_minutes(rejected, cast):
    decision = answer(appeal(rejected), cast.max, is_upheld=True)
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False), pytest.raises(Forbidden):
        undoing.undo(decision, cast.max)
    db.session.execute(update(Decision).values(created_at=clock.now()))
