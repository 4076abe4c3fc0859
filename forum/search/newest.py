"""The newest of what a search finds, for who follows it from afar: what a guest may read, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forum.foundation import clock
from forum.search import language, loading, meaning, site_index, stale, turns
from forum.search.asked import Asked
from forum.search.engine import NEWEST
from forum.search.loading import FoundHit


def newest(asked: Asked, most: int) -> Sequence[FoundHit]:
    """At most `most`, the newest first, whatever order was asked for. Raises Refused, and NotReady."""
    hidden = stale.keys()
    reading = language.read(asked.q, today=clock.now().date(), has_person=False)
    meant = meaning.of(replace(reading, order=NEWEST), asked, None)
    answer = turns.take(site_index.engine().find, meant.query, most, hidden or ())
    return loading.load(loading.readable(answer.hits, None), meant.query, None)
