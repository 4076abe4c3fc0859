"""Each engine, empty and ready."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from flask import Flask
from flask_babel import Babel

from forum.search.engine import Engine
from forum.search.postgres_engine import PostgresEngine
from forum.search.whoosh_engine import WhooshEngine

ENGINES = ["whoosh", "postgresql"]


@pytest.fixture(scope="session")
def search_database(postgres: str) -> Iterator[sqlalchemy.Engine]:
    """The PostgreSQL server of the run, for an index in a schema of its own."""
    database = sqlalchemy.create_engine(postgres)
    yield database
    database.dispose()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """Empty, once of each kind: what is said of one must be true of the other."""
    made = _make(request, tmp_path)
    with made.writing():
        made.replace([])
    return made


@pytest.fixture
def whoosh(tmp_path: Path) -> WhooshEngine:
    """The one with files, in a folder of its own, empty."""
    made = WhooshEngine(tmp_path)
    with made.writing():
        made.replace([])
    return made


def _make(request: pytest.FixtureRequest, folder: Path) -> Engine:
    if request.param == "whoosh":
        return WhooshEngine(folder)
    return PostgresEngine(request.getfixturevalue("search_database"))


@pytest.fixture
def words() -> Iterator[None]:
    """Sentences for readers need a language, and nothing else of the site."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield
