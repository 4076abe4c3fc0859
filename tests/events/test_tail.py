"""The end of the log, where a lower number may appear after a higher one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from forum.events import tail
from forum.events.log import EventRow
from forum.foundation import clock
from forum.foundation.db import db

LONG_AGO = timedelta(minutes=10)


def store(*numbers: int, ago: timedelta = timedelta(0)) -> None:
    for number in numbers:
        db.session.add(EventRow(id=number, name="Anything", payload={}, created_at=clock.now() - ago))
    db.session.commit()


def read(place: tail.Place) -> tuple[tail.Place, list[int]]:
    rows = db.session.execute(
        select(EventRow.id, EventRow.created_at).where(place.unread()).order_by(EventRow.id)
    ).all()
    return place.after(rows), [row.id for row in rows]


def test_an_empty_log_ends_at_nothing(app):
    assert tail.end(db.session).settled == 0


def test_each_event_is_read_once(app):
    store(1, 2)
    place = tail.end(db.session)
    store(3, 4)
    place, first = read(place)
    place, second = read(place)
    assert (first, second, place.settled) == ([3, 4], [], 4)


def test_a_lower_number_that_appears_later_is_read_too(app):
    store(1)
    place = tail.end(db.session)
    store(3, 5)
    place, first = read(place)
    assert place.settled == 1, "whoever goes on from here must not pass what is missing"
    store(2)
    place, second = read(place)
    assert place.settled == 3
    store(4)
    place, third = read(place)
    assert (first, second, third) == ([3, 5], [2], [4])
    assert (place.settled, place.missing) == (5, {})


def test_a_follower_who_begins_beside_a_gap_waits_for_it(app):
    store(1, 3)
    place = tail.end(db.session)
    assert place.settled == 1
    store(2)
    assert read(place)[1] == [2]


def test_a_number_that_was_skipped_long_ago_is_not_waited_for(app):
    store(1, 3, ago=LONG_AGO)
    assert tail.end(db.session).settled == 3


def test_a_number_that_never_appears_is_given_up(app, monkeypatch):
    store(1)
    place = tail.end(db.session)
    store(3)
    place, _found = read(place)
    assert place.settled == 1
    later = clock.now() + tail.LONGEST_TRANSACTION + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert read(place)[0].settled == 3


def test_a_log_that_skipped_a_million_numbers_is_followed(app):
    store(1)
    place = tail.end(db.session)
    store(1_000_000)
    place, found = read(place)
    assert found == [1_000_000]
    assert len(place.missing) <= tail.MOST_MISSING


def test_two_transactions_at_once_hide_nothing(app):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite lets one write after the other")
    with db.engine.connect() as slow, db.engine.connect() as quick:
        slow.execute(EventRow.__table__.insert().values(name="Slow", payload={}, created_at=clock.now()))
        quick.execute(EventRow.__table__.insert().values(name="Quick", payload={}, created_at=clock.now()))
        quick.commit()
        seen_by_a_page = tail.end(db.session).settled
        db.session.rollback()
        slow.commit()
    names = db.session.scalars(select(EventRow.name).where(EventRow.id > seen_by_a_page))
    assert "Slow" in set(names)
