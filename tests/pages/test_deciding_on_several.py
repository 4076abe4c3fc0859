"""Deciding on several cases: what would happen to each, then one decision for each."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from forum.comments.models import Comment
from forum.foundation.db import db
from forum.moderation.models import Decision
from tests import makers
from tests.queries import counted_queries

ADDRESS = "/moderation/several"


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur, "Slow buses")


def make_cases(post, cast, many: int = 3):
    return [makers.make_held(cast.nora, post, f"Held {n}.")[1] for n in range(many)]


def chosen(cases, action: str) -> str:
    return f"{ADDRESS}?action={action}&" + "&".join(f"case={case.id}.{case.seen()}" for case in cases)


def states() -> list[str]:
    return list(db.session.scalars(select(Comment.state).order_by(Comment.id)))


def test_the_list_offers_to_choose_several(post, cast, visit):
    cases = make_cases(post, cast)
    page = visit(cast.mona).get("/moderation")
    for case in cases:
        assert f'value="{case.id}.{case.seen()}"' in page.html
    assert f'action="{ADDRESS}"' in page.html


def test_what_would_happen_is_shown_and_nothing_happens_yet(post, cast, visit):
    cases = make_cases(post, cast)
    page = visit(cast.mona).get(chosen(cases, "reject"))
    assert "Reject 3 comments?" in page
    for number in range(3):
        assert f"Held {number}." in page
    assert page.text.count("Nobody reads it but Nora New, who is told why.") == 3
    assert states() == ["held"] * 3


@pytest.mark.parametrize(
    ("action", "state"), [("approve", "published"), ("reject", "rejected"), ("mark_spam", "rejected")]
)
def test_each_gets_a_decision_of_its_own(action, state, post, cast, visit):
    cases = make_cases(post, cast)
    mona = visit(cast.mona)
    page = mona.get(chosen(cases, action))
    values = page.form(ADDRESS)["fields"] | {"case": [f"{case.id}.{case.seen()}" for case in cases], "reason": "spam"}
    done = mona.send(ADDRESS, values)
    assert "3 of 3 cases decided" in done
    assert states() == [state] * 3
    assert db.session.scalar(select(func.count(Decision.id))) == 3
    assert done.html.count("/undo") == 3


def test_what_was_decided_meanwhile_is_told_for_itself(post, cast, visit):
    cases = make_cases(post, cast)
    mona, max_ = visit(cast.mona), visit(cast.max)
    tickets = [f"{case.id}.{case.seen()}" for case in cases]
    address = chosen(cases, "approve")
    page = mona.get(address)
    max_.submit(max_.get(f"/moderation/cases/{cases[1].id}"), "/reject", reason="spam")
    values = page.form(ADDRESS)["fields"] | {"case": tickets}
    done = mona.send(ADDRESS, values)
    assert "2 of 3 cases decided" in done
    assert "Rejected by Max Moss" in done
    assert states() == ["published", "rejected", "published"]
    assert "Decided by now." in mona.get(address)


def test_ones_own_comment_is_left_out_and_said(post, cast, visit):
    parent = makers.make_comment(cast.mona, post)
    _comment, case = makers.make_held(cast.nora, post, "You are wrong.", parent=parent)
    page = visit(cast.mona).get(chosen([case], "approve"))
    assert "This is a reply to you" in page
    assert f'value="{case.id}.' not in page.html


def test_a_reason_is_needed_and_the_message_is_kept(post, cast, visit):
    cases = make_cases(post, cast)
    mona = visit(cast.mona)
    values = {"action": "reject", "case": [f"{case.id}.{case.seen()}" for case in cases], "message": "With care."}
    answer = mona.post(ADDRESS, values)
    assert answer.status == 422
    assert "Give the reason" in answer
    assert "With care." in answer.html
    assert states() == ["held"] * 3


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("action=approve", "Tick the cases first."),
        ("action=suspend&case=1.1.1", "Choose what to do with them."),
        ("case=1.1.1", "Choose what to do with them."),
        ("action=approve&" + "&".join(f"case={n}.1" for n in range(1, 200)), "at once"),
    ],
)
def test_nothing_chosen_or_too_much_is_said(query, told, app, cast, visit):
    answer = visit(cast.mona).get(f"{ADDRESS}?{query}")
    assert answer.status == 422
    assert told in answer


def test_nonsense_in_the_address_is_told_and_breaks_nothing(post, cast, visit):
    make_cases(post, cast, 1)
    page = visit(cast.mona).get(f"{ADDRESS}?action=approve&case=1.99.99&case=4711.1&case=x&case=1")
    assert page.status == 200
    assert "There is no such case." in page
    assert "Approve 0 comments?" in page


@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("arthur", 403), (None, 303)])
def test_only_moderators(who, status, app, cast, visit):
    person = visit(getattr(cast, who) if who else None)
    assert person.get(f"{ADDRESS}?action=approve&case=1.1").status == status
    assert person.post(ADDRESS, {"action": "approve", "case": "1.1"}).status == status


def test_the_preview_takes_the_same_queries_for_two_cases_and_for_twelve(post, cast, visit):
    cases = make_cases(post, cast, 12)
    mona, costs = visit(cast.mona), []
    for address in (chosen(cases[:2], "approve"), chosen(cases, "approve")):
        with counted_queries() as sent:
            assert mona.get(address).status == 200
        costs.append(len(sent))
    assert costs[0] == costs[1]
