"""Entries written into the tables of the index, and words counted as entries come and go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Engine, Integer, Table, Text, any_, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY

from forum.search.engine import Document
from forum.search.postgres_entries import AUTHOR, QUALITY, Entry, entry
from forum.search.postgres_tables import documents, to_next, totals, words

# Documents written at a time while an index is built: enough to be quick, few enough to hold in memory.
BATCH: Final = 1_000
# The one row of totals.
_ONE: Final = 1

_TOTALS: Final = ("documents", "titled", "title_words", "body_words")

_lexemes: Final = func.tsvector_to_array(documents.c.vector, type_=ARRAY(Text))
_FORGET: Final = (
    delete(documents)
    .where(documents.c.key == any_(bindparam("keys", type_=ARRAY(Text))))
    .returning(_lexemes, documents.c.title_length, documents.c.body_length)
)
_more: Final = postgresql.insert(words).from_select(
    ["word", "documents"],
    select(func.unnest(bindparam("words", type_=ARRAY(Text))), func.unnest(bindparam("counts", type_=ARRAY(Integer)))),
)
_COUNT: Final = _more.on_conflict_do_update(
    index_elements=["word"], set_={"documents": words.c.documents + _more.excluded.documents}
)
_GONE: Final = delete(words).where(words.c.word == any_(bindparam("words", type_=ARRAY(Text))), words.c.documents <= 0)


class Change:
    """How many documents with each lexeme there are more or fewer, and what that does to the totals."""

    def __init__(self) -> None:
        self.words: Counter[str] = Counter()
        self.totals: Counter[str] = Counter()

    def add(self, lexemes: Iterable[str], title_length: int, body_length: int) -> None:
        self.words.update(lexemes)
        self.totals.update(_share(title_length, body_length))

    def take(self, lexemes: Iterable[str], title_length: int, body_length: int) -> None:
        self.words.subtract(one for one in lexemes if one[0] not in (AUTHOR, QUALITY))
        self.totals.subtract(_share(title_length, body_length))


def write(connection: Connection, keys: Collection[str], given: Iterable[Document]) -> None:
    """Forget these keys and hold these documents, of each the last."""
    change = Change()
    held = {document.key: document for document in given}
    for lexemes, *lengths in connection.execute(_FORGET, {"keys": [*{*keys, *held}]}):
        change.take(lexemes, *lengths)
    _copy(connection, documents, _rows(held.values(), change))
    _count(connection, {word: number for word, number in change.words.items() if number})
    changed = {name: totals.c[name] + change.totals[name] for name in _TOTALS}
    connection.execute(update(totals).values(changed))


def fill_next(database: Engine, given: Iterable[Document]) -> int:
    """Hold these documents in the next index; how many. Short transactions: nothing old is kept for its sake."""
    left, change = iter(given), Change()
    while batch := list(islice(left, BATCH)):
        with database.begin() as connection:
            _copy(to_next(connection), documents, _rows(batch, change))
    with database.begin() as connection:
        _copy(to_next(connection), words, sorted(change.words.items()))
        _copy(connection, totals, [(_ONE, *(change.totals[name] for name in _TOTALS))])
    return change.totals["documents"]


def _rows(given: Iterable[Document], change: Change) -> Iterator[Entry]:
    for document in given:
        row, lexemes = entry(document)
        change.add(lexemes, row.title_length, row.body_length)
        yield row


def _copy(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    """Rows into a table, all columns in their order."""
    schema = connection.get_execution_options().get("schema_translate_map", {}).get(table.schema, table.schema)
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f"COPY {schema}.{table.name} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _count(connection: Connection, changes: Mapping[str, int]) -> None:
    if changes:
        # In one order always: who waits for a row then waits for nobody who waits for theirs.
        names = sorted(changes)
        connection.execute(_COUNT, {"words": names, "counts": [changes[name] for name in names]})
    if fewer := [word for word, number in changes.items() if number < 0]:
        connection.execute(_GONE, {"words": fewer})


def _share(title_length: int, body_length: int) -> dict[str, int]:
    """What one document adds to the totals."""
    numbers = (1, min(title_length, 1), title_length, body_length)
    return dict(zip(_TOTALS, numbers, strict=True))
