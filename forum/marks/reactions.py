"""What follows when readers mark comments."""

from __future__ import annotations

from forum.events import catalog
from forum.marks import scoring


def score(event: catalog.LikesChanged) -> None:
    """Scores follow likes. Doing it twice changes nothing."""
    scoring.score(event.post_id)
