"""Quotations of comments in other comments: what comments/quoting puts into a reply, as HTML and as it was typed.

Such a quotation ends with a name and the number of the comment it is from. Where somebody took that away, nothing tells
whose the words are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Final

from forum.text.safe import SafeHtml

# As the sanitiser writes them; text/references makes links of the numbers of comments that were public then. No text of
# a writer can look like this. Who writes on in the line below, without a gap, has written into the quotation.
_ENDS: Final = re.compile(
    r'<p>[^<>]{1,400}, (?:<a class="comment-number" href="/comments/\d+">)?#(\d{1,9})(?:</a>)?'
    r"(?P<more>\s(?:(?!</?(?:p|blockquote)>).)*)?</p>\s*</blockquote>",
    re.DOTALL,
)
_TAG: Final = re.compile(r"</?blockquote>")
_TYPED: Final = re.compile(r"(?:^[ ]{0,3}>.*(?:\n|\Z))+", re.MULTILINE)
_TYPED_ENDS: Final = re.compile(r"^[ ]{0,3}>[^>\n]*, #(\d{1,9})[ ]*$", re.MULTILINE)
_LEVEL: Final = re.compile(r"^[ ]{0,3}> ?", re.MULTILINE)


def named(html: str) -> set[int]:
    """The comments that are quoted here."""
    return {int(end[1]) for end in _ENDS.finditer(html)} if "</blockquote>" in html else set()


def without(html: str, gone: Collection[int], instead: Callable[[int], str]) -> SafeHtml:
    """The HTML with a line, as HTML, in place of each quotation of these comments."""
    begun: list[int] = []
    pieces: list[str] = []
    for piece in _pieces(html):
        pieces.append(piece)
        if piece == "<blockquote>":
            begun.append(len(pieces) - 1)
        elif piece == "</blockquote>" and begun:
            start = begun.pop()
            end = _ENDS.search("".join(pieces[-2:]))
            if end is not None and int(end[1]) in gone:
                more = end["more"] or ""
                pieces[start:] = [f"<blockquote><p>{instead(int(end[1]))}{more}</p></blockquote>"]
    return SafeHtml("".join(pieces))


def _pieces(html: str) -> list[str]:
    """The tags of quotations and what is between them, in order."""
    found, place = [], 0
    for tag in _TAG.finditer(html):
        found += [html[place : tag.start()], tag[0]]
        place = tag.end()
    return [*found, html[place:]]


def typed(source: str) -> set[int]:
    """The comments that are quoted in a text as it was typed."""
    found: set[int] = set()
    for block in _TYPED.finditer(source):
        found |= {int(end[1]) for end in _TYPED_ENDS.finditer(block[0])} | typed(_LEVEL.sub("", block[0]))
    return found


def typed_without(source: str, gone: Collection[int]) -> str:
    """The text as it was typed, with nothing but the number left of each quotation of these comments."""

    def left(block: re.Match[str]) -> str:
        for end in _TYPED_ENDS.finditer(block[0]):
            if int(end[1]) in gone:
                return f"> … #{end[1]}{block[0][end.end() :] or chr(10)}"
        inside = _LEVEL.sub("", block[0])
        return block[0] if typed(inside).isdisjoint(gone) else _quoted(typed_without(inside, gone))

    return _TYPED.sub(left, source)


def _quoted(source: str) -> str:
    return "".join(f"> {line}" for line in source.splitlines(keepends=True))
