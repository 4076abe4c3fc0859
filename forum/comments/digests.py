"""The same text, whoever sends it and however it is set, has the same digest."""

from __future__ import annotations

import hashlib
import re
import unicodedata

# Fewer letters are what different people happen to say: "I agree with every word of that."
SHORTEST = 40

_QUOTATION = re.compile(r"^ {0,3}>.*$", re.MULTILINE)


def of(body: str) -> str | None:
    """Of its words without case, marks, spaces and what it quotes; none for a text too short to tell."""
    plain = unicodedata.normalize("NFKD", _QUOTATION.sub("", body)).casefold()
    letters = "".join(c for c in plain if c.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()[:32] if len(letters) >= SHORTEST else None
