"""A moderator removes a public comment from its page."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from forum.foundation.db import db
from forum.moderation.models import Case, Decision
from tests import makers


@pytest.fixture
def comment(app, cast):
    return makers.make_comment(cast.mallory, makers.make_post(cast.arthur), "Nasty words.")


def page_of(comment) -> str:
    return f"/comments/{comment.id}/remove"


def test_a_removed_comment_leaves_a_line_with_the_reason(comment, cast, visit):
    mona = visit(cast.mona)
    page = mona.submit(mona.get(page_of(comment)), "/remove", reason="unkind", message="Please stay kind.")
    assert "Removed. A line with the reason stays in its place." in page
    page = visit().get(f"/posts/{comment.post.slug}")
    assert "A moderator removed this comment: it was unkind to a person" in page
    assert "Nasty words." not in page.html
    assert visit().get(f"/comments/{comment.id}/history").status == 404
    log = visit(cast.max).get("/moderation?tab=decisions")
    assert "Mona Mild" in log
    assert "Please stay kind." in log


def test_a_reason_is_needed(comment, cast, visit):
    mona = visit(cast.mona)
    answer = mona.submit(mona.get(page_of(comment)), "/remove", reason="", message="Kept words.")
    assert answer.status == 422
    assert "Give the reason" in answer
    assert "Kept words." in answer.html
    db.session.refresh(comment)
    assert comment.state == "published"
    assert db.session.scalar(select(func.count(Case.id))) == 0


def test_the_second_of_two_moderators_is_told_who_removed_it(comment, cast, visit):
    mona, max_ = visit(cast.mona), visit(cast.max)
    one, other = mona.get(page_of(comment)), max_.get(page_of(comment))
    mona.submit(one, "/remove", reason="unkind")
    answer = max_.submit(other, "/remove", reason="spam", message="I wrote this with care.")
    assert answer.status == 409
    assert "Mona Mild" in answer
    assert "Removed" in answer
    assert "I wrote this with care." in answer.html
    assert db.session.scalar(select(func.count(Decision.id))) == 1


def test_a_comment_withdrawn_meanwhile_is_left_alone(comment, cast, visit):
    mona, mallory = visit(cast.mona), visit(cast.mallory)
    page = mona.get(page_of(comment))
    mallory.submit(mallory.get(f"/comments/{comment.id}/withdraw"), "/withdraw")
    answer = mona.submit(page, "/remove", reason="spam")
    assert answer.status == 409
    assert "withdrawn" in answer
    db.session.refresh(comment)
    assert comment.state == "withdrawn"


@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("arthur", 403), ("mallory", 403), (None, 303)])
def test_only_moderators_remove(who, status, comment, cast, visit):
    person = visit(getattr(cast, who) if who else None)
    assert person.get(page_of(comment)).status == status
    assert person.post(page_of(comment), {"reason": "spam"}).status == status
    db.session.refresh(comment)
    assert comment.state == "published"


def test_a_moderator_does_not_remove_their_own_comment(app, cast, visit):
    comment = makers.make_comment(cast.mona, makers.make_post(cast.arthur))
    page = visit(cast.mona).get(page_of(comment))
    assert page.status == 403
    assert "You wrote this comment" in page
