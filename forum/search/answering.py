"""One question to the engine, from what somebody asks to its answer."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from forum.accounts.models import User
from forum.foundation import clock
from forum.foundation.errors import Refused
from forum.search import facets, language, meaning, site_index, turns
from forum.search.asked import Asked
from forum.search.engine import Answer
from forum.search.language import Reading
from forum.search.meaning import Meant


class Answered(NamedTuple):
    """A search as it was read, as it was meant, and what the engine says."""

    reading: Reading
    meant: Meant
    answer: Answer


def answer(asked: Asked, viewer: User | None, most: int, hidden: Collection[str]) -> Answered:
    """At most `most` hits, without those of `hidden` keys. Raises Refused, and NotReady."""
    reading = language.read(asked.q, today=clock.now().date(), has_person=viewer is not None)
    meant = meaning.of(reading, asked, viewer)
    return Answered(reading, meant, turns.take(site_index.engine().find, meant.query, most, hidden))


def count(asked: Asked, viewer: User | None, hidden: Collection[str]) -> int:
    """How many results there would be; none where there is nothing to look for. Raises NotReady."""
    try:
        answered = answer(asked, viewer, 1, hidden)
    except Refused:
        return 0
    return facets.total(answered.answer.tally, answered.meant.ticks)
