"""In which order the candidates of a search are looked for, so that what is new does not hide what fits better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from forum.search import postgres_questions as questions
from forum.search.engine import RELEVANCE, Query, Wish
from forum.search.postgres_questions import every, some
from forum.search.postgres_vocabulary import Vocabulary


class Step(NamedTuple):
    """A question, empty for everything, and about how many documents have to be looked at for it."""

    question: str
    expected: int


class Steps:
    """The steps of one query."""

    def __init__(self, query: Query, vocabulary: Vocabulary) -> None:
        self._query, self._words = query, vocabulary
        self._needed = [wish for wish in query.wishes if wish.is_needed]
        self._free = sorted((wish for wish in query.wishes if not wish.is_needed), key=vocabulary.documents_with)

    def until(self, most: int) -> Iterator[Step]:
        """What to look for first, and what after that while fewer than `most` are found."""
        whole = self.whole()
        if self._query.order != RELEVANCE or not self._free or whole.expected <= most:
            yield whole
            return
        if len(self._query.wishes) > 1:
            yield self._all(self._query.wishes)
        rare = sum(count <= most for count in accumulate(map(self._words.documents_with, self._free)))
        if rare:
            yield self._all(self._needed, self._free[:rare])
        for wish in self._free[rare:]:
            yield self._all([*self._needed, wish])
        if self._needed:
            yield whole

    def whole(self) -> Step:
        """What every result fulfils, and all that does is one."""
        if not self._query.wishes:
            return Step("", self._words.documents)
        return self._all(self._needed) if self._needed else self._all([], self._free)

    def _all(self, wishes: Iterable[Wish], any_of: Iterable[Wish] = ()) -> Step:
        """What fulfils all of these wishes, and one at least of those, if there are any."""
        parts = [self._ask(wish) for wish in wishes]
        counts = [self._words.documents_with(wish) for wish in wishes]
        if choice := list(any_of):
            parts.append(some(map(self._ask, choice)))
            counts.append(sum(map(self._words.documents_with, choice)))
        return Step(every(parts), self._words.documents_with_all(counts))

    def _ask(self, wish: Wish) -> str:
        return questions.of_wish(wish, self._words.prefixes)
