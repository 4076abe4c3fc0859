"""What waits below an author's posts."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation.models import Decision, Note
from tests import makers

LIST = "/desk/comments"


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur, "Slow buses", authors_moderate=True)


@pytest.fixture
def held(post, cast):
    return makers.make_held(cast.nora, post, "My first words.")


def page_of(case) -> str:
    return f"{LIST}/{case.id}"


def told_of_the_first() -> str:
    """The list as it is shown after the first decision."""
    return f"{LIST}?done={db.session.scalar(select(Decision.id).order_by(Decision.id).limit(1))}"


def test_an_author_approves_and_everybody_reads_it(held, post, cast, visit):
    _comment, case = held
    arthur = visit(cast.arthur)
    assert LIST in arthur.get("/desk").html
    page = arthur.get(LIST)
    assert "My first words." in page
    assert "Slow buses" in page
    page = arthur.submit(arthur.get(page_of(case)), "/approve")
    assert "Everybody can read it now." in page
    assert "Nothing waits." in page
    assert "My first words." in visit().get(f"/posts/{post.slug}")
    assert db.session.scalar(select(Decision)).by_id == cast.arthur.id


def test_an_author_rejects_with_a_reason_that_the_writer_sees(held, post, cast, visit):
    _comment, case = held
    arthur = visit(cast.arthur)
    page = arthur.submit(arthur.get(page_of(case)), "/reject", reason="unkind", message="Say it about the service.")
    assert "Its writer sees the reason." in page
    assert "My first words." not in visit().get(f"/posts/{post.slug}").html
    assert "Unkind to a person" in visit(cast.nora).get(f"/posts/{post.slug}")


def test_a_reason_is_needed_and_the_message_is_kept(held, cast, visit):
    comment, case = held
    arthur = visit(cast.arthur)
    answer = arthur.submit(arthur.get(page_of(case)), "/reject", reason="", message="Written with care.")
    assert answer.status == 422
    assert "Give the reason" in answer
    assert "Written with care." in answer.html
    db.session.refresh(comment)
    assert comment.state == "held"


def test_an_author_reads_no_more_than_they_may_know(held, cast, visit):
    """The words, and why they wait; nothing of the writer's record, address, sanctions or of moderators' notes."""
    comment, case = held
    comment.held_for = [*comment.held_for, {"reason": "rejections", "detail": {"rejected": 7}}]
    db.session.add(Note(case_id=case.id, by_id=cast.mona.id, words="Look at her address."))
    db.session.add(Note(user_id=cast.nora.id, by_id=cast.mona.id, words="A known troll."))
    cast.nora.silenced_until = cast.nora.created_at
    db.session.commit()
    arthur = visit(cast.arthur)
    page = arthur.get(page_of(case))
    assert "My first words." in page
    assert "first comment" in page
    assert "found by a check" in page
    for secret in ("Look at her address", "A known troll", cast.nora.email, "silence", "rejections", "Record"):
        assert secret not in page.html + arthur.get(LIST).html, secret


def test_the_first_of_an_author_and_a_moderator_decides(held, cast, visit):
    comment, case = held
    arthur, mona = visit(cast.arthur), visit(cast.mona)
    seen = arthur.get(page_of(case))
    mona.submit(mona.get(f"/moderation/cases/{case.id}"), "/approve")
    answer = arthur.submit(seen, "/reject", reason="unkind", message="Written with care.")
    assert answer.status == 409
    assert "Somebody was faster" in answer
    assert "Written with care." in answer.html
    db.session.refresh(comment)
    assert comment.state == "published"
    later = arthur.follow(arthur.get(page_of(case)))
    assert later.url == LIST, "there is nothing to decide any more"


def test_whoever_looks_is_shown_to_the_other(held, cast, visit):
    _comment, case = held
    visit(cast.mona).get(f"/moderation/cases/{case.id}")
    arthur = visit(cast.arthur)
    assert "somebody looks at it" in arthur.get(LIST)
    assert "Somebody else looks at this comment now" in arthur.get(page_of(case))


def test_a_decision_is_about_the_words_that_were_read(held, cast, visit):
    comment, case = held
    arthur, nora = visit(cast.arthur), visit(cast.nora)
    seen = arthur.get(page_of(case))
    nora.submit(nora.get(f"/comments/{comment.id}/edit"), "/edit", body="Nasty words.")
    assert arthur.submit(seen, "/approve").status == 409
    db.session.refresh(comment)
    assert comment.state == "held"


@pytest.mark.parametrize("act", ["/approve", "/reject"])
def test_an_author_takes_a_decision_back(act, held, cast, visit):
    comment, case = held
    arthur = visit(cast.arthur)
    done = arthur.submit(arthur.get(page_of(case)), act, reason="unkind")
    assert "/undo" in arthur.get(told_of_the_first()).html
    again = arthur.submit(done, "/undo")
    assert "Undone. The comment waits again." in again
    assert "My first words." in again
    db.session.refresh(comment)
    assert comment.state == "held"
    assert "/undo" not in arthur.get(told_of_the_first()).html, "it was undone"
    assert "Everybody can read it now." in arthur.submit(again, "/approve")


def test_after_ten_minutes_it_cannot_be_taken_back(held, cast, visit):
    comment, case = held
    arthur = visit(cast.arthur)
    done = arthur.submit(arthur.get(page_of(case)), "/approve")
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert arthur.submit(done, "/undo").status == 403
        late = arthur.get(told_of_the_first())
    assert "Everybody can read it now." in late
    assert "/undo" not in late.html
    db.session.refresh(comment)
    assert comment.state == "published"


def test_only_who_decided_as_an_author_takes_it_back_here(held, post, cast, visit):
    comment, case = held
    arthur, mona = visit(cast.arthur), visit(cast.mona)
    mona.submit(mona.get(f"/moderation/cases/{case.id}"), "/approve")
    made = db.session.scalar(select(Decision))
    cast.bob.is_author = True
    db.session.commit()
    for person in (arthur, visit(cast.bob)):
        assert person.post(f"/desk/decisions/{made.id}/undo").status == 404
        assert "/undo" not in person.get(f"{LIST}?done={made.id}").html
    assert arthur.post("/desk/decisions/99999/undo").status == 404
    db.session.refresh(comment)
    assert comment.state == "published"


def test_who_was_taken_the_right_leaves_it_to_moderators(held, post, cast, visit):
    _comment, case = held
    arthur = visit(cast.arthur)
    done = arthur.submit(arthur.get(page_of(case)), "/approve")
    post.authors_moderate = False
    db.session.commit()
    assert arthur.submit(done, "/undo").status == 404


@pytest.mark.parametrize("act", ["", "/approve", "/reject"])
def test_a_case_below_anothers_post_is_not_told_from_none(act, held, cast, visit):
    _comment, case = held
    cast.bob.is_author = True
    db.session.commit()
    bob = visit(cast.bob)
    for number in (case.id, 99_999):
        answer = bob.get(f"{LIST}/{number}") if not act else bob.post(f"{LIST}/{number}{act}", {"reason": "unkind"})
        assert answer.status == 404
        assert "My first words." not in answer.html


def test_without_the_setting_there_is_nothing_to_decide(held, post, cast, visit):
    _comment, case = held
    post.authors_moderate = False
    db.session.commit()
    arthur = visit(cast.arthur)
    assert LIST not in arthur.get("/desk").html
    assert "My first words." not in arthur.get(LIST).html
    assert arthur.get(page_of(case)).status == 404
    assert arthur.post(f"{page_of(case)}/approve", {"version": "1.1"}).status == 404


def test_the_queue_stays_closed_to_authors(held, cast, visit):
    _comment, case = held
    arthur = visit(cast.arthur)
    assert arthur.get("/moderation").status == 403
    assert arthur.get(f"/moderation/cases/{case.id}").status == 403
    assert arthur.post(f"/moderation/cases/{case.id}/approve", {"version": "1.1"}).status == 403


# The setting


def test_an_administrator_lends_the_right_in_the_editor(cast, visit):
    post = makers.make_post(cast.arthur)
    editor = f"/desk/posts/{post.id}"
    ada = visit(cast.ada)
    page = ada.get(editor)
    assert "They approve or reject what was held." in page
    ada.submit(page, editor, authors_moderate="y")
    db.session.refresh(post)
    assert post.authors_moderate
    assert "The authors of this post may decide" in visit(cast.arthur).get(editor)


def test_an_author_does_not_lend_it_to_themselves_nor_lose_it_by_saving(cast, visit):
    post, lent = makers.make_post(cast.arthur), makers.make_post(cast.arthur, authors_moderate=True)
    arthur = visit(cast.arthur)
    for one in (post, lent):
        page = arthur.get(f"/desk/posts/{one.id}")
        assert "authors_moderate" not in page.html
        arthur.submit(page, f"/desk/posts/{one.id}", **({"authors_moderate": "y"} if one is post else {}))
        db.session.refresh(one)
    assert (post.authors_moderate, lent.authors_moderate) == (False, True)
