"""Which documents answer a query, the first of them, and how many there are where.

The walk is ours, wish by wish, because Whoosh's own collectors count and filter wrongly; of Whoosh only the lists and
columns are used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Final

from whoosh.reading import IndexReader

from forum.search.arrays import Marks, Numbers, Weights, np
from forum.search.engine import LIKED, RELEVANCE, Answer, Hit, Query, Tally, Words
from forum.search.whoosh_columns import Columns
from forum.search.whoosh_entries import kind_and_number, thing_of_key
from forum.search.whoosh_lists import Lists
from forum.search.whoosh_matching import Matches, Matching
from forum.search.whoosh_narrowing import narrowed, picked, written_by
from forum.search.whoosh_weighing import Weighing

# So many postings are read for one search, 0.1 s at the most: those of the rarest words first.
MOST_READ: Final = 300_000
# So many results are compared and counted.
MOST_RANKED: Final = 100_000


class Ranking:
    """One walk through an open index for one query."""

    def __init__(self, reader: IndexReader, query: Query, stale: Collection[str] = ()) -> None:
        self._query = query
        self._columns = Columns(reader)
        self._gone = self._columns.gone({thing_of_key(key) for key in stale})
        self._lists = Lists(reader)
        self._matching = Matching(self._lists, self._columns.count)
        self._is_cut = False

    def answer(self, most: int) -> Answer:
        found = self._cut(self._candidates())
        shown = picked(self._query.picked, self._columns, found)
        columns = (self._columns[name][found] for name in ("kind", "post", "writer", "year"))
        return Answer(
            self._best(shown, most),
            Tally(*columns),
            is_whole=bool(self._whole()[shown].any()),
            is_cut=self._is_cut,
            is_shortened=self._matching.is_shortened,
        )

    @cached_property
    def _matches(self) -> list[Matches]:
        """Where each wish is fulfilled. If there is too much to read, frequent ones that are not needed stay unread."""
        costs = [
            (not wish.is_needed, self._matching.cost(wish), place) for place, wish in enumerate(self._query.wishes)
        ]
        read = 0
        found: list[Matches] = []
        for is_free, cost, place in sorted(costs):
            read += cost
            if read > MOST_READ and found and is_free:
                self._is_cut = True
                break
            found.append(self._matching.of_wish(self._query.wishes[place]))
        return found

    def _candidates(self) -> Numbers:
        """Who fulfils the wishes, and all else that the query says."""
        query = self._query
        found = self._fulfilling()
        if query.authors:
            found &= written_by(self._columns, self._named(query.authors))
        found &= ~self._gone
        for term in query.without:
            found &= ~self._matching.having(term)
        if query.without_authors:
            found &= ~written_by(self._columns, self._named(query.without_authors))
        return narrowed(query, self._columns, np.flatnonzero(found))

    def _fulfilling(self) -> Marks:
        needed = [one.marks for one in self._matches if one.is_needed]
        if needed or not self._query.wishes:
            return self._all_of(needed)
        return np.logical_or.reduce([one.marks for one in self._matches])

    def _whole(self) -> Marks:
        return self._all_of(one.marks for one in self._matches)

    def _all_of(self, several: Iterable[Marks]) -> Marks:
        found = np.ones(self._columns.count, np.bool_)
        for marks in several:
            found &= marks
        return found

    def _named(self, names: Iterable[Words]) -> Marks:
        found = np.zeros(self._columns.count, np.bool_)
        for name in names:
            found |= self._matching.named(name)
        return found & ~self._gone

    def _cut(self, found: Numbers) -> Numbers:
        """The newest, where there are too many; but whatever fulfils a rarer wish goes before."""
        if len(found) <= MOST_RANKED:
            return found
        self._is_cut = True
        kept, next_to = np.zeros(len(found), np.bool_), np.ones(len(found), np.bool_)
        for some in sorted((one.marks[found] for one in self._matches), key=np.count_nonzero):
            if np.count_nonzero(kept | some) > MOST_RANKED:
                next_to = some
                break
            kept |= some
        newest = self._newest(found[next_to & ~kept], MOST_RANKED - int(np.count_nonzero(kept)))
        return np.sort(np.concatenate([found[kept], newest]))

    def _best(self, shown: Numbers, most: int) -> list[Hit]:
        """In the order that is asked for. `shown` ascends."""
        scores: Weights = np.zeros(len(shown))
        if self._query.order == LIKED:
            best = self._most_liked(shown, most)
        elif self._query.order == RELEVANCE and self._query.wishes:
            scores = Weighing(self._columns, self._lists, shown).scores(self._matches)
            best = self._highest(shown, most, scores)
        else:
            best = self._newest(shown, most)
        best_scores = scores[np.searchsorted(shown, best)].tolist()
        things = self._columns["thing"][best].tolist()
        return [Hit(*kind_and_number(one), score) for one, score in zip(things, best_scores, strict=True)]

    def _most_liked(self, shown: Numbers, most: int) -> Numbers:
        favourites = np.array([thing_of_key(key) for key in self._query.favourites], np.int64)
        things = self._columns["thing"][shown]
        _same, ranks, places = np.intersect1d(favourites, things, return_indices=True)
        best = shown[places[np.argsort(ranks)]]
        return np.concatenate([best, self._newest(np.delete(shown, places), most)])[:most]

    def _newest(self, shown: Numbers, most: int) -> Numbers:
        """Of documents that ascend; of the same second the last one comes first."""
        return shown[np.argsort(self._columns["created"][shown], kind="stable")[::-1][:most]]

    def _highest(self, shown: Numbers, most: int, scores: Weights) -> Numbers:
        """Those with the best scores, newest first among equals."""
        if len(shown) > most:
            is_high = scores >= np.partition(scores, -most)[-most]
            shown, scores = shown[is_high], scores[is_high]
        created = self._columns["created"][shown]
        return shown[np.lexsort((shown, created, scores))[::-1][:most]]
