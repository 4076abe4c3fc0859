"""Heavy work beside a request; what gevent makes of it is in tests/running/test_gevent.py."""

from __future__ import annotations

import pytest

from forum.foundation import aside
from forum.foundation.db import db
from tests.cast import make_user


def test_it_answers_what_the_work_answers():
    assert aside.run(divmod, 7, 2) == (3, 1)


def test_it_raises_what_the_work_raises():
    with pytest.raises(ZeroDivisionError):
        aside.run(divmod, 7, 0)


def test_a_request_that_has_only_read_may_work(app):
    make_user("alice")
    assert db.session.scalar(db.select(db.func.count()).select_from(db.text("users"))) == 1
    assert aside.run(len, "abc") == 3


def test_a_request_that_has_begun_to_write_to_sqlite_may_not(app):
    alice = make_user("alice")
    alice.name = "Alice Otherwise"
    db.session.flush()
    if db.engine.dialect.name == "sqlite":
        with pytest.raises(aside.TooLate):
            aside.run(len, "abc")
    else:
        assert aside.run(len, "abc") == 3, "PostgreSQL lets others write meanwhile"
