"""Who has a case: claimed, let go, taken over, given to a colleague, and what others see of it meanwhile."""

from __future__ import annotations

import pytest

from forum.foundation.db import db
from forum.moderation import appeals, decisions, flagging, queries
from tests import makers


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur, "Slow buses")


@pytest.fixture
def case(post, cast):
    return makers.make_held(cast.nora, post, "My first words.")[1]


def page_of(case) -> str:
    return f"/moderation/cases/{case.id}"


def test_a_colleague_sees_who_has_it_and_takes_it_over_after_asking(case, cast, visit):
    visit(cast.mona).get(page_of(case))
    max_ = visit(cast.max)
    page = max_.get(page_of(case))
    assert "Claimed by Mona Mild" in page
    assert "Mona Mild looks at it now. Ask them first" in page
    page = max_.submit(page, "/take-over")
    assert "Claimed by you" in page
    assert "Claimed by Max Moss" in visit(cast.mona).get("/moderation")


def test_a_closed_case_is_not_taken_over(case, cast, visit):
    max_, mona = visit(cast.max), visit(cast.mona)
    mona.get(page_of(case))
    form = max_.get(page_of(case)).form("/take-over")
    mona.submit(mona.get(page_of(case)), "/approve")
    assert max_.send(form["action"], form["fields"]).status == 409


def test_a_colleague_is_asked_with_a_note_and_finds_it_among_theirs(case, cast, visit):
    makers.make_held(cast.nora, case.comment.post, "Not asked about.")
    mona, max_ = visit(cast.mona), visit(cast.max)
    assert cast.max.is_moderator
    page = mona.get(page_of(case))
    mona.submit(page, "/assign", colleague=str(cast.max.id), words="You know the family.")
    theirs = max_.get("/moderation?mine=1")
    assert "My first words." in theirs
    assert "Asked: Max Moss" in theirs
    assert "Not asked about." not in theirs
    assert "You know the family." in max_.get(page_of(case))
    assert "My first words." not in mona.get("/moderation?mine=1")


@pytest.mark.parametrize("name", ["alice", "mona"])
def test_only_another_moderator_is_asked(name, case, cast, visit):
    answer = visit(cast.mona).post(f"{page_of(case)}/assign", {"colleague": str(getattr(cast, name).id)})
    assert answer.status == 422
    db.session.refresh(case)
    assert case.assigned_to_id is None


def test_a_case_that_another_was_asked_about_does_not_come_next(post, cast, visit):
    cases = [makers.make_held(cast.nora, post, f"Held {n}.")[1] for n in range(3)]
    mona = visit(cast.mona)
    mona.post(f"{page_of(cases[1])}/assign", {"colleague": str(cast.max.id)})
    answer = mona.submit(mona.get(page_of(cases[0])), "/approve", follow=False)
    assert page_of(cases[2]) in answer.location


@pytest.mark.parametrize("act", ["claim", "release", "take-over", "assign", "notes"])
@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("arthur", 403), (None, 303)])
def test_only_moderators(act, who, status, case, cast, visit):
    person = visit(getattr(cast, who) if who else None)
    assert person.post(f"{page_of(case)}/{act}", {"words": "Mine."}).status == status


@pytest.mark.parametrize("act", ["claim", "release", "take-over", "assign", "notes"])
def test_a_case_that_is_not_there_is_404(act, app, cast, visit):
    assert visit(cast.mona).post(f"/moderation/cases/4711/{act}").status == 404


def test_a_script_gets_the_line_of_the_claim(case, cast, visit):
    answer = visit(cast.mona).post(f"{page_of(case)}/claim", headers={"X-Fragment": "claim"})
    assert answer.status == 200
    assert "Claimed by you" in answer
    assert "<html" not in answer.html


def test_who_cannot_decide_looks_without_taking_it_from_those_who_can(post, case, cast, visit):
    made = decisions.reject(case, cast.mona, case.version, "unkind", "")
    db.session.commit()
    appeal = appeals.make(made, cast.nora, "It is about the bus.").case
    own = makers.make_comment(cast.mona, post)
    flagging.flag(own, cast.alice, "spam", "")
    db.session.commit()
    mona, max_ = visit(cast.mona), visit(cast.max)
    for theirs in (appeal, queries.open_case_of(own)):
        assert "Claimed by" not in mona.get(page_of(theirs))
        mona.post(f"{page_of(theirs)}/claim")
        db.session.refresh(theirs)
        assert theirs.holder() is None
        assert "Claimed by you" in max_.get(page_of(theirs))
