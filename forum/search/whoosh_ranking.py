"""Which documents answer a query, the first of them, and how many there are where.

The walk is ours, wish by wish, because Whoosh's own collectors count and filter wrongly; of Whoosh only the lists and
columns are used.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Set
from functools import cached_property, partial
from typing import Final

from whoosh.reading import IndexReader

from forum.search.engine import KINDS, LIKED, RELEVANCE, Answer, Hit, Place, Query, Words
from forum.search.whoosh_columns import Columns
from forum.search.whoosh_entries import kind_and_number, thing_of_key
from forum.search.whoosh_lists import Lists
from forum.search.whoosh_matching import Matches, Matching
from forum.search.whoosh_narrowing import narrowed, picked, written_by
from forum.search.whoosh_weighing import Weighing

# So many postings are read for one search, 0.25 s at the most: those of the rarest words first.
MOST_READ: Final = 300_000
# So many results are compared and counted.
MOST_RANKED: Final = 20_000


class Ranking:
    """One walk through an open index for one query."""

    def __init__(self, reader: IndexReader, query: Query, stale: Collection[str] = ()) -> None:
        self._query = query
        self._columns = Columns(reader)
        self._gone = self._columns.gone({thing_of_key(key) for key in stale})
        self._lists = Lists(reader)
        self._matching = Matching(self._lists)
        self._is_cut = False

    def answer(self, most: int) -> Answer:
        found = self._cut(self._candidates())
        tally = self._tally(found)
        shown = picked(self._query.picked, self._columns, found)
        matches = self._matches
        return Answer(
            self._best(shown, most),
            tally,
            is_whole=bool(set(shown).intersection(*(one.ids for one in matches))),
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

    def _candidates(self) -> set[int]:
        """Who fulfils the wishes, and all else that the query says."""
        query = self._query
        fulfilling = self._fulfilling()
        if query.authors:
            fulfilling = written_by(self._columns, self._named(query.authors), fulfilling)
        found = set(narrowed(query, self._columns, fulfilling))
        found -= self._gone
        for term in query.without:
            found -= self._matching.having(term)
        if query.without_authors:
            found -= written_by(self._columns, self._named(query.without_authors), found)
        return found

    def _fulfilling(self) -> Set[int] | range:
        if not self._query.wishes:
            return range(self._columns.count)
        needed = [one.ids for one in self._matches if one.is_needed]
        return set.intersection(*needed) if needed else set().union(*(one.ids for one in self._matches))

    def _named(self, names: Iterable[Words]) -> set[int]:
        return set().union(*map(self._matching.named, names)) - self._gone

    def _cut(self, found: set[int]) -> set[int]:
        """The newest, where there are too many; but whatever fulfils a rarer wish goes before."""
        if len(found) <= MOST_RANKED:
            return found
        self._is_cut = True
        kept: set[int] = set()
        for some in sorted((found & one.ids for one in self._matches), key=len):
            if len(kept | some) > MOST_RANKED:
                return kept | set(self._newest(some - kept, MOST_RANKED - len(kept)))
            kept |= some
        return kept | set(self._newest(found - kept, MOST_RANKED - len(kept)))

    def _tally(self, found: Collection[int]) -> Counter[Place]:
        kinds = map(KINDS.__getitem__, self._values("kind", found))
        numbers = (self._values(name, found) for name in ("post", "writer", "year"))
        # As quick as Place is made: `Place(*numbers)` would call Python for every document.
        return Counter(map(partial(tuple.__new__, Place), zip(kinds, *numbers, strict=True)))

    def _best(self, shown: Collection[int], most: int) -> list[Hit]:
        scores: Mapping[int, float] = {}
        if self._query.order == LIKED:
            best = self._most_liked(shown, most)
        elif self._query.order == RELEVANCE and self._query.wishes:
            scores = Weighing(self._columns, self._lists, shown).scores(self._matches)
            best = self._highest(shown, most, scores)
        else:
            best = self._newest(shown, most)
        things = self._columns["thing"]
        return [Hit(*kind_and_number(things[number]), scores.get(number, 0.0)) for number in best]

    def _most_liked(self, shown: Collection[int], most: int) -> list[int]:
        ranks = {thing_of_key(key): rank for rank, key in enumerate(self._query.favourites)}
        things = self._columns["thing"]
        liked = {number for number in shown if things[number] in ranks} if ranks else set()
        best = sorted(liked, key=lambda number: ranks[things[number]])[:most]
        return best + self._newest(set(shown) - liked, most - len(best))

    def _newest(self, shown: Collection[int], most: int) -> list[int]:
        # Two sorts of what is nearly in order cost less than finding the first in a heap.
        latest_first = sorted(shown, reverse=True)
        return sorted(latest_first, key=self._columns["created"].__getitem__, reverse=True)[:most]

    def _highest(self, shown: Collection[int], most: int, scores: Mapping[int, float]) -> list[int]:
        """Those with the best scores, newest first among equals."""
        rows = zip(map(scores.__getitem__, shown), self._values("created", shown), shown, strict=True)
        return [number for _score, _created, number in heapq.nlargest(most, rows)]

    def _values(self, name: str, ids: Collection[int]) -> Iterable[int]:
        return map(self._columns[name].__getitem__, ids)
