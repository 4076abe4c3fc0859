"""How well a candidate answers: BM25F, computed from where the words stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from forum.search import postgres_questions as questions
from forum.search.engine import COMMENT, Wish
from forum.search.postgres_candidates import Candidate
from forum.search.postgres_vocabulary import Vocabulary
from forum.search.weights import AS_WRITTEN, K1, NOT_ALL, TITLE_ABOVE, WEIGHTS, B

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
        self._titles = titles

    def of(self, candidate: Candidate) -> tuple[float, bool]:
        """Its score, and whether it fulfils every wish by itself, without the title above it."""
        places = read_places(candidate.places)
        above = self._titles.get(candidate.post_id) if candidate.kind == COMMENT else None
        score, is_whole, is_all = 0.0, True, True
        for wish in self._wishes:
            weight = wish.weight(candidate.title_length, candidate.body_length, places)
            is_whole = is_whole and weight > 0
            if above is not None:
                weight += TITLE_ABOVE * wish.weight(above.length, 0, above.places)
            is_all = is_all and weight > 0
            score += wish.rarity * weight * (K1 + 1) / (weight + K1)
        return score * (1 if is_all else NOT_ALL), is_whole


class _WeighedWish:
    def __init__(self, wish: Wish, vocabulary: Vocabulary) -> None:
        self.rarity = vocabulary.rarity(wish)
        self._vocabulary = vocabulary
        self._terms = [
            (
                term.is_prefix,
                [questions.forms(word) for word in term.words],
                questions.written(term, vocabulary.prefixes),
            )
            for term in wish.terms
        ]

    def weight(self, title_length: int, body_length: int, places: Places) -> float:
        """How often a document fulfils it, were it of usual length and all of it text."""
        title_share = WEIGHTS["title"] / (1 - B + B * title_length / self._vocabulary.usual_title)
        body_share = WEIGHTS["body"] / (1 - B + B * body_length / self._vocabulary.usual_body)
        weight, bonus = 0.0, 1.0
        for is_prefix, words, written in self._terms:
            if is_prefix:
                weight += sum(one in places for one in written)
                continue
            for place in _starts(words, places):
                weight += title_share if place <= title_length else body_share
            for one in written:
                if one in places:
                    bonus *= AS_WRITTEN
        return weight * bonus


def _starts(words: Sequence[Sequence[str]], places: Places) -> Iterable[int]:
    """Where these words, each in one of its forms, stand one after the other."""
    if len(words) == 1:
        return (place for form in words[0] for place in places.get(form, ()))
    starts: set[int] | None = None
    for step, forms in enumerate(words):
        here = {place - step for form in forms for place in places.get(form, ())}
        starts = here if starts is None else starts & here
    return starts or ()
