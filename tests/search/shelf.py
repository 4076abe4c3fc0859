"""Documents for tests of the engines, and the queries people type."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from forum.search import language
from forum.search.engine import COMMENT, PERSON, POST, RELEVANCE, Answer, Document, Engine, Query, Term, Wish

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MOST = 1000
# What a query takes from what was typed as it is; the rest is looked up first.
_PARTS = ("wishes", "without", "authors", "without_authors", "kinds", "since", "until", "contents", "without_contents")


def post(number: int, title: str = "A post", body: str = "", *, authors=("Arthur Author",), lang="en", **more):
    at = more.pop("at", BEGIN + timedelta(days=number))
    return Document(POST, number, number, title, body, tuple(authors), lang, at, **more)


def comment(number: int, body: str, *, on: int = 1, writer: int = 7, lang="en", **more) -> Document:
    at = more.pop("at", BEGIN + timedelta(hours=number))
    return Document(COMMENT, number, on, "", body, (), lang, at, writer, **more)


def person(number: int, name: str, username: str = "", about: str = "", **more) -> Document:
    names = (name, username) if username else (name,)
    at = more.pop("at", BEGIN + timedelta(minutes=number))
    return Document(PERSON, number, 0, name, about, names, "en", at, number, **more)


def wish(*words: str, is_needed: bool = False) -> Wish:
    """A word, or words that follow each other."""
    return Wish((Term(words),), is_needed)


def query(typed: str, **more) -> Query:
    """What somebody asks of the engine who types this; nothing in it is looked up in a database."""
    read = language.read(typed, today=date(2026, 7, 1), has_person=False)
    return Query(**{name: getattr(read, name) for name in _PARTS} | {"order": read.order or RELEVANCE} | more)


def keep(engine: Engine, *documents: Document) -> None:
    """Let the engine hold these, whatever it held of them before."""
    change(engine, {document.key for document in documents}, *documents)


def change(engine: Engine, keys, *documents: Document) -> None:
    with engine.writing() as is_mine:
        assert is_mine
        engine.write(set(keys), documents)


def answer(engine: Engine, typed: str, most: int = MOST, stale=(), **more) -> Answer:
    return engine.find(query(typed, **more), most, stale)


def found(engine: Engine, typed: str, **more) -> list[str]:
    """The keys of what is found, best first."""
    return keys(answer(engine, typed, **more))


def asked(engine: Engine, **parts) -> list[str]:
    """As `found`, for a query that nobody can type."""
    return keys(engine.find(Query(**parts), MOST))


def keys(answer: Answer) -> list[str]:
    return [hit.key for hit in answer.hits]
