"""Cleaning up after a spammer in one act, and undoing all of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from forum.accounts import joining
from forum.accounts.models import BlockedAddress
from forum.comments import counting
from forum.comments.models import Comment
from forum.comments.permissions import may_write
from forum.events.log import EventRow
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Forbidden, Refused
from forum.moderation import appeals, cleaning, decisions, flagging, queries, standing, undoing
from forum.moderation.decisions import AlreadyDecided
from forum.moderation.models import Case, Decision, Notice, Signal
from tests import makers
from tests.comments import crowds
from tests.letters import letters
from tests.queries import counted_queries


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur)


@pytest.fixture
def mess(post, cast, work):
    """Mallory’s comments: one with a reply, one flagged, one that waits, one withdrawn."""
    checked = makers.make_post(cast.arthur, policy="checked")
    comments = [makers.make_comment(cast.mallory, post) for _number in range(2)]
    makers.make_comment(cast.bob, post, parent=comments[0])
    flagging.flag(comments[1], cast.bob, "spam", "")
    comments.append(makers.make_comment(cast.mallory, checked))
    comments.append(makers.make_withdrawn(cast.mallory, post))
    db.session.commit()
    work()
    return comments


def states(comments) -> list[str]:
    db.session.expire_all()
    return [comment.state for comment in comments]


def open_cases() -> set[int]:
    return set(db.session.scalars(select(Case.comment_id).where(Case.closed_at.is_(None))))


def clean_up(person, by, **values) -> Decision:
    decision = cleaning.clean_up(person, by, **values)
    db.session.commit()
    return decision


def test_everything_goes_and_nobody_else_loses_anything(mess, post, cast):
    assert states(mess) == ["published", "published", "held", "withdrawn"]
    assert len(open_cases()) == 2
    clean_up(cast.mallory, cast.mona)
    assert states(mess) == ["removed", "removed", "rejected", "withdrawn"]
    assert open_cases() == set()
    assert db.session.scalar(select(Signal.was_upheld).where(Signal.by_id == cast.bob.id)) is True
    assert (post.comment_count, post.people_count) == (1, 1)
    assert counting.differences() == []
    assert not may_write(cast.mallory, post)
    assert cast.mallory.is_suspended


def test_each_comment_has_its_reasons_in_the_log_and_the_one_act_stands_above_them(mess, cast):
    made = clean_up(cast.mallory, cast.mona)
    rows = db.session.scalars(select(Decision).where(Decision.on_id == made.id)).all()
    assert {row.comment_id for row in rows} == {comment.id for comment in mess[:3]}
    assert {(row.action, row.reason, row.user_id, row.by_id) for row in rows} == {
        ("mark_spam", "spam", cast.mallory.id, cast.mona.id)
    }
    assert mess[0].id in queries.removals_of([mess[0].id])


def test_undoing_it_leaves_all_as_if_it_had_never_been(mess, post, cast):
    before = (states(mess), open_cases(), post.comment_count, post.people_count)
    made = clean_up(cast.mallory, cast.mona)
    undoing.undo(made, cast.max)
    db.session.commit()
    assert (states(mess), open_cases(), post.comment_count, post.people_count) == before
    assert counting.differences() == []
    assert not cast.mallory.is_suspended
    assert standing.sanctions_of(cast.mallory) == []
    assert db.session.scalar(select(func.count()).select_from(BlockedAddress)) == 0
    assert db.session.scalar(select(Signal.was_upheld).where(Signal.by_id == cast.bob.id)) is None
    assert queries.decisions_on([comment.id for comment in mess]) == {}, "none of its parts stands"


def test_overturning_it_on_appeal_brings_everything_back_and_undoing_that_takes_it_away(mess, post, cast):
    made = clean_up(cast.mallory, cast.mona)
    asked = appeals.make(made, cast.mallory, "I sell nothing.")
    db.session.commit()
    answer = appeals.answer(asked, cast.max, asked.case.version, False, "You are right.")
    db.session.commit()
    assert states(mess) == ["published", "published", "held", "withdrawn"]
    assert not cast.mallory.is_suspended
    assert len(open_cases() - {None}) == 2
    assert counting.differences() == []
    undoing.undo(answer, cast.max)
    db.session.commit()
    assert states(mess) == ["removed", "removed", "rejected", "withdrawn"]
    assert cast.mallory.is_suspended
    assert counting.differences() == []


def test_one_comment_can_be_appealed_alone(mess, cast):
    clean_up(cast.mallory, cast.mona)
    part = queries.decisions_on([mess[0].id])[mess[0].id][-1]
    asked = appeals.make(part, cast.mallory, "Not this one.")
    db.session.commit()
    appeals.answer(asked, cast.max, asked.case.version, False, "Not this one.")
    db.session.commit()
    assert states(mess) == ["published", "removed", "rejected", "withdrawn"]
    assert cast.mallory.is_suspended


@pytest.mark.parametrize("email", ["mallory@example.org", " Mallory@Example.org", "mallory+again@example.org"])
def test_nobody_joins_with_the_address_again(email, mess, cast):
    clean_up(cast.mallory, cast.mona)
    cast.mallory.email = cast.mallory.email_key = None
    db.session.commit()
    with pytest.raises(Refused, match="cannot be used here"):
        joining.join("Mal Again", "malagain", email, "tidal quokka bicycle", "handle")
    assert joining.join("Somebody", "somebody", "somebody@example.org", "tidal quokka bicycle", "handle2")


def test_what_is_kept_of_the_address_does_not_tell_it(mess, cast):
    clean_up(cast.mallory, cast.mona)
    assert "mallory" not in db.session.scalar(select(BlockedAddress.digest))


@pytest.mark.parametrize(
    ("who", "whom"), [("bob", "mallory"), ("arthur", "mallory"), ("mona", "mona"), ("mona", "max")]
)
def test_who_may_not(who, whom, mess, cast):
    with pytest.raises(Forbidden):
        cleaning.clean_up(getattr(cast, whom), getattr(cast, who))
    db.session.rollback()
    assert states(mess)[0] == "published"


def test_the_second_of_two_is_told_who_did_it(mess, cast):
    clean_up(cast.mallory, cast.mona, seen=0)
    with pytest.raises(AlreadyDecided) as lost:
        cleaning.clean_up(cast.mallory, cast.max, seen=0)
    assert lost.value.decision.by.name == "Mona Mild"


def test_they_get_one_letter(mess, cast, app, work):
    made = clean_up(cast.mallory, cast.mona)
    assert db.session.scalar(select(func.count()).select_from(Notice)) >= 3, "its parts are told of by the one"
    db.session.execute(update(Decision).values(created_at=clock.now() - timedelta(minutes=11)))
    work()
    work()
    got = [letter.subject for letter in letters(app, "mallory@example.org")]
    assert got == ["Your comments are taken away, and you are suspended"]
    assert f"/decisions/{made.id}" in letters(app, "mallory@example.org")[0].text


def test_a_thousand_comments_cost_little_more_than_ten(app, cast):
    sent = []
    for person, size in ((cast.bob, 10), (cast.mallory, 1_000)):
        post = makers.make_post(cast.arthur)
        crowds.fill(post, crowds.random_shape(size, size), [person])
        with counted_queries() as statements:
            made = clean_up(person, cast.mona)
        sent.append(len(statements))
        with counted_queries() as statements:
            undoing.undo(made, cast.mona)
            db.session.commit()
        sent.append(len(statements))
    assert sent[2] <= sent[0] + 6
    assert sent[3] <= sent[1] + 6
    assert counting.differences() == []
    public = select(func.count(Comment.id)).where(Comment.state == "published")
    assert db.session.scalar(public) == 1_010


def test_every_hidden_comment_is_told_of_once(mess, cast):
    clean_up(cast.mallory, cast.mona)
    hidden = db.session.scalars(select(EventRow.payload).where(EventRow.name == "CommentHidden")).all()
    numbers = [row["comment_id"] for row in hidden]
    assert sorted(numbers) == sorted({*numbers})
    assert {comment.id for comment in mess[:2]} <= set(numbers)


def test_a_decision_on_one_of_its_comments_meanwhile_wins_nothing(mess, cast):
    """A moderator had the flagged comment open while another cleaned up."""
    case = queries.open_case_of(mess[1])
    version = case.version
    clean_up(cast.mallory, cast.mona)
    with pytest.raises(AlreadyDecided) as lost:
        decisions.dismiss(case, cast.max, version)
    assert lost.value.decision.by.name == "Mona Mild"
