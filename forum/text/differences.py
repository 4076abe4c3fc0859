"""What changed between two versions of a text, in words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final

SAME, ADDED, GONE = "same", "added", "gone"

# How many pairs of equal words may be looked at for all the versions on one page; a million take a tenth of a second.
# Two versions of 32,000 characters need less than that, even where one is the other rewritten.
MOST_WORK: Final = 2_000_000
# Each is a line of HTML. Where there are more, what stayed between two changes is shown as changed too: first a word,
# then half a line, then two lines.
MOST_PIECES: Final = 2_000
SHORTEST: Final = (0, 10, 40, 160)

# Signs stand alone, so that a full stop put at the end does not change the word before it; so do the letters of
# scripts that put no space between words. What accents and vowel signs belong to is left whole.
_SIGNS: Final = r"!-/:-@\[-`{-~\u00a1-\u00bf\u2010-\u2027\u2030-\u205e\u3001-\u3003\u3008-\u3011\uff01-\uff0f"
_ALONE: Final = r"\u0e01-\u0e2e\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_REST: Final = rf"[^\s{_SIGNS}{_ALONE}]"
_WORDS: Final = re.compile(rf"\s+|[{_SIGNS}]|[{_ALONE}]{_REST}*|{_REST}+")
_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True)
class Piece:
    """A stretch of text that is the same in both versions, was added, or is gone. It is text, not HTML."""

    kind: str
    text: str

    @property
    def shown(self) -> str:
        """The text; where only space was changed, with a sign at each end of a line, so that something is seen."""
        return self.text.replace("\n", "¶\n") if self.kind != SAME and self.text.isspace() else self.text


class Budget:
    """How much work the versions of one page may still cost together."""

    def __init__(self, work: int = MOST_WORK) -> None:
        self.work = work


class _TooMuchWork(Exception):
    pass


def between(before: str, after: str, budget: Budget) -> list[Piece]:
    """The later version, with what was added to the earlier one and what is gone from it, in reading order.

    In words; a stretch where that is too much work, in lines; where that is too, as gone and added.
    """
    pieces = [*_by_words(_WORDS.findall(before), _WORDS.findall(after), budget)]
    for shortest in SHORTEST:
        tidy = _tidied(pieces, shortest)
        if len(tidy) <= MOST_PIECES:
            return tidy
    return _replaced(before, after)


def _by_words(old: Sequence[str], new: Sequence[str], budget: Budget) -> Iterator[Piece]:
    """Between words that stand in both versions just once, the rest is compared in small stretches."""
    i = j = 0
    for next_i, next_j in [*_landmarks(old, new), (len(old), len(new))]:
        yield from _compared(old[i:next_i], new[j:next_j], budget)
        yield from _same(old[next_i : next_i + 1])
        i, j = next_i + 1, next_j + 1


def _landmarks(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The most words that stand once in each and in the same order: Bram Cohen's patience diff, linear but for a log.

    https://bramcohen.livejournal.com/73318.html
    """
    counts, others = Counter(old), Counter(new)
    place = {word: j for j, word in enumerate(new)}
    pairs = [(i, place[word]) for i, word in enumerate(old) if counts[word] == 1 == others[word] and not word.isspace()]
    # Of the rising runs of each length, the smallest place one ends at, and its last pair. What comes before each pair.
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_i, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [j]
        last[length : length + 1] = [number]
    run = []
    number = last[-1] if last else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


def _compared(old: Sequence[str], new: Sequence[str], budget: Budget) -> Iterator[Piece]:
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    middle = old[start : len(old) - end], new[start : len(new) - end]
    yield from _same(old[:start])
    try:
        yield from _matched(*middle, budget)
    except _TooMuchWork:
        yield from _by_lines("".join(middle[0]), "".join(middle[1]), budget)
    yield from _same(old[len(old) - end :])


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many parts both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _by_lines(before: str, after: str, budget: Budget) -> list[Piece]:
    try:
        return _matched(_LINES.findall(before), _LINES.findall(after), budget)
    except _TooMuchWork:
        return _replaced(before, after)


def _matched(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Piece]:
    """Raises _TooMuchWork."""
    pieces: list[Piece] = []
    for kind, i1, i2, j1, j2 in _Matcher(old, new, budget).get_opcodes():
        pieces += _same(old[i1:i2]) if kind == "equal" else _replaced("".join(old[i1:i2]), "".join(new[j1:j2]))
    return pieces


class _Matcher(SequenceMatcher[str]):
    """The library's, kept to a budget: for two texts of one word again and again it would need minutes."""

    def __init__(self, old: Sequence[str], new: Sequence[str], budget: Budget) -> None:
        self._budget = budget
        # Space begins no match. In long texts, neither do words that are everywhere.
        super().__init__(str.isspace, old, new)

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None):
        """As the library's. Raises _TooMuchWork, and has spent nothing then."""
        places: dict[str, list[int]] = self.b2j  # type: ignore[attr-defined]
        words: Sequence[str] = self.a[alo:ahi]  # type: ignore[attr-defined]
        work = len(words) + sum(map(len, filter(None, map(places.get, words))))
        if work > self._budget.work:
            raise _TooMuchWork
        self._budget.work -= work
        return super().find_longest_match(alo, ahi, blo, bhi)


def _same(parts: Sequence[str]) -> list[Piece]:
    return [Piece(SAME, "".join(parts))] if parts else []


def _replaced(old: str, new: str) -> list[Piece]:
    return [piece for piece in (Piece(GONE, old), Piece(ADDED, new)) if piece.text]


def _tidied(pieces: Sequence[Piece], shortest: int) -> list[Piece]:
    """Neighbours of one kind as one piece, and changes as one change that have less than this between them.

    Words replaced side by side always are: the space between them says nothing.
    """
    tidy: list[Piece] = []
    gone = added = kept = ""
    for piece, following in zip_longest(pieces, pieces[1:]):
        is_between = (gone or added) and following and following.kind != SAME
        says_nothing = len(piece.text) < shortest or (gone.strip() and added.strip() and piece.text.isspace())
        if piece.kind == GONE:
            gone += piece.text
        elif piece.kind == ADDED:
            added += piece.text
        elif is_between and says_nothing:
            gone, added = gone + piece.text, added + piece.text
        else:
            tidy += _replaced(gone, added)
            gone = added = ""
            kept += piece.text
        if kept and (following is None or following.kind != SAME):
            tidy.append(Piece(SAME, kept))
            kept = ""
    return tidy + _replaced(gone, added)
