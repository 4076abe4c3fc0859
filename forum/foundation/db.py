"""The database: one declarative base, one session a request, times that are always UTC."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ARRAY, JSON, Boolean, DateTime, Integer, Join, MetaData, Text, bindparam, event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

# Named constraints, so that migrations can drop them on either database.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime; a naive one is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone was about to be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _Numbers(TypeDecorator[Collection[int]]):
    """Many numbers as one value of a statement."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(Integer()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> Any:
        numbers = sorted(value or ())
        return numbers if dialect.name == "postgresql" else json.dumps(numbers)


class among(FunctionElement[bool]):
    """Whether a column's number is among those that a statement is run with under this name.

    A statement of this kind is made once and the same for two numbers and for two hundred. To write out a hundred
    of them anew for each request takes longer than to ask for their rows.
    """

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: InstrumentedAttribute[Any], name: str) -> None:
        super().__init__(column, bindparam(name, type_=_Numbers()))

    def self_group(self, against: Any = None) -> among:
        # It is a condition already. SQLite would be asked whether it equals 1, and use no index for that.
        return self


@compiles(among, "sqlite")
def _among_in_sqlite(element: among, compiler: Any, **kwargs: Any) -> str:
    column, numbers = (compiler.process(part, **kwargs) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608 (names and places for values)


@compiles(among, "postgresql")
def _among_in_postgresql(element: among, compiler: Any, **kwargs: Any) -> str:
    column, numbers = (compiler.process(part, **kwargs) for part in element.clauses)
    return f"{column} = ANY ({numbers})"


class InOrder(Join):
    """A join whose left side is read first. SQLite has no idea how many rows a value of an index stands for."""

    inherit_cache = True


@compiles(InOrder)
def _join(element: InOrder, compiler: Any, **kwargs: Any) -> str:
    return compiler.visit_join(element, **kwargs)


@compiles(InOrder, "sqlite")
def _join_in_sqlite(element: InOrder, compiler: Any, **kwargs: Any) -> str:
    return compiler.visit_join(element, **kwargs).replace(" JOIN ", " CROSS JOIN ", 1)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime, dict[str, Any]: JSON, list[Any]: JSON}


db = SQLAlchemy(metadata=Base.metadata)

# Milliseconds a writer waits for its turn on SQLite.
BUSY_TIMEOUT = 10_000


@event.listens_for(Engine, "connect")
def _set_pragmas(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    cursor = connection.cursor()
    # FULL: an answered request survives a power cut, not only a killed process.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def engine_options(url: str) -> dict[str, Any]:
    """How connections are pooled for this database."""
    # An error's text goes to the log; what people typed, and the digests of secrets, do not.
    quiet: dict[str, Any] = {"hide_parameters": True}
    if url.startswith("sqlite"):
        return quiet | {"connect_args": {"timeout": BUSY_TIMEOUT / 1000, "check_same_thread": False}}
    # A gevent worker has many more requests at once than connections: the others wait for one, for 30 s at most.
    # TimeZone: what PostgreSQL computes itself agrees with what Python stores.
    return quiet | {
        "pool_size": 5,
        "max_overflow": 10,
        "pool_pre_ping": True,
        "connect_args": {"options": "-c timezone=utc"},
    }
