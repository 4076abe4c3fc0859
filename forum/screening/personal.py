"""Personal information in a text: postcodes, telephone numbers, e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forum.comments.findings import ASK, Finding
from forum.screening.names import PERSONAL
from forum.screening.subject import Subject

# So many of them are shown.
MOST = 10

# British postcodes after the Royal Mail's Programmers' Guide. Not 2nd, 1st and their like.
_POSTCODE = re.compile(
    r"(?<![\w£$€])(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]?[ -]?\d(?!(?:st|nd|rd|th)\b)[ABD-HJLNP-UW-Z]{2})(?!\w)"
    r"|(?<![\w£$€])[a-pr-uwyz][a-hk-y]?\d[a-z\d]? ?\d(?!(?:st|nd|rd|th)\b)[abd-hjlnp-uw-z]{2}(?!\w)"
)
# From a 0 or a country's code: what does not begin so is a price, a year or the number of a case.
_PHONE = re.compile(
    r"(?<![\w.,£$€])(?:(?:\+|00)\d{1,3}[ .-]?(?:\(0\)[ .-]?)?\d{1,4}|\(?0\d{1,5}\)?)(?:[ .-]?\d{2,6}){1,4}(?![\w.,]?\d)"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[^\W_](?:[\w-]{0,62}\.){1,4}[^\W\d_]{2,24}(?!\w)")

# As few digits as any telephone number has with its code, and as many (ITU-T E.164).
FEWEST_DIGITS, MOST_DIGITS = 9, 15


def personal(subject: Subject, numbers: dict[str, float]) -> Iterator[Finding]:
    """The writer may not mean to tell everybody where somebody lives or how to reach them."""
    found = {
        "postcode": _postcodes(subject.own) if numbers["postcodes"] else [],
        "phone": _phones(subject.own) if numbers["phones"] else [],
        "email": _emails(subject.own) if numbers["emails"] else [],
    }
    kinds = [kind for kind, words in found.items() if words]
    if kinds:
        words = [word for kind in kinds for word in found[kind]]
        yield Finding(PERSONAL, ASK, {"kinds": kinds, "found": words[:MOST]})


def _postcodes(text: str) -> list[str]:
    return [found.group() for found in _POSTCODE.finditer(text)]


def _phones(text: str) -> list[str]:
    numbers = (found.group().strip() for found in _PHONE.finditer(text))
    return [number for number in numbers if FEWEST_DIGITS <= sum(map(str.isdigit, number)) <= MOST_DIGITS]


def _emails(text: str) -> list[str]:
    return [found.group() for found in _EMAIL.finditer(text)]
