"""What files are called, and what the two files of a picture are called."""

from __future__ import annotations

import re
import secrets
from typing import Final

from forum.media.remade import ENDINGS, Remade
from forum.text import pictures

# No slash and no dot but that of the ending: what cannot be written down cannot be asked for.
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,70}\.[a-z]{3,4}", re.ASCII)
_SMALL: Final = "-small"


class Missing(Exception):
    """There is no file of this name."""


def checked(name: str) -> str:
    """The name, when it is one. Raises Missing: nothing is kept under others."""
    if not _NAME.fullmatch(name):
        raise Missing(name)
    return name


def new(made: Remade) -> str:
    """A name for a new picture, which cannot be guessed and says how large it is; see text/pictures."""
    sign = "".join(secrets.choice(pictures.ALPHABET) for _sign in range(pictures.SIGNS))
    moving = "-moving" if made.is_moving else ""
    return f"{sign}-{made.width}x{made.height}{moving}.{ENDINGS[made.kind]}"


def small(name: str) -> str:
    """What the small file of this picture is called."""
    stem, _dot, ending = name.rpartition(".")
    return f"{stem}{_SMALL}.{ending}"


def whole(name: str) -> str:
    """The picture that this file, whole or small, belongs to."""
    stem, _dot, ending = name.rpartition(".")
    return f"{stem.removesuffix(_SMALL)}.{ending}"
