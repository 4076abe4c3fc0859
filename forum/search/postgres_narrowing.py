"""What a query says besides what to look for: kinds, people, discussions, times. Some of it is asked of the vector."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Integer, Text, all_, any_, cast, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from forum.search import postgres_questions as questions
from forum.search.engine import COMMENT, PERSON, Query, Words
from forum.search.postgres_questions import every, neither
from forum.search.postgres_tables import documents

# A name that more people bear than this finds what the first of them wrote.
MOST_NAMED: Final = 10_000

_columns: Final = documents.c


class Narrowing:
    """One query's, for kinds that are searched together: parts of a question, and conditions on other columns."""

    def __init__(self, connection: Connection, query: Query, stale: Collection[str], kinds: Collection[str]) -> None:
        self._connection, self._query, self._stale = connection, query, stale
        self.parts = [questions.of_contents(query), *neither(map(questions.of_unwanted, query.without))]
        self.conditions = _conditions(query)
        if stale:
            self.conditions.append(not_among(_columns.key, stale))
        if COMMENT in kinds:
            self._of_comments()
        else:
            self._of_posts_and_people(kinds)

    @property
    def is_by_place(self) -> bool:
        """Whether it names discussions or people: of theirs there are few, and these lie anywhere in time."""
        query = self._query
        return bool(query.authors) or query.writers is not None or query.posts is not None

    def _of_comments(self) -> None:
        self.conditions.append(_columns.kind == COMMENT)
        if self._query.authors:
            self.conditions.append(among(_columns.writer_id, self._named(self._query.authors)))
        if self._query.without_authors:
            self.conditions.append(not_among(_columns.writer_id, self._named(self._query.without_authors)))

    def _of_posts_and_people(self, kinds: Collection[str]) -> None:
        self.parts.append(questions.of_kinds(kinds))
        if self._query.authors:
            self.parts.append(questions.of_names(self._query.authors))
        if self._query.without_authors:
            self.parts += neither([questions.of_names(self._query.without_authors)])

    def _named(self, names: Iterable[Words]) -> list[int]:
        """The accounts of people with one of these names."""
        asked = every([questions.of_kinds([PERSON]), questions.of_names(names)])
        named = select(_columns.writer_id).where(fulfils(_columns.vector, asked), not_among(_columns.key, self._stale))
        return list(self._connection.scalars(named.limit(MOST_NAMED)))


def fulfils(vector: ColumnElement[Any], question: str) -> ColumnElement[bool]:
    return vector.bool_op("@@")(cast(question, TSQUERY))


def among(column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """The values are one value of the statement, however many there are."""
    return column == any_(_array(column, values))


def not_among(column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    return column != all_(_array(column, values))


def _array(column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[Any]:
    return literal(sorted(values), ARRAY(Integer if isinstance(column.type, Integer) else Text))


def _conditions(query: Query) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.posts is not None:
        found.append(among(_columns.post_id, query.posts))
    if query.without_posts:
        found.append(not_among(_columns.post_id, query.without_posts))
    if query.writers is not None:
        found.append(among(_columns.writer_id, query.writers))
    if query.since is not None:
        found.append(_columns.created_at >= query.since)
    if query.until is not None:
        found.append(_columns.created_at < query.until)
    return found
