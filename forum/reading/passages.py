"""The part of a text in which some words stand, with the words marked, however they are capitalised and accented."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from markupsafe import Markup, escape

from forum.screening import folding
from forum.text.excerpt import excerpt

LENGTH: Final = 260
# How much before the first of the words is shown, so that it reads as part of a sentence.
LEAD: Final = 80

Span = tuple[int, int]


def passage(texts: Sequence[str], words: Iterable[str]) -> Markup:
    """Some 260 characters of the first of these plain texts that has one of the words, escaped; of the first text
    from its beginning where none has."""
    folded = [folding.fold(word) for word in words]
    for text in texts:
        spans = _spans(text, [word for word in folded if word.strip()])
        if spans:
            return _cut(text, spans)
    return escape(excerpt(texts[0], LENGTH)) if texts else Markup("")


def _spans(text: str, words: Sequence[str]) -> list[Span]:
    """Where the words stand, in their order; what overlaps is one."""
    if not words:
        return []
    folded, places = folding.fold(text), folding.places(text)
    found: list[Span] = []
    for match in re.finditer("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), folded):
        start, end = match.span()
        found.append((start, end) if places is None else (places[start], max(places[end], places[end - 1] + 1)))
    return found


def _cut(text: str, spans: Sequence[Span]) -> Markup:
    start = _word_start(text, spans[0][0] - LEAD, spans[0][0])
    shown = excerpt(text[start:], LENGTH)
    end = start + len(shown.removesuffix("…"))
    pieces, place = [escape("…" if start else "")], start
    for first, last in spans:
        # A word that is longer than the passage is marked as far as it is shown.
        if first < place or first >= end:
            continue
        pieces += [escape(text[place:first]), Markup("<mark>"), escape(text[first : min(last, end)]), Markup("</mark>")]
        place = min(last, end)
    return Markup("").join([*pieces, escape(text[place:end]), "…" if end < len(text.rstrip()) else ""])


def _word_start(text: str, place: int, latest: int) -> int:
    """The beginning of the next word from here on, but not after `latest`."""
    if place <= 0:
        return 0
    space = text.find(" ", place - 1, latest)
    return space + 1 if space >= 0 else latest
