"""What the measured discussions look like: how many, how long, how deep, and their words; no part of the site."""

from __future__ import annotations

import random
from collections import Counter

# Discussions by address; “small-1” to “small-50” have 20 comments each.
HUNDRED, THOUSANDS, HUGE, WRITTEN_TO = "hundred", "thousands", "huge", "small-1"
SIZES = {**{f"small-{number}": 20 for number in range(1, 51)}, HUGE: 50_000, THOUSANDS: 2_000, HUNDRED: 100}

PEOPLE = 50
WRITERS = 8
# As many as the page draws, so that every one of the hundred is on it. Longer discussions may go deeper.
LEVELS_OF_A_PAGE, REPLIES_OF_A_PAGE, DEEPEST = 5, 3, 50

COMMON, RARE = "timetable", "ombudsman"
WITH_COMMON, WITH_RARE = 0.31, 5
# Words of a comment, about a normal distribution; mean and spread.
LENGTH, SPREAD = 58, 25
# Rendering takes milliseconds: comments share this many texts.
TEXTS = 300

_LANGUAGE = (
    "the of to and a in that it is was for on we they with as our this at but not by have are be you when which "
    "council service appointment waiting people letter office street asked answer phone month week form online "
    "nobody everybody housing repairs bus library clinic school budget meeting record report evidence change "
    "because before after still always never again better worse clear plain slow quick small large first last"
)
_WORDS = _LANGUAGE.split()


def source(dice: random.Random, is_common: bool) -> str:
    """A comment in Markdown: bold in 1 of 5, a link in 1 of 7, a second paragraph in 1 of 10."""
    words = dice.choices(_WORDS, k=max(8, round(dice.gauss(LENGTH, SPREAD))))
    if is_common:
        words[dice.randrange(len(words))] = COMMON
    for chance, form in ((5, "**{}**"), (7, "[{}](https://example.org/page)"), (10, "{}.\n\n")):
        if dice.random() < 1 / chance:
            place = dice.randrange(len(words))
            words[place] = form.format(words[place])
    return " ".join(words).capitalize() + "."


def shape(dice: random.Random, size: int) -> list[int | None]:
    """Which earlier comment each comment answers, by its place; None answers the post.

    55 % reply to one of the 30 before, half of them to the last.
    """
    fits_a_page = size <= 100
    answered: list[int | None] = []
    depths: list[int] = []
    replies: Counter[int] = Counter()
    for number in range(size):
        place = _answered(dice, number)
        if place is not None and _is_full(depths[place], replies[place], fits_a_page):
            place = None
        answered.append(place)
        depths.append(0 if place is None else depths[place] + 1)
        if place is not None:
            replies[place] += 1
    return answered


def _answered(dice: random.Random, number: int) -> int | None:
    if 1_000 <= number < 1_000 + DEEPEST:
        return number - 1  # two people who do not stop
    if not number or dice.random() > 0.55:
        return None
    return number - 1 if dice.random() < 0.5 else dice.randrange(max(0, number - 30), number)


def _is_full(depth: int, replies: int, fits_a_page: bool) -> bool:
    if fits_a_page:
        return depth >= LEVELS_OF_A_PAGE or replies >= REPLIES_OF_A_PAGE
    return depth >= DEEPEST
