"""Kept things: made once however many ask, never more than there is room for, and shared where there is a Redis."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from forum.foundation import cache as caches
from forum.foundation.cache import Cache, InRedis, Texts
from tests.held import Held

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20


@pytest.fixture
def cache() -> Cache[str]:
    return Cache(len)


def test_what_is_kept_is_made_once(cache):
    made = []
    for _ in range(3):
        assert cache.get("a", lambda: made.append(1) or "text") == "text"
    assert made == [1]


def test_another_version_is_another_text(cache):
    assert cache.get(("post", 1), lambda: "old") == "old"
    assert cache.get(("post", 2), lambda: "new") == "new"


def test_the_least_recently_used_goes_first():
    cache = Cache(len, most_bytes=20)
    cache.get("a", lambda: "x" * 10)
    cache.get("b", lambda: "x" * 10)
    cache.get("a", lambda: "made again")
    cache.get("c", lambda: "x" * 10)
    assert cache.get("a", lambda: "made again") == "x" * 10
    assert cache.get("b", lambda: "made again") == "made again"


def test_what_is_larger_than_the_room_is_answered_and_not_kept():
    cache = Cache(len, most_bytes=10)
    assert cache.get("a", lambda: "x" * 100) == "x" * 100
    assert cache.get("a", lambda: "made again") == "made again"


def test_text_counts_as_what_it_takes_in_memory():
    texts = Texts(most_bytes=2 * 20)
    for name in "abc":
        texts.get(name, lambda: "x" * 10)
    assert texts.get("b", lambda: "made again") == "x" * 10
    assert texts.get("a", lambda: "made again") == "made again"


def test_what_fails_is_not_kept(cache):
    def fail() -> str:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        cache.get("a", fail)
    assert cache.get("a", lambda: "text") == "text"


def test_to_look_makes_nothing(cache):
    assert cache.peek("a") is None
    cache.get("a", lambda: "text")
    assert cache.peek("a") == "text"


# Many at once


class Kitchen:
    """Makes one thing, slowly, and counts how often."""

    def __init__(self, made: str | Exception = "text") -> None:
        self.held, self.count, self._made = Held(), 0, made

    def make(self) -> str:
        self.count += 1
        self.held.wait()
        if isinstance(self._made, Exception):
            raise self._made
        return self._made


def ask_at_once(cache: Cache[str], kitchen: Kitchen) -> list[str | Exception]:
    def ask() -> str | Exception:
        try:
            return cache.get("a", kitchen.make)
        except RuntimeError as error:
            return error

    return kitchen.held.ask_at_once(8, ask)


@contextmanager
def while_it_is_made(cache: Cache[str]) -> Iterator[None]:
    kitchen = Kitchen()
    with kitchen.held.during(lambda: cache.get("a", kitchen.make)):
        yield


def test_many_who_ask_at_once_wait_for_the_first(cache):
    kitchen = Kitchen()
    assert ask_at_once(cache, kitchen) == ["text"] * 8
    assert kitchen.count == 1


def test_when_the_first_fails_everybody_is_answered_and_nobody_waits_for_ever(cache):
    failure = RuntimeError("no text")
    assert ask_at_once(cache, Kitchen(failure)) == [failure] * 8
    assert cache.get("a", lambda: "text") == "text"


def test_who_asks_for_something_else_does_not_wait(cache):
    with while_it_is_made(cache):
        assert cache.get("b", lambda: "other") == "other"


def test_who_has_waited_long_enough_makes_it_themselves(cache, monkeypatch):
    monkeypatch.setattr(caches, "PATIENCE", 0)
    with while_it_is_made(cache):
        assert cache.get("a", lambda: "own") == "own"
    assert cache.get("a", lambda: "never") == "text"


def test_to_forget_while_something_is_made_loses_nothing(cache):
    with while_it_is_made(cache):
        cache.clear()
    assert cache.get("a", lambda: "made again") == "text"


_GREENLETS = """
from gevent import monkey
monkey.patch_all()
import gevent
from forum.foundation.cache import Cache

