"""Whether moderators never collide, and wait for nothing: `make bench-moderation`.

On each database, against the site as it is served by two processes: first a hundred tries of eight moderators on the
same 25 cases, where each case must be decided once and everybody else must hear by whom. Then each kind of decision,
with a few cases open and with 10,000: how long the server takes, and how many statements it sends. Then what the spam
score finds, where labelled comments are there (benchmarks/spam). Prints a table and a line of figures; exit code 1
below a bar.
"""

from __future__ import annotations

import argparse
import http.client
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from benchmarks import machine, spam
from benchmarks.databases import POSTGRESQL, SQLITE, opened
from benchmarks.servers import Missing
from benchmarks.site import Site
from benchmarks.table import Bar, judge, p95, show
from config import ROOT
from forum.moderation.actions import FLAGGED, HELD

CASES, TRIES, EACH = 25, 4, 20
FEW, MANY = 400, 10_000
DONE, LOST = 303, 409

BARS = [
    Bar("decided_twice", "each case is decided once, however many try", at_most=0),
    Bar("not_decided", "somebody decides on each case", at_most=0),
    Bar("not_told", "everybody else hears who was first", at_most=0),
    Bar("slowest_p95_ms", "a decision is answered at once, however much waits", at_most=150),
    Bar("more_statements", "a decision asks the database as often when 10,000 cases are open", at_most=0),
]
SPAM_BARS = [
    Bar("precision_at_recall", "what is held as spam is spam", at_least=spam.LEAST_PRECISION),
    Bar("honest_held", "honest comments are not held as spam", at_most=spam.MOST_HONEST_HELD),
]


@dataclass(frozen=True)
class Act:
    """A decision, the kind of case it is taken on, and what its form says besides."""

    name: str
    kind: str
    form: dict[str, str] = field(default_factory=dict)


ACTS = [
    Act("approve", HELD),
    Act("reject", HELD, {"reason": "unkind", "message": "Please say it kindly.", "again": "1"}),
    Act("spam", HELD),
    Act("dismiss", FLAGGED),
    Act("remove", FLAGGED, {"reason": "unkind"}),
]
UNDO = "undo"


class Moderator:
    """A signed-in moderator and their connection."""

    def __init__(self, port: int, cookie: str, name: str) -> None:
        self.name = name
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = {"Cookie": cookie}
        html, told = self.get("/moderation")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
        assert token, "the queue has no form"
        self._token = token[1]
        # The token belongs to the cookie that came with it.
        self._headers = {"Cookie": (told["Set-Cookie"] or cookie).partition(";")[0]}

    def get(self, path: str) -> tuple[str, http.client.HTTPMessage]:
        self._http.request("GET", path, headers=self._headers)
        answer = self._http.getresponse()
        return answer.read().decode(), answer.headers

    def decide(self, case_id: int, seen: str, act: Act) -> tuple[int, str, http.client.HTTPMessage]:
        return self.post(f"/moderation/cases/{case_id}/{act.name}", act.form | {"version": seen})

    def post(self, path: str, form: dict[str, str]) -> tuple[int, str, http.client.HTTPMessage]:
        body = urlencode(form | {"csrf_token": self._token})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self._http.request("POST", path, body, self._headers | kind)
        answer = self._http.getresponse()
        return answer.status, answer.read().decode(), answer.headers


