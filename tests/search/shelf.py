"""Documents for tests of the engine, and the queries people type."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from forum.search import language
from forum.search.engine import COMMENT, POST, Document, Engine

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MOST = 1000


def post(number: int, title: str = "A post", body: str = "", *, authors=("Arthur Author",), lang="en") -> Document:
    return Document(POST, number, number, title, body, tuple(authors), lang, BEGIN + timedelta(days=number))


def comment(number: int, body: str, *, on: int = 1, authors=("Alice Archer", "alice"), lang="en") -> Document:
    return Document(COMMENT, number, on, "", body, tuple(authors), lang, BEGIN + timedelta(hours=number))


def keep(engine: Engine, *documents: Document) -> None:
    """Let the engine hold these, whatever it held of them before."""
    change(engine, {document.key for document in documents}, *documents)


def change(engine: Engine, keys, *documents: Document) -> None:
    with engine.writing() as is_mine:
        assert is_mine
        engine.write(set(keys), documents)


def found(engine: Engine, typed: str) -> list[str]:
    """The keys of what is found, best first."""
    return [hit.key for hit in engine.find(language.read(typed), MOST).hits]
