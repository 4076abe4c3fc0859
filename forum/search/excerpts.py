"""The part of a text in which searched words stand, with the words marked.

Made when it is shown, from what the database says then: the index keeps no text that could outlive it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from markupsafe import Markup, escape

from forum.search import analysis
from forum.search.engine import Query
from forum.text.excerpt import excerpt

LENGTH: Final = 220
# How much before the first match is shown, so that it reads as part of a sentence.
LEAD: Final = 60


class _Match(NamedTuple):
    """A searched word in the text, by the name it has in the query."""

    start: int
    end: int
    word: str


def of(text: str, lang: str, query: Query) -> Markup:
    """Some 220 characters of a plain text, escaped; its beginning where none of the words is in it."""
    text = analysis.clean(text)
    matches = _matches(text, lang, query)
    if not matches:
        return escape(excerpt(text, LENGTH))
    start, end = _window(text, matches)
    shown = [match for match in matches if start <= match.start and match.end <= end]
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return Markup("").join([before, _marked(text, start, end, shown), after])


def _matches(text: str, lang: str, query: Query) -> list[_Match]:
    """Where the words stand, up to the end of the first excerpt that has all of them: no other is better."""
    stem = analysis.stemmer(lang)
    wanted = {form: word for word in query.ranked_words for form in analysis.forms(word)}
    found: list[_Match] = []
    seen: dict[str, int] = {}
    end = len(text)
    for word in analysis.words(text):
        if word.start > end:
            break
        term = wanted.get(stem(word.text))
        if term is None:
            continue
        found.append(_Match(word.start, word.end, term))
        seen[term] = word.start
        if end == len(text) and len(seen) == len(query.ranked_words):
            first = min(seen.values())
            end = first + LENGTH if word.end <= first + LENGTH - LEAD else end
    return found


def _window(text: str, matches: Sequence[_Match]) -> tuple[int, int]:
    """Where to cut: around the place with the most different words, the first of equals."""
    first = _richest(matches)
    start = _word_start(text, first.start - LEAD, first.start)
    if len(text) - start <= LENGTH:
        return _word_start(text, len(text) - LENGTH, first.start), len(text)
    shown = excerpt(text[start:], LENGTH).removesuffix("…")
    return start, max(start + len(shown), first.end)


def _richest(matches: Sequence[_Match]) -> _Match:
    """The match after which the most different words stand within reach. One walk."""
    near: Counter[str] = Counter()
    best, most, last = matches[0], 0, 0
    for first in matches:
        while last < len(matches) and matches[last].end <= first.start + LENGTH - LEAD:
            near[matches[last].word] += 1
            last += 1
        if len(+near) > most:
            best, most = first, len(+near)
        near[first.word] -= 1
    return best


def _word_start(text: str, place: int, latest: int) -> int:
    """The beginning of the next word from here on, but not after `latest`."""
    if place <= 0:
        return 0
    space = text.find(" ", place - 1, latest)
    return space + 1 if space >= 0 else latest


def _marked(text: str, start: int, end: int, matches: Sequence[_Match]) -> Markup:
    pieces: list[Markup] = []
    place = start
    for first, last in _joined(text, matches):
        pieces += [escape(text[place:first]), Markup("<mark>"), escape(text[first:last]), Markup("</mark>")]
        place = last
    return Markup("").join([*pieces, escape(text[place:end])])


def _joined(text: str, matches: Sequence[_Match]) -> list[tuple[int, int]]:
    """Where marks begin and end: words that follow each other share one."""
    runs: list[tuple[int, int]] = []
    for match in matches:
        if runs and not text[runs[-1][1] : match.start].strip():
            runs[-1] = (runs[-1][0], max(match.end, runs[-1][1]))
        else:
            runs.append((match.start, match.end))
    return runs
