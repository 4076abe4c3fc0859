"""Editing one's own comment, and its history."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import db
from tests import makers


@pytest.fixture
def comment(app, cast):
    return makers.make_comment(cast.alice, makers.make_post(cast.arthur), "First words.")


def page_of(comment) -> str:
    return f"/comments/{comment.id}/edit"


def test_a_writer_edits_and_everybody_can_read_how_it_was(comment, cast, visit):
    alice = visit(cast.alice)
    page = alice.submit(alice.get(page_of(comment)), "/edit", body="Second words.")
    assert "Second words." in page
    assert "edited" in page
    history = visit().get(f"/comments/{comment.id}/history")
    assert history.status == 200
    assert history.html.index("Second words.") < history.html.index("First words.")


def test_the_form_holds_the_words_as_they_were_typed(comment, cast, visit):
    db.session.execute(update(Comment).values(body="\n*As typed.*\n  <b>"))
    db.session.commit()
    assert visit(cast.alice).get(page_of(comment)).form("/edit")["fields"]["body"] == "\n*As typed.*\n  <b>"


def test_an_empty_edit_is_refused_with_the_words_kept(comment, cast, visit):
    alice = visit(cast.alice)
    answer = alice.submit(alice.get(page_of(comment)), "/edit", body=" ")
    assert answer.status == 422
    assert "Write something first" in answer
    db.session.refresh(comment)
    assert comment.body == "First words."


def test_a_preview_changes_nothing(comment, cast, visit):
    alice = visit(cast.alice)
    answer = alice.submit(alice.get(page_of(comment)), "/edit", body="*Second*", intent="preview")
    assert answer.status == 200
    assert "<em>Second</em>" in answer.html
    db.session.refresh(comment)
    assert comment.body == "First words."


def test_the_second_of_two_windows_is_told_and_its_words_are_kept(comment, cast, visit):
    alice = visit(cast.alice)
    one, other = alice.get(page_of(comment)), alice.get(page_of(comment))
    alice.submit(one, "/edit", body="From the first window.")
    answer = alice.submit(other, "/edit", body="From the second window.")
    assert answer.status == 409
    assert "changed while you were writing" in answer
    assert answer.form("/edit")["fields"]["body"] == "From the second window."
    db.session.refresh(comment)
    assert comment.body == "From the first window."


def test_an_edit_with_many_links_goes_to_a_moderator_and_leaves_the_page(comment, cast, visit):
    alice = visit(cast.alice)
    links = "https://a.example https://b.example https://c.example"
    page = alice.submit(alice.get(page_of(comment)), "/edit", body=links)
    assert "A moderator reads it before others do." in page
    assert "It has several links in it" in page
    assert "a.example" not in visit().get(f"/posts/{comment.post.slug}").html
    assert visit().get(f"/comments/{comment.id}").status == 404
    assert visit().get(f"/comments/{comment.id}/history").status == 404
    assert "c.example" in visit(cast.mona).get("/moderation")


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("mona", 403), (None, 303)])
def test_nobody_else_may_edit_it(who, status, comment, cast, visit):
    person = visit(getattr(cast, who) if who else None)
    assert person.get(page_of(comment)).status == status
    assert person.post(page_of(comment), {"body": "Mine now.", "version": "1"}).status == status
    db.session.refresh(comment)
    assert comment.body == "First words."


def test_after_a_day_the_words_stay(comment, cast, visit):
    db.session.execute(update(Comment).values(published_at=clock.now() - timedelta(hours=25)))
    db.session.commit()
    page = visit(cast.alice).get(page_of(comment))
    assert page.status == 403
    assert "24 hours" in page


def test_what_a_moderator_stopped_is_in_nobodys_history(app, cast, visit):
    comment = makers.make_rejected(cast.nora, makers.make_post(cast.arthur), cast.mona, "Her address is 7 Quay Street.")
    nora = visit(cast.nora)
    nora.submit(nora.get(page_of(comment)), "/edit", body="She lives near the quay.")
    mona = visit(cast.mona)
    queue = mona.get("/moderation")
    case = queue.html.split("/moderation/cases/")[1].split('"')[0]
    mona.submit(mona.get(f"/moderation/cases/{case}"), "/approve")
    history = visit().get(f"/comments/{comment.id}/history")
    assert history.status == 200
    assert "near the quay" in history
    assert "7 Quay Street" not in history.html
