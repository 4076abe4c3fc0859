"""HTML of another system as Markdown, so that its writer can edit it here and one gate makes it safe again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from forum.archive import spelling
from forum.text import excerpt
from forum.text import markdown as rendering

# Deeper elements keep their words and lose their form; each quote in a quote writes its lines again.
DEEPEST = 40

_BLOCKS = frozenset({
    "address", "article", "aside", "center", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "form",
    "header", "main", "p", "section", "table", "tbody", "tfoot", "thead", "tr",
})  # fmt: skip
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*", "s": "~~", "del": "~~", "strike": "~~"}
_UNREAD = frozenset({"script", "style", "head", "template", "noscript"})
_STANDING = _BLOCKS | {"blockquote", "br", "dir", "hr", "li", "ol", "pre", "td", "th", "ul"} | _HEADINGS.keys()
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)

# Text without any of these has its line ends instead, as WordPress stores comments.
_HAS_LINES = re.compile(r"<(?:p|br|div|li|pre|blockquote|h[1-6])\b", re.IGNORECASE)


def markdown(html: str) -> str:
    """Markdown that renders as the HTML reads: its words, emphasis, links, lists, quotes and code.

    What Markdown cannot say (bold that ends inside a word, after a comma) would show its marks: such a text goes
    without emphasis, and if need be without anything but its words and paragraphs.
    """
    if not _HAS_LINES.search(html):
        html = re.sub(r"\r?\n", "<br>", re.sub(r"\r?\n[ \t]*\r?\n\s*", "<p>", html))
    for keeps_marks in (True, False):
        written = _written(html, keeps_form=True, keeps_marks=keeps_marks)
        if _reads_the_same(written, html):
            return written
    return _written(html, keeps_form=False, keeps_marks=False)


def words(html: str) -> str:
    """The words alone, on one line."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return " ".join("".join(reader.pieces).split())


def _written(html: str, *, keeps_form: bool, keeps_marks: bool) -> str:
    reader = _Reader(keeps_form, _MARKS if keeps_marks else {})
    reader.feed(html)
    reader.close()
    return spelling.tidy(reader.written())


def _reads_the_same(source: str, html: str) -> bool:
    try:
        shown = excerpt.plain(rendering.render_comment(source).html)
    except rendering.TooComplex:
        return True  # whoever renders it says so
    return "".join(shown.split()) == "".join(words(html).split())


class _Words(HTMLParser):
    """Collects the text between tags, and in place of an image its description."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unread: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNREAD:
            self._unread.append(tag)
        elif tag == "img":
            self.handle_data(dict(attrs).get("alt") or "")
        elif tag in _STANDING:
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unread:
            del self._unread[self._unread.index(tag) :]
        elif tag in _STANDING:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.pieces.append(data)


@dataclass
class _Open:
    """An element that is not closed yet, and what was written inside it."""

    tag: str
    given: dict[str, str] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)

    def text(self) -> str:
        return "".join(self.pieces)


class _Reader(HTMLParser):
    """Writes each element when it closes, from the inside out."""

    def __init__(self, keeps_form: bool, marks: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self._keeps_form = keeps_form
        self._marks = marks
        self._open = [_Open("")]

    def written(self) -> str:
        while len(self._open) > 1:
            self._close()
        return self._open[0].text()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("p", "li") and self._open[-1].tag == tag:
            self._close()
        if tag in _VOID:
            self._write(_void(tag, given, self._keeps_form, self._is_code()))
        elif len(self._open) < DEEPEST:
            self._open.append(_Open(tag, given))

    def handle_endtag(self, tag: str) -> None:
        if not any(element.tag == tag for element in self._open):
            return
        while self._open[-1].tag != tag:
            self._close()
        self._close()

    def handle_data(self, data: str) -> None:
        self._write(data if self._is_code() else spelling.escaped(data, self._starts_line()))

    def _is_code(self) -> bool:
        return self._keeps_form and any(element.tag in ("code", "pre") for element in self._open)

    def _starts_line(self) -> bool:
        """Whether nothing stands before the next word on its line."""
        for element in reversed(self._open):
            if element.pieces:
                return element.pieces[-1].endswith("\n")
            if element.tag in _STANDING:
                return True
        return True

    def _write(self, text: str) -> None:
        if text:
            self._open[-1].pieces.append(text)

    def _close(self) -> None:
        element = self._open.pop()
        if element.tag in self._marks and not self._is_code():
            self._write(spelling.marked(element.text(), self._marks[element.tag]))
        elif self._keeps_form:
            self._write(_element(element, self._open[-1].tag, self._is_code()))
        elif element.tag not in _UNREAD:
            text = element.text()
            self._write(spelling.block(text.strip()) if element.tag in _STANDING else text)


def _element(element: _Open, above: str, is_code: bool) -> str:
    """A closed element as Markdown; `above` is the tag around it."""
    tag, text = element.tag, element.text()
    if tag in _UNREAD:
        return ""
    if is_code and tag != "pre":
        return text
    if tag == "pre":
        return spelling.fenced(text)
    if tag == "code":
        return spelling.code(text)
    if tag == "a":
        return spelling.link(text, element.given.get("href", ""))
    if tag == "blockquote":
        return spelling.quote(text)
    if tag in ("ul", "ol"):
        return spelling.block(text.strip())
    if tag == "li":
        return spelling.item(text, "1. " if above == "ol" else "- ")
    if tag in _HEADINGS:
        return spelling.heading(text, _HEADINGS[tag])
    if tag in ("td", "th"):
        return text.strip() + " "
    return spelling.block(text.strip()) if tag in _BLOCKS else text


def _void(tag: str, given: dict[str, str], keeps_form: bool, is_code: bool) -> str:
    if tag == "br":
        return "\n" if is_code else "  \n"
    if tag == "hr" and keeps_form:
        return spelling.block("---")
    if tag != "img":
        return ""
    words = given.get("alt", "")
    return spelling.image(words, given.get("src", "")) if keeps_form and not is_code else spelling.escaped(words, False)
