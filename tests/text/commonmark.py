"""The examples of CommonMark's specification, and what of their HTML counts.

The specification is not ours to keep here: `make test` has npm fetch the release that package-lock.json names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bleach._vendor import html5lib

ROOT: Final = Path(__file__).resolve().parents[2]
SPECIFICATION: Final = ROOT / "node_modules" / "commonmark-spec" / "spec.txt"

# As the package's own index.js finds them; a heading of the text is passed over.
_EXAMPLE: Final = re.compile(r"^`{32} example\n([\s\S]*?)^\.\n([\s\S]*?)^`{32}$", re.MULTILINE)
_BLOCKS: Final = {"blockquote", "h", "hr", "li", "ol", "p", "pre", "ul"}


@dataclass(frozen=True)
class Example:
    number: int
    source: str
    html: str


def examples() -> list[Example]:
    """All of them, in order; an arrow stands for a tab."""
    text = SPECIFICATION.read_text(encoding="utf-8").partition("<!-- END TESTS -->")[0].replace("→", "\t")
    return [Example(number, found[1], found[2]) for number, found in enumerate(_EXAMPLE.finditer(text), start=1)]


Part = tuple[str, ...]


def form(html: str) -> list[Part]:
    """What a browser would make of it, without what we change on purpose.

    `rel` says who vouches for a link; headings begin where those of the page end; in a comment an image is a link, or
    only its description where it is inside one; code is coloured by spans. And space between blocks says nothing.
    """
    reader = _Reader()
    reader.children(html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False))
    return _without_space_between_blocks(reader.parts)


class _Reader:
    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._open: list[str] = []

    def children(self, element) -> None:
        self._text(element.text)
        for child in element:
            self._element(child)
            self._text(child.tail)

    def _element(self, element) -> None:
        tag = re.sub(r"^h[1-6]$", "h", str(element.tag))
        given = {name: value for name, value in element.attrib.items() if name != "rel"}
        if tag == "img":
            self._image(given)
        elif tag == "span" and "pre" in self._open:
            self.children(element)
        else:
            self._begin(tag, given)
            self.children(element)
            self._end()

    def _image(self, given: dict[str, str]) -> None:
        if "a" in self._open:
            self._text(given.get("alt"))
            return
        self._begin("a", {"href": given.get("src", "")})
        self._text(given.get("alt") or given.get("src"))
        self._end()

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        self._open.append(tag)
        self.parts.append(("open", tag, *(f"{name}={value}" for name, value in sorted(given.items()))))

    def _end(self) -> None:
        self.parts.append(("close", self._open.pop()))

    def _text(self, text: str | None) -> None:
        if not text:
            return
        words = text if "pre" in self._open else re.sub(r"\s+", " ", text)
        kind = "code" if "pre" in self._open else "text"
        if self.parts and self.parts[-1][0] == kind:
            words = self.parts.pop()[1] + words
        self.parts.append((kind, words))


def _without_space_between_blocks(parts: list[Part]) -> list[Part]:
    kept = []
    for before, part, after in zip([("open", "p"), *parts], parts, [*parts[1:], ("close", "p")], strict=False):
        if part[0] == "text":
            words = re.sub(" +", " ", part[1])
            words = words.lstrip() if before[1] in _BLOCKS | {"br"} else words
            words = words.rstrip() if after[1] in _BLOCKS else words
            part = ("text", words)
        if part != ("text", ""):
            kept.append(part)
    return kept
