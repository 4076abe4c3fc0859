"""The moderators' queue."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation import flagging
from forum.moderation.models import Case, Decision
from tests import makers
from tests.moderation import long_queues
from tests.queries import counted_queries


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur, "Slow buses")


@pytest.fixture
def held(post, cast):
    return makers.make_held(cast.nora, post, "My first words.")


def page_of(case) -> str:
    return f"/moderation/cases/{case.id}"


def test_a_held_comment_is_approved_and_read_by_everybody(held, post, cast, visit):
    comment, case = held
    mona = visit(cast.mona)
    queue = mona.get("/moderation")
    assert "My first words." in queue
    assert "first comment" in queue
    assert page_of(case) in queue.html
    page = mona.submit(mona.get(page_of(case)), "/approve")
    assert "Approved." in page
    assert "My first words." in visit().get(f"/posts/{post.slug}")
    assert visit().get(f"/comments/{comment.id}").status == 303
    nora = visit(cast.nora)
    nora.submit(nora.get(f"/posts/{post.slug}"), "/comments", body="My second words.")
    assert "My second words." in visit().get(f"/posts/{post.slug}"), "known now"


def test_a_rejected_comments_writer_sees_the_reason_and_message_and_sends_it_again(held, post, cast, visit):
    comment, case = held
    mona, nora = visit(cast.mona), visit(cast.nora)
    mona.submit(mona.get(page_of(case)), "/reject", reason="unkind", message="Say it about the service.")
    page = nora.get(f"/posts/{post.slug}")
    assert "Unkind to a person (house rule 2)" in page
    assert "Say it about the service." in page
    assert "My first words." not in visit().get(f"/posts/{post.slug}").html
    edit = nora.get(f"/comments/{comment.id}/edit")
    page = nora.submit(edit, "/edit", body="Kinder words.")
    assert "sent to a moderator" in page
    assert "Kinder words." in mona.get("/moderation")


def test_a_reason_is_needed_and_the_message_is_kept(held, cast, visit):
    comment, case = held
    mona = visit(cast.mona)
    answer = mona.submit(mona.get(page_of(case)), "/reject", reason="", message="Written with care.")
    assert answer.status == 422
    assert "Give the reason" in answer
    assert "Written with care." in answer.html
    db.session.refresh(comment)
    assert comment.state == "held"


@pytest.mark.parametrize("second", ["reject", "approve"])
def test_the_second_of_two_moderators_is_told_who_did_what(second, held, cast, visit):
    comment, case = held
    mona, max_ = visit(cast.mona), visit(cast.max)
    one, other = mona.get(page_of(case)), max_.get(page_of(case))
    mona.submit(one, "/approve")
    answer = max_.submit(other, f"/{second}", reason="spam", message="Written with care.")
    assert answer.status == 409
    assert "Mona Mild" in answer
    assert "Approved" in answer
    db.session.refresh(comment)
    assert comment.state == "published"
    assert db.session.scalar(select(func.count(Decision.id))) == 1


def test_a_decision_is_about_the_words_that_were_read(held, cast, visit):
    """Its writer changes the comment while a moderator reads it: the new words wait to be read."""
    comment, case = held
    mona, nora = visit(cast.mona), visit(cast.nora)
    page = mona.get(page_of(case))
    nora.submit(nora.get(f"/comments/{comment.id}/edit"), "/edit", body="Nasty words.")
    answer = mona.submit(page, "/approve")
    assert answer.status == 409
    assert "changed this comment while you were reading" in answer
    db.session.refresh(comment)
    assert comment.state == "held"
    assert mona.submit(mona.get(page_of(case)), "/approve").status == 200


def test_flags_are_dismissed_and_the_comment_stays(post, cast, visit):
    comment = makers.make_comment(cast.alice, post, "A sharp word.")
    flagging.flag(comment, cast.bob, "unkind", "")
    db.session.commit()
    mona = visit(cast.mona)
    case = db.session.scalar(select(Case))
    page = mona.submit(mona.get(page_of(case)), "/dismiss")
    assert "The comment stays." in page
    assert "A sharp word." in visit().get(f"/posts/{post.slug}")
    assert "A sharp word." not in mona.get("/moderation?tab=flagged").html


def test_a_flagged_comment_is_removed(post, cast, visit):
    comment = makers.make_comment(cast.alice, post, "A sharp word.")
    flagging.flag(comment, cast.bob, "unkind", "")
    db.session.commit()
    mona = visit(cast.mona)
    mona.submit(mona.get(page_of(db.session.scalar(select(Case)))), "/remove", reason="unkind")
    assert "A moderator removed this comment" in visit().get(f"/posts/{post.slug}")


def test_looking_at_a_case_claims_it_for_a_while(held, cast, visit):
    _comment, case = held
    now = clock.now()
    with time_machine.travel(now, tick=False):
        visit(cast.mona).get(page_of(case))
        assert "Claimed by Mona Mild" in visit(cast.max).get("/moderation")
    with time_machine.travel(now + timedelta(minutes=16), tick=False):
        assert "Claimed by Mona Mild" not in visit(cast.max).get("/moderation")


def test_a_released_case_is_nobodys(held, cast, visit):
    _comment, case = held
    mona = visit(cast.mona)
    page = mona.get(page_of(case))
    assert "Claimed by" in visit(cast.max).get("/moderation")
    mona.submit(page, "/release")
    assert "Claimed by" not in visit(cast.max).get("/moderation")


def test_after_a_decision_the_next_unclaimed_case_follows(post, cast, visit):
    cases = [makers.make_held(cast.nora, post, f"Held {n}.")[1] for n in range(3)]
    visit(cast.max).get(page_of(cases[1]))
    mona = visit(cast.mona)
    answer = mona.submit(mona.get(page_of(cases[0])), "/approve", follow=False)
    assert answer.location.startswith(f"{page_of(cases[2])}?done=")
    assert "Approved." in mona.follow(answer)


def test_the_longest_wait_comes_first_and_a_late_one_is_marked(post, cast, visit):
    cases = [makers.make_held(cast.nora, post, f"Held {n}.")[1] for n in range(2)]
    db.session.execute(update(Case).where(Case.id == cases[1].id).values(opened_at=clock.now() - timedelta(hours=9)))
    db.session.commit()
    page = visit(cast.mona).get("/moderation")
    assert page.html.index("Held 1.") < page.html.index("Held 0.")
    assert "9 h" in page
    assert "late" in page


def test_nothing_waiting_says_so(app, cast, visit):
    assert "All caught up" in visit(cast.mona).get("/moderation")


def test_a_moderator_does_not_decide_on_a_reply_to_them(post, cast, visit):
    parent = makers.make_comment(cast.mona, post)
    comment, case = makers.make_held(cast.nora, post, "You are wrong.", parent=parent)
    mona = visit(cast.mona)
    page = mona.get(page_of(case))
    assert "This is a reply to you" in page
    assert "/approve" not in page.html
    answer = mona.post(f"{page_of(case)}/approve", {"version": f"{case.version}.{comment.version}"})
    assert answer.status == 403
    max_ = visit(cast.max)
    assert "Approved." in max_.submit(max_.get(page_of(case)), "/approve")


@pytest.mark.parametrize("act", ["approve", "reject", "remove", "dismiss", "release"])
@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("arthur", 403), ("nora", 403), (None, 303)])
def test_only_moderators_decide(act, who, status, held, cast, visit):
    comment, case = held
    person = visit(getattr(cast, who) if who else None)
    assert person.get("/moderation").status == status
    assert person.get(page_of(case)).status == status
    values = {"version": f"{case.version}.{comment.version}", "reason": "spam"}
    assert person.post(f"{page_of(case)}/{act}", values).status == status
    db.session.refresh(comment)
    assert comment.state == "held"


@pytest.mark.parametrize("version", ["", "0", "nonsense", "1", "1.99", "99.2", "-1.-1"])
def test_a_decision_without_the_right_version_is_refused(version, held, cast, visit):
    comment, case = held
    answer = visit(cast.mona).post(f"{page_of(case)}/approve", {"version": version})
    assert answer.status == 409
    db.session.refresh(comment)
    assert comment.state == "held"


def test_a_case_that_is_not_there_is_404(app, cast, visit):
    assert visit(cast.mona).get("/moderation/cases/4711").status == 404


def test_a_step_that_makes_no_sense_is_refused(held, cast, visit):
    comment, case = held
    version = f"{case.version}.{comment.version}"
    for act in ("remove", "dismiss"):
        answer = visit(cast.mona).post(f"{page_of(case)}/{act}", {"version": version, "reason": "spam"})
        assert answer.status == 409
    db.session.refresh(case)
    assert case.closed_at is None


def test_the_log_names_who_decided_what_and_why(held, post, cast, visit):
    _comment, case = held
    mona = visit(cast.mona)
    mona.submit(mona.get(page_of(case)), "/reject", reason="spam", message="No boats here.")
    log = visit(cast.max).get("/moderation?tab=decisions")
    for words in ("Rejected", "Mona Mild", "Advertising or spam (house rule 5)", "No boats here."):
        assert words in log
    again = visit(cast.max).get(page_of(case))
    assert again.status == 200
    assert "Rejected" in again
    assert "/approve" not in again.html


def test_every_list_and_case_takes_the_same_queries_however_many_wait(post, cast, visit):
    costs = []
    for many in (10, 1_000):
        waiting = long_queues.fill_queue(post, cast.nora, many)
        mona = visit(cast.mona)
        addresses = ("/moderation", "/moderation?order=priority&lang=en&mine=1", "/moderation?shown=225",
                     f"/moderation/cases/{waiting[0]}", f"/moderation/cases/{waiting[0]}?order=priority",
                     "/moderation/workload")  # fmt: skip
        for address in addresses:
            # Opened before, so that it is claimed.
            assert mona.get(address).status == 200
            with counted_queries() as sent:
                assert mona.get(address).status == 200
            costs.append(len([one for one in sent if "FROM events" not in one]))
    few, thousand = costs[: len(addresses)], costs[len(addresses) :]
    # One more: how many there are, where not all are shown.
    assert all(at_thousand - at_few in (0, 1) for at_few, at_thousand in zip(few, thousand, strict=True))
    assert max(costs) <= 30


def test_a_decision_takes_the_same_queries_however_many_wait(post, cast, visit):
    costs = []
    for many in (10, 1_000):
        waiting = long_queues.fill_queue(post, cast.nora, many)
        mona = visit(cast.mona)
        page = mona.get(f"/moderation/cases/{waiting[3]}")
        with counted_queries() as sent:
            assert mona.submit(page, "/approve", follow=False).status == 303
        costs.append(len([one for one in sent if "FROM events" not in one]))
    assert costs[1] <= costs[0]
