"""The tables of the index in PostgreSQL, in a schema of their own: made, filled and thrown away like a folder.

They are no part of the site's own tables: migrations know nothing of them, and every word can be made anew.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateIndex, CreateSchema, CreateTable, DropSchema

from forum.foundation.db import UtcDateTime

# Its number rises when older indexes cannot be read any more: the columns, or how words are made.
SCHEMA: Final = "search_v1"
# Where the next index is built, and where the last one is thrown away.
NEXT, LAST = f"{SCHEMA}_next", f"{SCHEMA}_last"

_metadata: Final = MetaData(schema=SCHEMA)
# Compared as bytes: what begins alike lies together.
_Name: Final = Text(collation="C")

documents: Final = Table(
    "documents",
    _metadata,
    Column("key", _Name, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("post_id", Integer, nullable=False),
    Column("writer_id", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("stamp", Text, nullable=False),
    Column("title_length", Integer, nullable=False),
    Column("body_length", Integer, nullable=False),
    # A post's title by itself, for the comments below it.
    Column("title", TSVECTOR),
    Column("vector", TSVECTOR, nullable=False),
)
# In how many documents each lexeme of their texts is.
words: Final = Table(
    "words", _metadata, Column("word", _Name, primary_key=True), Column("documents", Integer, nullable=False)
)
# One row: how many documents there are, how many with a title, and the words of all titles and all texts.
totals: Final = Table(
    "totals",
    _metadata,
    Column("one", SmallInteger, primary_key=True, autoincrement=False),
    *(Column(name, Integer, nullable=False) for name in ("documents", "titled")),
    *(Column(name, BigInteger, nullable=False) for name in ("title_words", "body_words")),
)

_vector, _title = documents.c.vector, documents.c.title
# No list of what is still to be sorted in: it makes the next search slow, whoever's it is.
_GIN: Final[dict[str, Any]] = {"postgresql_using": "gin", "postgresql_with": {"fastupdate": "off"}}
INDEXES: Final = (
    Index("documents_vector", _vector, **_GIN),
    Index("documents_title", _title, postgresql_where=_title.is_not(None), **_GIN),
    Index("documents_created_at", documents.c.created_at),
    Index("documents_post_id", documents.c.post_id),
    Index("documents_writer_id", documents.c.writer_id),
)

# Searches choose their way by how common a word is: of how many words that is known, in hundreds.
KNOWN_WORDS: Final = 300
MEMORY_FOR_INDEXES: Final = "256MB"
# A copy of the database that is being made keeps old tables for a long time. They can be thrown away later, too.
PATIENCE: Final = "5s"


def begin_next(database: Engine) -> None:
    """Empty tables for the next index. What killed builds left behind is swept away first."""
    with database.begin() as connection:
        for schema in (NEXT, LAST):
            connection.execute(DropSchema(schema, cascade=True, if_exists=True))
        connection.execute(CreateSchema(NEXT))
        for table in _metadata.sorted_tables:
            to_next(connection).execute(CreateTable(table))
        # As it is, and beside the rows when it is long: unpacking costs a search more than reading.
        connection.execute(text(f"ALTER TABLE {NEXT}.documents ALTER vector SET STORAGE EXTERNAL"))
        connection.execute(text(f"ALTER TABLE {NEXT}.documents ALTER vector SET STATISTICS {KNOWN_WORDS}"))
        # Room beside each row, so that counting again needs no new entry in the index.
        connection.execute(text(f"ALTER TABLE {NEXT}.words SET (fillfactor = 70)"))


def finish_next(database: Engine) -> None:
    """Sort what the next index holds; what takes long, before anybody reads it."""
    for index in INDEXES:
        with database.begin() as connection:
            connection.execute(text(f"SET LOCAL maintenance_work_mem = '{MEMORY_FOR_INDEXES}'"))
            to_next(connection).execute(CreateIndex(index))
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in _metadata.sorted_tables:
            connection.execute(text(f"VACUUM ANALYZE {NEXT}.{table.name}"))


def use_next(database: Engine) -> None:
    """From now on searches read the next index. Who still reads the last one is waited for by nobody but us."""
    with database.begin() as connection:
        if connection.scalar(text("SELECT to_regnamespace(:name) IS NOT NULL"), {"name": SCHEMA}):
            connection.execute(text(f"ALTER SCHEMA {SCHEMA} RENAME TO {LAST}"))
        connection.execute(text(f"ALTER SCHEMA {NEXT} RENAME TO {SCHEMA}"))
    # Not in the same transaction: new readers would queue behind the lock that this needs.
    with suppress(OperationalError), database.begin() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}'"))
        connection.execute(DropSchema(LAST, cascade=True, if_exists=True))


def to_next(connection: Connection) -> Connection:
    """The same connection, and what is said of the index there is meant of the next one."""
    return connection.execution_options(schema_translate_map={SCHEMA: NEXT})
