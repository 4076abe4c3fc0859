"""How well documents answer: BM25F over the words of text and title, and more for more of what was looked for.

Robertson, Zaragoza: The Probabilistic Relevance Framework (2009), 3.5. A wish is weighed as one word would be.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import compress
from typing import Final

from forum.search.engine import COMMENT, KINDS
from forum.search.weights import AS_WRITTEN, K1, NOT_ALL, SURFACE, TITLE, TITLE_ABOVE, WEIGHTS, B
from forum.search.whoosh_columns import Columns
from forum.search.whoosh_lists import Lists, Postings
from forum.search.whoosh_matching import Matches

# Of a word that so many documents have, its form says nothing worth reading it all.
TOO_FREQUENT: Final = 20_000


class Weighing:
    """The weights of documents of an open index, for those that are shown."""

    def __init__(self, columns: Columns, lists: Lists, shown: Collection[int]) -> None:
        self._columns, self._lists = columns, lists
        self._shown = set(shown)
        self._comments = list(
            compress(shown, map(KINDS.index(COMMENT).__eq__, map(columns["kind"].__getitem__, shown)))
        )

    def scores(self, wishes: Collection[Matches]) -> dict[int, float]:
        """How well each of the documents answers."""
        scores, whole = dict.fromkeys(self._shown, 0.0), self._shown
        for matches in wishes:
            rarity = _rarity(len(matches.ids), self._columns.count)
            weights = self._weights(matches)
            for number, weight in weights.items():
                scores[number] += rarity * weight * (K1 + 1) / (weight + K1)
            whole = whole & weights.keys()
        for number in self._shown - whole:
            scores[number] *= NOT_ALL
        return scores

    def _weights(self, matches: Matches) -> dict[int, float]:
        """How often each document fulfils a wish, were it of usual length and all of it text."""
        weights: dict[int, float] = defaultdict(float)
        for field, postings in matches.lists:
            for number, weight in self._in_field(field, postings, self._shown):
                weights[number] += weight
        for word in matches.written:
            if self._lists.frequency(SURFACE, word) > TOO_FREQUENT:
                continue
            for number in weights.keys() & self._lists.ids(SURFACE, word):
                weights[number] *= AS_WRITTEN
        self._raise_by_titles_above(weights, matches)
        return weights

    def _raise_by_titles_above(self, weights: dict[int, float], matches: Matches) -> None:
        titles: dict[int, float] = defaultdict(float)
        posts = self._columns["post"]
        for field, postings in matches.lists:
            if field == TITLE:
                for number, weight in self._in_field(field, postings, set(postings.ids)):
                    titles[posts[number]] += weight
        if titles:
            above = map(posts.__getitem__, self._comments)
            for number in compress(self._comments, map(titles.__contains__, above)):
                weights[number] += TITLE_ABOVE * titles[posts[number]]

    def _in_field(self, field: str, postings: Postings, among: set[int]) -> Iterable[tuple[int, float]]:
        if field == SURFACE:
            # Which words are there is known, and not how often: their text may have any length.
            return ((number, WEIGHTS[field]) for number in among.intersection(postings.ids))
        lengths, usual = self._columns.lengths(field), self._columns.relative_lengths(field)
        shares = [WEIGHTS[field] / (1 - B + B * length) for length in usual]
        return (
            (number, count * shares[lengths[number]])
            for number, count in zip(*postings, strict=True)
            if number in among
        )


def _rarity(having: int, among: int) -> float:
    return math.log(1 + (among - having + 0.5) / (having + 0.5))
