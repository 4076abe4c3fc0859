"""What open pages cost: `python -m benchmarks.streams`. A thousand streams on one web process of the site as served.

Measures the memory they take, what they cost while nothing happens, how long a comment takes to reach all of them, and
what a page costs meanwhile. Prints a table and a line of figures; exit code 1 below a bar.
"""

from __future__ import annotations

import argparse
import re
import resource
import selectors
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

from benchmarks.databases import Sqlite
from benchmarks.discussions import HUNDRED, WRITTEN_TO
from benchmarks.driver import Connection, Request, fetch, forms
from benchmarks.servers import PATIENCE, Processes
from benchmarks.site import Site
from benchmarks.table import Bar, judge, show

STREAMS = 1_000
COMMENTS = 10
# Seconds between two comments: each is told before the next is written.
BETWEEN = 1.0
IDLE_SECONDS = 15.0
PAGE_SECONDS = 3.0

BARS = [
    Bar("refused", "a process takes a thousand streams", at_most=0),
    Bar("grown_mb", "a stream holds a line and a box, and nothing of the request it began with", at_most=60),
    Bar("idle_percent", "while nothing happens one look at the log, every half a second, serves them all", at_most=5),
    Bar("not_told", "every open page is told of every comment", at_most=0),
    Bar("told_p95_ms", "a comment is there within two seconds of being posted", at_most=2_000),
    Bar("page_over_alone", "idle streams are in nobody's way", at_most=1.5),
]

_EVENT = re.compile(rb'^data: \{"event":(\d+),"kind":"published"', re.MULTILINE)


class Readers:
    """Browsers with a post open, as far as their streams go: when each was told of what."""

    def __init__(self, port: int, path: str) -> None:
        self._port = port
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: text/event-stream\r\n"
            "Accept-Encoding: gzip, deflate, br\r\nAccept-Language: en-GB,en;q=0.9\r\nCache-Control: no-cache\r\n"
            "Sec-Fetch-Dest: empty\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Site: same-origin\r\n"
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140"
            "\r\n\r\n"
        ).encode()
        self._lines = selectors.DefaultSelector()
        self._told: dict[int, list[float]] = {}
        self._ends = False
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self.refused = 0

    def come(self, count: int) -> None:
        for _reader in range(count):
            line = socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE)
            line.sendall(self._request)
            if not line.recv(65_536).startswith(b"HTTP/1.1 200"):
                self.refused += 1
            line.setblocking(False)
            self._lines.register(line, selectors.EVENT_READ)
        self._thread.start()

    def told_of(self, event: int) -> list[float]:
        """When each of them was told of it."""
        return self._told.get(event, [])

    def events(self) -> list[int]:
        return sorted(self._told)

    def leave(self) -> None:
        self._ends = True
        self._thread.join()
        for key in list(self._lines.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self._lines.close()

    def _listen(self) -> None:
        while not self._ends:
            for key, _events in self._lines.select(timeout=0.2):
                piece = key.fileobj.recv(65_536)  # type: ignore[union-attr]
                now = time.perf_counter()
                for event in _EVENT.findall(piece):
                    self._told.setdefault(int(event), []).append(now)
                if not piece:
                    self._lines.unregister(key.fileobj)


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and answer the exit code."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--streams", type=int, default=STREAMS)
    count = asked.parse_args(arguments).streams
    if not Path("/proc/self/smaps_rollup").exists():
        print("The measurement reads /proc, which only Linux has.", file=sys.stderr)
        return 2
    _allow_files(count + 200)
    with tempfile.TemporaryDirectory(prefix="bench-streams-") as name:
        folder = Path(name) / "site"
        folder.mkdir()
        site = Site(folder, Sqlite(folder))
        site.environ["FORUM_WEB_WORKERS"] = "1"
        site.fill("peers")
        with site.running(f"/posts/{HUNDRED}"):
            site.come_to_rest()
            figures = _measure(site, count)
    _print(count, figures)
    return judge(figures, BARS)


def _allow_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))


