"""One search at a time, and not too many that wait for it."""

from __future__ import annotations

import threading

import pytest

from forum.search import find, turns
from forum.search.asked import Asked

LONG = 10


def test_searches_go_one_after_the_other(app):
    is_alone, may_end, finished = threading.Event(), threading.Event(), []

    def ask(number: int) -> None:
        is_alone.set()
        may_end.wait(LONG)
        # Whoever came in meanwhile would have found the door open.
        finished.append((number, turns._turn.locked()))

    def search(number: int) -> None:
        with app.app_context():
            turns.take(ask, number)

    searches = [threading.Thread(target=search, args=(number,)) for number in range(turns.MOST_WAITING)]
    for one in searches:
        one.start()
    is_alone.wait(LONG)
    assert finished == []
    may_end.set()
    for one in searches:
        one.join(LONG)
    assert sorted(finished) == [(number, True) for number in range(turns.MOST_WAITING)]


def test_who_finds_too_many_waiting_is_told(app, monkeypatch):
    monkeypatch.setattr(turns, "_seats", threading.BoundedSemaphore(1))
    with pytest.raises(turns.Busy):
        turns.take(turns.take, str)
    assert turns.take(str, 1) == "1"
    turns._seats.acquire()
    found = find.run(Asked("quokka"))
    assert (found.is_ready, found.hits) == (False, [])
    assert "Many people" in found.notes[0]


def test_a_turn_ends_with_what_it_raises(app):
    for _number in range(turns.MOST_WAITING + 2):
        with pytest.raises(ZeroDivisionError):
            turns.take(divmod, 1, 0)
