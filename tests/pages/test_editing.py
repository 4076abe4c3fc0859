"""Editing one's own comment, and its history."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from forum.comments import editing
from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation import rules
from tests import makers


@pytest.fixture
def comment(app, cast):
    made = makers.make_comment(cast.alice, makers.make_post(cast.arthur), "First words.")
    publish_before(made, timedelta(minutes=10))
    return made


def publish_before(comment, ago: timedelta) -> None:
    then = clock.now() - ago
    db.session.execute(update(Comment).where(Comment.id == comment.id).values(published_at=then, created_at=then))
    db.session.commit()


def history_of(comment) -> str:
    return f"/comments/{comment.id}/history"


def page_of(comment) -> str:
    return f"/comments/{comment.id}/edit"


def test_a_writer_edits_and_everybody_can_read_how_it_was(comment, cast, visit):
    alice = visit(cast.alice)
    page = alice.submit(alice.get(page_of(comment)), "/edit", body="Second words.")
    assert "Second words." in page
    assert "edited" in page
    history = visit().get(history_of(comment))
    assert history.status == 200
    assert "the version you see [taken out: First ] [added: Second ] words." in history
    assert "as it was first published First words." in history


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


def test_an_edit_with_many_links_waits_and_readers_read_the_words_of_before(comment, cast, visit, work):
    alice = visit(cast.alice)
    links = "https://a.example https://b.example https://c.example"
    page = alice.submit(alice.get(page_of(comment)), "/edit", body=links)
    assert "A moderator reads it first; until then others read the words of before." in page
    assert alice.get(page_of(comment)).form("/edit")["fields"]["body"] == links, "to be mended"
    assert "Your new words wait for a moderator" in alice.get("/account/comments")
    for reader in (visit(), visit(cast.bob)):
        assert "First words." in reader.get(f"/posts/{comment.post.slug}")
        assert "a.example" not in reader.get(f"/posts/{comment.post.slug}").html
        assert "a.example" not in reader.get(history_of(comment)).html
    work()
    assert "First words." in visit(cast.mona).get("/moderation")


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("mona", 403), (None, 303)])
def test_nobody_else_may_edit_it(who, status, comment, cast, visit):
    person = visit(getattr(cast, who) if who else None)
    assert person.get(page_of(comment)).status == status
    assert person.post(page_of(comment), {"body": "Mine now.", "version": "1"}).status == 403
    db.session.refresh(comment)
    assert comment.body == "First words."


def test_after_a_day_the_words_stay(comment, cast, visit):
    alice = visit(cast.alice)
    open_before = alice.get(page_of(comment))
    publish_before(comment, timedelta(hours=25))
    page = alice.get(page_of(comment))
    assert page.status == 403
    assert "24 hours" in page
    too_late = alice.submit(open_before, "/edit", body="An hour of work.")
    assert too_late.status == 403
    assert "24 hours" in too_late
    assert too_late.form("/edit")["fields"]["body"] == "An hour of work."
    db.session.refresh(comment)
    assert comment.body == "First words."


def test_what_a_moderator_stopped_is_in_nobodys_history(app, cast, visit):
    comment = makers.make_rejected(cast.nora, makers.make_post(cast.arthur), cast.mona, "Her address is 7 Quay Street.")
    nora = visit(cast.nora)
    nora.submit(nora.get(page_of(comment)), "/edit", body="She lives near the quay.")
    mona = visit(cast.mona)
    queue = mona.get("/moderation")
    case = queue.html.split("/moderation/cases/")[1].split('"')[0]
    mona.submit(mona.get(f"/moderation/cases/{case}"), "/approve")
    history = visit().get(history_of(comment))
    assert history.status == 200
    assert "near the quay" in history
    assert "7 Quay Street" not in history.html


def test_the_form_says_until_when_and_what_a_change_shows(comment, cast, visit):
    alice = visit(cast.alice)
    until = clock.now() + timedelta(hours=24, minutes=-10)
    page = alice.get(page_of(comment))
    assert f"It can be edited until {until.day} " in page
    assert "Everybody can see that you edited it, and how it read before." in page
    publish_before(comment, timedelta(minutes=1))
    assert "a change leaves no mark, unless somebody answers or likes it first" in alice.get(page_of(comment))


def test_a_held_comment_can_be_edited_without_an_end(app, cast, visit):
    comment, _case = makers.make_held(cast.nora, makers.make_post(cast.arthur))
    page = visit(cast.nora).get(page_of(comment))
    assert "Nobody else reads it yet, so a change leaves no mark." in page
    assert "It can be edited until" not in page


def test_a_slip_mended_at_once_is_nobodys_business(comment, cast, visit):
    publish_before(comment, timedelta(minutes=1))
    alice = visit(cast.alice)
    page = alice.submit(alice.get(page_of(comment)), "/edit", body="Second words.")
    assert "Second words." in page
    assert ">edited<" not in page.html
    history = visit().get(history_of(comment))
    assert "Second words." in history
    assert "First words." not in history


def test_a_history_shows_as_text_whatever_was_typed(comment, cast, visit):
    alice = visit(cast.alice)
    attack = "<script>alert(1)</script> </ins><img src=x onerror=alert(1)> **bold**"
    alice.submit(alice.get(page_of(comment)), "/edit", body=attack)
    history = visit().get(history_of(comment))
    assert "<script>alert" not in history.html
    assert "<img" not in history.html
    assert "**bold**" in history


def test_each_text_says_which_language_it_is_in(comment, cast, visit):
    alice = visit(cast.alice)
    alice.submit(alice.get(page_of(comment)), "/edit", body="Geiriau newydd.", lang="cy")
    history = visit().get(history_of(comment)).html
    assert re.findall(r'class="history__words" dir="auto" lang="(\w+)"', history) == ["cy", "en"]


def test_a_long_history_comes_in_pages(comment, cast, visit):
    for number in range(12):
        editing.edit(comment, cast.alice, f"Version {number} of it.", "en", has_case=False, screen=makers.screen)
        db.session.commit()
    guest = visit()
    newest = guest.get(history_of(comment))
    assert newest.html.count('<li class="history__version"') == 10
    assert "[taken out: 10 ] [added: 11 ]" in newest
    assert "as it was first published" not in newest
    older = guest.get(re.search(r'href="([^"]+)" rel="next"', newest.html)[1])
    assert older.html.count('<li class="history__version"') == 3
    assert "as it was first published First words." in older
    assert 'rel="next"' not in older.html
    assert "the version you see" not in older
    assert guest.get(f"{history_of(comment)}?before=1").status == 404


def test_a_kept_history_is_not_shown_after_an_edit(comment, cast, visit):
    guest, alice = visit(), visit(cast.alice)
    for words in ("Second words.", "Third words."):
        alice.submit(alice.get(page_of(comment)), "/edit", body=words)
        assert words.split()[0] in guest.get(history_of(comment))


def test_a_preview_in_the_form_names_the_same_people(comment, cast, visit):
    cast.bob  # noqa: B018 (appears when first named)
    alice = visit(cast.alice)
    page = alice.submit(alice.get(page_of(comment)), "/edit", body=f"@bob @nobody #{comment.id}", intent="preview")
    assert '<a class="mention" href="/people/bob">@bob</a> @nobody' in page.html
    assert f'<a class="comment-number" href="/comments/{comment.id}">#{comment.id}</a>' in page.html


def test_a_form_from_before_signing_in_again_is_shown_with_its_words(comment, cast, visit):
    stale = visit(cast.alice).get(page_of(comment)).form("/edit")["fields"] | {"body": "An hour of work."}
    answer = visit(cast.alice).post(page_of(comment), stale)
    assert answer.status == 400
    assert "Not saved yet: this page is from before you signed in as Alice Archer." in answer
    assert answer.form("/edit")["fields"]["body"] == "An hour of work."
    db.session.refresh(comment)
    assert comment.body == "First words."


@pytest.fixture
def rejected(app, cast):
    post = makers.make_post(cast.arthur)
    return makers.make_rejected(cast.nora, post, cast.mona, message="Please say it about the idea.")


def test_the_page_of_a_rejected_comment_says_why_it_was_not_published(rejected, cast, visit):
    page = visit(cast.nora).get(page_of(rejected))
    assert "Reason: " + rules.reason_words("unkind") in page
    assert "The moderator writes: Please say it about the idea." in page


def test_the_page_of_a_public_comment_names_no_reason(comment, cast, visit):
    assert "Reason:" not in visit(cast.alice).get(page_of(comment))
