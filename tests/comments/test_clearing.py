"""All comments of one person are taken away in one go, and come back."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from forum.comments import clearing, counting
from forum.comments.models import Comment
from forum.events.log import EventRow
from forum.foundation.db import db
from forum.posts.models import Post
from tests import makers
from tests.comments import crowds
from tests.queries import counted_queries


@pytest.fixture
def posts(app, cast):
    """Mallory among others, deep and wide, below two posts."""
    found = [makers.make_post(cast.arthur) for _number in range(2)]
    for seed, post in enumerate(found):
        shape = crowds.random_shape(60, seed, roots=4)
        crowds.fill(
            post, shape, [cast.alice, cast.mallory, cast.mallory, cast.bob], gone={5: "withdrawn", 6: "removed"}
        )
        # The newest of a discussion is noted with it, too.
        makers.make_comment(cast.mallory, post)
    return found


def states(person) -> dict[int, str]:
    rows = db.session.execute(select(Comment.id, Comment.state).where(Comment.author_id == person.id))
    return dict(rows.tuples().all())


def picture() -> list[tuple]:
    """All that readers and counters see."""
    db.session.expire_all()
    comments = db.session.execute(select(Comment.id, Comment.state, Comment.descendant_count).order_by(Comment.id))
    posts = db.session.execute(
        select(Post.id, Post.comment_count, Post.people_count, Post.last_comment_at, Post.last_comment_by_id)
    )
    return [*map(tuple, comments), *map(tuple, posts)]


def test_nothing_of_theirs_stays_public_and_every_counter_is_right(posts, cast):
    others = states(cast.alice)
    taken = clearing.take_away(cast.mallory)
    db.session.commit()
    assert len(taken) > 50
    assert set(states(cast.mallory).values()) == {"removed", "withdrawn"}
    assert states(cast.alice) == others
    assert counting.differences() == []
    hidden = db.session.scalars(select(EventRow.payload).where(EventRow.name == "CommentHidden"))
    assert {row["comment_id"] for row in hidden} == {one.id for one in taken}


def test_it_all_comes_back_as_it_was(posts, cast):
    before = picture()
    taken = clearing.take_away(cast.mallory)
    db.session.commit()
    assert picture() != before
    clearing.bring_back(cast.mallory, taken)
    db.session.commit()
    assert picture() == before
    assert counting.differences() == []


def test_what_waits_is_rejected_and_waits_again(posts, cast):
    db.session.execute(update(Post).values(policy="checked"))
    db.session.commit()
    comment = makers.make_comment(cast.mallory, posts[0])
    assert comment.state == "held"
    taken = clearing.take_away(cast.mallory)
    db.session.commit()
    assert comment.state == "rejected"
    clearing.bring_back(cast.mallory, taken)
    db.session.commit()
    assert comment.state == "held"
    assert counting.differences() == []


def test_what_changed_since_keeps_its_state(posts, cast):
    taken = clearing.take_away(cast.mallory)
    kept = taken[0].id
    db.session.execute(update(Comment).where(Comment.id == kept).values(state="withdrawn"))
    db.session.commit()
    clearing.bring_back(cast.mallory, taken)
    db.session.commit()
    assert states(cast.mallory)[kept] == "withdrawn"
    assert counting.differences() == []


def test_a_thousand_cost_no_more_statements_than_ten(app, cast):
    few, many = makers.make_post(cast.arthur), makers.make_post(cast.arthur)
    crowds.fill(few, crowds.random_shape(10, 1), [cast.bob])
    crowds.fill(many, crowds.random_shape(1000, 2), [cast.mallory, cast.mallory, cast.alice])
    numbers = []
    for person in (cast.bob, cast.mallory):
        with counted_queries() as sent:
            clearing.take_away(person)
        numbers.append(len(sent))
        db.session.commit()
    # Events are stored as rows, a thousand to a statement.
    assert numbers[1] <= numbers[0] + 2
    assert counting.differences() == []
