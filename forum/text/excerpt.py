"""A text without its markup, and the beginning of it."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser
from typing import Final

from markupsafe import Markup

from forum.text import markdown

_SPACES: Final = re.compile(r"\s+")
# Embeddings, overrides and isolates: cut in half, they would turn the text after the excerpt around.
_DIRECTIONS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_JOINER: Final = "\u200d"
# How much HTML is read at a time, in characters: an ordinary paragraph.
_PIECE: Final = 2_000

# Words on the two sides of these belong together; between all other tags there is a space.
_INLINE: Final = frozenset(
    {
        "a",
        "abbr",
        "b",
        "code",
        "del",
        "em",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "s",
        "span",
        "strong",
        "sub",
        "sup",
    }
)
_VOID: Final = frozenset({"br", "hr", "img", "input"})
# A spoiler in an excerpt would be no secret; the numbers of footnotes mean nothing without their links.
_LEFT_OUT: Final = frozenset({"spoiler", "footnote-ref", "footnote-backref"})


def plain(html_or_source: str) -> str:
    """The words alone, on one line, without spoilers. HTML is known by its type (Markup); any other str is Markdown.

    The answer is text, not HTML: it must be escaped where it is shown. Raises TooComplex for Markdown that does.
    """
    is_html = isinstance(html_or_source, Markup)
    reader = _Words()
    reader.feed(str(html_or_source) if is_html else str(markdown.render_post(html_or_source).html))
    reader.close()
    return _on_one_line(reader)


def beginning(html: Markup, length: int) -> str:
    """The excerpt of a text's HTML, read no further than it takes: a page may show fifty of the longest comments."""
    reader = _Words()
    for start in range(0, len(html), _PIECE):
        reader.feed(str(html[start : start + _PIECE]))
        found = _on_one_line(reader)
        if len(found) > length:
            return excerpt(found, length)
    reader.close()
    return excerpt(_on_one_line(reader), length)


def _on_one_line(reader: _Words) -> str:
    return _SPACES.sub(" ", _DIRECTIONS.sub("", "".join(reader.pieces))).strip()


def excerpt(text: str, length: int = 200) -> str:
    """At most `length` characters of plain text, cut after a word, with "…" for what is missing."""
    if len(text) <= length:
        return text
    cut = text.rfind(" ", 0, length)
    # Chinese, Thai and long addresses have no space: better half a sentence than three words.
    if cut < length // 2:
        cut = _between_characters(text, length - 1)
    return text[:cut].rstrip(" ,;:–—-") + "…"


def _between_characters(text: str, cut: int) -> int:
    """The nearest place at or before `cut` that does not split what readers see as one character."""
    while cut > 0 and _is_inside(text, cut):
        cut -= 1
    return cut


def _is_inside(text: str, cut: int) -> bool:
    before, after = text[cut - 1], text[cut]
    if before == _JOINER or after == _JOINER or unicodedata.category(after).startswith("M"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff":  # A skin tone belongs to the person before it.
        return True
    return _is_flag_half(after) and _flag_halves_before(text, cut) % 2 == 1


def _flag_halves_before(text: str, cut: int) -> int:
    start = cut
    while start > 0 and _is_flag_half(text[start - 1]):
        start -= 1
    return cut - start


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


class _Words(HTMLParser):
    """Collects the text between tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._depth_left_out = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in _VOID and (self._depth_left_out or given.get("class") in _LEFT_OUT):
            self._leave_out(given.get("class"))
        if tag == "img" and not self._depth_left_out:
            self.pieces.append(given.get("alt") or "")
        self._space_around(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._depth_left_out and tag not in _VOID:
            self._depth_left_out -= 1
        self._space_around(tag)

    def handle_data(self, data: str) -> None:
        if not self._depth_left_out:
            self.pieces.append(data)

    def _leave_out(self, kind: str | None) -> None:
        if not self._depth_left_out and kind == "spoiler":
            self.pieces.append("…")
        self._depth_left_out += 1

    def _space_around(self, tag: str) -> None:
        if tag not in _INLINE:
            self.pieces.append(" ")
