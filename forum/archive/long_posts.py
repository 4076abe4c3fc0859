"""Posts longer than one text may be: rendered in pieces that are cut between blocks, best before a heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import accumulate, count
from operator import add

from forum.text import markdown
from forum.text.safe import SafeHtml

# The longest essays on the Web; each 1,000 characters take about 6 ms.
LONGEST = 500_000

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_DEFINITION = re.compile(r" {0,3}\[(\^?[^\[\]\n]{1,200})\]:")
_MENTIONED = re.compile(r"\[(\^?[^\[\]\n]{1,200})\]")
_HEADING = re.compile(r"#{1,6} ")


def render(source: str) -> SafeHtml:
    """The HTML of a post, however many pieces it takes. Raises TooComplex for one whose single blocks are too much.

    Links and footnotes defined once at the end work in every piece; footnotes stand at the end of theirs.
    """
    try:
        return markdown.render_post(source).html
    except markdown.TooComplex:
        if len(source) > LONGEST:
            raise
    blocks = list(_blocks(source))
    said = [block for block in blocks if not _only_defines(block)]
    return reduce(add, _pieces(said or blocks, _definitions(blocks), count(1)))


def _pieces(blocks: Sequence[str], definitions: Mapping[str, str], numbers: Iterator[int]) -> list[SafeHtml]:
    text = "\n".join([*blocks, *_used(blocks, definitions)])
    try:
        return [markdown.render_post(text, prefix=f"post-{next(numbers)}-").html]
    except markdown.TooComplex:
        if len(blocks) < 2:
            raise
    cut = _cut(blocks)
    return [part for half in (blocks[:cut], blocks[cut:]) for part in _pieces(half, definitions, numbers)]


def _blocks(source: str) -> Iterator[str]:
    """Pieces of text that may stand apart: after an empty line, not indented, and never inside a fence."""
    block: list[str] = []
    fence = ""
    for line in source.split("\n"):
        if not fence and block and not block[-1].strip() and line[:1].strip():
            yield "\n".join(block)
            block = []
        block.append(line)
        fence = _fence_after(line, fence)
    yield "\n".join(block)


def _fence_after(line: str, fence: str) -> str:
    """The signs that would end the code this line is in, or nothing."""
    found = _FENCE.match(line)
    if found is None:
        return fence
    if not fence:
        return found[1]
    return "" if found[1].startswith(fence) and not found[2].strip() else fence


def _only_defines(block: str) -> bool:
    """Whether it holds definitions and no other words; lines below a footnote are the footnote's."""
    if not _DEFINITION.match(block):
        return False
    label = ""
    for line in block.split("\n"):
        found = _DEFINITION.match(line)
        label = found[1] if found else label
        if not found and line[:1].strip() and not label.startswith("^"):
            return False
    return True


def _definitions(blocks: Sequence[str]) -> dict[str, str]:
    """Where links and footnotes are defined: label to its lines. The first of two counts."""
    found: dict[str, list[str]] = {}
    for block in blocks:
        lines: list[str] = []
        for line in block.split("\n") if _DEFINITION.match(block) else ():
            label = _DEFINITION.match(line)
            if label:
                lines = []
                found.setdefault(_folded(label[1]), lines)
            lines.append(line)
    return {label: "\n".join(lines) for label, lines in found.items()}


def _used(blocks: Sequence[str], definitions: Mapping[str, str]) -> list[str]:
    """The definitions that these blocks use, and those that these use, each after an empty line."""
    seek, found = list(blocks), {}
    while seek:
        for label in map(_folded, _MENTIONED.findall(seek.pop())):
            if label in definitions and label not in found:
                found[label] = definitions[label]
                seek.append(definitions[label])
    return [f"\n{lines}" for lines in found.values()]


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()


def _cut(blocks: Sequence[str]) -> int:
    """Where to cut in two: at the heading nearest to the middle, if one is in the middle half; else at the middle."""
    starts = [0, *accumulate(len(block) for block in blocks)]
    whole = starts[-1]

    def away(place: int) -> float:
        return abs(starts[place] - whole / 2)

    headings = [n for n in range(1, len(blocks)) if _HEADING.match(blocks[n]) and away(n) <= whole / 4]
    return min(headings or range(1, len(blocks)), key=away)
