"""What moderators decide, and that each decision is made once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from forum.comments import counting, editing
from forum.comments.models import Comment
from forum.comments.permissions import may_see, visible_to
from forum.events.log import EventRow
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Conflict, Forbidden, IllegalStep, Refused
from forum.moderation import cases, decisions, flagging, queries
from forum.moderation.decisions import AlreadyDecided
from forum.moderation.models import Case, Decision
from forum.moderation.permissions import may_decide, may_moderate
from forum.posts.models import Post
from tests import makers
from tests.comments.test_posting import in_threads


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur)


@pytest.fixture
def held(post, cast):
    return makers.make_held(cast.nora, post)


def events() -> list[str]:
    return list(db.session.scalars(select(EventRow.name).order_by(EventRow.id)))


def test_approving_publishes_counts_and_earns_trust(held, post, cast):
    comment, case = held
    decisions.approve(case, cast.mona, case.version)
    db.session.commit()
    assert comment.state == "published"
    assert cast.nora.is_newcomer is False
    db.session.refresh(post)
    assert (post.comment_count, post.last_comment_by_id) == (1, cast.nora.id)
    assert events()[-2:] == ["CommentPublished", "CommentDecided"]
    assert makers.make_comment(cast.nora, post).state == "published"
    assert counting.differences() == []


def test_rejecting_keeps_it_from_readers_and_trust_unearned(held, post, cast):
    comment, case = held
    decisions.reject(case, cast.mona, case.version, "unkind", "Say it about the service.")
    db.session.commit()
    assert comment.state == "rejected"
    assert cast.nora.is_newcomer is True
    assert "CommentPublished" not in events()
    assert counting.differences() == []


def test_a_rejected_comment_sent_again_comes_back_to_the_queue(held, cast, work):
    comment, case = held
    decisions.reject(case, cast.mona, case.version, "unkind")
    db.session.commit()
    editing.edit(comment, cast.nora, "More kindly said.", "en", has_case=True)
    work()
    db.session.expire_all()
    again = queries.open_case_of(comment)
    assert again.id != case.id
    assert [signal.reason for signal in queries.signals_of([again.id])[again.id]] == ["first_comment"]
    decisions.approve(again, cast.mona, again.version)
    db.session.commit()
    assert comment.state == "published"


def test_removing_keeps_the_replies(post, cast):
    comment = makers.make_comment(cast.alice, post)
    reply = makers.make_comment(cast.bob, post, parent=comment)
    decisions.remove_public(comment, cast.mona, "spam", "")
    db.session.commit()
    db.session.refresh(comment)
    assert (comment.state, reply.state, comment.descendant_count) == ("removed", "published", 1)
    assert counting.differences() == []


def test_every_decision_is_a_row_in_the_log(held, post, cast):
    comment, case = held
    decisions.reject(case, cast.mona, case.version, "unkind", "Please say it kindly.")
    public = makers.make_comment(cast.alice, post)
    flagging.flag(public, cast.bob, "spam", "")
    flagged = queries.open_case_of(public)
    decisions.dismiss(flagged, cast.max, flagged.version)
    decisions.remove_public(public, cast.mona, "spam", "")
    db.session.commit()
    rows, older = queries.log()
    assert older is None
    assert [(row.action, row.by.name, row.reason, row.message, row.from_state, row.to_state) for row in rows] == [
        ("remove", "Mona Mild", "spam", "", "published", "removed"),
        ("dismiss", "Max Moss", None, "", "published", "published"),
        ("reject", "Mona Mild", "unkind", "Please say it kindly.", "held", "rejected"),
    ]
    assert rows[-1].comment_id == comment.id


def test_the_log_is_paged_without_gaps(post, cast):
    numbers = []
    for _turn in range(7):
        numbers.append(decisions.remove_public(makers.make_comment(cast.alice, post), cast.mona, "spam", "").id)
    db.session.commit()
    seen, before = [], None
    while True:
        rows, before = queries.log(limit=3, before=before)
        seen += [row.id for row in rows]
        if before is None:
            break
    assert seen == numbers[::-1]


ILLEGAL = [
    ("approve what is public", "approve", "published"),
    ("reject what is public", "reject", "published"),
    ("remove what is held", "remove", "held"),
    ("dismiss what is held", "dismiss", "held"),
    ("approve what was withdrawn", "approve", "withdrawn"),
    ("remove what was withdrawn", "remove", "withdrawn"),
    ("remove what is removed", "remove", "removed"),
]


@pytest.mark.parametrize(("act", "state"), [row[1:] for row in ILLEGAL], ids=[row[0] for row in ILLEGAL])
def test_a_moderator_cannot(act, state, held, cast):
    comment, case = held
    db.session.execute(update(Comment).where(Comment.id == comment.id).values(state=state))
    db.session.commit()
    reason = ["unkind"] if act in ("reject", "remove") else []
    with pytest.raises(IllegalStep):
        getattr(decisions, act)(case, cast.mona, case.version, *reason)
    db.session.rollback()
    assert comment.state == state
    assert db.session.scalar(select(func.count(Decision.id))) == 0


@pytest.mark.parametrize("reason", ["", "boring", "Unkind"])
def test_a_reason_must_be_one_of_the_house(reason, held, cast):
    comment, case = held
    with pytest.raises(Refused, match="Give the reason"):
        decisions.reject(case, cast.mona, case.version, reason)
    with pytest.raises(Refused, match="Give the reason"):
        decisions.remove_public(comment, cast.mona, reason, "")


def test_a_message_has_an_end(held, cast):
    _comment, case = held
    with pytest.raises(Refused, match="by 5 characters") as refusal:
        decisions.reject(case, cast.mona, case.version, "spam", "x" * 2_005)
    assert refusal.value.field == "message"
    assert case.closed_at is None


# Two at once


def test_the_second_of_two_decisions_is_told_who_did_what(held, cast):
    comment, case = held
    seen = case.version
    decisions.approve(case, cast.mona, seen)
    db.session.commit()
    with pytest.raises(AlreadyDecided) as lost:
        decisions.reject(case, cast.max, seen, "unkind")
    db.session.rollback()
    assert lost.value.decision.by.name == "Mona Mild"
    assert lost.value.decision.action == "approve"
    assert comment.state == "published"
    assert db.session.scalar(select(func.count(Decision.id))) == 1


def _two_at_once(app, cast, case_id: int, acts):
    """mona and max decide in the same moment; who won, and what the other heard."""
    people, won, lost = [cast.mona.id, cast.max.id], [], []
    db.session.commit()

    def decide(number: int) -> None:
        person = db.session.get(type(cast.mona), people[number])
        try:
            won.append(acts[number](case_id, person).by_id)
            db.session.commit()
        except Conflict as conflict:
            lost.append((person.id, conflict, getattr(conflict, "decision", None) and conflict.decision.by_id))
            db.session.rollback()

    assert in_threads(app, 2, decide) == []
    db.session.expire_all()
    return won, lost


@pytest.mark.parametrize("turn", range(3))
def test_of_two_moderators_in_two_threads_one_wins(turn, app, held, cast):
    comment, case = held
    version = case.version

    def approve(case_id, person):
        return decisions.approve(db.session.get(Case, case_id), person, version)

    def reject(case_id, person):
        return decisions.reject(db.session.get(Case, case_id), person, version, "unkind")

    won, lost = _two_at_once(app, cast, case.id, [approve, reject])
    assert len(won) == len(lost) == 1
    ((_loser, conflict, named),) = lost
    assert isinstance(conflict, AlreadyDecided)
    assert named == won[0], "the loser is told who was first"
    assert comment.state == ("published" if won == [cast.mona.id] else "rejected")
    assert db.session.scalar(select(func.count(Decision.id))) == 1
    assert counting.differences() == []


@pytest.mark.parametrize("turn", range(3))
def test_of_two_moderators_removing_from_the_page_one_wins(turn, app, post, cast):
    comment = makers.make_comment(cast.alice, post)

    def remove(comment_id, person):
        return decisions.remove_public(db.session.get(Comment, comment_id), person, "spam", "")

    won, lost = _two_at_once(app, cast, comment.id, [remove, remove])
    assert len(won) == len(lost) == 1
    assert lost[0][2] == won[0]
    assert comment.state == "removed"
    assert db.session.scalar(select(func.count(Decision.id))) == 1
    assert counting.differences() == []


# Who may


CONFLICTS = [
    ("a moderator on a reader's comment", "mona", "alice", None, None),
    ("an administrator too", "ada", "alice", None, None),
    ("a reader never", "bob", "alice", None, "for moderators"),
    ("its writer never", "alice", "alice", None, "for moderators"),
    ("an author never", "arthur", "alice", None, "for moderators"),
    ("a guest never", None, "alice", None, "for moderators"),
    ("a moderator on their own comment never", "mona", "mona", None, "You wrote this comment"),
    ("a moderator on a reply to them never", "mona", "alice", "mona", "a reply to you"),
    ("another moderator on that reply", "max", "alice", "mona", None),
    ("a moderator on a reply to a reader", "mona", "alice", "bob", None),
]


@pytest.mark.parametrize(
    ("who", "writer", "answered", "refusal"), [r[1:] for r in CONFLICTS], ids=[r[0] for r in CONFLICTS]
)
def test_who_may_decide(who, writer, answered, refusal, post, cast):
    parent = makers.make_comment(getattr(cast, answered), post) if answered else None
    comment = makers.make_comment(getattr(cast, writer), post, parent=parent)
    person = getattr(cast, who) if who else None
    verdict = may_decide(person, comment, parent)
    assert bool(verdict) == (refusal is None)
    assert refusal is None or refusal in verdict.reason
    if person is not None and refusal:
        with pytest.raises(Forbidden):
            decisions.remove_public(comment, person, "spam", "")


@pytest.mark.parametrize(("who", "may"), [("mona", True), ("ada", True), ("alice", False), ("arthur", False)])
def test_who_may_see_the_queue(who, may, app, cast):
    assert bool(may_moderate(getattr(cast, who))) is may
    assert not may_moderate(None)


# Claims


def test_a_claim_lasts_a_quarter_of_an_hour(held, cast):
    _comment, case = held
    now = clock.now()
    with time_machine.travel(now, tick=False):
        assert cases.claim(case, cast.mona)
        assert case.holder() == cast.mona
        assert not cases.claim(case, cast.max)
        db.session.commit()
    with time_machine.travel(now + timedelta(minutes=14), tick=False):
        assert not cases.claim(case, cast.max)
        assert case.holder() == cast.mona
    with time_machine.travel(now + timedelta(minutes=16), tick=False):
        assert case.holder() is None
        assert cases.claim(case, cast.max)
        assert case.holder() == cast.max


def test_looking_again_renews_a_claim(held, cast):
    _comment, case = held
    now = clock.now()
    for minutes in (0, 10, 20):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            assert cases.claim(case, cast.mona)
    with time_machine.travel(now + timedelta(minutes=30), tick=False):
        assert not cases.claim(case, cast.max)


def test_a_released_case_is_free(held, cast):
    _comment, case = held
    cases.claim(case, cast.mona)
    cases.release(case, cast.max)
    assert case.holder() == cast.mona, "nobody releases another's claim"
    cases.release(case, cast.mona)
    assert case.holder() is None
    assert cases.claim(case, cast.max)


def test_a_decided_case_cannot_be_claimed(held, cast):
    _comment, case = held
    decisions.approve(case, cast.mona, case.version)
    assert not cases.claim(case, cast.max)
    assert case.holder() is None


# Sight

SIGHT = {
    "published": {None, "alice", "bob", "mona", "ada", "arthur"},
    "held": {"alice", "mona", "ada"},
    "rejected": {"alice", "mona", "ada"},
    "removed": {"alice", "mona", "ada"},
    "withdrawn": {"alice", "mona", "ada"},
}


@pytest.mark.parametrize("is_draft", [False, True], ids=["public post", "draft"])
@pytest.mark.parametrize("state", SIGHT)
def test_who_sees_a_comment_asked_one_by_one_and_as_a_list(state, is_draft, post, cast):
    comment = makers.make_comment(cast.alice, post)
    db.session.execute(update(Comment).values(state=state))
    db.session.execute(update(Post).values(state="draft" if is_draft else "published"))
    db.session.commit()
    staff = {"mona", "ada"}
    expected = SIGHT[state] & staff if is_draft else SIGHT[state]
    seen, listed = set(), set()
    for who in (None, "alice", "bob", "mona", "ada", "arthur"):
        person = getattr(cast, who) if who else None
        if may_see(person, comment):
            seen.add(who)
        if db.session.scalar(select(Comment.id).join(Post).where(visible_to(person))):
            listed.add(who)
    assert seen == listed == expected


def test_a_reaction_run_twice_opens_one_case_with_each_reason_once(app, cast, work):
    post = makers.make_post(cast.arthur, policy="checked")
    comment, case = makers.make_held(cast.nora, post)
    db.session.execute(update(EventRow).values(relayed_at=None))
    work()
    assert db.session.scalar(select(func.count(Case.id))) == 1
    reasons = [signal.reason for signal in queries.signals_of([case.id])[case.id]]
    assert reasons == ["first_comment", "checked_first"]
    assert comment.state == "held"
