"""Decisions taken back within ten minutes: everything is as before, for everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from forum.comments import counting, editing, withdrawing
from forum.comments.findings import Finding, Screened
from forum.comments.models import Comment, HeldEdit, Revision
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Conflict
from forum.moderation import cases, decisions, flagging, notices, queries, undoing
from forum.moderation.actions import FLAGGED, HELD
from forum.moderation.decisions import AlreadyDecided
from forum.moderation.models import Case, Decision, Notice, Signal
from tests import makers
from tests.comments.test_posting import in_threads


@pytest.fixture
def held(post, cast):
    return makers.make_held(cast.nora, post)


def undo(decision, by):
    db.session.commit()
    undone = undoing.undo(decision, by)
    db.session.commit()
    db.session.expire_all()
    assert counting.differences() == []
    return undone


def test_an_approval_that_is_undone_was_never_one(held, post, cast, visit, work):
    comment, case = held
    decision = decisions.approve(case, cast.mona, case.version, trusts=True)
    work()
    assert comment.body in visit().get(f"/posts/{post.slug}")
    undo(decision, cast.mona)
    work()
    assert comment.body not in visit().get(f"/posts/{post.slug}").html
    assert (comment.state, comment.published_at, comment.rank) == ("held", None, None)
    assert [row["reason"] for row in comment.held_for] == ["first_comment"]
    assert cast.nora.is_newcomer
    assert queries.open_case_of(comment).id == case.id
    assert queries.open_case_of(comment).kind == HELD
    assert (post.comment_count, post.people_count, post.last_comment_at) == (0, 0, None)


def test_a_comment_that_was_answered_meanwhile_leaves_a_line_above_the_answer(held, post, cast, visit):
    comment, case = held
    decision = decisions.approve(case, cast.mona, case.version)
    reply = makers.make_comment(cast.alice, post, "An answer.", parent=comment)
    undo(decision, cast.mona)
    page = visit().get(f"/posts/{post.slug}")
    assert "An answer." in page
    assert comment.body not in page.html
    assert reply.state == "published"
    assert (post.comment_count, comment.descendant_count) == (1, 1)


def test_a_rejection_that_is_undone_can_be_decided_again(held, cast):
    comment, case = held
    decision = decisions.reject(case, cast.mona, case.version, "unkind", may_send_again=False)
    assert not comment.may_send_again
    undo(decision, cast.max)
    assert (comment.state, comment.may_send_again) == ("held", True)
    decisions.approve(case, cast.mona, case.version)
    db.session.commit()
    assert comment.state == "published"
    assert [row.action for row in queries.decisions_on([comment.id])[comment.id]] == ["approve"]
    assert [row.action for row in queries.history_of([comment.id])[comment.id]] == ["reject", "undo", "approve"]


def test_a_removal_that_is_undone_brings_the_comment_back_to_its_place(post, cast, visit):
    first = makers.make_comment(cast.alice, post, "First.")
    makers.make_comment(cast.bob, post, "Second.")
    last_at = post.last_comment_at
    decision = decisions.remove_public(first, cast.mona, "unkind", "")
    undo(decision, cast.mona)
    page = visit().get(f"/posts/{post.slug}").html
    assert page.index("First.") < page.index("Second.")
    assert (first.state, first.hidden_at) == ("published", None)
    assert queries.open_case_of(first) is None, "nothing waited before, and nothing does now"
    assert post.last_comment_at == last_at, "a comment that comes back is not the newest"


@pytest.mark.parametrize(("act", "before"), [("restore", "removed"), ("restore", "rejected")])
def test_a_restoring_that_is_undone_takes_it_away_again(act, before, post, cast):
    if before == "removed":
        comment = makers.make_removed(cast.alice, post, cast.mona)
    else:
        comment = makers.make_rejected(cast.nora, post, cast.mona)
    gone_at = comment.hidden_at
    decision = decisions.restore_hidden(comment, cast.max)
    assert comment.state == "published"
    undo(decision, cast.max)
    assert (comment.state, comment.hidden_at) == (before, gone_at)


def test_flags_that_were_answered_wait_for_an_answer_again(post, cast):
    comment = makers.make_comment(cast.alice, post)
    flagging.flag(comment, cast.bob, "unkind", "")
    case = queries.open_case_of(comment)
    weight = comment.flag_weight
    assert weight > 0
    decision = decisions.dismiss(case, cast.mona, case.version)
    db.session.refresh(comment)
    assert (queries.flag_record(cast.bob), comment.flag_weight) == ((0, 1), 0)
    undo(decision, cast.mona)
    assert (queries.flag_record(cast.bob), comment.flag_weight) == ((0, 0), weight)
    assert queries.open_case_of(comment).id == case.id


def test_an_undo_meets_a_newer_case_and_loses_no_flag(post, cast):
    comment = makers.make_comment(cast.alice, post)
    flagging.flag(comment, cast.bob, "unkind", "")
    case = queries.open_case_of(comment)
    decision = decisions.dismiss(case, cast.mona, case.version)
    db.session.commit()
    flagging.flag(comment, cast.mallory, "illegal", "The second line.")
    newer = queries.open_case_of(comment)
    assert newer.id != case.id
    seen = newer.version
    undo(decision, cast.mona)
    open_case = queries.open_case_of(comment)
    signals = queries.signals_of([open_case.id])[open_case.id]
    assert [(row.by.username, row.reason, row.was_upheld) for row in signals] == [
        ("bob", "unkind", None),
        ("mallory", "illegal", None),
    ]
    assert open_case.priority == sum(row.weight for row in signals) + 400
    assert db.session.scalar(select(func.count(Case.id)).where(Case.closed_at.is_(None))) == 1
    with pytest.raises(AlreadyDecided) as lost:
        decisions.remove(newer, cast.max, seen, "illegal")
    assert lost.value.case.id == case.id, "the case to look at is the one that is open"


def test_a_person_who_flagged_in_both_cases_is_there_once_with_all_they_said(post, cast):
    comment = makers.make_comment(cast.alice, post)
    flagging.flag(comment, cast.bob, "unkind", "The first line.")
    case = queries.open_case_of(comment)
    decision = decisions.dismiss(case, cast.mona, case.version)
    db.session.commit()
    newer = cases.open_for(comment, FLAGGED)
    cases.add_signal(newer, "spam", {"text": "The last line."}, cast.bob, 50)
    undo(decision, cast.mona)
    (signal,) = queries.signals_of([queries.open_case_of(comment).id])[case.id]
    assert (signal.reason, signal.detail["text"], signal.weight) == ("spam", "The last line.", 100)
    (before,) = signal.detail["before"]
    assert (before["reason"], before["text"]) == ("unkind", "The first line.")


def test_the_trust_of_two_approvals_is_what_is_left_whichever_is_undone(post, cast):
    (_one, first), (_two, second) = makers.make_held(cast.nora, post), makers.make_held(cast.nora, post)
    kept = decisions.approve(first, cast.mona, first.version)
    more = decisions.approve(second, cast.mona, second.version, trusts=True)
    assert cast.nora.trust == 3
    undo(kept, cast.mona)
    assert cast.nora.trust == 3
    undo(more, cast.mona)
    assert cast.nora.trust == 0


def test_trust_that_somebody_else_gave_meanwhile_stays(held, cast):
    _comment, case = held
    decision = decisions.approve(case, cast.mona, case.version)
    cast.nora.trust = 3
    undo(decision, cast.mona)
    assert cast.nora.trust == 3


def test_only_the_newest_decision_on_a_comment_can_be_undone(held, cast):
    comment, case = held
    first = decisions.approve(case, cast.mona, case.version)
    second = decisions.remove_public(comment, cast.max, "unkind", "")
    db.session.commit()
    with pytest.raises(Conflict, match="Undo that one first"):
        undoing.undo(first, cast.mona)
    db.session.rollback()
    undo(second, cast.mona)
    undo(first, cast.mona)
    assert comment.state == "held"


def test_what_its_writer_did_since_stays_done(held, post, cast):
    comment, case = held
    decision = decisions.reject(case, cast.mona, case.version, "unkind")
    db.session.commit()
    withdrawing.withdraw(comment)
    db.session.commit()
    with pytest.raises(Conflict, match="changed since"):
        undoing.undo(decision, cast.mona)
    db.session.rollback()
    assert comment.state == "withdrawn"


def test_of_two_moderators_who_undo_at_once_one_does(app, held, cast):
    comment, case = held
    decision = decisions.approve(case, cast.mona, case.version)
    number, people, done, lost = decision.id, [cast.mona.id, cast.max.id], [], []
    db.session.commit()

    def act(which: int) -> None:
        try:
            done.append(undoing.undo(db.session.get(Decision, number), db.session.get(type(cast.mona), people[which])))
            db.session.commit()
        except Conflict as conflict:
            lost.append(conflict)
            db.session.rollback()

    assert in_threads(app, 2, act) == []
    assert (len(done), len(lost)) == (1, 1)
    db.session.expire_all()
    assert comment.state == "held"
    assert db.session.scalar(select(func.count(Decision.id))) == 2
    assert counting.differences() == []


@pytest.mark.parametrize("turn", range(3))
def test_a_flag_at_the_moment_of_an_undo_is_not_lost(turn, app, post, cast):
    comment = makers.make_comment(cast.alice, post)
    flagging.flag(comment, cast.bob, "unkind", "")
    case = queries.open_case_of(comment)
    decision = decisions.dismiss(case, cast.mona, case.version)
    numbers = [comment.id, decision.id, cast.mona.id, cast.mallory.id]
    db.session.commit()

    def act(which: int) -> None:
        if which:
            undoing.undo(db.session.get(Decision, numbers[1]), db.session.get(type(cast.mona), numbers[2]))
        else:
            flagging.flag(db.session.get(Comment, numbers[0]), db.session.get(type(cast.mona), numbers[3]), "spam", "")
        db.session.commit()

    assert in_threads(app, 2, act) == []
    db.session.expire_all()
    assert queries.open_case_of(comment).id == case.id
    assert {row.by.username for row in queries.signals_of([case.id])[case.id]} == {"bob", "mallory"}
    assert db.session.scalar(select(func.count(Case.id)).where(Case.closed_at.is_(None))) == 1


# New words for a public comment


@pytest.fixture
def edited(post, cast, work):
    comment = makers.make_comment(cast.alice, post, "The words of before.")
    found = Screened([Finding("words", detail={"word": "new"})])
    editing.edit(comment, cast.alice, "The new words.", "en", has_case=False, screen=lambda *_args, **_more: found)
    work()
    return comment, queries.open_case_of(comment)


@pytest.mark.parametrize("act", ["approve", "reject", "remove"])
def test_new_words_wait_again_when_the_decision_on_them_is_undone(act, edited, cast):
    comment, case = edited
    decision = getattr(decisions, act)(case, cast.mona, case.seen(), *(["spam"] if act != "approve" else []))
    db.session.commit()
    assert db.session.scalar(select(func.count(HeldEdit.comment_id))) == 0
    assert comment.body == ("The new words." if act == "approve" else "The words of before.")
    undo(decision, cast.max)
    assert (comment.state, comment.body, comment.edited_at) == ("published", "The words of before.", None)
    assert db.session.get(HeldEdit, comment.id).body == "The new words."
    assert db.session.scalar(select(func.count(Revision.id))) == 0
    assert queries.open_case_of(comment).id == case.id


def test_newer_words_are_not_covered_by_an_undo(edited, cast):
    comment, case = edited
    decision = decisions.approve(case, cast.mona, case.seen())
    db.session.commit()
    editing.edit(comment, cast.alice, "Newest words.", "en", has_case=True, screen=makers.screen)
    db.session.commit()
    with pytest.raises(Conflict, match="changed since"):
        undoing.undo(decision, cast.mona)
    db.session.rollback()
    assert comment.body == "Newest words."


def test_a_decision_is_on_the_new_words_that_were_read(edited, cast):
    comment, case = edited
    seen = case.seen()
    found = Screened([Finding("words", detail={"word": "worse"})])
    editing.edit(comment, cast.alice, "Worse words.", "en", has_case=True, screen=lambda *_args, **_more: found)
    db.session.commit()
    with pytest.raises(Conflict, match="changed this comment while you were reading"):
        decisions.approve(case, cast.mona, seen)
    db.session.rollback()
    assert comment.body == "The words of before."


# What people hear


def test_people_are_told_once_and_only_of_what_can_no_longer_be_undone(post, cast, work):
    kept, undone = (makers.make_comment(cast.alice, post) for _turn in range(2))
    first = decisions.remove_public(kept, cast.mona, "spam", "")
    second = decisions.remove_public(undone, cast.mona, "spam", "")
    undo(second, cast.mona)
    now = clock.now()
    with time_machine.travel(now + timedelta(minutes=9), tick=False):
        assert notices.send_due() == 0
    with time_machine.travel(now + timedelta(minutes=10, seconds=1), tick=False):
        assert notices.send_due() == 1
        db.session.commit()
        assert notices.send_due() == 0
    assert db.session.scalars(select(Notice.decision_id)).all() == [first.id]


def test_what_people_were_told_is_not_undone(held, cast):
    """Somebody presses undo at the last moment, while the worker tells people."""
    _comment, case = held
    decision = decisions.approve(case, cast.mona, case.version)
    db.session.add(Notice(decision_id=decision.id))
    db.session.commit()
    with pytest.raises(Conflict, match="people were told"):
        undoing.undo(decision, cast.mona)


def test_telling_and_undoing_at_the_same_moment_never_both_happen(app, post, cast):
    numbers = [
        decisions.remove_public(makers.make_comment(cast.alice, post), cast.mona, "spam", "").id for _turn in range(8)
    ]
    long_ago = clock.now() - timedelta(minutes=9, seconds=59)
    for number in numbers:
        db.session.get(Decision, number).created_at = long_ago
    mona = cast.mona.id
    db.session.commit()

    def act(which: int) -> None:
        if which == 0:
            with time_machine.travel(clock.now() + timedelta(seconds=5)):
                for _turn in range(20):
                    notices.send_due()
                    db.session.commit()
            return
        for number in numbers:
            try:
                decision = db.session.get(Decision, number)
                decision.created_at = clock.now()
                undoing.undo(decision, db.session.get(type(cast.mona), mona))
                db.session.commit()
            except Conflict:
                db.session.rollback()

    assert in_threads(app, 2, act) == []
    db.session.expire_all()
    told = set(db.session.scalars(select(Notice.decision_id)))
    undone = set(db.session.scalars(select(Decision.on_id).where(Decision.action == "undo")))
    assert told & undone == set()


def test_signals_know_their_flaggers_after_all_that(post, cast):
    comment = makers.make_comment(cast.alice, post)
    flagging.flag(comment, cast.bob, "unkind", "")
    case = queries.open_case_of(comment)
    for _turn in range(3):
        undo(decisions.remove(case, cast.mona, case.version, "unkind"), cast.mona)
    assert db.session.scalar(select(func.count(Signal.id))) == 1
    assert db.session.scalar(select(func.count(Comment.id)).where(Comment.state == "published")) == 1
