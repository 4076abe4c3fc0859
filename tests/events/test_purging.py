"""The outbox stays small, and keeps what waits."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from forum.events import purging
from forum.events.log import EventRow
from forum.foundation import clock
from forum.foundation.db import db


def test_only_what_was_relayed_long_ago_is_forgotten(app):
    long_ago = clock.now() - purging.KEPT_FOR - timedelta(minutes=1)
    lately = clock.now() - purging.KEPT_FOR + timedelta(minutes=1)
    for name, created, relayed in [
        ("old", long_ago, long_ago),
        ("waits since long ago", long_ago, None),
        ("lately", lately, lately),
    ]:
        db.session.add(EventRow(name=name, payload={}, created_at=created, relayed_at=relayed))
    db.session.commit()
    purging.forget_old()
    assert set(db.session.scalars(select(EventRow.name))) == {"waits since long ago", "lately"}


def test_the_newest_stays_so_that_numbers_do_not_begin_again(app):
    long_ago = clock.now() - purging.KEPT_FOR - timedelta(minutes=1)
    for name in ("older", "newest"):
        db.session.add(EventRow(name=name, payload={}, created_at=long_ago, relayed_at=long_ago))
        db.session.commit()
    last = db.session.scalar(select(EventRow.id).where(EventRow.name == "newest"))
    purging.forget_old()
    db.session.add(EventRow(name="next", payload={}))
    db.session.commit()
    assert db.session.scalar(select(EventRow.id).where(EventRow.name == "next")) == last + 1
