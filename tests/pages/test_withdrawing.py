"""Taking one's own comment back."""

from __future__ import annotations

import pytest

from forum.foundation.db import db
from tests import makers


@pytest.fixture
def comment(app, cast):
    return makers.make_comment(cast.alice, makers.make_post(cast.arthur), "I take this back.")


def page_of(comment) -> str:
    return f"/comments/{comment.id}/withdraw"


def test_a_withdrawn_comment_leaves_a_line_and_its_replies(comment, cast, visit):
    makers.make_comment(cast.bob, comment.post, "A reply.", parent=comment)
    alice = visit(cast.alice)
    page = alice.submit(alice.get(page_of(comment)), "/withdraw")
    assert "Your comment is withdrawn." in page
    for person in (None, cast.alice, cast.bob):
        page = visit(person).get(f"/posts/{comment.post.slug}")
        assert "The writer withdrew this comment." in page
        assert "A reply." in page
        assert "I take this back." not in page.html
    assert visit().get(f"/comments/{comment.id}/history").status == 404


def test_asking_first_changes_nothing(comment, cast, visit):
    assert visit(cast.alice).get(page_of(comment)).status == 200
    db.session.refresh(comment)
    assert comment.state == "published"


def test_a_held_comment_withdrawn_leaves_the_queue_and_no_line(app, cast, visit):
    post = makers.make_post(cast.arthur)
    comment, _case = makers.make_held(cast.nora, post, "My first words.")
    nora = visit(cast.nora)
    nora.submit(nora.get(page_of(comment)), "/withdraw")
    for person in (None, cast.nora):
        page = visit(person).get(f"/posts/{post.slug}")
        assert "My first words." not in page.html
        assert "withdrew this comment" not in page
    assert "My first words." not in visit(cast.mona).get("/moderation").html


def test_the_second_press_is_told(comment, cast, visit):
    alice = visit(cast.alice)
    page = alice.get(page_of(comment))
    alice.submit(page, "/withdraw")
    answer = alice.submit(page, "/withdraw")
    assert answer.status == 403
    assert "taken away already" in answer


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("mona", 403), (None, 303)])
def test_nobody_else_withdraws_it(who, status, comment, cast, visit):
    person = visit(getattr(cast, who) if who else None)
    assert person.post(page_of(comment)).status == status
    db.session.refresh(comment)
    assert comment.state == "published"
