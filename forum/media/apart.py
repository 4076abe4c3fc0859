"""Having a file made into a picture by a process of its own, which holds no secret and may do little.

Decoders are large and written in C: what breaks one finds no database, no network and no file. And a web process
serves everybody on one thread, so three seconds of decoding would be three seconds for all of them.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Any, Final

from forum.media import bounds, remade
from forum.media.remade import Remade, Unusable

log = logging.getLogger(__name__)

# By the clock, the wait for the machine included.
PATIENCE: Final = 40
# Each process that decodes may take a gigabyte for some seconds, and each web process has one; who comes when so many
# wait already is asked to try again.
AT_ONCE: Final = 1
IN_LINE: Final = 6

_ROOT: Final = Path(__file__).parents[2]
_COMMAND: Final = [sys.executable, "-m", "forum.media.decoding"]
_line = threading.BoundedSemaphore(IN_LINE)
_places = threading.BoundedSemaphore(AT_ONCE)

_SIGNS: Final = {remade.JPEG: (b"\xff\xd8\xff", 0), remade.WEBP: (b"WEBP", 8)}


def remake(content: bytes, purpose: str) -> Remade:
    """A picture of what was sent, for one of the purposes in bounds. Raises Unusable.

    A gevent worker answers others while it waits. About 0.1 s for the process, and 0.1 to 3 s for the picture.
    """
    if not _line.acquire(blocking=False):
        raise Unusable(remade.BUSY)
    try:
        with _places, tempfile.TemporaryFile() as sent, tempfile.TemporaryFile() as made:
            sent.write(content)
            sent.seek(0)
            _run(purpose, sent, made)
            made.seek(0)
            return _read(made)
    finally:
        _line.release()


def _run(purpose: str, sent: IO[bytes], made: IO[bytes]) -> None:
    # Of the environment only where programs are: the settings hold the secret key and the keys of the storage.
    environment = {"PATH": os.environ.get("PATH", "")}
    try:
        child = subprocess.run(  # noqa: S603 (our own program only)
            [*_COMMAND, purpose],
            cwd=_ROOT,
            env=environment,
            stdin=sent,
            stdout=made,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        log.warning("A picture was refused: it took longer than %d s.", PATIENCE)
        raise Unusable(remade.TOO_MUCH_WORK) from None
    if child.returncode:
        log.warning("A picture was refused: its process ended with %d. %s", child.returncode, child.stderr[-500:])
        raise Unusable(remade.TOO_MUCH_WORK if child.returncode < 0 else remade.DAMAGED)


def _read(made: IO[bytes]) -> Remade:
    """What the child answers, believed only where it says what a picture can be."""
    told: dict[str, Any] = json.loads(made.readline(1000))
    if "refused" in told:
        raise Unusable(str(told["refused"]))
    answer = Remade(
        kind=str(told["kind"]),
        width=int(told["width"]),
        height=int(told["height"]),
        is_moving=told["is_moving"] is True,
        whole=made.read(int(told["whole"])),
        small=made.read(bounds.MOST_KEPT_BYTES),
    )
    sign, place = _SIGNS[answer.kind]
    is_sized = 0 < answer.width <= bounds.LONGEST_KEPT and 0 < answer.height <= bounds.LONGEST_KEPT
    if not is_sized or any(file[place:][: len(sign)] != sign for file in (answer.whole, answer.small)):
        raise RuntimeError("the process that decodes pictures answered with something else")
    return answer
