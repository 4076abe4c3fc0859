"""A session that ended, or is another, while somebody wrote: no words are lost, and none are posted unseen."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select

from forum.accounts.models import Session
from forum.comments import drafts
from forum.comments.models import Comment, Draft
from forum.foundation.db import db
from tests import makers
from tests.cast import PASSWORD

WORDS = "Words that took an hour."


def url(post) -> str:
    return f"/posts/{post.slug}"


def box(page) -> str:
    return page.form("/comments")["fields"]["body"]


def count() -> int:
    return db.session.scalar(select(func.count(Comment.id)))


def end_session(_visitor) -> None:
    db.session.execute(delete(Session))
    db.session.commit()


def clear_cookie(visitor) -> None:
    visitor.client.delete_cookie("hys")


@pytest.mark.parametrize("lose", [end_session, clear_cookie])
def test_who_was_signed_out_meanwhile_signs_in_and_is_one_press_from_posting(lose, post, cast, visit):
    alice = visit(cast.alice)
    page = alice.get(url(post))
    lose(alice)
    asked = alice.submit(page, "/comments", body=WORDS)
    assert asked.url == "/sign-in"
    assert "you were signed out" in asked
    assert WORDS in asked
    assert count() == 0
    back = alice.submit(asked, "/sign-in", email=cast.alice.email, password=PASSWORD)
    assert box(back) == WORDS
    alice.submit(back, "/comments")
    assert db.session.scalar(select(Comment.author_id).where(Comment.body == WORDS)) == cast.alice.id
    assert db.session.scalar(select(func.count(Draft.id))) == 0


@pytest.mark.parametrize("lose", [end_session, clear_cookie])
def test_a_reply_comes_back_below_the_comment_it_answers(lose, post, cast, visit):
    parent = makers.make_comment(cast.bob, post)
    alice = visit(cast.alice)
    page = alice.get(f"{url(post)}?reply={parent.id}")
    lose(alice)
    asked = alice.submit(page, "/comments", body=WORDS)
    back = alice.submit(asked, "/sign-in", email=cast.alice.email, password=PASSWORD)
    assert box(back) == WORDS
    assert back.form("/comments")["fields"]["parent"] == str(parent.id)


@pytest.mark.parametrize("lose", [end_session, clear_cookie])
def test_a_preview_without_a_session_shows_the_words_and_says_so(lose, post, cast, visit):
    alice = visit(cast.alice)
    page = alice.get(url(post))
    lose(alice)
    looked = alice.submit(page, "/comments", body=WORDS, intent="preview")
    assert looked.status == 200
    assert "You are signed out." in looked
    assert box(looked) == WORDS
    asked = alice.submit(looked, "/comments", intent="signin")
    assert box(alice.submit(asked, "/sign-in", email=cast.alice.email, password=PASSWORD)) == WORDS


def test_what_was_drafted_before_does_not_get_lost_either(post, cast, visit):
    alice = visit(cast.alice)
    drafts.save(cast.alice, post, None, drafts.Typed("Other words, from home."))
    db.session.commit()
    page = alice.get(url(post))
    clear_cookie(alice)
    asked = alice.submit(page, "/comments", body=WORDS)
    back = alice.submit(asked, "/sign-in", email=cast.alice.email, password=PASSWORD)
    assert box(back) == WORDS
    assert "Other words, from home." in back


def test_a_page_from_before_signing_in_again_shows_the_words_and_posts_at_the_next_press(post, cast, visit):
    alice = visit(cast.alice)
    page = alice.get(url(post))
    clear_cookie(alice)
    alice.submit(alice.get("/sign-in"), "/sign-in", email=cast.alice.email, password=PASSWORD)
    shown = alice.submit(page, "/comments", body=WORDS)
    assert shown.status == 400
    assert "Not posted yet: this page is from before you signed in as Alice Archer." in shown
    assert box(shown) == WORDS
    assert count() == 0
    alice.submit(shown, "/comments")
    assert count() == 1


def test_words_are_shown_before_they_are_posted_under_another_name(post, cast, visit):
    """Somebody else has signed in on this computer, in another tab."""
    shared = visit(cast.alice)
    page = shared.get(url(post))
    clear_cookie(shared)
    shared.submit(shared.get("/sign-in"), "/sign-in", email=cast.bob.email, password=PASSWORD)
    for intent in ("post", "preview", "mine"):
        shown = shared.submit(page, "/comments", body=WORDS, intent=intent)
        assert shown.status == 400
        assert "signed in as Bob Barker" in shown
        assert box(shown) == WORDS
    assert count() == 0
    assert db.session.scalar(select(func.count(Draft.id))) == 0, "they are not put among Bob's drafts"
    shared.submit(shown, "/comments", intent="post")
    assert db.session.scalar(select(Comment.author_id)) == cast.bob.id


def test_words_kept_at_sign_in_wait_for_whoever_signs_in_and_are_shown_first(post, cast, visit):
    shared = visit(cast.alice)
    page = shared.get(url(post))
    end_session(shared)
    asked = shared.submit(page, "/comments", body=WORDS)
    back = shared.submit(asked, "/sign-in", email=cast.bob.email, password=PASSWORD)
    assert box(back) == WORDS
    assert count() == 0


def test_a_reply_from_another_session_keeps_its_place(post, cast, visit):
    parent = makers.make_comment(cast.bob, post)
    alice = visit(cast.alice)
    page = alice.get(f"{url(post)}?reply={parent.id}")
    shown = alice.submit(page, "/comments", body=WORDS, csrf_token="of another session")
    assert shown.status == 400
    assert shown.form("/comments")["fields"]["parent"] == str(parent.id)
    alice.submit(shown, "/comments")
    assert db.session.scalar(select(Comment.parent_id).where(Comment.body == WORDS)) == parent.id


def test_a_draft_is_not_saved_into_another_session(post, cast, visit):
    alice = visit(cast.alice)
    page = alice.get(url(post)).form("/comments")["fields"] | {"body": WORDS}
    script = {"X-Fragment": "draft"}
    assert alice.send(f"{url(post)}/draft", page | {"csrf_token": "old"}, headers=script).status == 400
    end_session(alice)
    answer = alice.send(f"{url(post)}/draft", page, headers=script)
    assert (answer.status, answer.location.partition("?")[0]) == (303, "/sign-in")
    assert db.session.scalar(select(func.count(Draft.id))) == 0


@pytest.mark.parametrize("lose", [end_session, clear_cookie])
def test_the_words_of_an_edit_are_shown_to_be_copied(lose, post, cast, visit):
    comment = makers.make_comment(cast.alice, post)
    alice = visit(cast.alice)
    page = alice.get(f"/comments/{comment.id}/edit")
    lose(alice)
    answer = alice.submit(page, "/edit", body=WORDS)
    assert answer.status in (400, 403)
    assert WORDS in answer
    assert "/sign-in" in answer.html


def test_another_sites_form_is_not_shown_as_ones_own(post, cast, visit):
    alice = visit(cast.alice)
    answer = alice.send(f"{url(post)}/comments", {"body": "Forged."}, headers={"Origin": "https://evil.example"})
    assert answer.status == 403
    assert count() == 0
