"""Scores of liked comments: what they say, who counts as a reader, and that they follow the likes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.marks import marking, reactions, scoring
from forum.marks.models import Like
from forum.posts.models import Post
from tests import makers
from tests.cast import make_user
from tests.comments.crowds import fill
from tests.queries import counted_queries

# Ends of the interval as tables of it give them, for 95 %.
BOUNDS = [
    ("nobody likes it", 0, 10, 0),
    ("one of one", 1, 1, 206_549),
    ("one of two", 1, 2, 94_531),
    ("five of ten", 5, 10, 236_593),
    ("ten of ten", 10, 10, 722_467),
    ("ninety of a hundred", 90, 100, 825_635),
    ("one of very many", 1, 10**9, 1),
]


@pytest.mark.parametrize(("said", "liked", "readers", "score"), BOUNDS, ids=[row[0] for row in BOUNDS])
def test_the_score_is_the_lower_bound_of_wilsons_interval(said, liked, readers, score):
    assert scoring.lower_bound(liked, readers) == pytest.approx(score, abs=1)


def test_more_likes_of_as_many_readers_score_higher_and_more_readers_lower():
    assert scoring.lower_bound(4, 10) > scoring.lower_bound(3, 10) > scoring.lower_bound(3, 11)
    assert scoring.lower_bound(90, 100) > scoring.lower_bound(1, 1), "ninety of a hundred before one of one"


@pytest.fixture
def readers(app):
    return [make_user(f"reader{number}") for number in range(4)]


def score_of(comment: Comment) -> int:
    db.session.expire_all()
    return comment.like_score


def test_a_like_is_scored_by_the_worker(post, cast, readers, work):
    comment = makers.make_comment(cast.alice, post)
    for reader in readers[:3]:
        marking.like(comment, reader)
    db.session.commit()
    assert score_of(comment) == scoring.UNSCORED
    work()
    assert score_of(comment) == scoring.lower_bound(3, 3)


def test_a_like_taken_back_takes_its_score_along(post, cast, readers, work):
    comment = makers.make_comment(cast.alice, post)
    marking.like(comment, readers[0])
    work()
    marking.unlike(comment, readers[0])
    db.session.commit()
    assert score_of(comment) == 0
    work()
    assert score_of(comment) == 0


def test_who_liked_something_at_or_after_a_comment_counts_as_its_reader(post, cast, readers, work):
    """Of four who like something, two did so last before the second comment was there."""
    now = clock.now()
    with time_machine.travel(now, tick=False):
        first = makers.make_comment(cast.alice, post)
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        marking.like(first, readers[0])
        marking.like(first, readers[1])
    with time_machine.travel(now + timedelta(minutes=2), tick=False):
        second = makers.make_comment(cast.bob, post)
        marking.like(second, readers[2])  # at the same moment
    with time_machine.travel(now + timedelta(minutes=3), tick=False):
        marking.like(first, readers[3])
    work()
    assert score_of(first) == scoring.lower_bound(3, 4)
    assert score_of(second) == scoring.lower_bound(1, 2)


def test_the_newest_like_of_each_reader_counts(post, cast, readers, work):
    now = clock.now()
    with time_machine.travel(now, tick=False):
        first = makers.make_comment(cast.alice, post)
        marking.like(first, readers[0])
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        second = makers.make_comment(cast.bob, post)
        third = makers.make_comment(cast.bob, post)
    with time_machine.travel(now + timedelta(minutes=2), tick=False):
        marking.like(second, readers[0])
        marking.like(third, readers[1])
    work()
    assert score_of(second) == scoring.lower_bound(1, 2), "the reader of the first came back"


def test_likes_of_other_discussions_do_not_count(post, cast, readers, work):
    elsewhere = makers.make_comment(cast.alice, makers.make_post(cast.arthur))
    here = makers.make_comment(cast.alice, post)
    for reader in readers:
        marking.like(elsewhere, reader)
    marking.like(here, readers[0])
    work()
    assert score_of(here) == scoring.lower_bound(1, 1)


def test_nobody_likes_more_than_there_are_readers_even_where_clocks_differ(post, cast, readers):
    comment = makers.make_comment(cast.alice, post)
    marking.like(comment, readers[0])
    db.session.execute(update(Like).values(created_at=clock.now() - timedelta(days=3)))
    scoring.score(post.id)
    assert score_of(comment) == scoring.lower_bound(1, 1)


def test_scoring_again_changes_nothing_and_makes_no_page_anew(post, cast, readers, work):
    comment = makers.make_comment(cast.alice, post)
    marking.like(comment, readers[0])
    work()
    db.session.expire_all()
    before, version, stored = post.thread_version, comment.version, comment.like_score
    assert scoring.score(post.id) == 0
    reactions.score(_event(post))
    db.session.commit()
    db.session.expire_all()
    assert (post.thread_version, comment.version, comment.like_score) == (before, version, stored)


def test_a_changed_score_makes_the_page_anew(post, cast, readers):
    comment = makers.make_comment(cast.alice, post)
    marking.like(comment, readers[0])
    db.session.commit()
    db.session.expire_all()
    before = post.thread_version
    assert scoring.score(post.id) == 1
    db.session.commit()
    db.session.expire_all()
    assert post.thread_version == before + 1


def test_a_score_does_not_stand_in_the_way_of_an_edit(post, cast, readers):
    """It makes no new version of the comment, which somebody may have open to edit."""
    comment = makers.make_comment(cast.alice, post)
    version = comment.version
    marking.like(comment, readers[0])
    scoring.score(post.id)
    db.session.commit()
    db.session.expire_all()
    assert comment.version == version


def test_the_work_does_not_grow_with_the_comments(post, cast, readers):
    found = {}
    for size in (5, 400):
        discussion = makers.make_post(cast.arthur)
        ids = fill(discussion, [None] * size, [cast.alice])
        for number in ids[:3]:
            marking.like(db.session.get(Comment, number), readers[0])
        db.session.commit()
        discussion_id = discussion.id
        with counted_queries() as sent:
            assert scoring.score(discussion_id) == 3
        found[size] = len(sent)
        db.session.commit()
    assert found[5] == found[400] <= 4


def _event(post: Post):
    class Event:
        post_id = post.id

    return Event()


def test_all_scores_of_a_crowd_are_those_a_plain_count_gives(post, cast, readers, work):
    ids = fill(post, [None] * 12, [cast.alice])
    for place, number in enumerate(ids):
        for reader in readers[: place % 5]:
            marking.like(db.session.get(Comment, number), reader)
    work()
    likes = db.session.execute(select(Like.comment_id, Like.user_id, Like.created_at).order_by(Like.created_at)).all()
    newest = {like.user_id: like.created_at for like in likes}
    for comment in db.session.scalars(select(Comment)):
        mine = sum(like.comment_id == comment.id for like in likes)
        all_readers = sum(moment >= comment.published_at for moment in newest.values())
        assert comment.like_score == scoring.lower_bound(mine, max(mine, all_readers))
