"""Visits to a discussion, and what came since the one before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.marks import muting, reading
from forum.marks.models import ReadingPosition
from forum.moderation import decisions
from tests import makers
from tests.comments.crowds import fill
from tests.queries import counted_queries

MINUTE = timedelta(minutes=1)


@pytest.fixture
def at(app):
    """Be at this many minutes from now."""
    start = clock.now()

    def travel(minutes: float):
        return time_machine.travel(start + minutes * MINUTE, tick=False)

    return travel


def look(user, post) -> reading.Visit:
    """Open a page, as a door does it."""
    found = reading.visit(user, post.id)
    if found.is_due:
        reading.record(user.id, post.id)
        db.session.commit()
        db.session.expire_all()
    return found


def position(user, post) -> ReadingPosition | None:
    db.session.expire_all()
    return db.session.get(ReadingPosition, (user.id, post.id))


def new_ids(user, post, since) -> list[int]:
    return [row.id for row in reading.new_in(user, post.id, since).rows]


def test_on_a_first_visit_nothing_is_new(cast, post, at):
    with at(0):
        visit = look(cast.alice, post)
    assert visit.begins
    assert visit.since is None


def test_a_pause_of_half_an_hour_begins_a_new_visit(cast, post, at):
    with at(0):
        look(cast.alice, post)
        first = clock.now()
    with at(29):
        assert not look(cast.alice, post).begins
    with at(58):
        # A stay with short pauses may last as long as it likes.
        assert look(cast.alice, post).since is None
        last = clock.now()
    with at(88):
        visit = look(cast.alice, post)
    assert visit.begins
    assert visit.since == last != first


def test_within_a_visit_the_same_stays_new(cast, post, at):
    with at(0):
        look(cast.alice, post)
        first = clock.now()
    with at(60):
        assert look(cast.alice, post).since == first
    for minutes in (61, 75, 100):
        with at(minutes):
            visit = look(cast.alice, post)
        assert not visit.begins
        assert visit.since == first


def test_most_pages_of_a_visit_write_nothing(cast, post, at):
    with at(0):
        assert look(cast.alice, post).is_due
    with at(0.9):
        assert not look(cast.alice, post).is_due
    with at(1):
        assert look(cast.alice, post).is_due


def test_of_two_pages_at_once_the_second_changes_nothing(app, cast, post, at):
    with at(0):
        look(cast.alice, post)
    user, number = cast.alice.id, post.id

    def tab(_place: int) -> None:
        with app.app_context():
            reading.record(user, number)
            db.session.commit()

    with at(60), ThreadPoolExecutor(2) as both:
        list(both.map(tab, range(6)))
    kept = position(cast.alice, post)
    assert kept.seen_at - kept.since == 60 * MINUTE


def test_two_first_pages_at_once_make_one_position(app, cast, post):
    user, number = cast.alice.id, post.id

    def tab(_place: int) -> None:
        with app.app_context():
            reading.record(user, number)
            db.session.commit()

    with ThreadPoolExecutor(4) as all_at_once:
        list(all_at_once.map(tab, range(8)))
    assert position(cast.alice, post).since is None
    assert len(db.session.scalars(select(ReadingPosition)).all()) == 1


# What is new


@pytest.fixture
def since(app):
    return clock.now() - MINUTE


def test_new_is_what_others_published_since(cast, post, since):
    old = makers.make_comment(cast.bob, post)
    db.session.execute(update(Comment).values(published_at=since - MINUTE))
    db.session.commit()
    new = makers.make_comment(cast.bob, post)
    makers.make_comment(cast.alice, post)
    makers.make_comment(cast.bob, makers.make_post(cast.arthur))
    assert new_ids(cast.alice, post, since) == [new.id]
    assert old.id not in new_ids(cast.alice, post, since)


def test_what_readers_cannot_read_is_never_new(cast, post, since):
    held, case = makers.make_held(cast.nora, post)
    makers.make_rejected(cast.nora, post, cast.mona)
    makers.make_removed(cast.bob, post, cast.mona)
    makers.make_withdrawn(cast.bob, post)
    for reader in (cast.alice, cast.mona, cast.nora):
        assert new_ids(reader, post, since) == []
    decisions.approve(case, cast.mona, case.version, "")
    db.session.commit()
    assert new_ids(cast.alice, post, since) == [held.id]


def test_a_comment_that_waited_is_new_from_its_approval_on(cast, post, at):
    with at(0):
        held, case = makers.make_held(cast.nora, post)
    with at(10):
        look(cast.alice, post)
    with at(20):
        decisions.approve(case, cast.mona, case.version, "")
        db.session.commit()
    with at(50):
        visit = look(cast.alice, post)
        assert new_ids(cast.alice, post, visit.since) == [held.id]


def test_what_a_muted_person_writes_is_not_new(cast, post, since):
    makers.make_comment(cast.mallory, post)
    said = makers.make_comment(cast.bob, post)
    muting.mute(cast.mallory, cast.alice)
    db.session.commit()
    assert new_ids(cast.alice, post, since) == [said.id]
    assert len(new_ids(cast.bob, post, since)) == 1


def test_the_number_stops_where_nobody_counts_any_more(cast, post):
    fill(post, [None] * (reading.MOST + 5), [cast.bob])
    found = reading.new_in(cast.alice, post.id, clock.now() - timedelta(days=50))
    assert found.is_cut
    assert len(found.rows) == reading.MOST
    assert found.rows[0].published_at > found.rows[-1].published_at


def test_a_crowd_of_muted_comments_does_not_make_the_number_look_whole(cast, post):
    fill(post, [None] * (reading.LOOKED_AT + 20), [cast.mallory] * 9 + [cast.bob])
    muting.mute(cast.mallory, cast.alice)
    db.session.commit()
    found = reading.new_in(cast.alice, post.id, clock.now() - timedelta(days=50))
    assert found.is_cut
    assert len(found.rows) == reading.LOOKED_AT // 10


def test_exactly_as_many_as_are_counted_are_not_more(cast, post):
    fill(post, [None] * reading.MOST, [cast.bob])
    found = reading.new_in(cast.alice, post.id, clock.now() - timedelta(days=50))
    assert not found.is_cut
    assert len(found.rows) == reading.MOST


# In lists


def test_a_list_counts_what_came_since_the_last_look(cast, post, at):
    never = makers.make_post(cast.arthur)
    with at(0):
        makers.make_comment(cast.bob, post)
        makers.make_comment(cast.bob, never)
        look(cast.alice, post)
    with at(5):
        makers.make_comment(cast.bob, post)
        makers.make_comment(cast.alice, post)
        makers.make_comment(cast.mallory, post)
        muting.mute(cast.mallory, cast.alice)
        db.session.commit()
    assert reading.unread_in(cast.alice, [post.id, never.id]) == {post.id: 1}
    with at(6):
        # Read again within the same visit: nothing is left.
        look(cast.alice, post)
    assert reading.unread_in(cast.alice, [post.id]) == {post.id: 0}


def test_a_list_counts_a_little_past_the_most_and_no_further(cast, post, at):
    with at(-60 * 24 * 60):
        look(cast.alice, post)
    fill(post, [None] * 400, [cast.bob])
    count = reading.unread_in(cast.alice, [post.id])[post.id]
    assert reading.MOST_IN_ROW < count <= reading.LOOKED_AT_IN_ROW


def test_a_page_of_rows_takes_one_query(cast, post):
    posts = [makers.make_post(cast.arthur) for _number in range(4)]
    for one in posts:
        look(cast.alice, one)
    user = cast.alice
    assert user.id
    numbers = [one.id for one in posts]
    with counted_queries() as sent:
        assert set(reading.unread_in(user, numbers)) == set(numbers)
    assert len(sent) == 1


def test_a_deleted_discussion_takes_its_positions_along(cast, post):
    look(cast.alice, post)
    db.session.delete(post)
    db.session.commit()
    assert db.session.scalars(select(ReadingPosition)).all() == []
