"""What has changed since the index learnt of it: neither found nor counted until then."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from forum.foundation.db import db
from forum.search.engine import key_of
from forum.search.models import Pending

# To look for more of them in every answer takes longer than the search; then nothing is counted at all.
MOST: Final = 5_000

_NOTED: Final = select(Pending.kind, Pending.thing_id).limit(MOST + 1)


def keys() -> frozenset[str] | None:
    """Their keys, None where there are too many. One query; ask before the engine, which may forget them meanwhile."""
    noted = db.session.execute(_NOTED).all()
    if len(noted) > MOST:
        return None
    return frozenset(key_of(kind, number) for kind, number in noted)
