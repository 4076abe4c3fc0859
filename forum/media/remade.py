"""What becomes of a file that is sent: a picture made anew, or the reason why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

JPEG, WEBP = "image/jpeg", "image/webp"
ENDINGS: Final = {JPEG: "jpg", WEBP: "webp"}

# What it is made for: a text, or beside a name.
PICTURE, AVATAR = "picture", "avatar"

# Why there is none; uploading.py has the sentences.
DRAWING, UNKNOWN, DAMAGED = "drawing", "unknown", "damaged"
TOO_MANY_PIXELS, TOO_LONG, TOO_MUCH_WORK, BUSY = "pixels", "long", "work", "busy"


@dataclass(frozen=True)
class Remade:
    """A picture made anew: its media type, the pixels of the whole, whether it moves, and both files."""

    kind: str
    width: int
    height: int
    is_moving: bool
    whole: bytes
    small: bytes


class Unusable(Exception):
    """A file that becomes no picture; `reason` is one of the above."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
