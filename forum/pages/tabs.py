"""A link in a row of links, of which one is where you are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    is_current: bool
    count: int | str | None = None
