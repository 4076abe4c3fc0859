"""Around a decision: what it does is said first, it is undone, it comes too late, it is looked at again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from forum.accounts.models import NEWCOMER, TRUSTED
from forum.foundation import clock, signing
from forum.foundation.db import db
from forum.moderation import cases, flagging, replies
from forum.moderation.models import Case, Decision, Signal
from forum.screening import names
from tests import makers
from tests.cast import make_user


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur, "Slow buses")


@pytest.fixture
def held(post, cast):
    return makers.make_held(cast.nora, post, "My first words.")


@pytest.fixture
def flagged(post, cast):
    comment = makers.make_comment(cast.alice, post, "A sharp word.")
    flagging.flag(comment, cast.bob, "unkind", "")
    db.session.commit()
    return comment, db.session.scalar(select(Case).where(Case.comment_id == comment.id))


def page_of(case) -> str:
    return f"/moderation/cases/{case.id}"


def test_each_decision_says_first_what_it_does(held, cast, visit):
    page = visit(cast.mona).get(page_of(held[1]))
    for words in (
        "Everybody reads it at once.",
        "Nora New is trusted from then on",
        "Nobody reads it but Nora New, who is told why.",
        "The spam score learns from it.",
    ):
        assert words in page


def test_a_decision_is_undone_from_the_bar_that_tells_of_it(held, cast, visit):
    comment, case = held
    mona = visit(cast.mona)
    page = mona.submit(mona.get(page_of(case)), "/approve")
    assert "Approved." in page
    page = mona.submit(page, "/undo")
    assert "Undone. The case is open again." in page
    assert "My first words." in page
    db.session.refresh(comment)
    assert comment.state == "held"


def test_a_decision_is_undone_in_the_list_for_ten_minutes(held, cast, visit):
    comment, case = held
    mona = visit(cast.mona)
    now = clock.now()
    with time_machine.travel(now, tick=False):
        mona.submit(mona.get(page_of(case)), "/reject", reason="spam")
    with time_machine.travel(now + timedelta(minutes=9), tick=False):
        log = mona.get("/moderation?tab=decisions")
        assert "/undo" in log.html
    with time_machine.travel(now + timedelta(minutes=11), tick=False):
        assert "/undo" not in mona.get("/moderation?tab=decisions").html
        form = log.form("/undo")
        assert mona.send(form["action"], form["fields"]).status == 403
    db.session.refresh(comment)
    assert comment.state == "rejected"


def test_an_undone_decision_says_so_in_the_list(held, cast, visit):
    mona = visit(cast.mona)
    mona.submit(mona.submit(mona.get(page_of(held[1])), "/approve"), "/undo")
    log = mona.get("/moderation?tab=decisions")
    assert "Undone: Approved" in log
    assert "undone" in log


def test_undoing_twice_is_refused(held, cast, visit):
    mona = visit(cast.mona)
    form = mona.submit(mona.get(page_of(held[1])), "/approve").form("/undo")
    assert mona.send(form["action"], form["fields"]).status == 303
    assert mona.send(form["action"], form["fields"]).status == 409


@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("nora", 403), (None, 303)])
def test_only_moderators_undo_and_reopen(who, status, held, cast, visit):
    comment, case = held
    mona = visit(cast.mona)
    mona.submit(mona.get(page_of(case)), "/approve")
    person = visit(getattr(cast, who) if who else None)
    made = db.session.scalar(select(Decision.id))
    assert person.post(f"/moderation/decisions/{made}/undo").status == status
    assert person.post(f"{page_of(case)}/reopen", {"words": "Please."}).status == status
    db.session.refresh(comment)
    assert comment.state == "published"


def test_undoing_what_is_not_there_is_404(app, cast, visit):
    assert visit(cast.mona).post("/moderation/decisions/4711/undo").status == 404


def test_whoever_comes_second_opens_the_case_again(held, cast, visit):
    comment, case = held
    mona, max_ = visit(cast.mona), visit(cast.max)
    one, other = mona.get(page_of(case)), max_.get(page_of(case))
    mona.submit(one, "/approve")
    lost = max_.submit(other, "/reject", reason="unkind", message="Written with care.")
    assert lost.status == 409
    assert "Mona Mild" in lost
    again = max_.submit(lost, "/reopen", words="It names a child.")
    assert "Open again." in again
    assert "Max Moss asks to look at it again." in again
    assert "It names a child." in again
    page = max_.submit(again, "/remove", reason="personal")
    assert "Removed." in page
    db.session.refresh(comment)
    assert comment.state == "removed"


def test_opening_again_needs_words_for_colleagues(held, cast, visit):
    mona = visit(cast.mona)
    mona.submit(mona.get(page_of(held[1])), "/approve")
    answer = mona.submit(mona.get(page_of(held[1])), "/reopen", words=" ")
    assert answer.status == 422
    assert "Write the note first" in answer
    assert db.session.scalar(select(func.count(Case.id))) == 1


def test_approve_and_trust(held, cast, visit):
    mona = visit(cast.mona)
    form = [part for part in mona.get(page_of(held[1])).html.split("<form") if 'name="trusts"' in part]
    assert len(form) == 1
    version = str(held[1].seen())
    mona.post(f"{page_of(held[1])}/approve", {"version": version, "trusts": "1"})
    db.session.refresh(cast.nora)
    assert cast.nora.trust == TRUSTED


@pytest.mark.parametrize(("again", "state"), [("1", True), ("", False)])
def test_a_moderator_says_whether_it_may_be_sent_again(again, state, held, cast, visit):
    mona = visit(cast.mona)
    mona.submit(mona.get(page_of(held[1])), "/reject", reason="unkind", again=again)
    assert db.session.scalar(select(Decision.may_send_again)) is state


def test_spam_is_taken_away_and_restored(flagged, cast, visit):
    comment, case = flagged
    mona = visit(cast.mona)
    mona.submit(mona.get(page_of(case)), "/spam")
    db.session.refresh(comment)
    assert comment.state == "removed"
    again = mona.submit(mona.get(page_of(case)), "/reopen", words="It was no spam.")
    assert "Everybody reads it again, in its old place." in again
    mona.submit(again, "/restore")
    db.session.refresh(comment)
    assert comment.state == "published"


def test_a_saved_reply_is_added_to_the_message_without_scripts(held, cast, visit):
    reply = replies.save("Kinder", "Say it about the service.", "", cast.mona)
    db.session.commit()
    mona = visit(cast.mona)
    values = {"reason": "unkind", "message": "Dear Nora,", "insert": "1", "reply": str(reply.id)}
    page = mona.submit(mona.get(page_of(held[1])), "/reject", **values)
    assert page.status == 200
    assert page.form("/reject")["fields"]["message"].split() == [
        "Dear",
        "Nora,",
        "Say",
        "it",
        "about",
        "the",
        "service.",
    ]
    db.session.refresh(held[0])
    assert held[0].state == "held"


def test_the_matched_words_are_marked_and_nothing_gets_out_of_the_comment(post, cast, visit):
    _comment, case = makers.make_held(cast.nora, post, "A <b>disgrace</b> & `<script>alert(1)</script>` disgrace.")
    signal = db.session.scalar(select(Signal).where(Signal.case_id == case.id))
    signal.detail = {"found": ["disgrace", "<script>"]}
    db.session.commit()
    page = visit(cast.mona).get(page_of(case))
    assert "<mark>disgrace</mark>" in page.html
    assert "<script>alert" not in page.html


def test_a_watched_word_comes_with_how_often_it_was_let_through(post, cast, visit):
    mona = visit(cast.mona)
    for act in ("/approve", "/approve", "/reject", None):
        _comment, case = makers.make_held(
            make_user(signing.new_secret()[:8].lower(), trust=NEWCOMER), post, "A disgrace."
        )
        cases.add_signal(case, names.WORDS, {"found": ["disgrace"], "words": [{"pattern": "disgrace"}]})
        db.session.commit()
        page = mona.get(page_of(case))
        if act:
            mona.submit(page, act, reason="unkind")
    assert "It was let through 2 of the last 3 times." in page
    assert "watched word: disgrace" in page


def test_a_script_gets_what_was_decided_and_where_to_go_on(post, cast, visit):
    cases = [makers.make_held(cast.nora, post, f"Held {n}.")[1] for n in range(2)]
    mona = visit(cast.mona)
    form = mona.get(page_of(cases[0])).form("/approve")
    answer = mona.send(form["action"], form["fields"], headers={"X-Fragment": "told"})
    assert answer.status == 200
    assert f'data-next="{page_of(cases[1])}"' in answer.html
    assert "Undo" in answer
    assert "<html" not in answer.html


def test_a_case_that_is_fetched_ahead_is_claimed_by_nobody(held, cast, visit):
    mona = visit(cast.mona)
    part = mona.get(f"{page_of(held[1])}?ahead=1", headers={"X-Fragment": "case"})
    assert "My first words." in part
    assert "<html" not in part.html
    assert "Claimed by" not in visit(cast.max).get("/moderation")


def test_pictures_wait_until_somebody_asks_for_them(held, post, cast, visit):
    comment, case = held
    mona = visit(cast.mona)
    assert "Show the pictures" not in mona.get(page_of(case))
    comment.body_html = '<p><img src="/media/x.webp" alt="A cat" width="10" height="10"></p>'
    db.session.commit()
    page = mona.get(page_of(case))
    assert "Show the pictures" in page
    assert 'type="checkbox" id="show-pictures-' in page.html
