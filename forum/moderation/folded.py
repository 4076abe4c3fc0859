"""Whether words stand in a text, however they are capitalised and accented; asked of the database.

What a word is found by is the same on both databases: taken apart (é as e and its accent), without accents, in small
letters. Small letters beyond the Latin ones are PostgreSQL's, which knows those of the language it was set up with.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ARRAY, Boolean, ColumnElement, Text, bindparam, event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

_ACCENTS: Final = re.compile("[\u0300-\u036f]")
# Of what a check found: the words of the text, the patterns they fit, and what spoke for spam.
_FOUND: Final = ("$.found[*]", "$.words[*].pattern", "$.strongest[*][0]")


def fold(text: str) -> str:
    """As both databases fold a text."""
    return text.lower() if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).lower()


class _Words(TypeDecorator[Sequence[str]]):
    """Folded words as one value of a statement."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(Text()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> Any:
        words = [fold(word) for word in value or ()]
        if dialect.name != "postgresql":
            return json.dumps(words)
        return ["%" + re.sub(r"([\\%_])", r"\\\1", word) + "%" for word in words]


class holds(FunctionElement[bool]):
    """Whether a text has all of these words in it, each as a part of whatever; not where there is no text."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, text: InstrumentedAttribute[Any] | ColumnElement[Any], words: Sequence[str]) -> None:
        super().__init__(text, bindparam(None, tuple(words), type_=_Words(), unique=True))

    def self_group(self, against: Any = None) -> holds:
        return self


@compiles(holds, "postgresql")
def _holds_in_postgresql(element: holds, compiler: Any, **kwargs: Any) -> str:
    text, words = (compiler.process(part, **kwargs) for part in element.clauses)
    plain = rf"regexp_replace(normalize({text}, NFKD), '[\u0300-\u036f]', '', 'g')"
    # Where every character is one byte there is nothing to take apart, which takes ten times as long as the rest.
    folded = f"CASE WHEN octet_length({text}) = length({text}) THEN lower({text}) ELSE lower({plain}) END"
    return f"(({folded}) LIKE ALL ({words}))"


@compiles(holds, "sqlite")
def _holds_in_sqlite(element: holds, compiler: Any, **kwargs: Any) -> str:
    text, words = (compiler.process(part, **kwargs) for part in element.clauses)
    return f"holds_words({text}, {words})"


class matched(FunctionElement[str]):
    """The words in what a signal says in detail, as a text."""

    inherit_cache = True
    type = Text()

    def __init__(self, detail: InstrumentedAttribute[Any]) -> None:
        super().__init__(detail)


@compiles(matched, "postgresql")
def _matched_in_postgresql(element: matched, compiler: Any, **kwargs: Any) -> str:
    (detail,) = (compiler.process(part, **kwargs) for part in element.clauses)
    parts = (f"jsonb_path_query_array(CAST({detail} AS jsonb), '{path}')::text" for path in _FOUND)
    return f"({' || '.join(parts)})"


@compiles(matched, "sqlite")
def _matched_in_sqlite(element: matched, compiler: Any, **kwargs: Any) -> str:
    (detail,) = (compiler.process(part, **kwargs) for part in element.clauses)
    return f"matched_words({detail})"


@event.listens_for(Engine, "connect")
def _teach_sqlite(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("holds_words", 2, _holds_words, deterministic=True)
        connection.create_function("matched_words", 1, _matched_words, deterministic=True)


def _holds_words(text: str | None, words: str) -> bool:
    if text is None:
        return False
    folded = fold(text)
    return all(word in folded for word in _read(words))


@lru_cache(maxsize=16)
def _read(words: str) -> tuple[str, ...]:
    return tuple(json.loads(words))


def _matched_words(detail: str | None) -> str:
    said = json.loads(detail or "{}")
    patterns = [word["pattern"] for word in said.get("words", ()) if isinstance(word, dict)]
    telling = [word for word, _share in said.get("strongest", ())]
    return "\n".join(str(word) for word in [*said.get("found", ()), *patterns, *telling])
