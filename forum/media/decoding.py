"""The process that makes pictures of files, which apart.py starts: `python -m forum.media.decoding`."""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import Final

from forum.apart import hold_to
from forum.media import bounds, making, remade
from forum.media.remade import Unusable

# What this process may take. The largest pictures need 0.9 GB (WebP of 40 million pixels) or 1.7 s (an animation).
_MEMORY: Final = 1024 * 1024 * 1024
_CPU_SECONDS: Final = 15

PURPOSES: Final = {remade.PICTURE: making.picture, remade.AVATAR: making.avatar}


def main() -> None:
    """The child: a file from the standard input; to the standard output a line of JSON, then both files made of it."""
    _confine()
    try:
        made = PURPOSES[sys.argv[1]](sys.stdin.buffer.read(bounds.MOST_BYTES + 1))
    except Unusable as refusal:
        _answer({"refused": refusal.reason})
    except MemoryError:
        _answer({"refused": remade.TOO_MUCH_WORK})
    else:
        told = {name: getattr(made, name) for name in ("kind", "width", "height", "is_moving")}
        _answer(told | {"whole": len(made.whole)}, made.whole, made.small)


def _confine() -> None:
    """Take from this process what decoding does not need, in case a file makes it do something else."""
    os.nice(10)
    hold_to(resource.RLIMIT_AS, _MEMORY)
    hold_to(resource.RLIMIT_CPU, _CPU_SECONDS)
    hold_to(resource.RLIMIT_FSIZE, 2 * bounds.MOST_KEPT_BYTES)
    hold_to(resource.RLIMIT_CORE, 0)
    # Not one file or connection more than the three it was given.
    hold_to(resource.RLIMIT_NOFILE, 3)


def _answer(told: dict[str, object], *files: bytes) -> None:
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
    for content in files:
        sys.stdout.buffer.write(content)


if __name__ == "__main__":
    main()
