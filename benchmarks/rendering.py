"""What the Markdown of a comment costs: `python -m benchmarks.rendering [how many random texts]`.

Prints a table and a line of figures; exit code 1 below a bar. CPU time leaves out waiting, but not busy neighbours.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from config import ROOT
from forum.text import apart, pipeline
from forum.text.bounds import MAX_CHARS, Exceeded
from forum.text.pipeline import COMMENT, Job, Rendered

# Every sign that begins something, and what it is followed by; hostile texts are made of few of them, many times.
PIECES = [
    "a", " ", "\n", "\n\n", "    ", "\t", "*", "**", "_", "__", "***", "~~", "`", "``", "```\n", "~~~js\n",
    "[", "]", "](", ")", "(", "![", "[^", "[^1]", "[^1]: ", "[a]: /b\n", "[a]", "<", ">", "> ", ">>>>",
    "&", "&amp;", "&#35;", "\\", "\\\n", "|", "||", "|a", "|-", "\n|-|-|\n", "- ", "1. ", "+ ", "- [ ] ", "# ",
    "===\n", "---\n", "@", "@ab ", "#1 ", "://", "http://a", "www.a.com", "a.b", ".", ",", "é", "字", "\u202e",
    '"', "'", ":", ";", "/", "<!--", "<a href=",
]  # fmt: skip
BY_HAND = {
    "footnotes as far as allowed": "[^a]: x\n\n" + "[^a]" * 500,
    "angle brackets": "<" * MAX_CHARS,
    "ampersands": "&" * MAX_CHARS,
    "quotes in quotes on many lines": ">" * 20 + "\n" + "a b c d e f\n" * 2_400,
    "emphasis as far as allowed": "*a* " * 2_900,
    "coloured code": ("```java\n" + "int a=b+c; // d\n" * 120 + "```\n\n") * 15,
    "mentions as far as allowed": "@ab " * 2_900,
}
# Of the request's own process, over what the text costs: above it the text is in the way of others.
MOST_SHARE = 0.2
LONGEST_CPU = 1.0


def main(arguments: list[str]) -> int:
    if arguments == ["waits"]:
        print(json.dumps(waits()))
        return 0
    dice = random.Random(3)
    prose = "Some *words* with a [link](https://a.example/b), `code`, @alice and **more** of them.\n\n" * 400
    figures = {
        "prose_1000_ms": 1000 * cpu(prose[:1000]),
        "prose_8192_ms": 1000 * cpu(prose[:8192]),
        "prose_32000_ms": 1000 * cpu(prose[:32000]),
    }
    costs = {name: cpu(text[:MAX_CHARS]) for name, text in BY_HAND.items()}
    # First, while this process is small: what a child holds at most is counted from before it becomes another program.
    figures |= start_of_a_child() | share_of_the_asker()
    costs |= dict(_random_costs(dice, int(arguments[0]) if arguments else 1_000))
    figures["worst_seconds"] = max(costs.values())
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.rendering", "waits"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    figures |= json.loads(told.stdout)
    for name in sorted(costs, key=costs.__getitem__, reverse=True)[:10]:
        print(f"{costs[name]:7.3f} s  {name}")
    print(" ".join(f"{name}={number:.4g}" for name, number in figures.items()))
    missed = figures["worst_seconds"] > LONGEST_CPU or figures["share_of_asker"] > MOST_SHARE
    return 1 if missed else 0


def cpu(text: str) -> float:
    """Seconds of CPU for one comment, rendered or refused; the better of two."""
    return min(_seconds(time.process_time, lambda: _render(pipeline.render, text)) for _try in range(2))


def start_of_a_child() -> dict[str, float]:
    """What a process of its own costs a text, from the start of Python to its end."""
    text = "a " * (apart.LARGE // 2 + 1)
    alone = cpu(text)
    before, begun = _cpu_of_children(), time.perf_counter()
    for _number in range(10):
        _render(apart.render, text)
    return {
        "child_start_cpu_ms": 100 * (_cpu_of_children() - before) - 1000 * alone,
        "child_start_ms": 100 * (time.perf_counter() - begun) - 1000 * alone,
        "child_megabytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }


def share_of_the_asker() -> dict[str, float]:
    """CPU of the asking process over that of the child, for a hostile text."""
    before = _cpu_of_children()
    own = _seconds(time.process_time, lambda: _render(apart.render, BY_HAND["quotes in quotes on many lines"]))
    return {"share_of_asker": own / (_cpu_of_children() - before)}


def waits() -> dict[str, float]:
    """The longest that another request of a gevent worker waits while a hostile text is rendered, in milliseconds."""
    from gevent import monkey  # noqa: PLC0415 (patches the process it is imported in, which must be one of its own)

    monkey.patch_all()
    text = BY_HAND["quotes in quotes on many lines"]
    return {
        "others_wait_here_ms": _longest_wait(lambda: _render(pipeline.render, text)),
        "others_wait_apart_ms": _longest_wait(lambda: _render(apart.render, text)),
    }


def _longest_wait(work: Callable[[], object]) -> float:
    import gevent  # noqa: PLC0415 (as above)

    longest = 0.0

    def others() -> None:
        nonlocal longest
        while True:
            begun = time.perf_counter()
            gevent.sleep(0.001)
            longest = max(longest, time.perf_counter() - begun)

    asking = gevent.spawn(others)
    gevent.sleep(0.05)
    longest = 0.0
    work()
    gevent.sleep(0.01)
    asking.kill()
    return 1000 * longest


def _random_costs(dice: random.Random, how_many: int) -> Iterator[tuple[str, float]]:
    for _number in range(how_many):
        few = [dice.choice(PIECES) for _piece in range(dice.randint(1, 6))]
        others = [dice.choice(PIECES) for _piece in range(dice.randint(1, 4))]
        shape = dice.randrange(4)
        if shape == 0:
            text = _filled("".join(few))
        elif shape == 1:
            text = "".join(few) * dice.choice([20, 400, 2_000]) + _filled("".join(others))
        elif shape == 2:
            text = "".join(dice.choices(few, k=MAX_CHARS))
        else:
            text = _filled("".join(few) * dice.choice([2, 19, 300]) + "\n" + "".join(others))
        yield f"{few} {others} in shape {shape}", cpu(text[:MAX_CHARS])


def _filled(pattern: str) -> str:
    return pattern * (MAX_CHARS // len(pattern) + 1)


def _render(render: Callable[[Job], Rendered], text: str) -> Rendered | None:
    try:
        return render(Job(COMMENT, text, "note-", False))
    except Exceeded:
        return None


def _seconds(clock: Callable[[], float], work: Callable[[], object]) -> float:
    begun = clock()
    work()
    return clock() - begun


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
