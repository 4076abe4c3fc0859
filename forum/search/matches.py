"""Where in a text the words of a search stand, as the index understands them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from forum.search import analysis
from forum.search.analysis import Word
from forum.search.engine import Wish


class Match(NamedTuple):
    """A place that fulfils a wish, by the wish's number."""

    start: int
    end: int
    wish: int


class _Sought(NamedTuple):
    """A term of a wish: for each of its words, what the index may hold of it."""

    wish: int
    forms: tuple[set[str], ...]


def of(text: str, lang: str, wishes: Sequence[Wish], *, within: int, end_after: int | None = None) -> list[Match]:
    """All places in a cleaned text, in order; words that follow each other are one, up to `within` characters.

    With `end_after` only those up to so many characters after the first place from which all wishes are fulfilled
    `within` reach: nothing later is better.
    """
    if not wishes:
        return []
    walk = _Walk(text, lang, wishes, within)
    last_of: dict[int, int] = {}
    end = len(text)
    for word in analysis.words(text):
        if word.start > end:
            break
        here = walk.step(word)
        if end_after is None or not here:
            continue
        last_of.update({match.wish: match.start for match in here})
        if end == len(text) and len(last_of) == len(wishes):
            first = min(last_of.values())
            end = first + end_after if word.end <= first + within else end
    return sorted(walk.found)


class _Walk:
    """One walk through the words of a text."""

    def __init__(self, text: str, lang: str, wishes: Sequence[Wish], within: int) -> None:
        self.found: list[Match] = []
        self._text = text
        self._has_parts = analysis.has_parts(text)
        self._stem = analysis.stemmer(lang)
        self._within = within
        self._words: list[Word] = []
        self._terms: list[str] = []
        self._by_last: dict[str, list[_Sought]] = {}
        self._prefixes: list[tuple[int, str]] = []
        for number, wish in enumerate(wishes):
            for term in wish.terms:
                if term.is_prefix:
                    self._prefixes += [(number, letters) for letters in term.words]
                else:
                    self._seek(_Sought(number, tuple(analysis.forms(word) for word in term.words)))

    def _seek(self, sought: _Sought) -> None:
        for form in sought.forms[-1]:
            self._by_last.setdefault(form, []).append(sought)

    def step(self, word: Word) -> Sequence[Match]:
        """The places that end with this word. Nearly all words end none, and that must be cheap."""
        term = self._stem(word.text)
        self._words.append(word)
        self._terms.append(term)
        ending = self._by_last.get(term)
        if not (ending or self._prefixes or self._has_parts):
            return ()
        here = [match for one in ending or () if self._stands_here(one) for match in self._matches(one)]
        spelt = [word.text, *(analysis.parts(self._text, word) if self._has_parts else ())]
        here += [Match(word.start, word.end, wish) for wish in self._of_one_word(spelt)]
        self.found += here
        return here

    def _of_one_word(self, spelt: Sequence[str]) -> Iterator[int]:
        """The wishes that the beginning of a word fulfils, or a part of it; `spelt` is the word and its parts."""
        for each in spelt:
            yield from (wish for wish, letters in self._prefixes if each.startswith(letters))
        for part in spelt[1:]:
            yield from (one.wish for one in self._by_last.get(self._stem(part), ()) if len(one.forms) == 1)

    def _stands_here(self, sought: _Sought) -> bool:
        terms = self._terms[-len(sought.forms) :]
        return len(terms) == len(sought.forms) and all(
            term in forms for term, forms in zip(terms, sought.forms, strict=True)
        )

    def _matches(self, sought: _Sought) -> list[Match]:
        words = self._words[-len(sought.forms) :]
        if words[-1].end - words[0].start <= self._within:
            return [Match(words[0].start, words[-1].end, sought.wish)]
        return [Match(word.start, word.end, sought.wish) for word in words]
