"""Did you mean: words that no document holds, replaced by those of the index that are spelt most like them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from forum.search import analysis, pieces
from forum.search.analysis import Word
from forum.search.engine import Engine, Query, Term, Wish
from forum.search.language import LONGEST, Reading

# Shorter words are all like each other.
SHORTEST: Final = 4
# Up to so many letters one slip is believed, in longer words two.
LONGEST_FOR_ONE: Final = 5
# Of a search with more, nobody knows what was meant.
MOST_WORDS: Final = 3
# Words of the index that are looked at for one search: 3 ms a thousand.
MOST_LOOKED_AT: Final = 12_000
# A word of so many documents may be a slip that others made too, if the better one is in so many times more.
HARDLY, OFTENER = 2, 50

# Of an address, an expression or a prefix: such are meant as they stand.
_SIGNS: Final = re.compile(r"[*/@\\_=#&]|[.:]\w")


def better(engine: Engine, reading: Reading, stale: Collection[str] = ()) -> str | None:
    """The search with its misspelt words replaced, if each of the new words finds something. Raises NotReady.

    Nothing of the request is needed, so it can be done aside. What the whole search finds is not looked at here.
    """
    replacements = {word: other for word, other in candidates(engine, reading).items() if _finds(engine, other, stale)}
    typed = retyped(reading, replacements)
    return typed if replacements and len(typed) <= LONGEST else None


def candidates(engine: Engine, reading: Reading) -> dict[str, str]:
    """For misspelt words of the search, those of the index that may be meant; nothing is said of who may read them.
    Raises NotReady."""
    words = {word.text for word in _replaceable(reading) if _may_be_misspelt(word.text)}
    counts = dict.fromkeys(words, 0) | engine.known(words)
    doubtful = sorted((word for word in words if counts[word] <= HARDLY), key=lambda word: (counts[word], word))
    if not doubtful or sum(not counts[word] for word in words) > MOST_WORDS:
        return {}
    doubtful = doubtful[:MOST_WORDS]
    most = MOST_LOOKED_AT // len(doubtful)
    found = {word: _meant(engine, word, counts[word], most) for word in doubtful}
    return {word: other for word, other in found.items() if other}


def retyped(reading: Reading, replacements: Mapping[str, str]) -> str:
    """What was typed, with these words instead of others, and everything else as it is."""
    typed = reading.typed
    for word in sorted(_replaceable(reading), key=lambda word: word.start, reverse=True):
        if word.text in replacements:
            new = _cased(replacements[word.text], typed[word.start : word.end])
            typed = typed[: word.start] + new + typed[word.end :]
    return typed


def _finds(engine: Engine, word: str, stale: Collection[str]) -> bool:
    """Whether anybody may read it anywhere: one that only hidden comments hold must not be told. Asked as a prefix,
    which is looked for as it is written, not by its stem."""
    return bool(engine.find(Query(wishes=(Wish((Term((word,), is_prefix=True),)),)), 1, stale).hits)


def _replaceable(reading: Reading) -> list[Word]:
    """Not what stands in quotation marks or after a minus or an operator: that was written with care."""
    plain = [
        piece
        for piece in pieces.pieces(reading.typed)
        if not (piece.is_without or piece.is_quoted or piece.name or _SIGNS.search(piece.text))
    ]
    asked = {word.text for word in reading.words}
    return [
        word
        for word in analysis.words(reading.typed)
        if word.text in asked and any(piece.start <= word.start and word.end <= piece.end for piece in plain)
    ]


def _may_be_misspelt(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha()


def _meant(engine: Engine, word: str, count: int, most: int) -> str | None:
    """The word that this one stands for, None where there is none or this one is right as it is.

    Slips are rare in the first two letters, but for their order: all words with the first one are looked at last.
    """
    seen: dict[str, int] = {}
    for starts in ((word[:2], word[1] + word[0]), (word[0],)):
        for start in starts:
            seen |= engine.beginning(start, max(most - len(seen), 0))
        if _is_found_by_its_stem(word, seen):
            return None
        if other := _most_like(word, count, seen):
            return other
    return None


def _most_like(word: str, count: int, others: Mapping[str, int]) -> str | None:
    """The word with the fewest slips, of several the most frequent."""
    least = max(1, count * OFTENER)
    often = [other for other, number in others.items() if number >= least and other != word and other.isalpha()]
    slips = 1 if len(word) <= LONGEST_FOR_ONE else 2
    near = process.extract(
        word, often, scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=None, processor=None
    )
    return min(near, key=lambda one: (one[1], -others[one[0]], one[0]), default=(None,))[0]


def _is_found_by_its_stem(word: str, others: Collection[str]) -> bool:
    forms = analysis.forms(word)
    start = min(forms, key=len)[:-1]
    return any(
        other != word and other.startswith(start) and not forms.isdisjoint(analysis.forms(other)) for other in others
    )


def _cased(word: str, like: str) -> str:
    if len(like) > 1 and like.isupper():
        return word.upper()
    return word.capitalize() if like[:1].isupper() else word
