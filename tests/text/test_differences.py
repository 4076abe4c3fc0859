"""What is marked between two versions of a text."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.text import differences
from forum.text.differences import ADDED, GONE, MOST_WORK, Budget, Piece, between

CASES = [
    ("I would borrow all of it.", "I would borrow every word.", "I would borrow [-all of it][+every word]."),
    ("the same", "the same", "the same"),
    ("", "new", "[+new]"),
    ("old", "", "[-old]"),
    ("", "", ""),
    ("one two", "one new two", "one [+new ]two"),
    ("one old two", "one two", "one [-old ]two"),
    ("He came", "He came.", "He came[+.]"),
    ("a b c d", "a x y d", "a [-b c][+x y] d"),
    ("a b c d", "a x c y", "a [-b][+x] c [-d][+y]"),
    ("It is Frist.", "It is first.", "It is [-Frist][+first]."),
    ("He's", "He is", "He[-'s][+ is]"),
    ("one\ntwo\nthree", "one\nthree", "one\n[-two\n]three"),
    ("one two", "one\n\ntwo", "one[- ][+\n\n]two"),
    ("**bold** words", "bold words", "[-**]bold[-**] words"),
    ("我们的书在这里", "我们的新书在这里", "我们的[+新]书在这里"),
    ("यह हिन्दी है", "यह हिंदी है", "यह [-हिन्दी][+हिंदी] है"),
    ("ภาษาไทย", "ภาษาไท", "ภาษาไท[-ย]"),
    ("two two two", "two two", "two two[- two]"),
]


def written(pieces: list[Piece]) -> str:
    return "".join({ADDED: "[+{}]", GONE: "[-{}]"}.get(piece.kind, "{}").format(piece.text) for piece in pieces)


@pytest.mark.parametrize(("before", "after", "shown"), CASES)
def test_words_that_changed_are_marked_and_no_others(before, after, shown):
    assert written(between(before, after, Budget())) == shown


def both(pieces: list[Piece]) -> tuple[str, str]:
    """The two versions, put together again."""
    return (
        "".join(piece.text for piece in pieces if piece.kind != ADDED),
        "".join(piece.text for piece in pieces if piece.kind != GONE),
    )


WORDS = st.lists(st.sampled_from(["a", "b", "the", " ", "  ", "\n", ".", "字", "é", "\u0301"]), max_size=60).map(
    "".join
)


@given(WORDS, WORDS, st.sampled_from([0, 5, 50, MOST_WORK]), st.sampled_from([1, 4, 9, differences.MOST_PIECES]))
def test_nothing_is_lost_however_little_may_be_spent_or_shown(before, after, work, most):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(differences, "MOST_PIECES", most)
        pieces = between(before, after, Budget(work))
    assert both(pieces) == (before, after)
    assert len(pieces) <= max(most, 2)


@given(WORDS, WORDS)
def test_no_piece_is_empty_and_no_two_neighbours_are_alike(before, after):
    pieces = between(before, after, Budget())
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


def prose(dice: random.Random, words: int) -> list[str]:
    """Words as they are spread in a language (Zipf's law): few are everywhere, many stand once."""
    ranks = range(1, 4_000)
    return [f"word{rank}" for rank in dice.choices(ranks, [1 / rank for rank in ranks], k=words)]


def test_a_long_text_with_many_changes_is_still_compared_in_words():
    dice = random.Random(1)
    before = prose(dice, 5_000)
    after = [dice.choice(before) if dice.random() < 0.05 else word for word in before]
    pieces = between(" ".join(before), " ".join(after), Budget())
    assert max(len(piece.text) for piece in pieces if piece.kind != "same") < 200


HOSTILE = {
    "one word again and again": ("a " * 16_000, "b " + "a " * 15_998 + "c"),
    "two words in turn": ("a b " * 8_000, "b a " * 8_000),
    "few signs": ("!?" * 16_000, "?!" * 16_000),
    "many words, all of them often": (
        " ".join(str(number * 7 % 101) for number in range(11_000)),
        " ".join(str(number * 11 % 101) for number in range(11_000)),
    ),
    "every second word": (
        " ".join(str(number) for number in range(5_000)),
        " ".join("x" if number % 2 else str(number) for number in range(5_000)),
    ),
    "one line again and again": ("a\n" * 2_400, "b\n" + "a\n" * 2_398 + "c"),
    "backwards": (
        "".join(chr(0x4E00 + number) for number in range(20_000)),
        "".join(chr(0x4E00 + number) for number in reversed(range(20_000))),
    ),
}


@pytest.mark.parametrize(("before", "after"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_versions_are_compared_within_the_budget(before, after):
    budget = Budget()
    pieces = between(before, after, budget)
    assert budget.work >= 0
    assert len(pieces) <= differences.MOST_PIECES
    assert both(pieces) == (before, after)


def test_what_one_version_spent_the_next_has_no_more():
    budget = Budget(3_000)
    shown = [len(between("a b c " * 300, "b c a " * 300 + str(number), budget)) for number in range(20)]
    assert shown[-1] == 2, "as a whole that went and a whole that came"


def test_a_change_of_nothing_but_lines_is_seen():
    gone, added = Piece(GONE, " "), Piece(ADDED, "\n\n")
    assert (gone.shown, added.shown, Piece("same", "\n").shown) == (" ", "¶\n¶\n", "\n")
