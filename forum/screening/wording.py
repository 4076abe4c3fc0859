"""The words of a text, and everything each may be read as."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from forum.screening.folding import LETTER, SIGNS, places, readings

# Of one word so many places are told.
MOST_PLACES = 20

# What may stand between the letters of one word. Not what stands in words anyhow: in he'll and and/or.
_JOINERS = r".\-*~+·•^=:\\"
_CLUMP = re.compile(rf"[{LETTER}{SIGNS}{_JOINERS}]+")
WORD = re.compile(rf"[{LETTER}]+")

Forms = dict[str, list[tuple[int, int]]]


class Place(NamedTuple):
    """Where a word stands in the text, by its characters."""

    start: int
    end: int


class Word(NamedTuple):
    """A word of the text, and everything it may be read as."""

    forms: tuple[str, ...]
    start: int
    end: int


class Folded:
    """A folded text, and the way back to the characters that were typed."""

    def __init__(self, text: str, typed: str, alike: bool) -> None:
        self.text = text
        self._typed = typed
        self._alike = alike
        self._places: list[int] | None = None
        # A text in Cyrillic or Greek is full of words that look Latin and are not.
        self._needs_latin = alike and not _is_mostly_latin(typed)

    def place(self, start: int, end: int) -> Place | None:
        """The same in the text as it was typed, or None where nothing but the look is Latin, in a text that is not."""
        if self._places is None:
            self._places = places(self._typed, self._alike) or list(range(len(self._typed) + 1))
        last = self._places[end - 1] + 1
        # A mark belongs to the letter before it.
        while last < self._places[end] and unicodedata.category(self._typed[last])[0] == "M":
            last += 1
        place = Place(self._places[start], last)
        if self._needs_latin and not any("a" <= c <= "z" for c in self._typed[place.start : place.end].lower()):
            return None
        return place


def read(text: str, forms: Forms) -> list[Word]:
    """The words of a folded text in their order. What they may be read as is added to `forms`, with its places."""
    words = []
    for clump in _CLUMP.finditer(text):
        whole, start, end = clump.group(), clump.start(), clump.end()
        if whole.isalpha():
            _note(forms, whole, start, end)
            words.append(Word((whole,), start, end))
            continue
        parts = list(WORD.finditer(whole))
        for part in parts:
            readable = (part.group(), *([] if part.group().isalpha() else readings(part.group())))
            words.append(Word(readable, start + part.start(), start + part.end()))
            for form in readable:
                _note(forms, form, start + part.start(), start + part.end())
        if parts:
            _add_readings(whole, start, forms, words, len(parts))
    return words


def _note(forms: Forms, form: str, start: int, end: int) -> None:
    known = forms.setdefault(form, [])
    if len(known) < MOST_PLACES:
        known.append((start, end))


def _add_readings(whole: str, start: int, forms: Forms, words: list[Word], parts: int) -> None:
    """A clump read as one word: f.r.e.e, sh!t, $pam."""
    together = re.sub(rf"[{_JOINERS}]+", "", whole)
    readable = {together, *readings(together)}
    span = (start, start + len(whole.rstrip("!|.:")))
    for form in readable:
        if form:
            _note(forms, form, *span)
    if parts == 1 and words:
        last = words[-1]
        words[-1] = Word((*last.forms, *sorted(readable - set(last.forms))), *span)


def _is_mostly_latin(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return 2 * sum(c < "\u0250" or "\u1d00" <= c <= "\u1eff" or c > "\uff00" for c in letters) >= len(letters)
