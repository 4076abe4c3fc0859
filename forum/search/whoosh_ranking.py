"""Which documents answer a query, and which of them best: BM25F over the words of text and title.

Robertson, Zaragoza: The Probabilistic Relevance Framework (2009), 3.5. The walk is ours, word by word,
because Whoosh's own collectors count and filter wrongly; of Whoosh only the lists of postings are used.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from whoosh.reading import IndexReader, TermNotFound

from forum.search import analysis
from forum.search.engine import COMMENT, KINDS, Answer, Hit, Query

# How soon further occurrences of a word count for less, and how much the length of a text matters.
K1: Final = 1.2
B: Final = 0.75
# A word in a title says more about a post than one in its text; in the title above a comment, less.
WEIGHTS: Final = {"title": 3.0, "body": 1.0}
TITLE_ABOVE: Final = 0.3
# What a document keeps of its score when it has hardly any of the words.
SOME_WORDS: Final = 0.5

Documents = dict[int, float]


@dataclass
class _Found:
    """Where one word is: its weight in each document, and in the titles of posts by their number."""

    weights: Documents
    titles: Documents
    rarity: float


class Ranking:
    """One walk through an open index for one query."""

    def __init__(self, reader: IndexReader, query: Query) -> None:
        self._reader, self._query = reader, query
        self._numbers, self._posts = reader.column_reader("number"), reader.column_reader("post")
        self._kinds, self._written = reader.column_reader("kind"), reader.column_reader("created")

    def answer(self, most: int) -> Answer:
        words = [self._find(word) for word in self._query.ranked_words]
        found: dict[str, list[tuple[float, int, int]]] = {kind: [] for kind in KINDS}
        is_whole = False
        for number in self._candidates(words):
            kind = self._kinds[number]
            score, share = self._score(number, kind, words)
            is_whole = is_whole or share == 1
            # Newer first among equals.
            found[kind].append((round(score, 6), self._written[number], number))
        best = heapq.merge(*(heapq.nlargest(most, rows) for rows in found.values()), reverse=True)
        counts = Counter({kind: len(rows) for kind, rows in found.items()})
        return Answer([self._hit(number, score) for score, _when, number in best], dict(counts), is_whole)

    def _candidates(self, words: list[_Found]) -> Collection[int]:
        """Who has any of the words, all that must be there, and nothing that must not."""
        query = self._query
        sets = [self._having(phrase) for phrase in query.phrases]
        sets += [set(self._authored(name)) for name in query.authors]
        if words and not query.phrases:
            sets.append({number for word in words for number in word.weights})
        wanted = set.intersection(*sets)
        for phrase in query.without:
            wanted -= self._having(phrase)
        for name in query.without_authors:
            wanted.difference_update(self._authored(name))
        return wanted

    def _score(self, number: int, kind: str, words: list[_Found]) -> tuple[float, float]:
        """How well one document answers, and the share of the words it has."""
        total, had = 0.0, 0
        for word in words:
            weight = word.weights.get(number, 0.0)
            if kind == COMMENT and word.titles:
                weight += TITLE_ABOVE * word.titles.get(self._posts[number], 0.0)
            if weight:
                total += word.rarity * weight * (K1 + 1) / (weight + K1)
                had += 1
        share = had / len(words) if words else 1.0
        return total * (SOME_WORDS + (1 - SOME_WORDS) * share), share

    def _find(self, word: str) -> _Found:
        weights: Documents = defaultdict(float)
        titles: Documents = {}
        for field, importance in WEIGHTS.items():
            for number, weight in self._in_field(field, word):
                weights[number] += importance * weight
                if field == "title":
                    titles[self._posts[number]] = weight
        everything = self._reader.doc_count()
        rarity = math.log(1 + (everything - len(weights) + 0.5) / (len(weights) + 0.5))
        return _Found(weights, titles, rarity)

    def _in_field(self, field: str, word: str) -> Iterator[tuple[int, float]]:
        """The documents with this word and its weight there: how often, for a text of usual length."""
        usual = self._reader.field_length(field) / max(self._reader.doc_count_all(), 1)
        for form in analysis.forms(word):
            for leaf, offset in self._reader.leaf_readers():
                for posting in _postings(leaf, field, form):
                    number = posting.id()
                    length = leaf.doc_field_length(number, field)
                    yield offset + number, posting.weight() / (1 - B + B * length / usual)

    def _having(self, phrase: tuple[str, ...]) -> set[int]:
        """The documents in which these words follow each other."""
        return {number for field in WEIGHTS for number in self._with_phrase(field, phrase)}

    def _with_phrase(self, field: str, phrase: tuple[str, ...]) -> set[int]:
        starts = self._positions(field, phrase[0])
        for step, word in enumerate(phrase[1:], 1):
            places = self._positions(field, word)
            starts = {
                number: kept
                for number in starts.keys() & places.keys()
                if (kept := {place for place in starts[number] if place + step in places[number]})
            }
        return set(starts)

    def _positions(self, field: str, word: str) -> dict[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for form in analysis.forms(word):
            for leaf, offset in self._reader.leaf_readers():
                for posting in _postings(leaf, field, form):
                    found[offset + posting.id()].update(posting.value_as("positions"))
        return found

    def _authored(self, name: str) -> Iterator[int]:
        for leaf, offset in self._reader.leaf_readers():
            for posting in _postings(leaf, "author", name):
                yield offset + posting.id()

    def _hit(self, number: int, score: float) -> Hit:
        return Hit(self._kinds[number], self._numbers[number], score)


def _postings(leaf: IndexReader, field: str, term: str) -> Iterator[Any]:
    """A matcher that stands on each live posting of a term in turn."""
    try:
        matcher = leaf.postings(field, term)
    except TermNotFound:
        return
    while matcher.is_active():
        yield matcher
        matcher.next()
