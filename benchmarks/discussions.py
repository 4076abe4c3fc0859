"""What the measured discussions look like: how many, how long, how deep, and their words; no part of the site."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

# Discussions by their address.
HUNDRED, TEN, FOLDED, PAGED = "hundred", "ten", "folded", "paged"
THOUSANDS, HUGE, WIDE, DEEP = "thousands", "huge", "wide", "deep"
SMALL, WRITTEN_TO = "small-{}", "small-1"

PEOPLE = 50
WRITERS = 8
# As many as the page draws, so that every one of the hundred is on it. Longer discussions may go deeper.
LEVELS_OF_A_PAGE, REPLIES_OF_A_PAGE, DEEPEST = 5, 3, 50
# Of the made ones: how deep their chains go, how many there are, and how many comments hang below one comment.
CHAIN, CHAINS, BRANCH = 200, 20, 10_000

COMMON, RARE = "timetable", "ombudsman"
WITH_COMMON, WITH_RARE = 0.31, 5
# Words of a comment, about a normal distribution; mean and spread.
LENGTH, SPREAD = 58, 25
# Rendering takes milliseconds: comments of the other discussions share this many texts.
TEXTS = 300

_LANGUAGE = (
    "the of to and a in that it is was for on we they with as our this at but not by have are be you when which "
    "council service appointment waiting people letter office street asked answer phone month week form online "
    "nobody everybody housing repairs bus library clinic school budget meeting record report evidence change "
    "because before after still always never again better worse clear plain slow quick small large first last"
)
_WORDS = _LANGUAGE.split()

# Which earlier comment each comment answers, by its place; None answers the post.
Shape = list[int | None]


@dataclass(frozen=True)
class Plan:
    """A site to be measured: its discussions, and which of them the search index leaves out."""

    shapes: dict[str, Callable[[random.Random], Shape]]
    not_indexed: Sequence[str] = ()


def source(dice: random.Random, is_common: bool = False) -> str:
    """A comment in Markdown: bold in 1 of 5, a link in 1 of 7, a second paragraph in 1 of 10."""
    words = dice.choices(_WORDS, k=max(8, round(dice.gauss(LENGTH, SPREAD))))
    if is_common:
        words[dice.randrange(len(words))] = COMMON
    for chance, form in ((5, "**{}**"), (7, "[{}](https://example.org/page)"), (10, "{}.\n\n")):
        if dice.random() < 1 / chance:
            place = dice.randrange(len(words))
            words[place] = form.format(words[place])
    return " ".join(words).capitalize() + "."


@dataclass(frozen=True)
class Written:
    """A comment of the discussion of 100, the same on every site that is measured."""

    parent: int | None
    person: int
    text: str


def hundred() -> list[Written]:
    """Each has a word that no other has, by which a page tells how many of them it shows."""
    dice = random.Random(110)
    parents = on_one_page(dice, 100)
    return [
        Written(parent, dice.randrange(PEOPLE), f"{source(dice, dice.random() < WITH_COMMON)} {mark(number)}")
        for number, parent in enumerate(parents)
    ]


def mark(number: int) -> str:
    return f"remark{number:03}"


def on_one_page(dice: random.Random, size: int) -> Shape:
    """55 % reply to one of the 30 before, half of them to the last; nothing a page would fold."""
    return _talk(dice, size, LEVELS_OF_A_PAGE, REPLIES_OF_A_PAGE)


def long(dice: random.Random, size: int) -> Shape:
    """The same without an end to the replies, and once two people who do not stop."""
    shape = _talk(dice, size, DEEPEST, size)
    if size > 1_000 + DEEPEST:
        shape[1_000 : 1_000 + DEEPEST] = [None, *range(1_000, 1_000 + DEEPEST - 1)]
    return shape


def wide(dice: random.Random, size: int) -> Shape:
    """Many branches; 10,000 replies below the third comment, a third of them direct; 20 chains 200 deep."""
    half = (size - BRANCH - CHAINS * CHAIN) // 2
    shape = _talk(dice, half, DEEPEST, size)
    top = [place for place, answered in enumerate(shape) if answered is None][2]
    first = len(shape)
    for number in range(BRANCH):
        shape.append(top if not number or dice.random() < 1 / 3 else dice.randrange(first, first + number))
    for _chain in range(CHAINS):
        shape += _chain_from(len(shape))
    later = len(shape)
    shape += [place if place is None else place + later for place in _talk(dice, size - later, DEEPEST, size)]
    return shape


def chains(size: int, length: int) -> Shape:
    """Nothing but chains of this length, with an answer beside at every tenth level."""
    shape: Shape = []
    while len(shape) < size:
        first = len(shape)
        shape += _chain_from(first, length)
        shape += range(first + 5, first + length, 10)
    return shape[:size]


def _chain_from(first: int, length: int = CHAIN) -> Shape:
    return [None, *(above for above, _below in pairwise(range(first, first + length)))]


def _talk(dice: random.Random, size: int, deepest: int, replies: int) -> Shape:
    shape: Shape = []
    depths: list[int] = []
    children: Counter[int] = Counter()
    for number in range(size):
        place = _answered(dice, number)
        if place is not None and (depths[place] >= deepest or children[place] >= replies):
            place = None
        shape.append(place)
        depths.append(0 if place is None else depths[place] + 1)
        if place is not None:
            children[place] += 1
    return shape


def _answered(dice: random.Random, number: int) -> int | None:
    if not number or dice.random() > 0.55:
        return None
    return number - 1 if dice.random() < 0.5 else dice.randrange(max(0, number - 30), number)


def _hundred_shape(_dice: random.Random) -> Shape:
    return [written.parent for written in hundred()]


_SMALL_ONES = {SMALL.format(number): lambda dice: on_one_page(dice, 20) for number in range(1, 201)}
PLANS = {
    "site": Plan(
        _SMALL_ONES
        | {
            HUGE: lambda dice: long(dice, 50_000),
            THOUSANDS: lambda dice: long(dice, 2_000),
            HUNDRED: _hundred_shape,
        },
        not_indexed=[HUGE],
    ),
    "threads": Plan(
        {
            TEN: lambda dice: on_one_page(dice, 10),
            WIDE: lambda dice: wide(dice, 50_000),
            DEEP: lambda _dice: chains(50_000, CHAIN),
            PAGED: lambda dice: on_one_page(dice, 300),
            FOLDED: lambda _dice: chains(100, 25),
            HUNDRED: _hundred_shape,
        },
        not_indexed=[WIDE, DEEP],
    ),
    "peers": Plan({WRITTEN_TO: lambda dice: on_one_page(dice, 20), HUNDRED: _hundred_shape}),
}
