"""What people type into the search box of the made comments, and what somebody types who means harm."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from benchmarks.search_texts import (
    BEGAN,
    COMMON,
    DAYS,
    FUNCTION_WORDS,
    MIDDLING,
    RARE,
    names,
    pairs,
    ranked,
    vocabulary,
)
from forum.search import language

# Characters that the box takes.
BOX: Final = language.LONGEST


def _common(dice: random.Random) -> str:
    return ranked(dice, COMMON)


def _month(dice: random.Random) -> str:
    since = BEGAN + timedelta(days=dice.randrange(DAYS - 31))
    return f"after:{since:%Y-%m-%d} before:{since + timedelta(days=31):%Y-%m-%d}"


def _name(dice: random.Random) -> str:
    return names(dice.randint(1, 200))[0].split()[1].lower()


def _question(dice: random.Random) -> str:
    words = [_common(dice), *(ranked(dice, MIDDLING) for _number in range(4))]
    return f"what does the {words[0]} {words[1]} have to do with {words[2]} and {words[3]} {words[4]}"


# What people type, by what kind of search it is.
SEARCHES: Final[dict[str, Callable[[random.Random], str]]] = {
    "rare word": lambda dice: ranked(dice, RARE),
    "common word": _common,
    "two words": lambda dice: f"{_common(dice)} {_common(dice)}",
    "question": _question,
    "phrase": lambda dice: f'"{dice.choice(pairs())}"',
    "phrase, common words": lambda dice: f'"{_common(dice)} {_common(dice)}"',
    "author and word": lambda dice: f"{_common(dice)} author:{_name(dice)}",
    "author": lambda dice: f"author:{_name(dice)}",
    "month and word": lambda dice: f"{_common(dice)} {_month(dice)}",
    "month": _month,
    "newest first": lambda dice: f"{_common(dice)} order:newest",
    "most liked": lambda dice: f"{_common(dice)} order:liked",
    "prefix": lambda dice: f"{_common(dice):a<4}"[:4] + "*",
    "one of two": lambda dice: f"{_common(dice)} OR {_common(dice)}",
    "without": lambda dice: f"{_common(dice)} -{_common(dice)}",
    "with a link": lambda dice: f"{_common(dice)} has:link",
}


def searches(name: str, many: int) -> list[str]:
    """At most so many of a kind, no two the same."""
    dice = random.Random(f"64 {name}")
    return list(dict.fromkeys(SEARCHES[name](dice) for _number in range(3 * many)))[:many]


def unbearable() -> dict[str, str]:
    """What somebody types who wants to keep the site busy: as much of each as is taken, and some that is not."""
    common = [word for word in vocabulary()[slice(*COMMON)] if len(word) >= 3]
    long = [word for word in vocabulary()[slice(*MIDDLING)] if len(word) >= 8]
    beginnings = list(dict.fromkeys(word[:3] for word in common))
    words, exact = language.MOST_TERMS, language.MOST_EXACT
    phrases = [f'"{one} {two}"' for one, two in zip(common[:exact], common[exact : 2 * exact], strict=True)]
    return {
        "12 common words": " ".join(common[:12]),
        "common words, all that are taken": _fitting(common[:words]),
        "common words, more than are taken": _fitting(common),
        "function words, all that are taken": _fitting(FUNCTION_WORDS[:words]),
        "prefixes": " ".join(f"{letters}*" for letters in beginnings[:exact]),
        "one long word": "a" * BOX,
        "a long prefix": "a" * (BOX - 1) + "*",
        "a long phrase": f'"{_fitting(common, BOX - 2)}"',
        "the same word in a phrase": f'"{" ".join([common[0]] * 30)}"',
        "phrases": _fitting(phrases),
        "phrases with function words": _fitting([f'"the {word}"' for word in common[:exact]]),
        "one of many": _fitting([part for word in common[:words] for part in (word, "OR")])[:-3],
        "one of many phrases": _fitting([part for phrase in phrases for part in (phrase, "OR")])[:-3],
        "nested operators": "(((" + _fitting([f"-({word}" for word in common], BOX - 10) + ")))",
        "nothing but operators": _fitting(["author:", "-", "OR", '"', "before:", "*", "in:", "(", ")"] * 20),
        "word without others": " ".join([common[0], *(f"-{word}" for word in common[1:exact])]),
        "joined by hyphens": "-".join(common[:12]),
        "12 authors": _fitting([f"author:{names(number)[0].split()[1].lower()}" for number in range(1, 13)]),
        "three misspelt words": " ".join(f"{word[:2]}q{word[3:]}" for word in long[:3]),
        "nothing, and much to try instead": _fitting(
            [*common[:12], "author:nobodyatall", "has:image", "after:2021-01-01", "before:2021-01-02", "in:posts"]
        ),
        "signs of unspaced writing": "今" * BOX,
        "letters that fold to many": "ﷺ" * BOX,
    }


def _fitting(words: Sequence[str], most: int = BOX) -> str:
    """As many of the first of these as fit into the box."""
    typed = " ".join(words)[: most + 1]
    return typed.rpartition(" ")[0] if len(typed) > most else typed
