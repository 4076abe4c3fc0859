"""Kept text: made once, and never more of it than there is room for."""

from __future__ import annotations

import pytest

from forum.foundation.cache import Cache


def test_what_is_kept_is_made_once():
    cache, made = Cache(), []
    for _ in range(3):
        assert cache.get("a", lambda: made.append(1) or "text") == "text"
    assert made == [1]


def test_another_version_is_another_text():
    cache = Cache()
    assert cache.get(("post", 1), lambda: "old") == "old"
    assert cache.get(("post", 2), lambda: "new") == "new"


def test_the_least_recently_used_goes_first():
    cache = Cache(most_bytes=2 * 20)
    cache.get("a", lambda: "x" * 10)
    cache.get("b", lambda: "x" * 10)
    cache.get("a", lambda: "made again")
    cache.get("c", lambda: "x" * 10)
    assert cache.get("a", lambda: "made again") == "x" * 10
    assert cache.get("b", lambda: "made again") == "made again"


def test_what_is_larger_than_the_room_is_answered_and_not_kept():
    cache = Cache(most_bytes=10)
    assert cache.get("a", lambda: "x" * 100) == "x" * 100
    assert cache.get("a", lambda: "made again") == "made again"


def test_what_fails_is_not_kept():
    cache = Cache()

    def fail() -> str:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        cache.get("a", fail)
    assert cache.get("a", lambda: "text") == "text"
