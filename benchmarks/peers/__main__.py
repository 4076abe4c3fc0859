"""The site beside others that people would pick instead: `make bench-peers`. Prints a table and a line of figures.

Every peer that can be installed with pip or npm serves the same discussion of 100 comments on the server that its
makers recommend; all run at once, and are measured in turn, round by round. Exit code 1 below a bar.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from benchmarks import machine
from benchmarks.databases import postgres_in
from benchmarks.discussions import HUNDRED, WRITERS, source
from benchmarks.driver import Cost, Request, measure, read
from benchmarks.peers import flaskbb, isso, ours, spirit, waline
from benchmarks.peers.ours import Ours
from benchmarks.peers.peer import Place, Running
from benchmarks.servers import Missing
from benchmarks.site import Ask
from benchmarks.table import Bar, Row, judge, show

GUEST, COLD, MEMBER, ONE, MANY = "guest", "cold", "member", "1 writer", f"{WRITERS} writers"
WARM_SECONDS, WRITING_SECONDS = 2, 3

PEERS: dict[str, Callable[[Place], AbstractContextManager[Running]]] = {
    "isso": isso.running,
    "waline": waline.running,
    "spirit": spirit.running,
    "flaskbb": flaskbb.running,
}
NOT_TRIED = {
    "NodeBB": "npm has no release of it: it comes as a repository, and builds itself for minutes",
    "Misago": "it comes as packages, but needs a Django project written for it",
    "Discourse, Flarum, Remark42, Coral": "not packages of PyPI or npm",
}

BARS = [
    Bar("guest_ratio", "CPU of the best peer for each comment shown to a guest, over ours", at_least=50),
    Bar("member_ratio", "CPU of the best peer for a page to a member, over ours", at_least=5),
    Bar("posting_ms", "CPU of a post, with its HTML, counters, event and screening", at_most=7),
    Bar("rate_ratio", "posts in a second with eight writers, over those of the best peer", at_least=2),
    Bar("hundred_not_shown", "our page of 100 comments shows 100, or its cost says nothing", at_most=0),
    Bar("peers_left_out", "each peer that can be installed is measured", at_most=0),
]


def main(arguments: Sequence[str]) -> int:
    asked = _asked(arguments)
    print(machine.line())
    left_out: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as stack:
        folder = Path(name)
        try:
            postgres = stack.enter_context(postgres_in(folder))
        except Missing as missing:
            print(missing, file=sys.stderr)
            return 2
        us: list[Ours] = []
        for number, start in enumerate((ours.running, ours.running_on_postgres)):
            try:
                us.append(stack.enter_context(start(_place(folder / f"ours-{number}", postgres))))
            except Missing as missing:
                print(f"Left out: {ours.NAME} on PostgreSQL. {missing}.")
        peers = []
        for peer in asked.peers:
            print(f"Starting {peer}.", flush=True)
            try:
                peers.append(stack.enter_context(PEERS[peer](_place(folder / peer, postgres))))
            except (Missing, RuntimeError) as missing:
                left_out[peer] = str(missing)
        print("Measuring.", flush=True)
        for running in [*us, *peers]:
            running.rest_mb = running.served.server.pss()
        for _round in range(asked.rounds):
            for running in [*us, *peers]:
                _measure(running)
        show(_HEAD, map(_cells, [*us, *peers]))
        figures = _figures(us, peers)
    for running in [*us, *peers]:
        print(f"{running.name}: {running.setting}{'; ' if running.note else ''}{running.note}.")
    for peer, reason in (left_out | NOT_TRIED).items():
        print(f"Not measured: {peer}. {reason}.")
    print(machine.line())
    return judge(figures | {"peers_left_out": len(left_out)}, BARS)


def _place(folder: Path, postgres) -> Place:
    folder.mkdir()
    return Place(folder, postgres)


def _measure(running: Running) -> None:
    """One round: a guest and a member read, one and eight people write."""
    served, rows = running.served, running.rows

    def add(name: str, cost: Cost) -> None:
        rows.setdefault(name, Row(name)).costs.append(cost)

    add(GUEST, read(served, running.thread, WARM_SECONDS))
    if isinstance(running, Ours) and running.site:
        add(COLD, running.site.cold([Ask(running.thread.path, HUNDRED)], 12)[0])
    if running.member:
        add(MEMBER, read(served, running.member, WARM_SECONDS))
    rest = running.site.wait_for_the_worker if isinstance(running, Ours) and running.site else lambda: None
    dice = random.Random(len(rows[GUEST].costs))
    for name, writers in ((ONE, 1), (MANY, WRITERS)):
        rest()
        until = time.monotonic() + WRITING_SECONDS
        add(name, measure(served, [_posts(running, writer, until, dice) for writer in range(writers)], after=rest))


def _posts(running: Running, writer: int, until: float, dice: random.Random) -> Iterator[Request]:
    while time.monotonic() < until:
        yield running.writers[writer](source(dice))


_HEAD = [
    "CPU ms",
    "shown",
    "guest",
    "a comment",
    "cold",
    "member",
    "post, 1",
    f"post, {WRITERS}",
    f"posts/s, {WRITERS}",
    "KB sent",
    "MB at rest",
    "start s",
]


def _cells(running: Running) -> list[str]:
    def ms(name: str) -> str:
        return f"{running.rows[name].typical('cpu'):.2f}" if name in running.rows else ""

    guest = running.rows[GUEST]
    return [
        running.name,
        str(running.shown),
        ms(GUEST),
        f"{_per_comment(running):.4f}",
        ms(COLD),
        ms(MEMBER),
        ms(ONE),
        ms(MANY),
        f"{running.rows[MANY].typical('rate'):.0f}",
        f"{guest.typical('size') / 1024:.1f}",
        f"{running.rest_mb:.0f}",
        f"{running.start_seconds:.1f}",
    ]


def _per_comment(running: Running) -> float:
    return running.rows[GUEST].typical("cpu") / running.shown


def _figures(us: Sequence[Ours], peers: Sequence[Running]) -> dict[str, float]:
    found: dict[str, float] = {}
    for running in us:
        own = {
            "posting_ms": running.rows[ONE].typical("cpu"),
            "posting_many_ms": running.rows[MANY].typical("cpu"),
            "posting_with_worker_ms": running.rows[ONE].typical("all"),
            "hundred_not_shown": 100 - running.shown,
            "comment_ms": _per_comment(running),
        }
        if peers:
            best = min(map(_per_comment, peers))
            own["guest_ratio"] = best / _per_comment(running)
            own["cold_ratio"] = best / (running.rows[COLD].typical("cpu") / running.shown)
            own["rate_ratio"] = running.rows[MANY].typical("rate") / max(p.rows[MANY].typical("rate") for p in peers)
        if pages := [peer.rows[MEMBER].typical("cpu") for peer in peers if MEMBER in peer.rows]:
            own["member_ratio"] = min(pages) / running.rows[MEMBER].typical("cpu")
        kind = "sqlite" if "SQLite" in running.name else "postgresql"
        found |= {f"{kind}.{name}": number for name, number in own.items()}
    return found


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-peers ARGS=…", description=__doc__)
    parser.add_argument("peers", nargs="*", help=f"which of {', '.join(PEERS)}; all unless named")
    parser.add_argument("--rounds", type=int, default=3, help="how often all is measured; the median counts")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.peers) - set(PEERS):
        parser.error(f"there is no peer {', '.join(unknown)}")
    asked.peers = asked.peers or list(PEERS)
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
