"""Who may decide, and who may take a decision back: the table of the house, and that every act asks it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Conflict, Forbidden
from forum.moderation import bulk, cases, decisions, undoing
from forum.moderation.actions import APPROVE, HELD
from forum.moderation.models import Decision
from forum.moderation.permissions import may_decide, may_decide_about, may_decide_case, may_undo
from tests import makers

# Who, on whose comment, in answer to whom, and what they hear if they may not.
CONFLICTS = [
    ("a moderator on a reader's comment", "mona", "alice", None, None),
    ("an administrator too", "ada", "alice", None, None),
    ("a reader never", "bob", "alice", None, "for moderators"),
    ("its writer never", "alice", "alice", None, "for moderators"),
    ("an author never", "arthur", "alice", None, "for moderators"),
    ("a guest never", None, "alice", None, "for moderators"),
    ("a moderator on their own comment never", "mona", "mona", None, "You wrote this comment"),
    ("an administrator on their own comment neither", "ada", "ada", None, "You wrote this comment"),
    ("another moderator on a moderator's comment", "max", "mona", None, None),
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
    case = cases.open_for(comment, HELD)
    for verdict in (may_decide(person, comment, parent), may_decide_case(person, case, APPROVE)):
        assert bool(verdict) == (refusal is None)
        assert refusal is None or refusal in verdict.reason
    if person is not None and refusal:
        with pytest.raises(Forbidden):
            decisions.remove_public(comment, person, "spam", "")


def test_a_reply_that_hangs_elsewhere_because_it_is_too_deep_is_a_reply_all_the_same(post, cast):
    answered = makers.make_comment(cast.mona, post)
    comment = makers.make_comment(cast.alice, post)
    comment.answers_id = answered.id
    db.session.commit()
    assert "a reply to you" in may_decide(cast.mona, comment, comment.parent).reason
    assert may_decide(cast.max, comment, comment.parent)


OWN_POSTS = [
    ("below their own post, as a rule", "off", "owner", None),
    ("below their own post where the site forbids it", "on", "owner", "below your own post"),
    ("below a post that names them where the site forbids it", "on", "named", "below your own post"),
    ("below another's post where the site forbids it", "on", "other", None),
]


@pytest.mark.parametrize(
    ("setting", "whose", "refusal"), [r[1:] for r in OWN_POSTS], ids=[f"a moderator {r[0]}" for r in OWN_POSTS]
)
def test_a_setting_widens_the_conflict_to_ones_own_posts(setting, whose, refusal, app, cast, monkeypatch):
    settings = replace(app.config["FORUM"], conflict_own_posts=setting == "on")
    monkeypatch.setitem(app.config, "FORUM", settings)
    owner = cast.mona if whose == "owner" else cast.arthur
    post = makers.make_post(owner)
    if whose == "named":
        post.authors[0].user_id = cast.mona.id
    comment = makers.make_comment(cast.alice, post)
    verdict = may_decide(cast.mona, comment, None)
    assert bool(verdict) == (refusal is None)
    assert refusal is None or refusal in verdict.reason
    assert may_decide(cast.max, comment, None)


ABOUT = [
    ("a moderator about a reader", "mona", "alice", None),
    ("a moderator about another moderator", "mona", "max", None),
    ("a moderator about themselves never", "mona", "mona", "This case is about you"),
    ("an administrator about themselves neither", "ada", "ada", "This case is about you"),
    ("a reader never", "bob", "alice", "for moderators"),
    ("a guest never", None, "alice", "for moderators"),
]


@pytest.mark.parametrize(("who", "about", "refusal"), [r[1:] for r in ABOUT], ids=[r[0] for r in ABOUT])
def test_who_may_decide_about_a_person(who, about, refusal, app, cast):
    person = getattr(cast, who) if who else None
    case = cases.open_about(getattr(cast, about), HELD)
    for verdict in (may_decide_about(person, case.concerns()), may_decide_case(person, case, APPROVE)):
        assert bool(verdict) == (refusal is None)
        assert refusal is None or refusal in verdict.reason


ACTS = {
    "approve": lambda case, by: decisions.approve(case, by, case.version),
    "approve and trust": lambda case, by: decisions.approve(case, by, case.version, trusts=True),
    "reject": lambda case, by: decisions.reject(case, by, case.version, "spam"),
    "remove": lambda case, by: decisions.remove(case, by, case.version, "spam"),
    "restore": lambda case, by: decisions.restore(case, by, case.version),
    "mark spam": lambda case, by: decisions.mark_spam(case, by, case.version),
    "dismiss": lambda case, by: decisions.dismiss(case, by, case.version),
    "remove from the page": lambda case, by: decisions.remove_public(case.its_comment(), by, "spam", ""),
    "restore from the page": lambda case, by: decisions.restore_hidden(case.its_comment(), by),
}
STATES = ("held", "published", "rejected", "removed")


@pytest.mark.parametrize("act", ACTS)
def test_no_act_is_done_by_who_wrote_or_is_answered_nor_by_who_does_not_moderate(act, post, cast):
    answered = makers.make_comment(cast.mona, post)
    comment = makers.make_comment(cast.max, post, parent=answered)
    case = cases.open_for(comment, HELD)
    db.session.commit()
    for state in STATES:
        db.session.execute(update(Comment).where(Comment.id == comment.id).values(state=state))
        db.session.commit()
        for person in (cast.max, cast.mona, cast.alice, cast.arthur, cast.mallory):
            with pytest.raises(Forbidden):
                ACTS[act](case, person)
            db.session.rollback()
    assert case.is_open
    assert db.session.scalar(select(func.count(Decision.id))) == 0


def test_of_many_cases_those_in_conflict_are_left_out_and_said(post, cast):
    own = cases.open_for(makers.make_comment(cast.mona, post), HELD)
    other = cases.open_for(makers.make_comment(cast.alice, post), HELD)
    own_outcome, outcome = bulk.many({own.id: own.version, other.id: other.version}, cast.mona, "dismiss")
    assert "You wrote this comment" in own_outcome.refusal
    assert own.is_open
    assert outcome.decision is not None


# The decision is mona's, on alice's answer to bob.
UNDO = [
    ("whoever decided", "mona", 9, None),
    ("another moderator", "max", 9, None),
    ("an administrator", "ada", 9, None),
    ("its writer never", "alice", 1, "for moderators"),
    ("a reader never", "mallory", 1, "for moderators"),
    ("an author never", "arthur", 1, "for moderators"),
    ("a guest never", None, 1, "cannot be undone"),
    ("nobody after ten minutes", "max", 10, "ten minutes"),
    ("not even whoever decided", "mona", 10, "ten minutes"),
]


@pytest.mark.parametrize(("who", "minutes", "refusal"), [r[1:] for r in UNDO], ids=[r[0] for r in UNDO])
def test_who_may_undo(who, minutes, refusal, post, cast):
    comment = makers.make_comment(cast.alice, post, parent=makers.make_comment(cast.bob, post))
    decision = decisions.remove_public(comment, cast.mona, "spam", "")
    db.session.commit()
    person = getattr(cast, who) if who else None
    with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False):
        verdict = may_undo(person, decision)
        assert bool(verdict) == (refusal is None)
        if refusal is not None:
            assert refusal in verdict.reason
            with pytest.raises(Forbidden):
                undoing.undo(decision, person)
            return
        undoing.undo(decision, person)
    assert comment.state == "published"


@pytest.mark.parametrize("who", ["max", "ada"])
def test_nobody_undoes_a_decision_on_their_own_comment_or_on_a_reply_to_them(who, post, cast):
    answered = makers.make_comment(cast.max, post)
    comment = makers.make_comment(cast.ada, post, parent=answered)
    decision = decisions.remove_public(comment, cast.mona, "spam", "")
    with pytest.raises(Forbidden, match="another moderator decides"):
        undoing.undo(decision, getattr(cast, who))


def test_an_undoing_cannot_be_undone_nor_a_decision_twice(post, cast):
    decision = decisions.remove_public(makers.make_comment(cast.alice, post), cast.mona, "spam", "")
    undone = undoing.undo(decision, cast.mona)
    with pytest.raises(Forbidden, match="cannot be undone"):
        undoing.undo(undone, cast.mona)
    with pytest.raises(Conflict, match="undone already"):
        undoing.undo(decision, cast.max)
