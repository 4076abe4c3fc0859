"""How far back one must look to have so many documents. PostgreSQL knows, from when it last counted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from forum.search.postgres_tables import SCHEMA

_BOUNDS: Final = text(
    "SELECT CAST(CAST(histogram_bounds AS text) AS timestamptz[]) FROM pg_stats "
    "WHERE schemaname = :schema AND tablename = 'documents' AND attname = 'created_at'"
)


class Times:
    """Moments between which there are about as many documents as between any other two."""

    def __init__(self, connection: Connection) -> None:
        self._bounds: Sequence[datetime] = connection.scalar(_BOUNDS, {"schema": SCHEMA}) or ()

    def before(self, until: datetime | None, share: float) -> datetime | None:
        """Since when to look, to have this share of all documents up to a moment; None for all of them."""
        steps = len(self._bounds) - 1
        if steps < 1 or share >= 1:
            return None
        end = steps if until is None else bisect_left(self._bounds, until)
        begin = int(end - share * steps)
        return self._bounds[begin] if begin > 0 else None