cache, made = Cache(len), []

def make():
    made.append(1)
    gevent.sleep(0.2)
    return "text"

waiting = [gevent.spawn(cache.get, "a", make) for _ in range(50)]
gevent.joinall(waiting, timeout=20)
print(len(made), sum(greenlet.value == "text" for greenlet in waiting))
"""


def test_under_gevent_greenlets_wait_for_the_first_too():
    said = subprocess.run(
        [sys.executable, "-c", _GREENLETS], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert said.stdout.split() == ["1", "50"]


# Beyond this process


class Shelf:
    """A place beyond the process, in memory."""

    def __init__(self) -> None:
        self.rows: dict[object, str] = {}

    def get(self, key):
        return self.rows.get(key)

    def put(self, key, text):
        self.rows[key] = text


def test_what_another_process_has_made_is_not_made_again():
    one, other = Texts(), Texts()
    one.beyond = other.beyond = Shelf()
    assert one.get("a", lambda: "text") == "text"
    assert other.get("a", lambda: "made again") == "text"


def test_what_is_near_is_not_looked_for_far_away():
    texts = Texts()
    texts.beyond = shelf = Shelf()
    texts.get("a", lambda: "text")
    shelf.rows["a"] = "other"
    assert texts.get("a", lambda: "made again") == "text"


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    """A Redis of our own, and its address."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    command = [
        program,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(tmp_path_factory.mktemp("redis")),
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            assert time.monotonic() < deadline, "Redis does not start"
            time.sleep(0.05)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait(PATIENCE)


@pytest.fixture
def patient(monkeypatch):
    """A busy machine may be slow: what is slow on it is not away."""
    monkeypatch.setattr(caches, "SLOWEST", 10)


KEY = ("thread", 7, 3, True, "oldest", "Stretch(first='')", 0, "cy")


def test_redis_gives_back_what_it_was_given(redis, patient):
    shelf = InRedis(redis, "site")
    assert shelf.get(KEY) is None
    shelf.put(KEY, "<p>ŵy “x” \x00</p>" * 1000)
    assert shelf.get(KEY) == "<p>ŵy “x” \x00</p>" * 1000
    assert InRedis(redis, "site").get(KEY) == shelf.get(KEY)


def test_another_site_and_another_version_find_nothing_there(redis, patient):
    InRedis(redis, "site one").put(KEY, "text")
    assert InRedis(redis, "site two").get(KEY) is None
    assert InRedis(redis, "site one").get((*KEY, "more")) is None


def test_rubbish_in_redis_is_nothing(redis, patient):
    shelf = InRedis(redis, "rubbish")
    shelf._redis.set(shelf._name(KEY), b"\xff\x00rubbish")
    assert shelf.get(KEY) is None


def test_what_is_in_redis_goes_after_a_while(redis, patient):
    shelf = InRedis(redis, "ends")
    shelf.put(KEY, "text")
    assert 0 < shelf._redis.ttl(shelf._name(KEY)) <= caches.KEPT_SECONDS


def test_without_an_answer_of_redis_texts_are_made_and_redis_is_left_alone(caplog):
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    texts = Texts()
    texts.beyond = InRedis(f"redis://127.0.0.1:{port}/0", "site")
    for number in range(20):
        assert texts.get(number, lambda: "text") == "text"
    assert len(caplog.records) == 1


def test_redis_is_asked_again_after_a_while(redis, patient, monkeypatch):
    shelf = InRedis(redis, "back")
    monkeypatch.setattr(caches, "LEFT_ALONE", 0)
    shelf._redis.connection_pool.disconnect()
    with monkeypatch.context() as patch:
        patch.setattr(shelf._redis, "get", _away)
        assert shelf.get(KEY) is None
    shelf.put(KEY, "text")
    assert shelf.get(KEY) == "text"


def _away(_name):
    raise caches.redis.RedisError("away")
