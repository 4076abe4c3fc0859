"""Migrations, up and down, on a database with something in it; and how times and pragmas are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from forum.comments import keeping
from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.posts.models import Post, PostAuthor
from tests import makers


@pytest.fixture
def filled(app, cast, work):
    """Something in every table that people fill."""
    post = makers.make_post(cast.arthur, series="Buses", part=1, total=3, tags=["routes"])
    public = makers.make_comment(cast.alice, post)
    makers.make_comment(cast.bob, post, parent=public)
    makers.make_held(cast.nora, post)
    makers.make_removed(cast.bob, post, cast.mona)
    keeping.keep(post, public, "Not yet.", "en")
    work()
    db.session.remove()
    yield app
    db.session.remove()
    flask_migrate.upgrade()
    db.engine.dispose()


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_the_first_migration_makes_exactly_the_tables_of_the_models(app):
    assert tables() == set(db.metadata.tables)


def test_going_down_on_a_filled_database_leaves_nothing_and_up_again_works(filled):
    flask_migrate.downgrade(revision="base")
    db.engine.dispose()
    assert tables() == set()
    flask_migrate.upgrade()
    db.engine.dispose()
    assert tables() == set(db.metadata.tables)


def test_a_second_upgrade_of_a_filled_database_changes_nothing(filled):
    before = {name: db.session.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in sorted(tables())}
    db.session.remove()
    flask_migrate.upgrade()
    db.engine.dispose()
    after = {name: db.session.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in sorted(tables())}
    assert after == before
    assert {name for name, rows in before.items() if rows} >= {
        "users", "posts", "post_authors", "post_tags", "tags", "series", "comments", "cases", "signals",
        "decisions", "drafts", "events",
    }  # fmt: skip


def test_models_and_migrations_agree(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": False})
        assert compare_metadata(context, db.metadata) == []


def test_every_constraint_has_a_name_so_that_either_database_can_drop_it(app):
    for table in tables():
        found = inspect(db.engine)
        names = [found.get_pk_constraint(table)["name"]]
        names += [one["name"] for one in found.get_foreign_keys(table)]
        names += [one["name"] for one in found.get_unique_constraints(table)]
        names += [one["name"] for one in found.get_check_constraints(table)]
        assert all(names), table


@pytest.mark.parametrize(
    ("pragma", "value"), [("foreign_keys", 1), ("journal_mode", "wal"), ("synchronous", 2), ("busy_timeout", 10_000)]
)
def test_sqlite_keeps_its_word(pragma, value, app):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a setting of SQLite")
    assert db.session.scalar(text(f"PRAGMA {pragma}")) == value


def test_every_connection_of_the_pool_checks_foreign_keys(app, cast):
    with pytest.raises(IntegrityError):
        db.session.execute(
            PostAuthor.__table__.insert().values(
                post_id=4711, position=0, name="x", role="", organisation="", is_guest=False
            )
        )
    db.session.rollback()


def test_migrating_leaves_foreign_keys_checked(app, cast):
    flask_migrate.upgrade()
    db.engine.dispose()
    if db.engine.dialect.name == "sqlite":
        assert db.session.scalar(text("PRAGMA foreign_keys")) == 1


def test_times_come_back_aware_and_in_utc(app, cast):
    summer = timezone(timedelta(hours=2))
    post = makers.make_post(cast.arthur, closes_at=datetime(2031, 7, 1, 14, 30, tzinfo=summer))
    db.session.expire_all()
    stored = db.session.get(Post, post.id).closes_at
    assert stored == datetime(2031, 7, 1, 12, 30, tzinfo=UTC)
    assert stored.utcoffset() == timedelta(0)
    kept = db.session.scalar(text("SELECT CAST(closes_at AS TEXT) FROM posts"))
    assert kept.startswith("2031-07-01 12:30:00")


def test_a_time_without_a_zone_is_not_stored(app, cast):
    post = makers.make_post(cast.arthur)
    post.closes_at = datetime(2031, 7, 1)
    with pytest.raises(StatementError, match="without a zone"):
        db.session.flush()
    db.session.rollback()


def test_times_are_compared_as_moments(app, cast):
    post = makers.make_post(cast.arthur)
    makers.make_comment(cast.alice, post)
    west = timezone(timedelta(hours=-8))
    soon = (clock.now() + timedelta(minutes=1)).astimezone(west)
    late = (clock.now() - timedelta(minutes=1)).astimezone(west)
    assert db.session.scalars(select(Comment).where(Comment.created_at < soon)).all() != []
    assert db.session.scalars(select(Comment).where(Comment.created_at < late)).all() == []
