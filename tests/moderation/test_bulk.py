"""One decision each on many cases at once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from forum.accounts.models import User
from forum.comments import counting
from forum.comments.models import Comment
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.moderation import bulk, decisions, queries
from forum.moderation.models import Case, Decision
from tests import makers
from tests.comments.test_posting import in_threads
from tests.queries import counted_queries


@pytest.fixture
def held(post, cast):
    return [makers.make_held(cast.nora, post)[1] for _turn in range(4)]


def seen(held) -> dict:
    return {case.id: case.seen() for case in held}


def test_each_case_gets_a_decision_of_its_own(held, cast):
    outcomes = bulk.many(seen(held), cast.mona, "reject", "spam", "Please no adverts.")
    db.session.commit()
    assert [outcome.case_id for outcome in outcomes] == [case.id for case in held]
    assert {outcome.decision.message for outcome in outcomes} == {"Please no adverts."}
    assert set(db.session.scalars(select(Comment.state))) == {"rejected"}
    assert queries.open_counts() == {}


def test_what_cannot_be_decided_is_said_and_the_others_are(held, cast):
    seen_first = seen(held)
    decisions.approve(held[1], cast.max, held[1].version)
    db.session.commit()
    outcomes = bulk.many(seen_first | {4711: 1}, cast.mona, "approve")
    db.session.commit()
    assert [outcome.decision is not None for outcome in outcomes] == [True, False, True, True, False]
    assert outcomes[1].first.by == cast.max, "who was first is known"
    assert "There is no case" in outcomes[4].refusal
    assert set(db.session.scalars(select(Comment.state))) == {"published"}
    assert counting.differences() == []


def test_a_decision_that_fails_half_way_leaves_nothing_behind(held, post, cast):
    public = makers.make_comment(cast.alice, post)
    case = decisions.cases.open_for(public, "flagged")
    db.session.commit()
    _refused, done = bulk.many({case.id: case.seen(), held[0].id: held[0].seen()}, cast.mona, "reject", "spam")
    db.session.commit()
    assert done.decision is not None
    db.session.expire_all()
    assert (case.is_open, public.state) == (True, "published")
    assert db.session.scalar(select(func.count(Decision.id))) == 1


def test_after_a_rollback_nothing_of_a_selection_is_left(held, cast):
    """The answer failed after the decisions: savepoints are no commits, on either database."""
    bulk.many(seen(held), cast.mona, "approve")
    db.session.rollback()
    assert db.session.scalar(select(func.count(Decision.id))) == 0
    assert set(db.session.scalars(select(Comment.state))) == {"held"}


WRONG = [
    ("without a reason", "reject", "", "", "Give the reason"),
    ("with a reason that is not of the house", "remove", "boring", "", "Give the reason"),
    ("with a message without an end", "approve", "", "x" * 2_001, "Shorten the message"),
    ("with an act that is none", "warn", "", "", "Choose what to do"),
]


@pytest.mark.parametrize(
    ("act", "reason", "message", "sentence"), [row[1:] for row in WRONG], ids=[r[0] for r in WRONG]
)
def test_a_selection_is_not_decided(act, reason, message, sentence, held, cast):
    with pytest.raises(Refused, match=sentence):
        bulk.many(seen(held), cast.mona, act, reason, message)
    assert all(case.is_open for case in held)


def test_more_than_a_page_is_not_decided_at_once(app, cast):
    with pytest.raises(Refused, match="at most 50"):
        bulk.many(dict.fromkeys(range(51), 1), cast.mona, "approve")


def test_two_moderators_with_the_same_selection_decide_each_case_once(app, held, cast):
    chosen = {case.id: str(case.seen()) for case in held}
    people, won = [cast.mona.id, cast.max.id], []
    db.session.commit()

    def decide(number: int) -> None:
        person = db.session.get(type(cast.mona), people[number])
        turned = dict(reversed(chosen.items())) if number else chosen
        outcomes = bulk.many({one: bulk.Seen.read(word) for one, word in turned.items()}, person, "approve")
        won.extend(outcome.case_id for outcome in outcomes if outcome.decision)
        db.session.commit()

    assert in_threads(app, 2, decide) == []
    assert sorted(won) == sorted(chosen)
    assert db.session.scalar(select(func.count(Decision.id))) == 4
    assert counting.differences() == []


def test_a_case_more_costs_the_same_whatever_waits(post, cast):
    costs = []
    for waiting in (2, 20):
        while db.session.scalar(select(func.count(Case.id)).where(Case.closed_at.is_(None))) < waiting:
            makers.make_held(cast.nora, post)
        case = db.session.scalar(select(Case).where(Case.closed_at.is_(None)).limit(1))
        number, seen, by = case.id, case.seen(), cast.mona.id
        db.session.expire_all()
        with counted_queries() as sent:
            bulk.many({number: seen}, db.session.get(User, by), "reject", "spam")
        costs.append(len(sent))
        db.session.commit()
    assert costs[0] == costs[1]
