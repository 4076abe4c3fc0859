"""A request without a database, for rules that speak in sentences only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel


@pytest.fixture
def request_to() -> Iterator[Flask]:
    """A bare application, so that refusals find their language."""
    bare = Flask(__name__)
    Babel(bare)
    with bare.test_request_context():
        yield bare
