"""Having a file made into a picture by a process of its own, which holds no secret and may do little.

Decoders are large and written in C: what breaks one finds no database, no network and no file. And they take up to
three seconds.
"""

from __future__ import annotations

import json
import logging
import subprocess
import tempfile
from typing import IO, Any, Final

from forum.apart import Ended, Full, Line, command, last_words, run
from forum.media import bounds, remade
from forum.media.remade import Remade, Unusable

log = logging.getLogger(__name__)

# By the clock, the wait for the machine included.
PATIENCE: Final = 40
# Each process that decodes may take a gigabyte for some seconds, and each web process has one; who comes when so many
# wait already is asked to try again.
AT_ONCE: Final = 1
IN_LINE: Final = 6

_COMMAND: Final = command("forum.media.decoding")
_line = Line(at_once=AT_ONCE, in_line=IN_LINE)

_SIGNS: Final = {remade.JPEG: (b"\xff\xd8\xff", 0), remade.WEBP: (b"WEBP", 8)}


def remake(content: bytes, purpose: str) -> Remade:
    """A picture of what was sent, for one of the purposes in remade. Raises Unusable.

    A gevent worker answers others while it waits. About 0.1 s for the process, and 0.1 to 3 s for the picture.
    """
    try:
        with _line.place(), tempfile.TemporaryFile() as sent, tempfile.TemporaryFile() as made:
            sent.write(content)
            sent.seek(0)
            _make(purpose, sent, made)
            made.seek(0)
            return _read(made)
    except Full:
        raise Unusable(remade.BUSY) from None


def _make(purpose: str, sent: IO[bytes], made: IO[bytes]) -> None:
    try:
        child = run([*_COMMAND, purpose], PATIENCE, stdin=sent, stdout=made, stderr=subprocess.PIPE)
    except Ended as end:
        log.warning("A picture was refused: %s", end)
        raise Unusable(remade.TOO_MUCH_WORK) from None
    if child.returncode:
        log.warning("A picture was refused: its process ended with %d%s", child.returncode, last_words(child))
        raise Unusable(remade.DAMAGED)


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
