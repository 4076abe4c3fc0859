"""Dates as blogs write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from forum.foundation import clock

# A day, or RFC 3339 with the liberties seen in the wild: a space for the T, no seconds, no zone, no colon in the zone.
_FORM = re.compile(
    r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?: ?(?:[Zz]|[+-]\d\d:?\d\d))?)?", re.ASCII
)
# The first web page; older dates are what programs write when they know none.
FIRST_YEAR = 1990
# Clocks differ, and days begin at different hours.
LEEWAY = timedelta(days=1)


def read(written: str) -> datetime:
    """The moment in UTC; without a zone it is taken as UTC. Raises ValueError with a sentence."""
    form = _FORM.fullmatch(written.strip())
    if form is None:
        raise ValueError(f"The date “{written[:40]}” is not like 2026-03-18 or 2026-03-18T09:30:00Z.")
    try:
        moment = datetime.fromisoformat(
            re.sub(r"(?<=[\d.]) (?=[Zz+-])", "", form[0]).replace("z", "Z").replace("t", "T")
        )
    except ValueError as error:
        raise ValueError(f"There is no such date as “{written[:40]}”.") from error
    if moment.year < FIRST_YEAR or moment.year > clock.now().year + 1:
        raise ValueError(f"The date “{written[:40]}” cannot be right.")
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if moment > clock.now() + LEEWAY:
        raise ValueError(f"The date “{written[:40]}” is in the future.")
    return moment
