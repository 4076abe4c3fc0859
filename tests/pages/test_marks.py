"""Hearts and bookmarks on a page, without JavaScript."""

from __future__ import annotations

import re

import pytest

from tests.makers import make_comment, make_post, make_removed


@pytest.fixture
def post(cast):
    return make_post(cast.arthur, "Buses")


@pytest.fixture
def comment(cast, post):
    return make_comment(cast.alice, post, "The 42 comes late.")


def pressed(page, act: str, comment) -> bool:
    """Whether the button that would take a mark back is on the page, and the other is not."""
    back = {"like": "unlike", "bookmark": "unbookmark"}[act]
    is_on = f'formaction="/comments/{comment.id}/{back}" aria-pressed="true"' in page.html
    is_off = f'formaction="/comments/{comment.id}/{act}" aria-pressed="false"' in page.html
    assert is_on != is_off
    return is_on


@pytest.mark.parametrize("act", ["like", "bookmark"])
def test_a_mark_is_set_and_taken_back_on_the_page_of_the_comment(cast, visit, post, comment, act):
    bob = visit(cast.bob)
    assert not pressed(bob.get("/posts/buses"), act, comment)
    answer = bob.post(f"/comments/{comment.id}/{act}")
    assert answer.location == f"/comments/{comment.id}"
    assert pressed(bob.get("/posts/buses"), act, comment)
    bob.post(f"/comments/{comment.id}/un{act}")
    assert not pressed(bob.get("/posts/buses"), act, comment)


def test_everybody_sees_how_many_like_it_and_who(cast, visit, post, comment):
    visit(cast.bob).post(f"/comments/{comment.id}/like")
    guest = visit()
    assert "1 like" in guest.get("/posts/buses")
    page = guest.get(f"/comments/{comment.id}/likes")
    assert "1 person likes this comment" in page
    assert "Bob Barker" in page


def test_nobody_sees_what_another_person_keeps(cast, visit, post, comment):
    visit(cast.bob).post(f"/comments/{comment.id}/bookmark")
    assert not pressed(visit(cast.mona).get("/posts/buses"), "bookmark", comment)
    assert "The 42 comes late" in visit(cast.bob).get("/account/bookmarks")
    assert "The 42 comes late" not in visit(cast.mona).get("/account/bookmarks")


def test_a_bookmark_is_dropped_from_its_page_and_one_stays_there(cast, visit, post, comment):
    bob = visit(cast.bob)
    bob.post(f"/comments/{comment.id}/bookmark")
    answer = bob.post(f"/comments/{comment.id}/unbookmark", {"next": "/account/bookmarks"})
    assert answer.location == "/account/bookmarks"
    assert "Keep a comment here" in bob.follow(answer)


def test_ones_own_comment_cannot_be_liked(cast, visit, comment):
    assert visit(cast.alice).post(f"/comments/{comment.id}/like").status == 403


def test_a_guest_is_asked_to_sign_in(visit, comment):
    answer = visit().post(f"/comments/{comment.id}/like")
    assert answer.status == 303
    assert "/sign-in" in answer.location


def test_a_removed_comment_cannot_be_liked_and_shows_nobody_who_did(cast, visit, post):
    comment = make_removed(cast.alice, post, cast.mona)
    assert visit(cast.bob).post(f"/comments/{comment.id}/like").status == 404
    assert visit().get(f"/comments/{comment.id}/likes").status == 404


def test_a_script_gets_the_new_count_only(cast, visit, post, comment):
    bob = visit(cast.bob)
    answer = bob.post(f"/comments/{comment.id}/like", headers={"X-Fragment": "likes"})
    assert answer.status == 200
    assert re.fullmatch(r'\s*<span data-likes="\d+"><a [^>]+>1 like</a></span>\s*', answer.html)


def test_a_foreign_page_to_go_back_to_is_not_followed(cast, visit, comment):
    answer = visit(cast.bob).post(f"/comments/{comment.id}/like", {"next": "https://elsewhere.example/"})
    assert answer.location == f"/comments/{comment.id}"
