"""Rendering a large text in a process of its own.

The child that is started here may use only so much time and memory, and gives way to the rest of the machine.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import subprocess
import sys
from dataclasses import asdict
from typing import Any, Final

from forum.apart import Ended, Full, Line, command, hold_to, run
from forum.text import bounds, pipeline
from forum.text.pipeline import Job, Rendered
from forum.text.safe import SafeHtml

log = logging.getLogger(__name__)

# In bytes. Below it prose takes 40 ms and the worst we know 0.3 s; starting a child takes 0.1 s.
LARGE: Final = 8_192

# Several times what the worst text that passes the bounds takes: these end what nobody has thought of.
CPU_SECONDS: Final = 5
MEMORY: Final = 512 * 1024 * 1024
# By the clock, the wait for a busy machine included.
PATIENCE: Final = 30

# Two keep both cores of a small machine busy. Each request that waits holds a database connection: of fifteen.
AT_ONCE: Final = 2
IN_LINE: Final = 8

_COMMAND: Final = command("forum.text.apart")
_line = Line(at_once=AT_ONCE, in_line=IN_LINE)


def render(job: Job) -> Rendered:
    """As pipeline.render, but a large text is rendered by a child: a gevent worker answers others while it waits.

    Where no child can be started, the text is rendered here. Raises bounds.Exceeded, also when too many wait already.
    """
    if len(job.source) * 4 <= LARGE or len(job.source.encode()) <= LARGE:
        return pipeline.render(job)
    try:
        with _line.place():
            return _ask(job)
    except Full:
        raise bounds.Exceeded(bounds.BUSY) from None


def _ask(job: Job) -> Rendered:
    try:
        child = run(_COMMAND, PATIENCE, input=json.dumps(asdict(job)).encode(), stdout=subprocess.PIPE)
    except Ended as end:
        log.warning("A text of %d characters was refused: %s.", len(job.source), end)
        raise bounds.Exceeded(bounds.TOO_MUCH_WORK) from None
    except OSError as error:
        log.warning("No process can be started for a large text (%s); it is rendered in this one.", error)
        return pipeline.render(job)
    if child.returncode:
        raise RuntimeError("a text could not be rendered; its process said why")
    return _read(json.loads(child.stdout))


def _read(answer: dict[str, Any]) -> Rendered:
    if "refusal" in answer:
        raise bounds.Exceeded(answer["refusal"])
    found: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in answer.items()}
    found["html"] = SafeHtml(found["html"])
    return Rendered(**found)


def main() -> None:
    """The child: one job from the standard input, its answer to the standard output."""
    hold_to(resource.RLIMIT_CPU, CPU_SECONDS)
    hold_to(resource.RLIMIT_AS, MEMORY)
    # A third of what a request gets where both want the processor.
    os.nice(5)
    job = Job(**json.load(sys.stdin))
    try:
        answer = asdict(pipeline.render(job))
    except bounds.Exceeded as bound:
        answer = {"refusal": str(bound)}
    except MemoryError:
        answer = {"refusal": bounds.TOO_MUCH_WORK}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
