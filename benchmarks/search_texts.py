"""Made comments to search in, as many as one asks for and the same at every run; no part of the site.

A vocabulary of 60,000 words after Zipf's law, the commonest of them English function words, the others made of
syllables and inflected as English ones are. Comments have 20 to 120 words, some of which often stand together; a few
people write much and a few discussions are long; five years pass from the first to the last.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import Final

from forum.search.engine import COMMENT, IMAGE, LINK, PERSON, POST, Document, key_of

VOCABULARY: Final = 60_000
SHORTEST, LONGEST = 20, 120
BEGAN: Final = datetime(2021, 1, 1, tzinfo=UTC)
DAYS: Final = 5 * 365
# Pairs of words that belong together, and the share of comments that have one.
PAIRS, WITH_PAIR = 500, 0.3
COMMENTS_OF_A_PERSON, COMMENTS_OF_A_POST = 50, 200

_LANGUAGE = (
    "the of to and a in that is it for was on with as be at by this have not are but from or they you we his an which "
    "she do their if will what there all would can who so about no more when up out them some your time than then"
)
FUNCTION_WORDS: Final = _LANGUAGE.split()
# Ranks: words of 4 to 12 of a hundred comments, and of one in many thousand.
COMMON: Final = (len(FUNCTION_WORDS), 150)
RARE: Final = (20_000, VOCABULARY)
MIDDLING: Final = (200, 5_000)

_SOUNDS = ("b c d f g h j l m n p r s t v w br cr dr fl gr pl pr sh sp st th tr", "a e i o u ai ea ou")
_ONSETS, _VOWELS = (sounds.split() for sounds in _SOUNDS)
_CODAS = ("", "", "", "l", "m", "n", "r", "s", "t", "nd", "nt", "rk", "st")
_ENDINGS = ("", "", "s", "ed", "ing", "er", "ly")


@cache
def vocabulary() -> list[str]:
    """The commonest first."""
    dice = random.Random(60)
    found = dict.fromkeys(FUNCTION_WORDS)
    stems: list[str] = []
    while len(found) < VOCABULARY:
        # What is often said is short, and of a stem of its own; of the rest two in three are forms of what is there.
        is_common = len(found) < MIDDLING[0]
        if is_common or dice.random() < 0.35:
            stems.append(_made(dice, 2 if is_common else 3))
        found[stems[-1] if is_common else dice.choice(stems) + dice.choice(_ENDINGS)] = None
    return list(found)


def _made(dice: random.Random, longest: int = 3) -> str:
    syllables = dice.randint(1, longest)
    return "".join(dice.choice(_ONSETS) + dice.choice(_VOWELS) for _number in range(syllables)) + dice.choice(_CODAS)


@cache
def _shares() -> list[float]:
    """How often each word is said, summed up as `random.choices` wants it. Zipf; Mandelbrot's constant is 2.7."""
    return list(accumulate(1 / (rank + 2.7) for rank in range(1, VOCABULARY + 1)))


@cache
def pairs() -> list[str]:
    dice = random.Random(61)
    return [f"{ranked(dice, (50, 1_000))} {ranked(dice, (50, 3_000))}" for _number in range(PAIRS)]


def ranked(dice: random.Random, ranks: tuple[int, int]) -> str:
    return vocabulary()[dice.randrange(*ranks)]


def said(dice: random.Random, length: int) -> list[str]:
    """So many words, one after the other."""
    return dice.choices(vocabulary(), cum_weights=_shares(), k=length)


@dataclass(frozen=True)
class Texts:
    """So many comments, and the posts and people that go with them."""

    comments: int

    @property
    def people(self) -> int:
        return max(20, self.comments // COMMENTS_OF_A_PERSON)

    @property
    def posts(self) -> int:
        return max(5, self.comments // COMMENTS_OF_A_POST)

    def documents(self) -> Iterator[Document]:
        """All of them, in the order in which a site reads them from its database."""
        dice = random.Random(62)
        for number in range(1, self.posts + 1):
            yield self._post(dice, number)
        for number in range(1, self.comments + 1):
            yield self.comment(dice, number)
        for number in range(1, self.people + 1):
            yield self._person(dice, number)

    def comment(self, dice: random.Random, number: int, added: str = "") -> Document:
        words = said(dice, dice.randint(SHORTEST, LONGEST))
        if dice.random() < WITH_PAIR:
            words.insert(dice.randrange(len(words)), dice.choice(pairs()))
        contents = tuple(name for name, share in ((IMAGE, 0.05), (LINK, 0.15)) if dice.random() < share)
        return Document(
            COMMENT,
            number,
            post_id=_skewed(dice, self.posts),
            title="",
            body=f"{' '.join(words)} {added}".strip(),
            authors=(),
            lang="en",
            created_at=self.moment(number),
            writer_id=_skewed(dice, self.people),
            contents=contents,
        )

    def moment(self, number: int) -> datetime:
        return BEGAN + timedelta(days=DAYS) * (number / self.comments)

    def liked(self, many: int) -> tuple[str, ...]:
        """The keys of the comments that were liked most."""
        return tuple(key_of(COMMENT, number) for number in random.Random(63).sample(range(1, self.comments), many))

    def _post(self, dice: random.Random, number: int) -> Document:
        title, body = " ".join(said(dice, 7)), " ".join(said(dice, 400))
        writer = _skewed(dice, self.people)
        moment = self.moment(self.comments * number // self.posts)
        return Document(POST, number, number, title, body, names(writer), "en", moment, writer)

    def _person(self, dice: random.Random, number: int) -> Document:
        about = " ".join(said(dice, 20))
        return Document(PERSON, number, 0, names(number)[0], about, names(number), "en", BEGAN, number)


def _skewed(dice: random.Random, many: int) -> int:
    """One of so many, the first of them far more often than the last."""
    return int(many * dice.random() ** 2) + 1


def names(person: int) -> tuple[str, str]:
    """Their name and their username."""
    dice = random.Random(person)
    first, last = _made(random.Random(dice.randrange(300))), _made(random.Random(1_000 + dice.randrange(3_000)))
    return f"{first} {last}".title(), f"{first}{person}"
