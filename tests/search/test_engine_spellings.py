"""Words as they are written, on every engine: how they begin, and how many documents hold them."""

from __future__ import annotations

from tests.search.shelf import answer, change, comment, found, keep, post


def test_a_prefix_finds_words_as_they_are_written(engine):
    keep(
        engine,
        comment(1, "Gardening all day"),
        comment(2, "Two gardens"),
        comment(3, "The guard"),
        post(4, "Garderobe"),
    )
    assert sorted(found(engine, "gard*")) == ["comment:1", "comment:2", "post:4"]
    assert found(engine, "gardeni*") == ["comment:1"], "the stem of gardening is shorter"
    assert found(engine, "gard* -garden") == ["post:4"]
    assert not answer(engine, "gard*").is_shortened


def test_a_prefix_stands_for_fifty_words_at_most_and_says_so(engine):
    keep(engine, *(comment(number, f"quo{chr(97 + number // 26)}{chr(97 + number % 26)}") for number in range(51)))
    assert answer(engine, "quo*").is_shortened
    assert len(found(engine, "quo*")) == 50
    assert not answer(engine, "quoa*").is_shortened


def test_a_name_in_code_is_found_whole_and_by_its_parts(engine):
    keep(engine, comment(1, "Set maxLength first, then save."), comment(2, "A length of rope"))
    assert set(found(engine, "length")) == {"comment:1", "comment:2"}
    for typed in ("maxlength", "maxLength", "leng* -rope", '"maxLength first"'):
        assert found(engine, typed) == ["comment:1"], typed
    assert engine.known(["length"]) == {"length": 2}


def test_how_many_documents_hold_a_word_as_it_is_written(engine):
    keep(engine, post(1, "Gardening", "in gardens"), comment(1, "Gardening. Gardening!"), comment(2, "Jardín"))
    assert engine.known(["gardening", "gardens", "garden", "jardin", "nothing"]) == {
        "gardening": 2,
        "gardens": 1,
        "jardin": 1,
    }
    change(engine, ["comment:1", "comment:2"])
    assert engine.known(["gardening", "jardin"]) == {"gardening": 1}


def test_words_that_begin_so(engine):
    keep(engine, post(1, "Gardening", "gardens"), comment(1, "Gardens, guards"), comment(2, "garderobe"))
    assert list(engine.beginning("gard", 10).items()) == [("gardening", 1), ("gardens", 2), ("garderobe", 1)]
    assert list(engine.beginning("gard", 2)) == ["gardening", "gardens"]
    assert engine.beginning("quokka", 10) == {}


def test_a_new_index_knows_no_words(engine):
    assert engine.known(["bus"]) == {}
    assert engine.beginning("bus", 10) == {}
    assert engine.entries() == {}
    assert engine.is_sound()
