"""What Whoosh holds of a document: words to find it by, and numbers to choose, count and sort it by; no text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import Any, Final

from whoosh import fields
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.columns import NumericColumn

from forum.search import analysis
from forum.search.engine import CONTENTS, KINDS, Document

# The columns, and how wide a number of each is, as `array` and `struct` say it. A thing is a kind and a number in one.
COLUMNS: Final = {"thing": "I", "kind": "B", "post": "I", "writer": "I", "created": "I", "year": "H", "contents": "B"}
# Room for more kinds, and still for a billion comments.
KINDS_ROOM: Final = 4


def schema() -> fields.Schema:
    """Only Whoosh's own classes: the schema is pickled into the index."""
    text = fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True)
    # An ID with an analyzer: which words are there, and neither how often nor where.
    bare = fields.ID(analyzer=SpaceSeparatedTokenizer())
    return fields.Schema(
        key=fields.ID(stored=True, unique=True),
        stamp=fields.STORED,
        title=text,
        body=text,
        surface=bare,
        author=bare,
        **{name: fields.COLUMN(NumericColumn(width)) for name, width in COLUMNS.items()},
    )


def entry(document: Document) -> dict[str, Any]:
    """The document as `add_document` takes it. Words: `title` and `body` as they are compared, `surface` as written."""
    texts = {
        "title": _joined(analysis.terms(document.title, document.lang)),
        "body": _joined(analysis.terms(document.body, document.lang)),
        "surface": _joined(_distinct((document.title, document.body))),
        "author": _joined(_distinct(document.authors)),
    }
    return {
        "key": document.key,
        "stamp": document.stamp,
        "thing": thing(document.kind, document.id),
        "kind": KINDS.index(document.kind),
        "post": document.post_id,
        "writer": document.writer_id,
        "created": max(int(document.created_at.timestamp()), 0),
        "year": document.created_at.astimezone(UTC).year,
        "contents": flags(document.contents),
        **{name: text for name, text in texts.items() if text},
    }


def thing(kind: str, number: int) -> int:
    """Kind and number of a document as one number."""
    return number * KINDS_ROOM + KINDS.index(kind)


def thing_of_key(key: str) -> int:
    """As `thing`, for a document's key; -1 where there is no such kind."""
    kind, _colon, number = key.partition(":")
    return thing(kind, int(number)) if kind in KINDS and number.isdecimal() else -1


def kind_and_number(one: int) -> tuple[str, int]:
    """What `thing` was made of."""
    return KINDS[one % KINDS_ROOM], one // KINDS_ROOM


def flags(contents: Iterable[str]) -> int:
    """What a text has of CONTENTS, one bit each."""
    return sum(1 << CONTENTS.index(name) for name in set(contents))


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word for text in texts for word in analysis.spelt(text)))


def _joined(words: Iterable[str]) -> str:
    return " ".join(words)