def _measure(site: Site, count: int) -> dict[str, float]:
    page, web = f"/posts/{WRITTEN_TO}", _web_process(site)
    alone = site.warm(page, PAGE_SECONDS)
    before = web.pss()
    readers = Readers(site.server.port, _stream_of(site, page))
    began, used = time.perf_counter(), _cpu(web)
    readers.come(count)
    figures = {
        "open_ms": (_cpu(web) - used) * 1000 / count,
        "opened_per_s": count / (time.perf_counter() - began),
        "refused": float(readers.refused),
    }
    used = _cpu(web)
    time.sleep(IDLE_SECONDS)
    figures["idle_percent"] = (_cpu(web) - used) * 100 / IDLE_SECONDS
    figures |= {"web_mb": before, "grown_mb": web.pss() - before}
    beside = site.warm(page, PAGE_SECONDS)
    figures |= {"page_ms": alone.p50, "page_beside_ms": beside.p50, "page_over_alone": beside.cpu / alone.cpu}
    figures |= _tell(site, readers, count)
    figures["grown_after_mb"] = web.pss() - before
    readers.leave()
    return figures


def _stream_of(site: Site, page: str) -> str:
    """The address that a browser takes from the page."""
    body, _headers = fetch(site.server, page)
    told = dict(re.findall(r'data-(url|after|version)="([^"]+)"', body.decode()))
    return f"{told['url']}?after={told['after']}&version={told['version']}"


def _tell(site: Site, readers: Readers, count: int) -> dict[str, float]:
    """Post comments, one after the other, while somebody else reads; how long each took to reach everybody."""
    requests = forms(
        site.server, WRITTEN_TO, site.cookies[0], [f"Told {number}." for number in range(COMMENTS)], "told"
    )
    member, delays, pages, missing = Connection(site.server.port), [], [], 0
    for request in requests:
        known, sent = set(readers.events()), time.perf_counter()
        member.send(request)
        pages.append(_seconds_of_a_page(site))
        deadline = sent + PATIENCE
        told: list[float] = []
        while len(told) < count and time.perf_counter() < deadline:
            time.sleep(0.05)
            told = [at for event in readers.events() if event not in known for at in readers.told_of(event)]
        missing += count - len(told)
        delays += [at - sent for at in told]
        time.sleep(BETWEEN)
    cuts = quantiles(delays, n=20, method="inclusive") if len(delays) > 1 else [0.0] * 19
    return {
        "not_told": float(missing),
        "told_p50_ms": cuts[9] * 1000,
        "told_p95_ms": cuts[18] * 1000,
        "told_last_ms": max(delays, default=0.0) * 1000,
        "page_while_told_ms": max(pages) * 1000,
    }


def _seconds_of_a_page(site: Site) -> float:
    """The slowest of the pages that are asked for in the second in which a comment is told."""
    slowest, until, connection = 0.0, time.perf_counter() + 1, Connection(site.server.port)
    while time.perf_counter() < until:
        began = time.perf_counter()
        connection.send(Request(f"/posts/{HUNDRED}"))
        slowest = max(slowest, time.perf_counter() - began)
        time.sleep(0.02)
    return slowest


def _web_process(site: Site) -> Processes:
    """The one process that serves: the child of gunicorn's own."""
    serving = [number for number in site.server.tree() if _name(number) == "forum.web"]
    return Processes(max(serving, key=lambda number: Processes(number).tree() == [number]))


def _name(number: int) -> str:
    try:
        return Path(f"/proc/{number}/comm").read_text().strip()
    except OSError:
        return ""


def _cpu(process: Processes) -> float:
    return sum(process.cpu().values())


def _print(count: int, figures: dict[str, float]) -> None:
    lines = [
        ("Opening a stream, CPU", f"{figures['open_ms']:.1f} ms"),
        (f"Memory (PSS) of the web process, and more with {count:,} streams", _memory(figures)),
        ("The same after comments were told", f"+{figures['grown_after_mb']:.0f} MB"),
        ("CPU while nothing happens", f"{figures['idle_percent']:.1f} %"),
        (f"From posting a comment until {count:,} pages are told: p50, p95, last", _delays(figures)),
        ("A guest's page alone and beside the streams, p50", _pages(figures)),
        ("The slowest page in the second in which a comment is told", f"{figures['page_while_told_ms']:.0f} ms"),
    ]
    show(["", ""], lines)


def _memory(figures: dict[str, float]) -> str:
    return f"{figures['web_mb']:.0f} MB, +{figures['grown_mb']:.0f} MB"


def _delays(figures: dict[str, float]) -> str:
    return ", ".join(f"{figures[name]:.0f} ms" for name in ("told_p50_ms", "told_p95_ms", "told_last_ms"))


def _pages(figures: dict[str, float]) -> str:
    return f"{figures['page_ms']:.1f} ms, {figures['page_beside_ms']:.1f} ms"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
