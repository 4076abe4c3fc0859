"""An engine in a folder of its own, empty and ready."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

from forum.search.engine import Engine
from forum.search.whoosh_engine import WhooshEngine


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = WhooshEngine(tmp_path)
    with made.writing():
        made.replace([])
    return made


@pytest.fixture
def words() -> Iterator[None]:
    """Sentences for readers need a language, and nothing else of the site."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield
