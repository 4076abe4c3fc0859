"""How well a candidate answers: BM25F, computed from where the words stand in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple

from forum.search import postgres_questions as questions
from forum.search.engine import COMMENT, Wish
from forum.search.postgres_candidates import Candidate
from forum.search.postgres_vocabulary import Vocabulary
from forum.search.weights import AS_WRITTEN, BODY, K1, NOT_ALL, TITLE, TITLE_ABOVE, WEIGHTS, B

# Lexemes as PostgreSQL writes them, with their places.
Places = Mapping[str, Sequence[int]]

_LEXEME: Final = re.compile(r"'((?:[^']|'')+)':([\dC,]+)")


def read_places(written: str) -> Places:
    """Where each lexeme stands, from a tsvector as PostgreSQL writes it."""
    found = _LEXEME.findall(written)
    if "''" in written or "\\" in written:
        found = [(lexeme.replace("''", "'").replace("\\\\", "\\"), places) for lexeme, places in found]
    return {lexeme: [int(place[:-1]) for place in places.split(",")] for lexeme, places in found}


@dataclass(frozen=True)
class Title:
    """The title of a post, for the comments below it."""

    length: int
    places: Places


class Weighing:
    """The wishes of a query, ready to be compared with many documents."""

    def __init__(self, wishes: Sequence[Wish], vocabulary: Vocabulary, titles: Mapping[int, Title]) -> None:
        self._wishes = [_WeighedWish(wish, vocabulary) for wish in wishes]
        self._by_lexeme: dict[str, set[int]] = defaultdict(set)
        for number, wish in enumerate(wishes):
            for lexeme in questions.lexemes([wish], vocabulary.prefixes):
                self._by_lexeme[lexeme].add(number)
        self._usual_title, self._usual_body = vocabulary.usual_title, vocabulary.usual_body
        self._titles = titles

    def of(self, candidate: Candidate) -> tuple[float, bool]:
        """Its score, and whether it fulfils every wish by itself, without the title above it."""
        places = read_places(candidate.places)
        shares = self._shares(candidate.title_length, candidate.body_length)
        above = self._titles.get(candidate.post_id) if candidate.kind == COMMENT else None
        shares_above = self._shares(above.length, 0) if above is not None else None
        score, fulfilled, met = 0.0, 0, 0
        # Of many wishes a document meets a few.
        for number in self._touched(places, above):
            wish = self._wishes[number]
            weight = wish.weight(shares, places)
            fulfilled += weight > 0
            if above is not None and shares_above is not None:
                weight += TITLE_ABOVE * wish.weight(shares_above, above.places)
            met += weight > 0
            score += wish.rarity * weight * (K1 + 1) / (weight + K1)
        return score * (1 if met == len(self._wishes) else NOT_ALL), fulfilled == len(self._wishes)

    def _touched(self, places: Places, above: Title | None) -> list[int]:
        """The wishes of which anything stands in a document, or in the title above it."""
        lexemes = (lexeme for one in (places, above.places if above else ()) for lexeme in one)
        return sorted(set().union(*(self._by_lexeme[lexeme] for lexeme in lexemes)))

    def _shares(self, title_length: int, body_length: int) -> _Shares:
        return _Shares(
            title_length,
            WEIGHTS[TITLE] / (1 - B + B * title_length / self._usual_title),
            WEIGHTS[BODY] / (1 - B + B * body_length / self._usual_body),
        )


class _Shares(NamedTuple):
    """How much an occurrence weighs in the title, which ends at a place, and how much behind it."""

    title_end: int
    in_title: float
    in_body: float


class _WeighedWish:
    def __init__(self, wish: Wish, vocabulary: Vocabulary) -> None:
        self.rarity = vocabulary.rarity(wish)
        self._terms = [
            (
                term.is_prefix,
                [questions.forms(word) for word in term.words],
                questions.written(term, vocabulary.prefixes),
            )
            for term in wish.terms
        ]

    def weight(self, shares: _Shares, places: Places) -> float:
        """How often a document fulfils it, were it of usual length and all of it text."""
        weight, bonus = 0.0, 1.0
        for is_prefix, words, written in self._terms:
            if is_prefix:
                weight += sum(one in places for one in written)
                continue
            if starts := _starts(words, places):
                in_title = sum(place <= shares.title_end for place in starts) if shares.title_end else 0
                weight += in_title * shares.in_title + (len(starts) - in_title) * shares.in_body
            for one in written:
                if one in places:
                    bonus *= AS_WRITTEN
        return weight * bonus


def _starts(words: Sequence[Sequence[str]], places: Places) -> Collection[int]:
    """Where these words, each in one of its forms, stand one after the other."""
    if len(words) == 1:
        found = [places[form] for form in words[0] if form in places]
        return found[0] if len(found) == 1 else list(chain.from_iterable(found))
    starts: set[int] | None = None
    for step, forms in enumerate(words):
        here = {place - step for form in forms for place in places.get(form, ())}
        starts = here if starts is None else starts & here
    return starts or ()
