"""What the measurement fetches once and keeps, outside the project."""

from __future__ import annotations

import os
from pathlib import Path


def folder(name: str) -> Path:
    """A folder of this name for what was fetched; it may be deleted at any time."""
    place = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "have-your-say-bench" / name
    place.mkdir(parents=True, exist_ok=True)
    return place
