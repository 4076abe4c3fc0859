"""Likes and bookmarks: once a person, taken back, counted."""

from __future__ import annotations

import pytest

from forum.comments import queries as comment_queries
from forum.foundation.db import db
from forum.marks import marking, queries
from forum.marks.permissions import may_bookmark, may_like
from tests.makers import make_comment, make_held, make_removed


@pytest.fixture
def comment(cast, post):
    return make_comment(cast.alice, post)


def likes(comment) -> int:
    db.session.commit()
    db.session.expire_all()
    return comment.like_count


def test_a_like_counts_once_however_often_it_is_pressed(cast, comment):
    marking.like(comment, cast.bob)
    marking.like(comment, cast.bob)
    assert likes(comment) == 1
    marking.like(comment, cast.mona)
    assert likes(comment) == 2


def test_a_like_taken_back_twice_is_taken_back_once(cast, comment):
    marking.like(comment, cast.bob)
    marking.like(comment, cast.mona)
    marking.unlike(comment, cast.bob)
    marking.unlike(comment, cast.bob)
    assert likes(comment) == 1
    assert [user.username for user in queries.who_like(comment)] == ["mona"]


def test_a_like_shows_on_the_page_that_all_share(cast, comment, post):
    before = post.thread_version
    marking.like(comment, cast.bob)
    db.session.commit()
    db.session.expire_all()
    assert post.thread_version == before + 1


def test_a_like_that_changes_nothing_makes_no_page_anew(cast, comment, post):
    marking.like(comment, cast.bob)
    db.session.commit()
    db.session.expire_all()
    before = post.thread_version
    marking.like(comment, cast.bob)
    db.session.commit()
    db.session.expire_all()
    assert post.thread_version == before


def test_who_may_like(cast, comment, post):
    held, _case = make_held(cast.nora, post)
    removed = make_removed(cast.alice, post, cast.mona)
    assert may_like(cast.bob, comment)
    assert "Others can like it" in may_like(cast.alice, comment).reason
    assert "Sign in" in may_like(None, comment).reason
    assert "not public" in may_like(cast.bob, held).reason
    assert "not public" in may_like(cast.bob, removed).reason
    cast.bob.confirmed_at = None
    assert "Confirm" in may_like(cast.bob, comment).reason


def test_one_may_keep_ones_own_comment(cast, comment):
    assert may_bookmark(cast.alice, comment)


def test_bookmarks_are_one_persons_and_the_newest_comes_first(cast, post):
    first, second = make_comment(cast.alice, post), make_comment(cast.alice, post)
    marking.bookmark(first, cast.bob)
    marking.bookmark(second, cast.bob)
    marking.bookmark(second, cast.bob)
    db.session.commit()
    rows, later = queries.kept_by(cast.bob)
    assert [row.comment_id for row in rows] == [second.id, first.id]
    assert later is None
    assert queries.kept_by(cast.alice)[0] == []
    marking.drop_bookmark(second, cast.bob)
    db.session.commit()
    assert [row.comment_id for row in queries.kept_by(cast.bob)[0]] == [first.id]


def test_a_removed_comment_leaves_the_bookmarks(cast, post):
    comment = make_comment(cast.alice, post)
    marking.bookmark(comment, cast.bob)
    db.session.commit()
    from_page = make_removed(cast.alice, post, cast.mona)
    assert from_page.state == "removed"
    comment.step_to("removed")
    db.session.commit()
    assert queries.kept_by(cast.bob)[0] == []


def test_the_totals_of_a_person_count_public_comments_only(cast, post):
    liked = make_comment(cast.alice, post)
    make_removed(cast.alice, post, cast.mona)
    marking.like(liked, cast.bob)
    db.session.commit()
    assert comment_queries.totals_of(cast.alice) == (1, 1, 1)
    assert comment_queries.totals_of(cast.bob) == (0, 0, 0)
