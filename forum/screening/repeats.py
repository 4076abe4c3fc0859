"""Text that was posted before: nearly the same by the same person, the same by anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from forum.comments import digests
from forum.comments.findings import ASK, FLAG, HOLD, Finding
from forum.screening import queries
from forum.screening.folding import fold
from forum.screening.names import REPEAT, SAME_TEXT
from forum.screening.subject import Subject

# Words in a row that are compared. Three find a text again in which every tenth word was changed.
SHINGLE = 3
# Fewer are what one says often: "Thank you for your answer, that helps."
FEWEST_WORDS = 8
# Of a text only the beginning is compared, in characters; a longer one is as good as never written twice.
COMPARED = 4_000

_QUOTATION = re.compile(r"^ {0,3}>.*$", re.MULTILINE)
_WORD = re.compile(r"\w+")


def repeat(subject: Subject, numbers: dict[str, float]) -> Iterator[Finding]:
    """The writer has said nearly this before, here or in another discussion."""
    words = _words(subject.body)
    since = subject.at - timedelta(days=numbers["days"])
    if len(words) < FEWEST_WORDS or not any(earlier.created_at >= since for earlier in subject.before):
        return
    shingles, vocabulary = _shingles(words), set(words)
    for earlier in subject.before:
        # Whoever sends their words again after a decision on them is looked at by other checks.
        if earlier.created_at < since or earlier.state == "withdrawn":
            continue
        others = _words(earlier.body)
        # Cheap to see, and enough for nearly all.
        if 2 * len(vocabulary.intersection(others)) < len(vocabulary):
            continue
        alike = _share(shingles, _shingles(others))
        if 100 * alike >= numbers["alike"]:
            yield Finding(REPEAT, ASK, {"comment": earlier.id, "alike": round(100 * alike)})
            return


def same_text(subject: Subject, numbers: dict[str, float]) -> Iterator[Finding]:
    """Others have posted these very words lately: a campaign, or one person with several names."""
    digest = digests.of(subject.body)
    if digest is None:
        return
    others = queries.others_with(digest, subject.author.id, subject.at - timedelta(days=numbers["days"]), subject.at)
    if others >= numbers["tell"]:
        yield Finding(SAME_TEXT, HOLD if others >= numbers["hold"] else FLAG, {"people": others})


def _words(body: str) -> list[str]:
    return _WORD.findall(fold(_QUOTATION.sub("", body[:COMPARED])))


def _shingles(words: list[str]) -> set[tuple[str, ...]]:
    return set(zip(*(words[start:] for start in range(SHINGLE)), strict=False))


def _share(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    """Of what is in either of two sets, the share that is in both (Broder, "On the resemblance and containment of
    documents", 1997)."""
    return len(one & other) / len(one | other) if one and other else 0.0