def collide(site: Site, moderators: Sequence[Moderator], tickets: Sequence[tuple[int, str]]) -> dict[str, float]:
    """All of them on the same cases at once."""
    tries: list[list[tuple[int, str, Act]]] = [[] for _person in moderators]
    acts = [act for act in ACTS if act.kind == HELD]
    for place, (case_id, seen) in enumerate(tickets[:CASES]):
        for turn in range(TRIES):
            tries[(place + turn * 3) % len(moderators)].append((case_id, seen, acts[turn % len(acts)]))
    answers: list[tuple[int, str, int, str]] = []
    start = threading.Barrier(len(moderators))

    def moderate(moderator: Moderator, own: Sequence[tuple[int, str, Act]]) -> None:
        start.wait()
        for case_id, seen, act in own:
            status, html, _headers = moderator.decide(case_id, seen, act)
            answers.append((case_id, moderator.name, status, html))

    threads = [threading.Thread(target=moderate, args=pair) for pair in zip(moderators, tries, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [(case_id, name) for case_id, name, status, _html in answers if status == DONE]
    winners = dict(won)
    lost = [(case_id, html) for case_id, _name, status, html in answers if status == LOST]
    told = sum(1 for case_id, html in lost if winners.get(case_id, "nobody") in html)
    chosen = ", ".join(str(case_id) for case_id, _seen in tickets[:CASES])
    rows = site.database.number(f"SELECT count(*) FROM decisions WHERE case_id IN ({chosen})")
    print(f"{len(answers)} tries of {len(moderators)} moderators: {rows} decisions, {told} told who was first.")
    return {
        "tries": len(answers),
        "decisions": rows,
        "told": told,
        "decided_twice": rows
        - len(winners)
        + sum(status == DONE for _id, _name, status, _html in answers)
        - len(winners),
        "not_decided": CASES - len(winners),
        "not_told": CASES * TRIES - len(winners) - told,
    }


@dataclass
class Timed:
    """What decisions of one kind took: milliseconds of the server, and statements to the database."""

    ms: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)

    def note(self, headers: http.client.HTTPMessage) -> None:
        told = re.search(r'page;dur=([\d.]+).*desc="(\d+) statements"', headers["Server-Timing"] or "")
        assert told, "the server does not tell its time"
        self.ms.append(float(told[1]))
        self.statements.append(int(told[2]))

    def p95(self) -> float:
        return p95(self.ms)


def time_decisions(moderator: Moderator, tickets: dict[str, Iterator[tuple[int, str]]]) -> dict[str, Timed]:
    """Each kind so many times, each taken back: what waits stays as much."""
    found = {name: Timed() for name in [*(act.name for act in ACTS), UNDO]}
    for _turn in range(EACH):
        for act in ACTS:
            case_id, seen = next(tickets[act.kind])
            status, html, headers = moderator.decide(case_id, seen, act)
            assert status == DONE, f"{act.name} was answered with {status}: {html[:300]}"
            found[act.name].note(headers)
            made = re.search(r"done=(\d+)", headers["Location"])
            assert made, "the answer does not say which decision was made"
            status, html, headers = moderator.post(f"/moderation/decisions/{made[1]}/undo", {})
            assert status == DONE, f"undo was answered with {status}: {html[:300]}"
            found[UNDO].note(headers)
    return found


def main(arguments: Sequence[str]) -> int:
    asked = _asked(arguments)
    print(machine.line())
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for kind in asked.only:
            try:
                with opened(kind, Path(folder) / kind) as database:
                    print(f"\n{database.name}", flush=True)
                    found = _measured(Site(Path(folder) / kind / "site", database))
            except Missing as missing:
                print(f"\nLeft out: {missing}.")
                continue
            figures |= {f"{kind}.{name}": number for name, number in found.items()}
    found = _spam()
    figures |= {f"spam.{name}": number for name, number in found.items()}
    print(machine.line())
    return judge(figures, BARS + (SPAM_BARS if found else []))


def _measured(site: Site) -> dict[str, float]:
    # Only in development does an answer say how long the server took.
    site.environ |= {"FORUM_ENV": "development"}
    made = site.ask("benchmarks.moderators", str(FEW))
    site.database.after_filling()
    with site.running("/healthz"):
        site.server.wait_for_the_set_up()
        people = list(zip(made["cookies"], made["names"], strict=True))
        moderators = [Moderator(site.served.port, cookie, name) for cookie, name in people]
        figures = collide(site, moderators, made["tickets"][HELD])
        few = time_decisions(moderators[0], _after(made["tickets"], CASES))
        waiting = site.database.number("SELECT count(*) FROM cases WHERE closed_at IS NULL")
        more = site.ask("benchmarks.moderators", str(MANY - waiting))
        site.database.after_filling()
        many = time_decisions(moderators[0], _after(more["tickets"], 0))
        open_now = site.database.number("SELECT count(*) FROM cases WHERE closed_at IS NULL")
    _show(few, many, waiting, open_now)
    return figures | {
        "open_cases": open_now,
        "slowest_p95_ms": max(timed.p95() for timed in many.values()),
        "slowest_median_ms": max(median(timed.ms) for timed in many.values()),
        "more_statements": max(max(many[name].statements) - max(few[name].statements) for name in many),
        "most_statements": max(max(timed.statements) for timed in many.values()),
    }


def _after(tickets: dict[str, list], number: int) -> dict[str, Iterator[tuple[int, str]]]:
    return {kind: iter(rows[number:]) for kind, rows in tickets.items()}


def _show(few: dict[str, Timed], many: dict[str, Timed], waiting: int, open_now: int) -> None:
    head = ["open cases", f"{waiting}: ms", "p95", "statements", f"{open_now}: ms", "p95", "statements"]
    lines = []
    for name in many:
        cells = [name]
        for timed in (few[name], many[name]):
            cells += [f"{median(timed.ms):.1f}", f"{timed.p95():.1f}", str(max(timed.statements))]
        lines.append(cells)
    show(head, lines)


def _spam() -> dict[str, float]:
    """The figures of the spam score; none where no labelled comments are there."""
    print("\nSpam score", flush=True)
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.spam"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    ).stdout
    print(told.rstrip())
    lines = [line for line in told.splitlines() if re.fullmatch(r"(\w+=[\d.e+-]+ ?)+", line)]
    pairs = (pair.partition("=") for pair in lines[-1].split()) if lines else ()
    return {name: float(number) for name, _sign, number in pairs}


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-moderation ARGS=…", description=__doc__)
    parser.add_argument("--only", choices=[SQLITE, POSTGRESQL], action="append", help="one database")
    asked = parser.parse_args(arguments)
    asked.only = asked.only or [SQLITE, POSTGRESQL]
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
