"""Warning, silencing and suspending people: who may, what it does, how it ends, and two who try at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from forum.accounts import permissions as account_permissions
from forum.accounts.models import User
from forum.comments.permissions import EditHours, may_edit, may_reply, may_withdraw, may_write
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Conflict, Forbidden, Refused
from forum.marks.permissions import may_bookmark, may_like
from forum.media.permissions import may_upload
from forum.moderation import cases, queries, sanctions, standing, undoing
from forum.moderation.decisions import AlreadyDecided
from forum.moderation.models import Case, Decision, Sanction
from forum.moderation.permissions import may_agree, may_flag, may_lift, may_sanction
from tests import makers
from tests.comments.test_posting import in_threads

HOURS = EditHours(24, 24)
WORDS = ("unkind", "Speak of the service, not of its clerks.")


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur)


def impose(person, by, kind: str, hours: int | None = 24, **values) -> Sanction:
    """Warned, silenced or suspended, and stored."""
    length = [] if kind == "warn" else [hours]
    made = getattr(sanctions, kind)(person, by, *WORDS, *length, **values)
    db.session.commit()
    return made


def log() -> list[str]:
    return list(db.session.scalars(select(Decision.action).order_by(Decision.id)))


# What each does, at every door

DOORS = {
    "comment": lambda person, other, own: may_write(person, other.post),
    "answer": lambda person, other, own: may_reply(person, other.post, other),
    "edit": lambda person, other, own: may_edit(person, own, HOURS),
    "like": lambda person, other, own: may_like(person, other),
    "flag": lambda person, other, own: may_flag(person, other),
    "send a picture": lambda person, other, own: may_upload(person),
    "bookmark": lambda person, other, own: may_bookmark(person, other),
    "withdraw": lambda person, other, own: may_withdraw(person, own),
}
STOPS = {
    None: set(),
    "warn": {"comment", "answer", "edit", "send a picture"},
    "silence": {"comment", "answer", "like", "flag"},
    "suspend": {"comment", "answer", "edit", "like", "flag", "send a picture"},
}


@pytest.mark.parametrize("kind", STOPS)
def test_what_each_sanction_stops_and_what_it_leaves(kind, post, cast):
    other, own = makers.make_comment(cast.bob, post), makers.make_comment(cast.alice, post)
    if kind:
        impose(cast.alice, cast.mona, kind)
    assert {door for door, may in DOORS.items() if not may(cast.alice, other, own)} == STOPS[kind]


@pytest.mark.parametrize(
    ("kind", "hours", "sentence"),
    [
        ("warn", None, "A moderator has warned you"),
        ("silence", 24, "You are silenced until"),
        ("silence", None, "until a moderator lifts it"),
        ("suspend", 24, "Your account is suspended until"),
    ],
)
def test_the_person_is_told_why_and_until_when(kind, hours, sentence, post, cast):
    made = impose(cast.alice, cast.mona, kind, hours)
    reason = may_write(cast.alice, post).reason
    assert sentence in reason
    if made.ends_at:
        assert made.ends_at.strftime("%H:%M") in reason


def test_it_ends_by_itself(post, cast):
    now = clock.now()
    with time_machine.travel(now, tick=False):
        impose(cast.alice, cast.mona, "silence", 72)
        assert not may_write(cast.alice, post)
    with time_machine.travel(now + timedelta(hours=71, minutes=59), tick=False):
        assert not may_write(cast.alice, post)
    with time_machine.travel(now + timedelta(hours=72), tick=False):
        assert may_write(cast.alice, post)
        assert standing.in_force_on(cast.alice) == []


def test_of_two_silences_the_longer_one_holds(post, cast):
    first = impose(cast.alice, cast.mona, "silence", 24)
    second = impose(cast.alice, cast.max, "silence", 168)
    assert cast.alice.silenced_until == second.ends_at
    sanctions.lift(second, cast.mona)
    db.session.commit()
    assert cast.alice.silenced_until == first.ends_at


def test_a_warned_person_writes_again_once_they_say_that_they_have_read_it(post, cast):
    warning = impose(cast.alice, cast.mona, "warn")
    assert not may_write(cast.alice, post)
    sanctions.acknowledge(warning, cast.alice)
    db.session.commit()
    assert may_write(cast.alice, post)
    assert warning.acknowledged_at
    sanctions.acknowledge(warning, cast.alice)
    assert may_write(cast.alice, post)


def test_each_of_two_warnings_must_be_read(post, cast):
    first, second = impose(cast.alice, cast.mona, "warn"), impose(cast.alice, cast.max, "warn")
    sanctions.acknowledge(first, cast.alice)
    assert not may_write(cast.alice, post)
    sanctions.acknowledge(second, cast.alice)
    assert may_write(cast.alice, post)


def test_nobody_reads_a_warning_for_another(post, cast):
    warning = impose(cast.alice, cast.mona, "warn")
    for other in (cast.bob, cast.mona):
        with pytest.raises(Refused):
            sanctions.acknowledge(warning, other)
    assert cast.alice.has_warning


# Who may

MAY = [
    ("a moderator, a reader", "mona", "alice", None),
    ("an administrator, a reader", "ada", "alice", None),
    ("a moderator, an author", "mona", "arthur", None),
    ("a moderator, themselves", "mona", "mona", "Nobody decides on themselves"),
    ("a moderator, a moderator", "mona", "max", "They moderate here too"),
    ("a moderator, an administrator", "mona", "ada", "They moderate here too"),
    ("an administrator, a moderator", "ada", "mona", "They moderate here too"),
    ("a reader, a reader", "bob", "alice", "for moderators"),
    ("an author, a reader", "arthur", "alice", "for moderators"),
    ("a guest, a reader", None, "alice", "for moderators"),
]


@pytest.mark.parametrize(("who", "whom", "refusal"), [row[1:] for row in MAY], ids=[row[0] for row in MAY])
def test_who_may_sanction_whom(who, whom, refusal, app, cast):
    by, person = getattr(cast, who) if who else None, getattr(cast, whom)
    verdict = may_sanction(by, person)
    assert bool(verdict) == (refusal is None)
    assert refusal is None or refusal in verdict.reason
    if by is not None and refusal:
        for kind in ("warn", "silence", "suspend"):
            with pytest.raises(Forbidden):
                impose(person, by, kind)
        assert log() == []


def test_nobody_is_sanctioned_who_has_no_account_here(app, cast):
    cast.alice.email = cast.alice.email_key = None
    db.session.commit()
    assert "Nobody has claimed this name" in may_sanction(cast.mona, cast.alice).reason


REFUSED = [
    ("without a reason", ("", "Words."), 24, "Give the reason"),
    ("with a reason that is none", ("boring", "Words."), 24, "Give the reason"),
    ("without a message", ("unkind", "  "), 24, "Say in your words"),
    ("with a message without end", ("unkind", "x" * 2_001), 24, "Shorten the message by 1 character"),
    ("for a time that is not offered", ("unkind", "Words."), 5, "Choose for how long"),
    ("for no time", ("unkind", "Words."), -1, "Choose for how long"),
]


@pytest.mark.parametrize(("words", "hours", "sentence"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_nobody_is_silenced(words, hours, sentence, app, cast):
    with pytest.raises(Refused, match=sentence):
        sanctions.silence(cast.alice, cast.mona, *words, hours)
    db.session.rollback()
    assert log() == []
    assert not cast.alice.is_silenced


# The log


def test_every_sanction_and_its_end_is_a_row_of_the_log(app, cast):
    impose(cast.alice, cast.mona, "warn")
    silence = impose(cast.alice, cast.mona, "silence", None)
    sanctions.lift(silence, cast.max, "You have explained it.")
    db.session.commit()
    rows, _older = queries.log()
    assert [(row.action, row.by.name, row.reason, row.message, row.from_state, row.to_state) for row in rows] == [
        ("lift", "Max Moss", None, "You have explained it.", "silenced", "warned"),
        ("silence", "Mona Mild", *WORDS, "warned", "silenced"),
        ("warn", "Mona Mild", *WORDS, "free", "warned"),
    ]
    assert {row.user_id for row in rows} == {cast.alice.id}
    assert all(row.comment_id is None for row in rows)


def test_what_was_lifted_cannot_be_lifted_again(app, cast):
    silence = impose(cast.alice, cast.mona, "silence")
    sanctions.lift(silence, cast.mona)
    db.session.commit()
    with pytest.raises(AlreadyDecided) as lost:
        sanctions.lift(silence, cast.max)
    assert lost.value.decision.by.name == "Mona Mild"
    assert log() == ["silence", "lift"]


def test_whoever_did_not_see_the_newest_decision_is_told_of_it(app, cast):
    impose(cast.alice, cast.mona, "silence", seen=0)
    with pytest.raises(AlreadyDecided) as lost:
        sanctions.silence(cast.alice, cast.max, *WORDS, 168, seen=0)
    assert lost.value.decision.by.name == "Mona Mild"
    db.session.rollback()
    assert log() == ["silence"]


# Two who agree


def test_a_suspension_past_a_day_waits_for_a_second_moderator(post, cast):
    assert cast.max
    made = impose(cast.alice, cast.mona, "suspend", 72)
    assert standing.is_waiting(made)
    assert may_write(cast.alice, post)
    case = queries.open_case_on(cast.alice)
    assert (case.kind, case.user_id, case.comment_id) == ("held", cast.alice.id, None)
    sanctions.agree(made, cast.max, case.version)
    db.session.commit()
    assert not may_write(cast.alice, post)
    assert made.ends_at - made.begins_at == timedelta(hours=72)
    assert not case.is_open
    assert log() == ["propose", "suspend"]
    assert made.decision.by == cast.max
    assert (made.decision.reason, made.decision.message) == WORDS


@pytest.mark.parametrize("hours", [72, 168, 720, None])
def test_it_is_proposed_for_every_length_but_a_day(hours, app, cast):
    assert cast.max
    assert standing.is_waiting(impose(cast.alice, cast.mona, "suspend", hours))
    assert not standing.is_waiting(impose(cast.bob, cast.mona, "suspend", 24))
    assert cast.bob.is_suspended


def test_where_one_person_moderates_nobody_is_waited_for(app, cast):
    assert not standing.is_waiting(impose(cast.alice, cast.mona, "suspend", None))
    assert cast.alice.is_suspended


def test_where_the_site_says_so_one_is_enough(app, cast):
    assert cast.max
    assert not standing.is_waiting(impose(cast.alice, cast.mona, "suspend", 720, takes_two=False))


def test_a_second_moderator_may_decline_and_the_person_never_hears_of_it(post, cast, work):
    assert cast.max
    made = impose(cast.alice, cast.mona, "suspend", 72)
    sanctions.decline(made, cast.max)
    db.session.commit()
    assert may_write(cast.alice, post)
    assert queries.open_case_on(cast.alice) is None
    assert log() == ["propose", "decline"]


AGREE = [
    ("another moderator", "max", None),
    ("an administrator", "ada", None),
    ("whoever proposed it", "mona", "You proposed it"),
    ("the person", "alice", "for moderators"),
    ("a reader", "bob", "for moderators"),
]


@pytest.mark.parametrize(("who", "refusal"), [row[1:] for row in AGREE], ids=[row[0] for row in AGREE])
def test_who_may_agree(who, refusal, app, cast):
    assert cast.max
    made = impose(cast.alice, cast.mona, "suspend", None)
    verdict = may_agree(getattr(cast, who), made)
    assert bool(verdict) == (refusal is None)
    assert refusal is None or refusal in verdict.reason
    if refusal:
        for act in (sanctions.agree, sanctions.decline):
            with pytest.raises(Forbidden):
                act(made, getattr(cast, who))
        assert standing.is_waiting(made)


def test_two_suspensions_of_one_person_do_not_wait_at_once(app, cast):
    assert cast.max
    impose(cast.alice, cast.mona, "suspend", 72)
    with pytest.raises(Conflict, match="waits for a second moderator already"):
        impose(cast.alice, cast.max, "suspend", 168)


@pytest.mark.parametrize("acts", [("agree", "agree"), ("agree", "decline")])
def test_of_two_who_answer_at_once_one_wins(acts, app, cast):
    assert cast.max
    made = impose(cast.alice, cast.mona, "suspend", 72)
    number, version, people = made.id, made.decision.case.version, [cast.max.id, cast.ada.id]
    db.session.commit()
    won, lost = [], []

    def act(place: int) -> None:
        person = db.session.get(User, people[place])
        try:
            won.append(getattr(sanctions, acts[place])(standing.by_id(number), person, version=version).by_id)
            db.session.commit()
        except AlreadyDecided as conflict:
            lost.append(conflict.decision.by_id)
            db.session.rollback()

    assert in_threads(app, 2, act) == []
    assert len(won) == len(lost) == 1
    assert lost == won, "the loser is told who was first"
    assert db.session.scalar(select(func.count(Decision.id))) == 2


def test_lifting_is_for_moderators(app, cast):
    made = impose(cast.alice, cast.mona, "silence")
    assert may_lift(cast.max, made)
    assert may_lift(cast.mona, made)
    for person in (cast.alice, cast.bob, cast.arthur):
        with pytest.raises(Forbidden):
            sanctions.lift(made, person)
    assert cast.alice.is_silenced


# Undoing


@pytest.mark.parametrize("kind", ["warn", "silence", "suspend"])
def test_a_sanction_that_is_undone_never_was(kind, post, cast):
    made = impose(cast.alice, cast.mona, kind)
    undoing.undo(made.decision, cast.mona)
    db.session.commit()
    assert may_write(cast.alice, post)
    assert account_permissions.may_react(cast.alice)
    assert standing.sanctions_of(cast.alice) == []
    assert log() == [kind, "undo"]


def test_undoing_an_agreement_leaves_the_proposal_waiting(app, cast):
    assert cast.max
    made = impose(cast.alice, cast.mona, "suspend", 72)
    number = made.id
    decision = sanctions.agree(made, cast.max)
    db.session.commit()
    undoing.undo(decision, cast.max)
    db.session.commit()
    assert not cast.alice.is_suspended
    made = standing.by_id(number)
    assert standing.is_waiting(made)
    case = queries.open_case_on(cast.alice)
    assert case is not None
    sanctions.agree(made, cast.ada, case.version)
    db.session.commit()
    assert cast.alice.is_suspended


def test_undoing_a_proposal_closes_its_case(app, cast):
    assert cast.max
    made = impose(cast.alice, cast.mona, "suspend", 72)
    undoing.undo(made.decision, cast.mona)
    db.session.commit()
    assert queries.open_case_on(cast.alice) is None
    assert db.session.scalar(select(func.count(Sanction.id))) == 0


def test_a_proposal_that_was_answered_is_not_undone(app, cast):
    assert cast.max
    made = impose(cast.alice, cast.mona, "suspend", 72)
    proposal = made.decision
    sanctions.agree(made, cast.max)
    db.session.commit()
    with pytest.raises(Conflict):
        undoing.undo(proposal, cast.mona)
    db.session.rollback()
    assert cast.alice.is_suspended


def test_undoing_a_lift_and_a_decline(post, cast):
    silence = impose(cast.alice, cast.mona, "silence")
    until = cast.alice.silenced_until
    lifted = sanctions.lift(silence, cast.mona)
    db.session.commit()
    undoing.undo(lifted, cast.mona)
    db.session.commit()
    assert cast.alice.silenced_until == until
    assert cast.max
    proposed = impose(cast.bob, cast.mona, "suspend", 72)
    declined = sanctions.decline(proposed, cast.max)
    db.session.commit()
    undoing.undo(declined, cast.max)
    db.session.commit()
    assert standing.is_waiting(standing.by_id(proposed.id))
    assert queries.open_case_on(cast.bob) is not None


def test_a_sanction_that_was_lifted_is_not_undone_under_it(app, cast):
    silence = impose(cast.alice, cast.mona, "silence")
    decision = silence.decision
    sanctions.lift(silence, cast.max)
    db.session.commit()
    with pytest.raises(Conflict, match="has ended meanwhile"):
        undoing.undo(decision, cast.mona)


def test_every_case_about_a_person_is_closed_once_it_is_decided(app, cast):
    impose(cast.alice, cast.mona, "silence")
    assert db.session.scalar(select(func.count(Case.id)).where(Case.closed_at.is_(None))) == 0
    assert cases.open_about(cast.alice, "held").is_open
