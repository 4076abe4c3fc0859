"""Where comments stand."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from forum.comments import posting, tree
from forum.comments.models import (
    HELD,
    LEGAL_STEPS,
    PUBLISHED,
    REJECTED,
    REMOVED,
    WITHDRAWN,
    Comment,
)
from forum.foundation.db import db
from forum.foundation.errors import IllegalStep
from tests import makers
from tests.comments.crowds import fill

STATES = [HELD, PUBLISHED, REJECTED, REMOVED, WITHDRAWN]


@pytest.mark.parametrize(
    ("number", "segment"),
    [(1, "0001"), (9, "0009"), (10, "000a"), (35, "000z"), (36, "0010"), (36**4 - 1, "zzzz")],
)
def test_a_segment_is_the_number_in_four_letters(number, segment):
    assert tree.segment(number) == segment


@pytest.mark.parametrize("number", [0, -1, 36**4])
def test_a_number_that_has_no_segment_is_refused(number):
    with pytest.raises(ValueError, match="no path segment"):
        tree.segment(number)


def test_segments_sort_as_their_numbers_do():
    numbers = [1, 2, 9, 10, 35, 36, 37, 1295, 1296, 46655, 46656, 1679615]
    assert sorted(numbers, key=tree.segment) == numbers


def test_the_ancestors_of_a_path_begin_with_the_root():
    assert tree.ancestors("000100020003") == ["0001", "00010002"]
    assert tree.ancestors("0001") == []


def test_path_order_is_reading_order(app, cast):
    post = makers.make_post(cast.arthur)
    first = makers.make_comment(cast.alice, post)
    second = makers.make_comment(cast.bob, post)
    answer = makers.make_comment(cast.bob, post, parent=first)
    deeper = makers.make_comment(cast.alice, post, parent=answer)
    late = makers.make_comment(cast.alice, post, parent=first)

    read = db.session.scalars(select(Comment).order_by(Comment.path)).all()

    assert read == [first, answer, deeper, late, second]
    assert [comment.depth for comment in read] == [0, 1, 2, 1, 0]
    assert [comment.root_id for comment in read] == [None, first.id, first.id, first.id, None]


def test_two_posts_have_trees_of_their_own(app, cast):
    one, other = makers.make_post(cast.arthur), makers.make_post(cast.arthur)
    assert makers.make_comment(cast.alice, one).path == makers.make_comment(cast.alice, other).path == "0001"


def test_the_next_segment_after_a_full_letter_keeps_the_order(app, cast):
    post = makers.make_post(cast.arthur)
    early = makers.make_comment(cast.alice, post)
    db.session.execute(update(type(post)).where(type(post).id == post.id).values(next_root=35))
    db.session.commit()
    paths = [makers.make_comment(cast.alice, post).path for _ in range(3)]
    assert [early.path, *paths] == sorted([early.path, *paths]) == ["0001", "000z", "0010", "0011"]


@pytest.fixture
def chain(app, cast):
    """A discussion in which each comment answers the one before, as deep as it goes."""
    post = makers.make_post(cast.arthur)
    rows = fill(post, [(number - 1 if number else None) for number in range(tree.DEEPEST + 1)], [cast.alice])
    return post, db.session.get(Comment, rows[-1])


def test_the_deepest_comment_has_an_indexable_path(chain):
    _post, deepest = chain
    assert deepest.depth == tree.DEEPEST
    assert len(deepest.path) <= 1200


def test_replies_to_the_deepest_comment_stand_beside_it_however_many_follow(chain, cast):
    post, deepest = chain
    last = deepest
    for _turn in range(6):
        answered = last
        last = posting.write(cast.bob, post, last, "Deeper still.", "en", "", screen=makers.screen)
        db.session.commit()
        assert (last.depth, len(last.path)) == (deepest.depth, len(deepest.path))
        assert last.parent_id == deepest.parent_id
        assert last.answers_id == answered.id
        assert last.answered == answered
        assert last.path > deepest.path


LEGAL = {
    (HELD, PUBLISHED): "a moderator approves",
    (HELD, REJECTED): "a moderator rejects",
    (HELD, WITHDRAWN): "its writer thinks again",
    (PUBLISHED, HELD): "an edit must be looked at",
    (PUBLISHED, REMOVED): "a moderator removes",
    (PUBLISHED, WITHDRAWN): "its writer withdraws",
    (REJECTED, HELD): "its writer edits and sends it again",
    (REJECTED, PUBLISHED): "a moderator thinks again",
    (REJECTED, WITHDRAWN): "its writer gives up",
    (REMOVED, PUBLISHED): "an appeal succeeds",
}


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_only_the_legal_steps_can_be_taken(before, after, app):
    comment = Comment(state=before)
    if (before, after) in LEGAL:
        comment.step_to(after)
        assert comment.state == after
    else:
        with pytest.raises(IllegalStep):
            comment.step_to(after)
        assert comment.state == before
    assert (after in LEGAL_STEPS[before]) == ((before, after) in LEGAL)


def test_a_comment_taken_away_knows_since_when(app):
    comment = Comment(state=PUBLISHED)
    comment.step_to(REMOVED)
    assert comment.hidden_at is not None
    comment.step_to(PUBLISHED)
    assert comment.hidden_at is None
