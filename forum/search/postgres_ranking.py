"""The best of the candidates, and how many there are where."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC

from sqlalchemy import Connection, select

from forum.search import postgres_questions as questions
from forum.search.engine import COMMENT, LIKED, POST, RELEVANCE, Answer, Hit, Picked, Place, Query, Tally, key_of
from forum.search.postgres_candidates import Candidate, Candidates, places_in
from forum.search.postgres_entries import quoted
from forum.search.postgres_narrowing import among, fulfils, not_among
from forum.search.postgres_tables import documents
from forum.search.postgres_vocabulary import Vocabulary
from forum.search.postgres_weighing import Title, Weighing, read_places


class Ranking:
    """One search: its candidates are read, counted and compared."""

    def __init__(self, connection: Connection, query: Query, stale: Collection[str]) -> None:
        self._connection, self._query, self._stale = connection, query, stale
        self._vocabulary = Vocabulary(connection, query)
        self._ranks = {key: rank for rank, key in enumerate(query.favourites)}
        self._candidates = Candidates(connection, query, stale, self._vocabulary)

    def answer(self, most: int) -> Answer:
        found = self._candidates.read().values()
        places = {candidate.key: _place(candidate) for candidate in found}
        shown = [candidate for candidate in found if _is_picked(places[candidate.key], self._query.picked)]
        weighing = Weighing(self._query.wishes, self._vocabulary, self._titles(shown))
        weighed = {candidate.key: weighing.of(candidate) for candidate in shown}
        return Answer(
            self._best(shown, {key: score for key, (score, _is_whole) in weighed.items()}, most),
            Tally.of(places.values()),
            is_whole=any(is_whole for _score, is_whole in weighed.values()),
            is_cut=self._candidates.is_cut,
            is_shortened=self._vocabulary.is_shortened,
        )

    def _titles(self, shown: Iterable[Candidate]) -> dict[int, Title]:
        """Of the posts above these that have words of the query in their titles. One statement."""
        above = sorted({candidate.post_id for candidate in shown if candidate.kind == COMMENT})
        lexemes = sorted(questions.stems(self._query.wishes))
        if not above or not lexemes or self._query.order != RELEVANCE or self._candidates.is_stopped:
            return {}
        columns = documents.c
        titles = select(columns.post_id, columns.title_length, places_in(columns.title, lexemes)).where(
            among(columns.key, [key_of(POST, number) for number in above]),
            not_among(columns.key, self._stale),
            fulfils(columns.title, questions.some(map(quoted, lexemes))),
        )
        rows = self._connection.execute(titles)
        return {post_id: Title(length, read_places(places)) for post_id, length, places in rows}

    def _best(self, shown: Collection[Candidate], scores: Mapping[str, float], most: int) -> list[Hit]:
        # Newer first among equals.
        best = heapq.nlargest(most, shown, key=lambda one: (self._worth(one, scores), one.created_at))
        return [Hit(one.kind, int(one.key.partition(":")[2]), scores[one.key]) for one in best]

    def _worth(self, candidate: Candidate, scores: Mapping[str, float]) -> float:
        if self._query.order == LIKED:
            return -self._ranks.get(candidate.key, len(self._ranks))
        return round(scores[candidate.key], 6) if self._query.order == RELEVANCE else 0.0


def _place(candidate: Candidate) -> Place:
    year = candidate.created_at.astimezone(UTC).year
    return Place(candidate.kind, candidate.post_id, candidate.writer_id, year)


def _is_picked(place: Place, picked: Picked) -> bool:
    return (
        (not picked.kinds or place.kind in picked.kinds)
        and (picked.posts is None or place.post_id in picked.posts)
        and (not picked.writers or place.writer_id in picked.writers)
        and (not picked.years or place.year in picked.years)
    )
