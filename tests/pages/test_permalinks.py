"""Links to single comments."""

from __future__ import annotations

import pytest

from forum.comments import posting
from forum.comments.models import Comment
from forum.foundation.db import db
from tests import makers
from tests.comments.crowds import fill


def test_a_link_leads_to_the_place_in_the_discussion(post, cast, visit):
    comment = makers.make_comment(cast.alice, post)
    answer = visit().get(f"/comments/{comment.id}")
    assert (answer.status, answer.location) == (303, f"/posts/{post.slug}#comment-{comment.id}")


def test_a_fourth_reply_is_found_on_the_page_of_its_branch(post, cast, visit):
    ids = fill(post, [None, 0, 0, 0, 0, 0], [cast.alice])
    answer = visit().get(f"/comments/{ids[5]}")
    assert f"/branch/{ids[0]}?from=" in answer.location
    assert f'id="comment-{ids[5]}"' in visit().follow(answer).html


def test_a_link_to_something_unknown_is_404(app, visit):
    assert visit().get("/comments/4711").status == 404


@pytest.mark.parametrize("state", ["withdrawn", "removed"])
def test_a_link_to_a_line_leads_to_the_line(state, post, cast, visit):
    if state == "withdrawn":
        comment = makers.make_withdrawn(cast.alice, post)
    else:
        comment = makers.make_removed(cast.alice, post, cast.mona)
    page = visit().follow(visit().get(f"/comments/{comment.id}"))
    assert f'id="comment-{comment.id}"' in page.html


def test_the_writers_own_link_to_a_held_comment_shows_it(post, cast, visit):
    comment, _case = makers.make_held(cast.nora, post, "My first words.")
    page = visit(cast.nora).follow(visit(cast.nora).get(f"/comments/{comment.id}"))
    assert f'id="comment-{comment.id}"' in page.html
    assert "My first words." in page


def test_the_link_after_posting_leads_to_a_page_with_the_comment(post, cast, visit):
    ids = fill(post, [None, 0, 0, 0, 0], [cast.alice])
    alice = visit(cast.alice)
    page = alice.submit(alice.get(f"/posts/{post.slug}?reply={ids[0]}"), "/comments", body="The fifth reply.")
    assert "The fifth reply." in page


def test_a_deep_comment_has_a_link_that_works(post, cast, visit):
    ids = fill(post, [(n - 1 if n else None) for n in range(80)], [cast.alice])
    deep = posting.write(
        cast.bob, post, db.session.get(Comment, ids[-1]), "At the bottom.", "en", "", screen=makers.screen
    )
    db.session.commit()
    page = visit().follow(visit().get(f"/comments/{deep.id}"))
    assert page.status == 200
    assert "At the bottom." in page
