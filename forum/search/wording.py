"""From typed words to what is sought: a word, words that follow each other, the beginning of a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from flask_babel import gettext as _

from forum.search import analysis
from forum.search.analysis import Word
from forum.search.engine import Term
from forum.search.pieces import QUOTES, Piece

SHORTEST_PREFIX: Final = 3
# Nobody remembers more of a sentence, and each costs a walk through all that holds it.
LONGEST_PHRASE: Final = 30

# What stands between words. Other signs join the words around them to one: e-mail, max_len, example.org, 12:30.
_PART: Final = re.compile(rf"(?:[^\s,;!?()\[\]{{}}<>|…–—、。，！？；（）{QUOTES}]|(?<=[0-9]),(?=[0-9]))+")
# A slash joins in addresses and paths only; "bus/tram" are two words.
_SLASHED: Final = re.compile(r"[^/]+")
_ADDRESS: Final = re.compile(r"[._~\\]|//|^/")


class Sought(NamedTuple):
    """A term, and the typed words that it was made of."""

    term: Term
    words: tuple[Word, ...]
    is_quoted: bool = False


class Wording(NamedTuple):
    """What a piece of a search looks for, and what to tell about it."""

    sought: tuple[Sought, ...]
    notes: tuple[str, ...] = ()


def quoted(text: str, start: int) -> Wording:
    """The words of a text between quotation marks, which begins at `start` of the search."""
    return _wording([_several(text, start, is_quoted=True)])


def bare(text: str, start: int) -> Wording:
    """The words of a text without quotation marks, which begins at `start` of the search."""
    return _wording([_one(part, place) for part, place in _parts(text, start)])


def of(piece: Piece) -> Wording:
    """The words of a piece, whatever else it looks like."""
    if not piece.name:
        return (quoted if piece.is_quoted else bare)(piece.text, piece.text_start)
    name_start = piece.start + piece.is_without
    return _wording([bare(piece.name, name_start), bare(piece.text, piece.text_start)])


def _wording(parts: list[Wording]) -> Wording:
    sought = tuple(one for part in parts for one in part.sought)
    return Wording(sought, tuple(note for part in parts for note in part.notes))


def _parts(text: str, start: int) -> Iterator[tuple[str, int]]:
    for match in _PART.finditer(text):
        if _ADDRESS.search(match[0]):
            yield match[0], start + match.start()
        else:
            for part in _SLASHED.finditer(match[0]):
                yield part[0], start + match.start() + part.start()


def _one(part: str, start: int) -> Wording:
    """A word, or several with signs between them; one that ends in a star is a beginning."""
    if "*" not in part:
        return _several(part, start)
    words = _words(part, start)
    if analysis.is_unspaced(part.rstrip("*")):
        # Any part of such a word is found as it is.
        return _several(part, start)
    if len(words) != 1 or part.index("*") != len(part) - 1:
        note = _("“%(typed)s” was searched without the star, which can only stand at the end of a word.", typed=part)
    elif len(words[0].text) < SHORTEST_PREFIX:
        note = _("“%(typed)s” was searched without the star, which needs three letters or more before it.", typed=part)
    else:
        return Wording((Sought(Term((words[0].text,), is_prefix=True), words),))
    return Wording(_several(part, start).sought, (note,))


def _several(text: str, start: int, *, is_quoted: bool = False) -> Wording:
    words = _words(text, start)
    notes: tuple[str, ...] = ()
    if len(words) > LONGEST_PHRASE:
        words = words[:LONGEST_PHRASE]
        notes = (_("Only the first %(number)d words of your phrase were looked for.", number=LONGEST_PHRASE),)
    if not words:
        return Wording((), notes)
    return Wording((Sought(Term(tuple(word.text for word in words)), words, is_quoted),), notes)


def _words(text: str, start: int) -> tuple[Word, ...]:
    return tuple(Word(word.text, start + word.start, start + word.end) for word in analysis.words(text))
