"""Pictures of our own in a text: how their addresses are built, and how large they are shown.

The name says how large the picture is, so that a page leaves room for it without asking the database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# Where they are served; pages/media has the route.
FOLDER: Final = "/media/"
SMALL: Final = "/small"
# 32 signs that nobody mistakes for one another, and 26 of them: 130 random bits, which cannot be guessed.
ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"
SIGNS: Final = 26
# Pixels of the longer side as it stands in a text; the whole picture is behind it.
LONGEST_SHOWN: Final = 800

_FORM: Final = r"[a-km-np-z2-9]{26}-(?P<width>[1-9]\d{0,3})x(?P<height>[1-9]\d{0,3})(?P<moving>-moving)?\.(?:jpg|webp)"
_NAME: Final = re.compile(_FORM, re.ASCII)
_MENTIONED: Final = re.compile(f"{FOLDER}({_FORM})", re.ASCII)
# What would end the description, or be read as Markdown in it.
_MARKS: Final = re.compile(r"[\\`*_\[\]<>&~|!#@$:^]")


@dataclass(frozen=True)
class Picture:
    """What the name of a picture tells: the pixels of its file, and whether it moves."""

    name: str
    width: int
    height: int
    is_moving: bool

    @property
    def url(self) -> str:
        return FOLDER + self.name

    @property
    def shown_url(self) -> str:
        """The small one, which stands still: what moves by itself beside a text must not (WCAG 2.2.2)."""
        return self.url + SMALL

    @property
    def shown_size(self) -> tuple[int, int]:
        return fitted(self.width, self.height, LONGEST_SHOWN)

    @property
    def is_more_than_shown(self) -> bool:
        """Whether there is something to see behind the small one."""
        return self.is_moving or self.shown_size != (self.width, self.height)


def named(name: str) -> Picture | None:
    """The picture that could have this name."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    return Picture(name, int(found["width"]), int(found["height"]), found["moving"] is not None)


def at(url: str) -> Picture | None:
    """The picture that could be at this address of ours."""
    return named(url.removeprefix(FOLDER)) if url.startswith(FOLDER) else None


def is_ours(url: str) -> bool:
    """Whether an address is that of a picture of ours, whole or small."""
    return at(url.removesuffix(SMALL)) is not None


def fitted(width: int, height: int, longest: int) -> tuple[int, int]:
    """The size with the same proportions whose longer side is at most this long."""
    scale = min(1.0, longest / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def markdown(name: str, alt: str) -> str:
    """What a writer puts into a text to show a picture; `alt` describes it."""
    described = _MARKS.sub(r"\\\g<0>", " ".join(alt.split()))
    return f"![{described}]({FOLDER}{name})"


def mentioned(text: str) -> set[str]:
    """The names of all pictures that a text or its HTML shows or links to."""
    return {found[1] for found in _MENTIONED.finditer(text)}
