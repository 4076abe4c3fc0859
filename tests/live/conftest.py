"""Streams that are closed after the test, and a broadcaster that looks often."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from forum.foundation.db import db
from forum.live import broadcaster
from forum.live.broadcaster import Broadcaster
from tests.live.ears import Ear
from tests.redis_server import redis_url

__all__ = ["redis_url"]

PATIENCE = 10


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcaster, "PAUSE", 0.02)


@pytest.fixture
def live(app: Flask) -> Iterator[Broadcaster]:
    """The site's broadcaster, new for each test, and at rest after it."""
    made = app.extensions["live"] = Broadcaster(None, is_limited=True)
    yield made
    made.close()
    # Before its database is put back to new.
    assert made.wait_until_idle(PATIENCE), "its thread goes on although nobody listens"


@pytest.fixture
def listen(app: Flask, live: Broadcaster) -> Iterator[Callable[..., Ear]]:
    """Open the stream of a post: `listen(post, after=3)`."""
    opened: list[Ear] = []

    def at(post, **asked) -> Ear:
        # What the test has read must not keep the database from changing.
        db.session.commit()
        ear = Ear.at(app, post, **asked)
        opened.append(ear)
        return ear

    yield at
    for ear in opened:
        ear.close()
