"""The file of lines that were not imported."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from forum.archive.records import Reject

FOLDER = "import-rejects"


def keep(data_dir: Path, source: str, rejects: Sequence[Reject]) -> Path | None:
    """Write them beside the database, a JSON line each, in place of an earlier import's; None when there are none."""
    place = data_dir / FOLDER / f"{source}.jsonl"
    if not rejects:
        place.unlink(missing_ok=True)
        return None
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # People's words: for whoever runs the site alone.
    with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        for reject in sorted(rejects, key=lambda one: (one.spot.file, one.spot.number)):
            file.write(json.dumps(_row(reject), ensure_ascii=False) + "\n")
    return place


def _row(reject: Reject) -> dict[str, object]:
    return {
        "file": reject.spot.file,
        "line": reject.spot.number,
        "reason": reject.reason,
        "original": reject.spot.text,
    }
