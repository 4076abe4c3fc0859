"""Measure the spam score on comments that people labelled: `python -m benchmarks.spam`.

Reads the YouTube Spam Collection (T. C. Alberto, J. V. Lochter, T. A. Almeida, "TubeSpam: Comment Spam Filtering on
YouTube", 2015), which is not part of this project, and skips where it is not there. Each discussion is judged by what
was learned from the others, so nothing is judged by itself or by a copy below the same video. Prints a table and a line
of figures; exit code 1 below a bar.
"""

from __future__ import annotations

import csv
import html
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from forum.screening import bayes, starter
from forum.screening.bayes import Counts, Curve
from forum.screening.checks import BY_NAME
from forum.screening.names import SPAM
from forum.screening.spam import ENOUGH, FITTED_TO

DATA = Path(
    os.environ.get("SPAM_DATA")
    or Path(__file__).parents[2] / "shared" / "data" / "spam" / "youtube_spam_collection.csv"
)
RECALL = 0.9
# The bars: of what is held so that nine of ten spam comments are, this share is spam; and of honest comments no more
# than this share is held at the probability the check comes with.
LEAST_PRECISION, MOST_HONEST_HELD = 0.95, 0.02

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"]+")


class Text(NamedTuple):
    words: list[str]
    is_spam: bool
    thread: str


class Judged(NamedTuple):
    probability: float
    is_spam: bool


def main() -> int:
    if not DATA.exists():
        print(f"skipped: no labelled comments at {DATA}")
        return 0
    texts = read(DATA)
    began = time.perf_counter()
    judged = [one for thread in sorted({text.thread for text in texts}) for one in _judge(texts, thread)]
    each = (time.perf_counter() - began) / len(judged) * 1000
    figures = _figures(judged) | {"ms_each": each, "comments": len(judged)}
    for name, value in figures.items():
        print(f"{name:<24}{value:>10.4f}" if value < 100 else f"{name:<24}{value:>10.0f}")
    print(" ".join(f"{name}={value:.4g}" for name, value in figures.items()))
    failed = []
    if figures["precision_at_recall"] < LEAST_PRECISION:
        failed.append(f"precision at recall {RECALL} is below {LEAST_PRECISION}")
    if figures["honest_held"] > MOST_HONEST_HELD:
        failed.append(f"more than {MOST_HONEST_HELD:.0%} of honest comments are held")
    for sentence in failed:
        print(f"below the bar: {sentence}")
    return 1 if failed else 0


def read(path: Path) -> list[Text]:
    """The labelled comments, in the order of time below each video."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: (row["date"] or "", row["id"]))
    return [_text(row) for row in rows]


def _text(row: dict[str, str]) -> Text:
    text = html.unescape(re.sub(r"<[^>]*>", " ", row["text"]))
    addresses = [found if found.startswith("http") else f"http://{found}" for found in _ADDRESS.findall(text)]
    return Text(bayes.words_of(text, addresses), row["label"] == "spam", row["thread"])


class Learner:
    """What the site keeps in its tables, in memory: the same formulas, and the same order of scoring and learning."""

    def __init__(self) -> None:
        self._words: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self._texts = [0, 0]
        self.told: list[tuple[float, bool]] = []
        for kind, texts in enumerate((starter.HONEST, starter.SPAM)):
            for text in texts:
                self._count(bayes.words_of(text), kind)

    def learn(self, text: Text) -> None:
        if min(self._texts) >= ENOUGH:
            self.told.append((self.raw(text.words), text.is_spam))
        self._count(text.words, int(text.is_spam))

    def raw(self, words: Sequence[str]) -> float:
        honest, spam = self._words
        known = {word: Counts(spam[word], honest[word]) for word in words if word in spam or word in honest}
        said = bayes.telling(words, known, self._texts[1], self._texts[0])
        return bayes.raw_score([share for _word, share in said])

    def curve(self) -> Curve:
        return bayes.fit(self.told[-FITTED_TO:])

    def _count(self, words: Sequence[str], kind: int) -> None:
        self._words[kind].update(words)
        self._texts[kind] += 1


def _judge(texts: Sequence[Text], thread: str) -> list[Judged]:
    learner = Learner()
    for text in texts:
        if text.thread != thread:
            learner.learn(text)
    curve = learner.curve()
    return [Judged(curve.probability(learner.raw(text.words)), text.is_spam) for text in texts if text.thread == thread]


def _figures(judged: Sequence[Judged]) -> dict[str, float]:
    by_score = sorted(judged, key=lambda one: -one.probability)
    spam = sum(one.is_spam for one in judged)
    honest = len(judged) - spam
    caught = looked = 0
    for one in by_score:
        looked, caught = looked + 1, caught + one.is_spam
        if caught >= RECALL * spam:
            break
    bar = next(number.default for number in BY_NAME[SPAM].numbers if number.name == "hold") / 100
    held = [one for one in judged if one.probability >= bar]
    return {
        "precision_at_recall": caught / looked,
        "honest_at_recall": (looked - caught) / honest,
        "spam_held": sum(one.is_spam for one in held) / spam,
        "honest_held": sum(not one.is_spam for one in held) / honest,
        # How far the probabilities are from what was: 0 for a prophet, 0.25 for a coin.
        "brier": mean((one.probability - one.is_spam) ** 2 for one in judged),
    }


if __name__ == "__main__":
    sys.exit(main())
