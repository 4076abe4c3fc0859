"""Where the terms of a search stand: the documents that have them, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Final

from forum.search import analysis
from forum.search.arrays import Marks, Numbers, np
from forum.search.engine import Term, Wish, Words
from forum.search.weights import BODY, SURFACE, TITLE
from forum.search.whoosh_lists import Lists, Postings, places

_TEXTS: Final = (TITLE, BODY)

# The words a prefix stands for are the most frequent of those seen.
MOST_OF_PREFIX: Final = 50
_SEEN_OF_PREFIX: Final = 2_000


# The documents with a word, and in each the places of every form of it.
_Packed = dict[int, tuple[bytes, ...]]


@dataclass
class Matches:
    """The documents that fulfil a wish, and the lists they come from with their fields."""

    marks: Marks
    lists: list[tuple[str, Postings]] = field(default_factory=list)
    # Words as they are typed: a document that writes them so is a little better than one with another form.
    written: list[str] = field(default_factory=list)
    is_needed: bool = False

    def add(self, name: str, postings: Postings) -> None:
        if len(postings.ids):
            self.marks[postings.ids] = True
            self.lists.append((name, postings))


class Matching:
    """One look through the lists for the terms of one query, in an index of so many documents."""

    def __init__(self, lists: Lists, count: int) -> None:
        self._lists, self._count = lists, count
        self.is_shortened = False
        self._expanded: dict[str, list[str]] = {}

    def cost(self, wish: Wish) -> int:
        """How many postings are read to fulfil it."""
        return sum(self._lists.frequency(name, form) for term in wish.terms for name, form in self._places_of(term))

    def of_wish(self, wish: Wish) -> Matches:
        found = self._of_terms(wish.terms)
        found.is_needed = wish.is_needed
        return found

    def having(self, term: Term) -> Marks:
        return self._of_terms((term,)).marks

    def named(self, name: Words) -> Marks:
        """The posts and persons with a name that has all these words."""
        found = np.full(self._count, bool(name))
        for word in name:
            found &= self._marked(self._lists.ids("author", word))
        return found

    def _marked(self, ids: Numbers) -> Marks:
        found = np.zeros(self._count, np.bool_)
        found[ids] = True
        return found

    def _of_terms(self, terms: Iterable[Term]) -> Matches:
        found = Matches(np.zeros(self._count, np.bool_))
        for term in terms:
            if len(term.words) > 1 and not term.is_prefix:
                for name in _TEXTS:
                    found.add(name, self._phrase(name, term.words))
                continue
            for name, form in self._places_of(term):
                if name == SURFACE:
                    ids = self._lists.ids(name, form)
                    found.add(name, Postings(ids, np.ones(len(ids))))
                else:
                    found.add(name, self._lists.postings(name, form))
            if not term.is_prefix:
                found.written.extend(term.words)
        return found

    def _places_of(self, term: Term) -> Iterator[tuple[str, str]]:
        """The fields, and what of each is read for a term."""
        if term.is_prefix:
            yield from ((SURFACE, word) for letters in term.words for word in self._expand(letters))
        else:
            yield from ((name, form) for word in term.words for name in _TEXTS for form in analysis.forms(word))

    def _expand(self, letters: str) -> list[str]:
        if letters not in self._expanded:
            seen: Counter[str] = Counter()
            for word, frequency in self._lists.beginning(SURFACE, letters, _SEEN_OF_PREFIX):
                seen[word] += frequency
            self.is_shortened = self.is_shortened or len(seen) > MOST_OF_PREFIX
            best = nsmallest(MOST_OF_PREFIX, seen.items(), key=lambda item: (-item[1], item[0]))
            self._expanded[letters] = [word for word, _frequency in best]
        return self._expanded[letters]

    def _phrase(self, name: str, words: Words) -> Postings:
        """Where these words follow each other. The rarest are read first, and of the others only what is left."""
        steps = sorted(range(len(words)), key=lambda step: self._frequency(name, words[step]))
        first = self._packed(name, words[steps[0]])
        left: Collection[int] = first.keys()
        starts: dict[int, set[int]] = {}
        for turn, step in enumerate(steps[1:]):
            here = self._packed(name, words[step], left)
            if not turn:
                starts = {number: _starts(first[number], steps[0]) for number in here}
            both = ((number, starts[number] & _starts(packed, step)) for number, packed in here.items())
            starts = {number: kept for number, kept in both if kept}
            left = starts.keys()
        counts = [float(len(kept)) for kept in starts.values()]
        return Postings(np.array(list(starts), np.int64), np.array(counts, np.float64))

    def _frequency(self, name: str, word: str) -> int:
        return sum(self._lists.frequency(name, form) for form in analysis.forms(word))

    def _packed(self, name: str, word: str, among: Collection[int] | None = None) -> _Packed:
        found: _Packed = {}
        for form in analysis.forms(word):
            more = self._lists.packed_places(name, form, among)
            if found:
                found.update([(number, (*found.get(number, ()), packed)) for number, packed in more])
            else:
                found = {number: (packed,) for number, packed in more}
        return found


def _starts(packed: Iterable[bytes], step: int) -> set[int]:
    """Where a phrase would begin in a document that has its word of this step at these places."""
    return {place - step for one in packed for place in places(one)}
