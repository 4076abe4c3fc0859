"""What is too much to read or to compare, and an index in several pieces."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forum.search import whoosh_ranking
from forum.search.engine import NEWEST, Query
from tests.search.shelf import MOST, answer, comment, keep, keys, query, wish


@pytest.fixture
def small_limits(monkeypatch):
    monkeypatch.setattr(whoosh_ranking, "MOST_RANKED", 10)


def test_of_very_many_results_the_newest_are_compared_and_counted(whoosh, small_limits):
    keep(whoosh, *(comment(number, "bus") for number in range(1, 31)))
    for order in ({}, {"order": NEWEST}):
        cut = answer(whoosh, "bus", **order)
        assert cut.is_cut
        assert keys(cut) == [f"comment:{number}" for number in range(30, 20, -1)]
        assert len(cut.tally) == 10
    assert not answer(whoosh, "bus", until=comment(11, "").created_at).is_cut


def test_whatever_has_a_rare_word_is_compared_however_old_it_is(whoosh, small_limits):
    keep(whoosh, comment(1, "A quokka on a bus"), *(comment(number, "bus") for number in range(2, 31)))
    cut = answer(whoosh, "bus quokka")
    assert cut.is_cut
    assert keys(cut)[0] == "comment:1"
    assert len(cut.hits) == 10


def test_wishes_with_too_much_to_read_are_left_out_the_most_frequent_first(whoosh, monkeypatch):
    monkeypatch.setattr(whoosh_ranking, "MOST_READ", 12)
    keep(whoosh, *(comment(number, "bus") for number in range(1, 31)), comment(40, "quokka"), comment(41, "a bus tram"))
    cut = answer(whoosh, "bus quokka tram")
    assert cut.is_cut
    assert sorted(keys(cut)) == ["comment:40", "comment:41"]
    alone = answer(whoosh, "bus")
    assert (len(alone.hits), alone.is_cut) == (31, False), "one is read, however much it is"


def test_what_is_needed_is_read_however_much_it_is(whoosh, monkeypatch):
    monkeypatch.setattr(whoosh_ranking, "MOST_READ", 12)
    keep(whoosh, *(comment(number, "bus") for number in range(1, 31)), comment(40, "tram"), comment(41, "a bus tram"))
    both = whoosh.find(Query((wish("bus", is_needed=True), wish("tram", is_needed=True))), MOST)
    assert keys(both) == ["comment:41"]
    assert not both.is_cut


def test_an_index_in_pieces_answers_as_one_in_one_piece(whoosh):
    texts = ["a red bus", "running late", "the red bus was running late", "a bus", "trees and a red tree", "late"]
    documents = [comment(number, texts[number % 6], on=number % 5, writer=number % 3) for number in range(200)]
    for start in range(0, 200, 40):
        keep(whoosh, *documents[start : start + 40])
    asked = [query(typed) for typed in ("red bus", '"red bus"', "late*", "tree -red", "bus OR late", "in:comments")]
    with whoosh._reading() as reader:
        assert len(reader.leaf_readers()) > 2
    pieces = [whoosh.find(one, MOST) for one in asked]
    words = whoosh.known(["late", "trees", "running"]), whoosh.beginning("r", 5)
    with whoosh.writing():
        whoosh.replace(documents)
    for before, after in zip(pieces, [whoosh.find(one, MOST) for one in asked], strict=True):
        assert replace(before, tally=sorted(before.tally)) == replace(after, tally=sorted(after.tally))
    assert words == (whoosh.known(["late", "trees", "running"]), whoosh.beginning("r", 5))


def test_phrases_are_found_at_the_ends_of_blocks(whoosh):
    """Whoosh keeps a list in blocks of 128 documents, and those without any that is looked for are not read."""
    red = {0, 127, 128, 255, 256, 399}
    with whoosh.writing():
        whoosh.replace(comment(number, "red bus" if number in red else "a bus") for number in range(400))
    assert keys(answer(whoosh, '"red bus"')) == [f"comment:{number}" for number in sorted(red, reverse=True)]
    assert len(keys(answer(whoosh, '"a bus"'))) == 400 - len(red)
