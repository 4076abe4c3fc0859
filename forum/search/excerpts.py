"""The part of a text in which searched words stand, with the words marked.

Made when it is shown, from what the database says then: the index keeps no text that could outlive it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup, escape

from forum.search import matches
from forum.search.analysis import clean
from forum.search.engine import Query
from forum.search.matches import Match
from forum.text.excerpt import excerpt

LENGTH: Final = 220
# How much before the first match is shown, so that it reads as part of a sentence.
LEAD: Final = 60


def of(text: str, lang: str, query: Query) -> Markup:
    """Some 220 characters of a plain text, escaped; its beginning where nothing that was searched is in it."""
    text = clean(text)
    found = matches.of(text, lang, query.wishes, within=LENGTH - LEAD, end_after=LENGTH)
    if not found:
        return escape(excerpt(text, LENGTH))
    start, end = _window(text, found)
    shown = [match for match in found if start <= match.start and match.end <= end]
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return Markup("").join([before, _marked(text, start, end, shown), after])


def marked(text: str, lang: str, query: Query) -> Markup:
    """All of a plain text, a title, escaped and with what was searched marked."""
    text = clean(text)
    return _marked(text, 0, len(text), matches.of(text, lang, query.wishes, within=LENGTH - LEAD))


def _window(text: str, found: Sequence[Match]) -> tuple[int, int]:
    """Where to cut: around the place with most of what was searched, the first of equals."""
    first = _richest(found)
    start = _word_start(text, first.start - LEAD, first.start)
    if len(text) - start <= LENGTH:
        return _word_start(text, len(text) - LENGTH, first.start), len(text)
    shown = excerpt(text[start:], LENGTH).removesuffix("…")
    return start, max(start + len(shown), first.end)


def _richest(found: Sequence[Match]) -> Match:
    """The match after which most of what was searched stands within reach. One walk."""
    near: Counter[int] = Counter()
    best, most, last = found[0], 0, 0
    for first in found:
        while last < len(found) and found[last].end <= first.start + LENGTH - LEAD:
            near[found[last].wish] += 1
            last += 1
        if len(+near) > most:
            best, most = first, len(+near)
        near[first.wish] -= 1
    return best


def _word_start(text: str, place: int, latest: int) -> int:
    """The beginning of the next word from here on, but not after `latest`."""
    if place <= 0:
        return 0
    space = text.find(" ", place - 1, latest)
    return space + 1 if space >= 0 else latest


def _marked(text: str, start: int, end: int, found: Sequence[Match]) -> Markup:
    pieces: list[Markup] = []
    place = start
    for first, last in _joined(text, found):
        pieces += [escape(text[place:first]), Markup("<mark>"), escape(text[first:last]), Markup("</mark>")]
        place = last
    return Markup("").join([*pieces, escape(text[place:end])])


def _joined(text: str, found: Sequence[Match]) -> list[tuple[int, int]]:
    """Where marks begin and end: words that follow each other share one."""
    runs: list[tuple[int, int]] = []
    for match in found:
        if runs and not text[runs[-1][1] : match.start].strip():
            runs[-1] = (runs[-1][0], max(match.end, runs[-1][1]))
        else:
            runs.append((match.start, match.end))
    return runs
