"""Quotations of comments in other comments: what comments/quoting puts into a reply, as HTML and as it was typed.

Such a quotation ends with the number of the comment it is from. Where somebody took that away, nothing tells whose the
words are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Final

from forum.text.safe import SafeHtml

# As text/references writes them, and the sanitiser a quotation's end. No text of a writer can look like this.
_ENDS: Final = re.compile(r'<a class="comment-number" href="/comments/(\d+)">#\d+</a></p>\s*</blockquote>')
_TAG: Final = re.compile(r"</?blockquote>")
_TYPED: Final = re.compile(r"(?:^[ ]{0,3}>.*(?:\n|\Z))+", re.MULTILINE)
_TYPED_ENDS: Final = re.compile(r"#(\d+)\s*\Z")


def named(html: str) -> set[int]:
    """The comments that are quoted here."""
    return {int(number) for number in _ENDS.findall(html)} if "</blockquote>" in html else set()


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
                pieces[start:] = [f"<blockquote><p>{instead(int(end[1]))}</p></blockquote>"]
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
    ends = (_TYPED_ENDS.search(found[0]) for found in _TYPED.finditer(source))
    return {int(end[1]) for end in ends if end is not None}


def typed_without(source: str, gone: Collection[int]) -> str:
    """The text as it was typed, with nothing but the number left of each quotation of these comments."""

    def left(found: re.Match[str]) -> str:
        end = _TYPED_ENDS.search(found[0])
        return f"> … #{end[1]}\n" if end is not None and int(end[1]) in gone else found[0]

    return _TYPED.sub(left, source)
