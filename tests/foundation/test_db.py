"""The database keeps times in UTC, its own rules, and what was promised."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from forum.accounts.models import Session, User
from forum.foundation.db import among, db
from tests.cast import make_user


def test_a_time_of_any_zone_comes_back_in_utc(app):
    moment = datetime(2026, 7, 1, 23, 30, tzinfo=timezone(timedelta(hours=2)))
    alice = make_user("alice", created_at=moment)
    db.session.expire_all()
    assert alice.created_at == moment
    assert alice.created_at.tzinfo is UTC
    assert alice.created_at.hour == 21


def test_a_time_without_a_zone_is_a_mistake(app):
    with pytest.raises(StatementError, match="without a zone"):
        make_user("alice", created_at=datetime(2026, 7, 1))


def test_a_row_that_points_nowhere_is_refused(app):
    db.session.add(Session(user_id=999, secret_digest="x", expires_at=datetime.now(UTC)))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_an_address_and_its_key_come_together(app):
    db.session.add(User(username="x", username_key="x", name="X", email="x@example.org"))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_sqlite_keeps_what_it_was_given_through_a_power_cut(app):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("about SQLite")
    with db.engine.connect() as connection:
        asked = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.parametrize("wanted", [set(), {1}, {1, 3}, set(range(2, 2000))])
def test_many_numbers_are_one_value_of_a_statement(wanted, app):
    people = [make_user(name) for name in ("alice", "bob", "mona")]
    assert [person.id for person in people] == [1, 2, 3]
    found = db.session.scalars(select(User.id).where(among(User.id, "numbers")), {"numbers": wanted})
    assert set(found) == wanted & {1, 2, 3}
