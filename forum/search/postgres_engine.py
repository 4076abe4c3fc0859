"""The index as tables in PostgreSQL: for many posts and comments, and for sites on several machines.

Only what every PostgreSQL has is used: no extension. Readers see one state of the index and wait for nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from sqlalchemy import Connection, Engine, bindparam, func, select
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

from forum.search import postgres_tables, postgres_vocabulary, postgres_writing
from forum.search.engine import Answer, Document, NotReady, Query
from forum.search.postgres_candidates import took_too_long
from forum.search.postgres_entries import WRITTEN, lexeme
from forum.search.postgres_lock import write_lock
from forum.search.postgres_ranking import Ranking
from forum.search.postgres_tables import documents, totals, words

# A search that takes longer answers with what it has found by then.
LONGEST_SEARCH: Final = "2s"
# The way is chosen for the words that are asked for, in this process alone, and without compiling anything: that takes
# longer than the search. All is in memory, mostly, and where a word stands is never a guess.
_AS_A_SEARCH: Final = {
    "plan_cache_mode": "force_custom_plan",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    # Along an index, the newest first, a common word is soon found; but each document is unpacked to see whether it has
    # it, and one that is less common than it seems takes seconds.
    "enable_indexscan": "off",
    "random_page_cost": "1.1",
    "work_mem": "32MB",
}
_UNDEFINED: Final = ("3F000", "42P01")


class PostgresEngine:
    """Fulfils `engine.Engine`, on connections of its own: any thread may use it. Cheap to make."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def find(self, query: Query, most: int, stale: Collection[str] = ()) -> Answer:
        with self._reading() as connection:
            try:
                connection.execute(_SETTINGS, {"longest": LONGEST_SEARCH})
                return Ranking(connection, query, stale).answer(most)
            except OperationalError as error:
                if not took_too_long(error):
                    raise
                return Answer(is_cut=True)

    def known(self, words: Collection[str]) -> dict[str, int]:
        with self._reading() as connection:
            counts = postgres_vocabulary.counts(connection, {WRITTEN + lexeme(word) for word in words})
        found = {word: counts.get(WRITTEN + lexeme(word), 0) for word in words}
        return {word: count for word, count in found.items() if count}

    def beginning(self, letters: str, most: int) -> dict[str, int]:
        with self._reading() as connection:
            return postgres_vocabulary.beginning(connection, letters, most)

    def entries(self) -> dict[str, str]:
        with self._reading() as connection:
            return dict(connection.execute(select(documents.c.key, documents.c.stamp)).tuples().all())

    def is_sound(self) -> bool:
        held = select(func.count(func.length(documents.c.vector))).scalar_subquery()
        try:
            with self._reading() as connection:
                connection.execute(select(func.count(), func.sum(words.c.documents)).select_from(words))
                return connection.scalar(select(totals.c.documents == held)) is True
        except (NotReady, DatabaseError):
            return False

    def writing(self, *, patiently: bool = False) -> AbstractContextManager[bool]:
        return write_lock(self._database, patiently=patiently)

    def write(self, keys: Collection[str], documents: Iterable[Document]) -> None:
        with _absence_told(), self._database.begin() as connection:
            postgres_writing.write(connection, keys, documents)

    def replace(self, documents: Iterable[Document]) -> int:
        postgres_tables.begin_next(self._database)
        count = postgres_writing.fill_next(self._database, documents)
        postgres_tables.finish_next(self._database)
        postgres_tables.use_next(self._database)
        return count

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _absence_told(), self._database.connect() as connection:
            yield connection


_SETTINGS: Final = select(
    func.set_config("statement_timeout", bindparam("longest"), True),
    *(func.set_config(name, value, True) for name, value in _AS_A_SEARCH.items()),
)


@contextmanager
def _absence_told() -> Iterator[None]:
    try:
        yield
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") in _UNDEFINED:
            raise NotReady("there is no index") from error
        raise
