"""Flagging a comment."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from forum.foundation.db import db
from forum.moderation.models import Signal
from tests import makers


@pytest.fixture
def comment(app, cast):
    return makers.make_comment(cast.alice, makers.make_post(cast.arthur), "Buy my boat.")


def page_of(comment) -> str:
    return f"/comments/{comment.id}/flag"


def count() -> int:
    return db.session.scalar(select(func.count(Signal.id)))


def test_a_flag_reaches_the_moderators_and_the_comment_stays(comment, cast, visit):
    bob = visit(cast.bob)
    page = bob.submit(bob.get(page_of(comment)), "/flag", reason="spam", details="It is about a boat.")
    assert "Thank you. A moderator will look." in page
    assert "Buy my boat." in visit().get(f"/posts/{comment.post.slug}")
    queue = visit(cast.mona).get("/moderation?tab=flagged")
    assert "Buy my boat." in queue
    case = queue.html.split("/moderation/cases/")[1].split('"')[0]
    detail = visit(cast.mona).get(f"/moderation/cases/{case}")
    assert "It is about a boat." in detail
    assert "Bob Barker" in detail


REFUSED = [
    ("no reason", {"details": "Words."}, "Choose what is wrong"),
    ("something else without words", {"reason": "other"}, "Say in a few words"),
    ("an invented reason", {"reason": "boring"}, "Choose what is wrong"),
]


@pytest.mark.parametrize(("values", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_flag_with(values, words, comment, cast, visit):
    bob = visit(cast.bob)
    answer = bob.submit(bob.get(page_of(comment)), "/flag", **values)
    assert answer.status == 422
    assert words in answer
    assert values.get("details", "") in answer.html, "the words are kept"
    assert count() == 0


def test_a_second_flag_is_refused(comment, cast, visit):
    bob = visit(cast.bob)
    page = bob.get(page_of(comment))
    bob.submit(page, "/flag", reason="spam")
    answer = bob.submit(page, "/flag", reason="unkind")
    assert answer.status == 422
    assert "flagged this comment already" in answer
    assert count() == 1


def test_nobody_flags_their_own_comment(comment, cast, visit):
    alice = visit(cast.alice)
    for answer in (alice.get(page_of(comment)), alice.post(page_of(comment), {"reason": "spam"})):
        assert answer.status == 403
        assert "your own comment" in answer
    assert count() == 0


def test_a_guest_learns_how_to_flag_and_flags_nothing(comment, visit):
    guest = visit()
    page = guest.get(page_of(comment))
    assert "Sign in to flag it" in page
    assert f"/sign-in?next={page_of(comment)}" in page.html
    assert guest.post(page_of(comment), {"reason": "spam"}).status == 303
    assert count() == 0


def test_enough_flags_hide_the_comment_and_the_reader_is_told_no_more(comment, cast, visit):
    for person in (cast.bob, cast.max, cast.ada):
        reader = visit(person)
        page = reader.submit(reader.get(page_of(comment)), "/flag", reason="spam")
        assert "Thank you. A moderator will look." in page
    assert comment.state == "held"
    assert "Buy my boat." not in visit().get(f"/posts/{comment.post.slug}")
    assert visit().get(page_of(comment)).status == 404


def test_a_removed_comment_cannot_be_flagged(app, cast, visit):
    comment = makers.make_removed(cast.alice, makers.make_post(cast.arthur), cast.mona)
    assert visit(cast.bob).get(page_of(comment)).status == 404
