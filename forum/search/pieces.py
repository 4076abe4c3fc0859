"""A typed search in pieces: words between spaces, what stands in quotation marks, operators with their values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from forum.search import operators
from forum.search.operators import Operator

QUOTES: Final = '"“”„«»'

# A minus leaves out what follows it at once, if it begins a word: "e-mail" and "2 - 1" leave nothing out.
_MINUS: Final = re.compile(r"(?<!\S)[-−](?=[^\s−-])")
_NAME: Final = re.compile(r"([^\W\d_]{2,30}):")
_QUOTED: Final = re.compile(rf"[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]")
_BARE: Final = re.compile(rf"[^\s{QUOTES}]+")
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True)
class Piece:
    """What stands between `start` and `end`; `text` is without minus, quotation marks and the operator's name.

    `text_start` is where `text` begins. `name` is that of an operator as typed, or of what looks like one.
    """

    start: int
    end: int
    text: str
    text_start: int
    is_without: bool = False
    is_quoted: bool = False
    is_unclosed: bool = False
    name: str = ""
    operator: Operator | None = None


def pieces(typed: str) -> Iterator[Piece]:
    """All of it in order; only spaces stand between the pieces."""
    place = 0
    while place < len(typed):
        if space := _SPACE.match(typed, place):
            place = space.end()
            continue
        piece = _piece(typed, place)
        yield piece
        place = piece.end


def _piece(typed: str, start: int) -> Piece:
    minus = _MINUS.match(typed, start)
    place = minus.end() if minus else start
    is_without = bool(minus)
    if name := _NAME.match(typed, place):
        operator = operators.named(name[1])
        text, text_start, end, is_quoted = _value(typed, name.end(), operator)
        return Piece(start, end, text, text_start, is_without, is_quoted, name=name[1], operator=operator)
    if quoted := _QUOTED.match(typed, place):
        return Piece(start, quoted.end(), quoted[1], quoted.start(1), is_without, is_quoted=True)
    if bare := _BARE.match(typed, place):
        return Piece(start, bare.end(), bare[0], place, is_without)
    return Piece(start, place + 1, "", place + 1, is_without, is_unclosed=True)


def _value(typed: str, start: int, operator: Operator | None) -> tuple[str, int, int, bool]:
    """The value after a name: its text, where it begins, where the piece ends, and whether it is quoted."""
    if quoted := _QUOTED.match(typed, start):
        return quoted[1], quoted.start(1), quoted.end(), True
    if operator and operator.several and (several := operator.several.match(typed, start)):
        return several[0], start, several.end(), False
    bare = _BARE.match(typed, start)
    end = bare.end() if bare else start
    return typed[start:end], start, end, False
