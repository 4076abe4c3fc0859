"""Keyset cursors: where the last page ended, as a short opaque word in the address."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import UTC, datetime

from flask_babel import gettext as _

from forum.foundation.errors import Refused

LONGEST = 300


def cursor(*parts: str | int | datetime) -> str:
    """An opaque word for these sort-key values."""
    values = [p.isoformat() if isinstance(p, datetime) else p for p in parts]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def read(word: str, *kinds: type) -> tuple | None:
    """The values in a cursor, of these kinds; None for an empty word. Raises Refused when malformed."""
    if not word:
        return None
    try:
        if len(word) > LONGEST:
            raise ValueError
        values = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        if not isinstance(values, list) or len(values) != len(kinds):
            raise ValueError
        return tuple(_as(kind, value) for kind, value in zip(kinds, values, strict=True))
    except (ValueError, TypeError, OverflowError, binascii.Error) as error:
        raise Refused(_("This page address is damaged. Start again from the first page.")) from error


def _as(kind: type, value: object) -> object:
    if kind is datetime:
        moment = datetime.fromisoformat(str(value))
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError
    if isinstance(value, int) and abs(value) >= 2**31:
        raise ValueError  # no column holds it
    if isinstance(value, str) and ("\0" in value or not value.isprintable()):
        raise ValueError
    return value
