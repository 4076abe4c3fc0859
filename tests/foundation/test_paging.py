"""Cursors: read back as they were made, and refused when anybody else made them."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_babel import Babel

from forum.foundation import paging
from forum.foundation.errors import Refused

MOMENT = datetime(2026, 2, 10, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def request_to():
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


def word(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize("parts", [(MOMENT, 7), ("0001.0002",), (0, 2**31 - 1), ("ŵ",)])
def test_a_cursor_is_read_back(parts):
    assert paging.read(paging.cursor(*parts), *map(type, parts)) == parts


def test_no_word_is_the_beginning():
    assert paging.read("", int) is None


@pytest.mark.parametrize(
    ("damaged", "kinds"),
    [
        ("x", (int,)),
        ("é", (int,)),
        ("====", (int,)),
        (word([1, 2]), (int,)),
        (word({"0": 1}), (int,)),
        (word([True]), (int,)),
        (word([2**31]), (int,)),
        (word([-(2**31) - 1]), (int,)),
        (word(["1"]), (int,)),
        (word([1]), (str,)),
        (word([None]), (str,)),
        (word(["a\0b"]), (str,)),
        (word(["\ud800"]), (str,)),
        (word(["2026-02-10"]), (datetime,)),
        (word(["2026-02-10T09:30:00"]), (datetime,)),
        (word(["0001-01-01T00:00:00+14:00"]), (datetime,)),
        (word(["9999-12-31T23:59:59-14:00"]), (datetime,)),
        (word([[]]), (datetime,)),
        (word(["x" * 400]), (str,)),
        ("[" * 290, (int,)),
    ],
)
def test_a_damaged_cursor_is_refused_in_words(damaged, kinds):
    with pytest.raises(Refused, match="damaged"):
        paging.read(damaged, *kinds)
