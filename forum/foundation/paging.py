"""Keyset cursors: where the last page ended, as a short opaque word in the address; and the rows behind it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, UnaryExpression, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from forum.foundation.errors import Refused

LONGEST = 300


@dataclass(frozen=True)
class Key:
    """A column that a list is sorted by, and of what kind its values are."""

    column: InstrumentedAttribute
    kind: type
    is_descending: bool = False

    def turned(self) -> Key:
        return Key(self.column, self.kind, not self.is_descending)

    def sorted(self) -> UnaryExpression:
        return self.column.desc() if self.is_descending else self.column.asc()

    def past(self, value: object) -> ColumnElement[bool]:
        return self.column < value if self.is_descending else self.column > value


def behind(ids: Select, keys: Sequence[Key], place: tuple, limit: int, *, with_place: bool = False) -> Select | Any:
    """The first of these ids behind a place, which has a value for each key; without one, the first of all.

    Each key has a range of its own, for a database finds one range in an index at a time: behind a place among
    thousands of equals it begins there, and not with the first of them. `with_place` begins at the place itself.
    """
    parts = []
    for number, key in enumerate(keys if place else ()):
        part = ids.where(*(earlier.column == value for earlier, value in zip(keys[:number], place, strict=False)))
        parts.append(_first(part.where(key.past(place[number])), keys, limit))
    if place and with_place:
        parts.append(ids.where(*(key.column == value for key, value in zip(keys, place, strict=True))))
    if not parts:
        return _first(ids, keys, limit)
    # SQLite takes no order inside a union but in a query of its own.
    return parts[0] if len(parts) == 1 else union_all(*(select(part.subquery()) for part in parts))


def _first(ids: Select, keys: Sequence[Key], limit: int) -> Select:
    return ids.order_by(*(key.sorted() for key in keys)).limit(limit)


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
