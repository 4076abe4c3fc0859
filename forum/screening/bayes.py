"""How likely a text is spam, by its words: naive Bayes after Robinson, combined by Fisher's method, and calibrated.

Sources: P. Graham, "A Plan for Spam" (2002); G. Robinson, "A Statistical Approach to the Spam Problem" (Linux Journal
107, 2003), for what a word says and how the words are combined; J. Platt, "Probabilistic Outputs for Support Vector
Machines" (1999), with the stable form of H.-T. Lin, C.-J. Lin and R. Weng (2007), for the probability.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from forum.screening.folding import SIGNS, fold_alike

# Of one text so many different words are looked at: enough to tell, and bounded.
MOST_WORDS = 150
LONGEST_WORD = 40
# Characters of a text that are read.
READ = 6_000

# Robinson's s and x: how much is assumed of a word before it was seen, and what.
STRENGTH, UNKNOWN = 0.5, 0.5
# Words that say less than this are left out.
TELLING = 0.1
# Of the most telling words so many are combined.
COMBINED = 40

_HELD_LONG = re.compile(r"(.)\1{2,}")
_HOST = re.compile(r"https?://(?:www\.)?([^/?#:@\s]{1,30})", re.I)
_WORD = re.compile(rf"[\w{SIGNS}][\w{SIGNS}'’-]*|[^\w\s]{{2,}}")


class Counts(NamedTuple):
    """In how many texts of each kind a word was."""

    spam: float
    honest: float


class Curve(NamedTuple):
    """What makes of a raw score a probability: 1 / (1 + e^(slope · score + offset))."""

    slope: float
    offset: float

    def probability(self, raw: float) -> float:
        return 1 / (1 + math.exp(min(500.0, max(-500.0, self.slope * raw + self.offset))))


# Until it is fitted: as the raw score says.
PLAIN = Curve(-1.0, 0.0)


def words_of(text: str, addresses: Sequence[str] = ()) -> list[str]:
    """What a text is judged by: its words, pairs of neighbours, where it links to, and how it shouts."""
    text = text[:READ]
    words = [_short(word) for word in _WORD.findall(fold_alike(text))]
    found = dict.fromkeys(words)
    found.update(dict.fromkeys(f"{one} {other}"[:LONGEST_WORD] for one, other in pairwise(words)))
    hosts = {found[1].lower() for found in map(_HOST.match, addresses[:20]) if found}
    signs = [*(f"host:{host}" for host in sorted(hosts)), *_manners(text, bool(addresses))]
    return [*signs, *found][:MOST_WORDS]


def _short(word: str) -> str:
    # No word has a letter three times in a row.
    return _HELD_LONG.sub(r"\1\1", word)[:LONGEST_WORD]


def _manners(text: str, has_links: bool) -> list[str]:
    letters = [c for c in text if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    return [
        *(["is:linked"] if has_links or "http" in text or "www." in text else []),
        *(["is:shouted"] if len(letters) >= 20 and 2 * capitals > len(letters) else []),
        "is:long" if len(text) > 400 else "is:short" if len(text) < 60 else "is:middling",
    ]


def weight(counts: Counts, spam: float, honest: float) -> float:
    """How much a word speaks for spam, from 0 to 1, where so many texts of each kind were read (Robinson's f)."""
    rate_spam, rate_honest = counts.spam / max(spam, 1), counts.honest / max(honest, 1)
    seen = counts.spam + counts.honest
    if not rate_spam + rate_honest:
        return UNKNOWN
    share = rate_spam / (rate_spam + rate_honest)
    return (STRENGTH * UNKNOWN + seen * share) / (STRENGTH + seen)


def telling(words: Iterable[str], known: Mapping[str, Counts], spam: float, honest: float) -> list[tuple[str, float]]:
    """The words that say something, the most telling first, each with its weight."""
    weights = [(word, weight(known[word], spam, honest)) for word in words if word in known]
    said = [(word, share) for word, share in weights if abs(share - UNKNOWN) >= TELLING]
    return sorted(said, key=lambda pair: -abs(pair[1] - UNKNOWN))[:COMBINED]


def raw_score(weights: Sequence[float]) -> float:
    """How much these words speak for spam together: below 0 for honest words, 0 for none."""
    if not weights:
        return 0.0
    against = _survival([1 - share for share in weights])
    for_it = _survival(weights)
    # Of the two hypotheses that all words came by chance, how much less one holds than the other.
    return (math.log(for_it) - math.log(against)) / 2


def _survival(shares: Sequence[float]) -> float:
    """Fisher's method: how likely a product as small as this is, of so many numbers taken by chance."""
    half = -sum(math.log(max(share, 1e-9)) for share in shares)
    # The chi-squared distribution with an even number of degrees, as a sum; in logarithms, for long texts.
    term, total = 0.0, 0.0
    for degree in range(1, len(shares)):
        term += math.log(half / degree) if half > 0 else -math.inf
        total += math.exp(term) if term > -700 else 0.0
        if term > 700:
            break
    return max(1e-12, min(1.0, math.exp(-half + math.log1p(total)) if half < 700 else 1e-12))


def fit(told: Sequence[tuple[float, bool]]) -> Curve:
    """The curve that fits what was said of texts before it was known whether they were spam (Platt's method).

    Newton's method over two numbers: 500 texts take about 3 ms.
    """
    spam = sum(is_spam for _raw, is_spam in told)
    honest = len(told) - spam
    if not spam or not honest:
        return PLAIN
    wanted_spam, wanted_honest = (spam + 1) / (spam + 2), 1 / (honest + 2)
    slope, offset = 0.0, math.log((honest + 1) / (spam + 1))
    for _round in range(30):
        gradient_slope = gradient_offset = 0.0
        a, b, c = 1e-9, 0.0, 1e-9
        for raw, is_spam in told:
            p = Curve(slope, offset).probability(raw)
            miss, spread = (wanted_spam if is_spam else wanted_honest) - p, p * (1 - p)
            gradient_slope += raw * miss
            gradient_offset += miss
            a, b, c = a + raw * raw * spread, b + raw * spread, c + spread
        if abs(gradient_slope) < 1e-5 and abs(gradient_offset) < 1e-5:
            break
        determinant = a * c - b * b
        if determinant < 1e-12:
            break
        step_slope = -(c * gradient_slope - b * gradient_offset) / determinant
        step_offset = -(a * gradient_offset - b * gradient_slope) / determinant
        slope, offset = slope + _bounded(step_slope), offset + _bounded(step_offset)
    # More telling words must never make it less likely.
    return Curve(min(slope, -0.05), offset)


def _bounded(step: float) -> float:
    return max(-2.0, min(2.0, step))
