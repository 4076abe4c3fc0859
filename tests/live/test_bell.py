"""The bell between the worker and the web processes: a real Redis, and none."""

from __future__ import annotations

import threading
import time

import pytest

from forum.events import bell
from forum.events.bell import Bell
from forum.live import broadcaster
from forum.live.broadcaster import Broadcaster
from tests.live.steps import newest
from tests.makers import make_comment, make_post

NOBODY = "redis://127.0.0.1:1/0"


@pytest.mark.timeout(60)
def test_whoever_listens_hears_it_ring(redis_url):
    here, there = Bell(redis_url), Bell(redis_url)
    assert here.wait(5), "the first time it only begins to listen"
    threading.Timer(0.2, there.ring).start()
    # Longer than the test may take: only the bell ends it in time.
    assert here.wait(3600)
    here.close()


def test_without_redis_nobody_fails_and_nobody_relies_on_it():
    away = Bell(NOBODY)
    away.ring()
    assert not away.wait(5)
    assert not away.wait(5)


def test_redis_is_listened_to_again_when_it_is_back(redis_url, monkeypatch):
    monkeypatch.setattr(bell, "TIMEOUT", 0.1)
    here = Bell(redis_url)
    here.wait(5)
    here._heard.connection.disconnect()
    here._heard.connection.retry._retries = 0
    deadline = time.monotonic() + 20
    while not here.wait(0.1):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    threading.Timer(0.2, Bell(redis_url).ring).start()
    assert here.wait(20)
    here.close()


@pytest.mark.parametrize("is_there", [True, False], ids=["with Redis", "Redis away"])
def test_a_new_comment_is_told_by_the_bell_and_without_it(app, cast, listen, request, monkeypatch, is_there):
    url = request.getfixturevalue("redis_url") if is_there else NOBODY
    monkeypatch.setattr(broadcaster, "PAUSE_WITH_BELL", 60.0)
    live = app.extensions["live"] = Broadcaster(url, is_limited=False)
    post = make_post(cast.arthur)
    ear = listen(post, after=newest())
    ear.read()
    comment = make_comment(cast.bob, post)
    ringing = threading.Event()

    def ring() -> None:
        # As the worker does, which may be quicker than the listener.
        while is_there and not ringing.wait(0.1):
            Bell(url).ring()

    worker = threading.Thread(target=ring)
    worker.start()
    assert ear.hear()["comment"] == comment.id
    ringing.set()
    worker.join()
    ear.close()
    Bell(url).ring()
    assert live.wait_until_idle(10)
