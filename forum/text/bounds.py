"""How much work one text may cost.

Every limit is far above what people write and below what makes a library slow; docs/markdown.md has the figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from markdown_it.token import Token

from forum.text import finding

MAX_CHARS: Final = 32_000
# The block parser looks at each line once for every level of nesting: 15,000 lines under 20 quote marks take 0.7 s.
MAX_LINES: Final = 2_500
# An unclosed bracket makes the link parser look ahead to the end of the paragraph.
MAX_BRACKETS: Final = 2_000
# At each "://" the parser searches backwards through the text before it (10,000 take 4 s), and for each address it
# copies all it has parsed of the paragraph.
MAX_ADDRESSES: Final = 500
# A short header makes the parser fill up every row below it: 2 KB of pipes become 65,000 cells.
MAX_CELLS: Final = 1_500
# A quote looks at every line up to the next empty one, also when it ends after its first: 20 quote marks and a lazy
# line, again and again, take 38 s.
MAX_QUOTED_LINES: Final = 100_000
# Each token becomes a tag or a piece of text, and bleach takes 30 millionths of a second for each.
MAX_TOKENS: Final = 12_000
# Each reference to a footnote becomes seven tags: 1,900 in a text of 7,600 characters take 0.4 s.
MAX_NOTES: Final = 500
# One long address, defined once and used thousands of times, makes a small text a large page.
MAX_OUTPUT: Final = 200_000


class Exceeded(ValueError):
    """The text goes over a bound; str() is a sentence for its writer, in English. forum/text/markdown translates it."""


def _(sentence: str) -> str:
    """Marks a sentence for the catalogues; Flask, which would look it up there, must not be needed here."""
    return sentence


# Not one of the bounds below stopped it: the process that worked on it ran out of time or memory.
TOO_MUCH_WORK: Final = _("This text takes too much work to show. Please make it simpler or shorter.")
BUSY: Final = _("Many long texts arrived at the same moment. Please send yours again.")


def check_source(source: str) -> None:
    """Raises Exceeded for text whose length or marks alone would make parsing slow."""
    if len(source) > MAX_CHARS:
        raise Exceeded(_("This text is too long: the limit is 32,000 characters."))
    if source.count("\n") >= MAX_LINES:
        raise Exceeded(_("This text has too many lines: the limit is 2,500."))
    if source.count("[") > MAX_BRACKETS:
        raise Exceeded(_("This text has too many square brackets: the limit is 2,000."))
    if source.count("://") > MAX_ADDRESSES or finding.count(source) > MAX_ADDRESSES:
        raise Exceeded(_("This text has too many web addresses: the limit is 500."))


def check_cells(cells: int) -> None:
    """Raises Exceeded for tables that would have too many cells together."""
    if cells > MAX_CELLS:
        raise Exceeded(_("This text has tables with too many cells: the limit is 1,500."))


def check_quotes(lines: int) -> None:
    """Raises Exceeded for quotes that made the parser look at too many lines together."""
    if lines > MAX_QUOTED_LINES:
        raise Exceeded(_("This text has too many quotes in quotes. Please separate them by empty lines."))


def check_tokens(tokens: Iterable[Token]) -> None:
    """Raises Exceeded for parsed text that would make too large or too busy a page."""
    size = notes = 0
    for count, token in enumerate(walk(tokens), start=1):
        notes += token.type == "footnote_ref"
        size += len(token.content) + sum(len(str(value)) for value in token.attrs.values())
        if count > MAX_TOKENS or size > MAX_OUTPUT:
            raise Exceeded(_("This text has too much formatting. Please make it simpler or shorter."))
        if notes > MAX_NOTES:
            raise Exceeded(_("This text refers to footnotes too often: the limit is 500 times."))


def walk(tokens: Iterable[Token]) -> Iterator[Token]:
    """All tokens in reading order, those inside paragraphs included."""
    for token in tokens:
        yield token
        if token.type == "inline":
            yield from token.children or ()
