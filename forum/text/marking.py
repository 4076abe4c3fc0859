"""Words marked in HTML that is safe already. Nothing is put inside a tag, and no element is cut in two."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from forum.text.safe import SafeHtml

# A check that matched more has said enough.
MOST_WORDS: Final = 40
LONGEST_WORD: Final = 200

# A tag whatever its attributes hold, a reference to a character, a character.
_PIECES: Final = re.compile(r"""<(?:"[^"]*"|'[^']*'|[^'">])*>|&(?:#\w+|\w+);|.""", re.S)
# Elements inside a line: a word may begin in one and end in another.
_INLINE: Final = re.compile(r"</?(?:a|abbr|b|code|del|em|i|ins|kbd|mark|s|span|strong|sub|sup)\b", re.I)
# Stands in the text for the end of a paragraph, a line of a list: no word goes on behind it.
_END: Final = "\x00"
# What hides between the letters of a word, or is how Markdown marks them up.
_BETWEEN: Final = "[\\s\u00ad\u200b-\u200f\u2060\ufeff*_~`]"
_SIGNS: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff*_~`\\\\]")


@dataclass(frozen=True)
class _Piece:
    source: str
    text: str
    is_tag: bool


def marked(html: SafeHtml, words: Iterable[str]) -> SafeHtml:
    """The same HTML with each of these words, as its writer wrote them, in a <mark>."""
    wanted = [word for word in dict.fromkeys(map(_bare, words)) if word][:MOST_WORDS]
    if not wanted:
        return html
    pieces = list(_read(html))
    places = _places("".join(piece.text for piece in pieces), wanted)
    return SafeHtml("".join(_written(pieces, places)))


def _bare(word: str) -> str:
    return " ".join(_SIGNS.sub("", word[:LONGEST_WORD]).split())


def _read(html: str) -> Iterator[_Piece]:
    """Each piece with the text it shows: one character, or none for a tag within a line, or the end of a paragraph."""
    for found in _PIECES.finditer(html):
        source = found.group()
        if source.startswith("<") and len(source) > 1:
            yield _Piece(source, "" if _INLINE.match(source) else _END, True)
        else:
            # A few references stand for two characters; then the first says enough of where they are.
            yield _Piece(source, entities.unescape(source)[:1], False)


def _places(text: str, words: list[str]) -> set[int]:
    """The places of the text that belong to one of the words: whole words, or else parts of words."""
    places: set[int] = set()
    for word in words:
        pattern = f"{_BETWEEN}*".join(re.escape(letter) if letter != " " else r"\s+" for letter in word)
        found = list(re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.I)) or list(re.finditer(pattern, text, re.I))
        for match in found:
            places.update(range(*match.span()))
    return places


def _written(pieces: list[_Piece], places: set[int]) -> Iterator[str]:
    at, is_marked = 0, False
    for piece in pieces:
        begins = not piece.is_tag and at in places
        if begins != is_marked:
            yield "<mark>" if begins else "</mark>"
            is_marked = begins
        yield piece.source
        at += len(piece.text)
    if is_marked:
        yield "</mark>"
