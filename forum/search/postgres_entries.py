"""What PostgreSQL holds of a document: its words with their places as one tsvector, and what it is chosen by; no text.

A tsvector is made here and not by PostgreSQL, so that words are the same whichever engine a site uses. Besides stems
with their places it holds lexemes that a sign marks, which no word begins with: words as they are written, names of
authors, and what the document is. So one index answers for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from forum.search import analysis
from forum.search.engine import POST, Document

MARKS: Final = ("=", "@", "#")
WRITTEN, AUTHOR, QUALITY = MARKS

# PostgreSQL counts no further than 16383; that place is kept for words as they are written.
LAST_PLACE: Final = 16_382
WRITTEN_PLACE: Final = 16_383
# PostgreSQL keeps 255 places of a lexeme, and lexemes of 2,046 bytes in vectors of a megabyte.
MOST_PLACES: Final = 255
LONGEST_LEXEME: Final = 1_000
LARGEST_VECTOR: Final = 900_000
# What a lexeme takes besides its letters and two bytes a place.
OVERHEAD: Final = 6
# So that a phrase does not begin in a title and end in the text.
GAP: Final = 1


class Entry(NamedTuple):
    """A row of `documents`. Vectors are literals; `title` is None where there is none. Lengths are in words."""

    key: str
    kind: str
    post_id: int
    writer_id: int
    created_at: datetime
    stamp: str
    title_length: int
    body_length: int
    title: str | None
    vector: str


def entry(document: Document) -> tuple[Entry, set[str]]:
    """A document's row, and the lexemes of its text that are counted: stems, and words as they are written."""
    title, body = _words(document.title), _words(document.body)
    stem = analysis.stemmer(document.lang)
    in_title = list(enumerate(title, 1))
    in_body = list(enumerate(body, len(title) + 1 + GAP))
    places = _places(((place, word, stem(word)) for place, word in in_title + in_body), LARGEST_VECTOR)
    above = _places(((place, None, stem(word)) for place, word in in_title), LARGEST_VECTOR)
    row = Entry(
        document.key,
        document.kind,
        document.post_id,
        document.writer_id,
        document.created_at,
        document.stamp,
        len(title),
        len(body),
        _vector(above) if above and document.kind == POST else None,
        _vector(places | {quality: [] for quality in _qualities(document)}),
    )
    return row, set(places)


def lexeme(word: str) -> str:
    """What stands for a word: itself, unless it is longer than PostgreSQL takes."""
    return word if len(word) <= LONGEST_LEXEME // 4 else word.encode()[:LONGEST_LEXEME].decode(errors="ignore")


def quoted(text: str) -> str:
    """A lexeme as literals of tsvector and tsquery write it."""
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def words_of(names: Iterable[str]) -> set[str]:
    """The words of all these names."""
    return {word for name in names for word in _words(name)}


def _words(text: str) -> list[str]:
    return [lexeme(word) for word in analysis.spelt(text)]


def _places(words: Iterable[tuple[int, str | None, str]], room: int) -> dict[str, list[int]]:
    """Where each lexeme stands; `room` is in bytes, and what goes beyond it, at the end of a text, is left out."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, word, stem in words:
        if word is not None and WRITTEN + word not in places:
            places[WRITTEN + word].append(WRITTEN_PLACE)
            room -= len(word.encode()) + OVERHEAD
        if stem not in places:
            room -= len(stem.encode()) + OVERHEAD
        known = places[stem]
        if place <= LAST_PLACE and len(known) < MOST_PLACES:
            known.append(place)
            room -= 2
        if room < 0:
            break
    return dict(places)


def _qualities(document: Document) -> list[str]:
    names = [AUTHOR + word for word in sorted(words_of(document.authors))]
    return [QUALITY + document.kind, *(QUALITY + name for name in document.contents), *names]


def _vector(places: Mapping[str, Collection[int]]) -> str:
    return " ".join(
        f"{quoted(one)}:{','.join(map(str, where))}" if where else quoted(one) for one, where in places.items()
    )
