"""How well documents answer: BM25F over the words of text and title, and more for more of what was looked for.

Robertson, Zaragoza: The Probabilistic Relevance Framework (2009), 3.5. A wish is weighed as one word would be.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from forum.search.arrays import Numbers, Weights, np
from forum.search.engine import COMMENT, KINDS
from forum.search.weights import AS_WRITTEN, K1, NOT_ALL, SURFACE, TITLE, TITLE_ABOVE, WEIGHTS, B
from forum.search.whoosh_columns import Columns
from forum.search.whoosh_lists import Lists, Postings
from forum.search.whoosh_matching import Matches

# Of a word that so many documents have, its form says nothing worth reading it all.
TOO_FREQUENT: Final = 20_000


class Weighing:
    """The weights of documents of an open index, for those that are shown, by their numbers."""

    def __init__(self, columns: Columns, lists: Lists, shown: Numbers) -> None:
        self._columns, self._lists, self._shown = columns, lists, shown

    def scores(self, wishes: Iterable[Matches]) -> Weights:
        """How well each of them answers."""
        scores, is_whole = np.zeros(len(self._shown)), np.ones(len(self._shown), np.bool_)
        for matches in wishes:
            rarity = _rarity(int(np.count_nonzero(matches.marks)), self._columns.count)
            weights = self._weights(matches)[self._shown]
            scores += rarity * weights * (K1 + 1) / (weights + K1)
            is_whole &= weights > 0
        scores[~is_whole] *= NOT_ALL
        return scores

    def _weights(self, matches: Matches) -> Weights:
        """How often each document of the index fulfils a wish, were it of usual length and all of it text."""
        weights = np.zeros(self._columns.count)
        for field, postings in matches.lists:
            weights[postings.ids] += self._in_field(field, postings)
        for word in matches.written:
            if self._lists.frequency(SURFACE, word) <= TOO_FREQUENT:
                weights[self._lists.ids(SURFACE, word)] *= AS_WRITTEN
        self._raise_by_titles_above(weights, matches)
        return weights

    def _raise_by_titles_above(self, weights: Weights, matches: Matches) -> None:
        titles = [postings for field, postings in matches.lists if field == TITLE]
        if not titles:
            return
        named = self._columns["post"][np.concatenate([postings.ids for postings in titles])]
        posts, places = np.unique(named, return_inverse=True)
        worth = np.bincount(places, np.concatenate([self._in_field(TITLE, postings) for postings in titles]))
        comments = self._shown[self._columns["kind"][self._shown] == KINDS.index(COMMENT)]
        above = self._columns["post"][comments]
        places = np.searchsorted(posts, above).clip(max=len(posts) - 1)
        is_named = posts[places] == above
        weights[comments[is_named]] += TITLE_ABOVE * worth[places[is_named]]

    def _in_field(self, field: str, postings: Postings) -> Weights:
        """For each posting of a list."""
        if field == SURFACE:
            # Which words are there is known, and not how often: their text may have any length.
            return WEIGHTS[field] * postings.counts
        shares = WEIGHTS[field] / (1 - B + B * self._columns.relative_lengths(field))
        return postings.counts * shares[self._columns.lengths(field)[postings.ids]]


def _rarity(having: int, among: int) -> float:
    return math.log(1 + (among - having + 0.5) / (having + 0.5))
