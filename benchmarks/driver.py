"""Asking a server many times over kept-open connections, and what that cost it."""

from __future__ import annotations

import http.client
import itertools
import json
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, median, quantiles
from urllib.parse import urlencode

from benchmarks.servers import Served, Spent

WRK = shutil.which("wrk")
SCRIPT = str(Path(__file__).with_name("wrk.lua"))
POSTED = 303
# Connections over which a page is asked for before it is measured, so that each process has been asked.
WARM_UP = 8
# Seconds. At the end of a measurement with wrk some requests are answered that it does not count.
SLOW = 0.005
# Readers at once where many are meant.
MANY = 16
# What a browser says it can unpack.
PACKED = {"Accept-Encoding": "gzip, deflate, br"}


@dataclass(frozen=True)
class Request:
    """What is sent, and the status that must come back."""

    path: str
    headers: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] | None = None
    status: int = 200
    json: object = None


@dataclass(frozen=True)
class Cost:
    """Of one request: processor milliseconds of what serves, and of all; then rate, latencies in ms, and bytes."""

    requests: int
    cpu: float
    all: float
    rate: float
    p50: float
    p95: float
    size: int


class Connection:
    """One kept-open connection."""

    def __init__(self, port: int) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(self, request: Request) -> tuple[bytes, http.client.HTTPMessage]:
        """The body and headers of the answer. Raises RuntimeError when its status is another."""
        body, kind = None, {}
        if request.form is not None:
            body, kind = urlencode(request.form), {"Content-Type": "application/x-www-form-urlencoded"}
        elif request.json is not None:
            body, kind = json.dumps(request.json), {"Content-Type": "application/json"}
        self._http.request("GET" if body is None else "POST", request.path, body, request.headers | kind)
        answer = self._http.getresponse()
        text = answer.read()
        if answer.status != request.status:
            raise RuntimeError(f"{request.path} was answered with {answer.status}, not {request.status}")
        return text, answer.headers


def fetch(server, path: str, **headers: str) -> tuple[bytes, http.client.HTTPMessage]:
    return Connection(server.port).send(Request(path, headers))


def follow(server, path: str, headers: dict[str, str]) -> str:
    """The address, without its fragment, that a redirect from here names."""
    _body, told = Connection(server.port).send(Request(path, headers, status=303))
    return told["Location"].partition("#")[0]


def read(server: Served, request: Request, seconds: float, connections: int = 2) -> Cost:
    """Ask for one page over and over, as fast as it is answered.

    Quick ones with wrk, which itself needs little; slow ones from here, where no request is half counted.
    """
    body, took = _asked_before(server, request)
    if WRK is None or took > SLOW:
        return measure(server, [_until(seconds, [request]) for _number in range(connections)])
    before = server.spent()
    told = _wrk(server, request, seconds, connections)
    if told["failed"] or not told["requests"]:
        raise RuntimeError(f"of {told['requests']:.0f} requests for {request.path} {told['failed']:.0f} failed")
    return _cost(before, server.spent(), told["requests"], told["seconds"], (told["p50"], told["p95"]), len(body))


def _asked_before(server: Served, request: Request) -> tuple[bytes, float]:
    """Let every process keep what it needs to keep; the page, and how many seconds it takes then."""
    latencies = []
    for _time in range(WARM_UP):
        connection = Connection(server.port)
        connection.send(request)
        began = time.perf_counter()
        body, _headers = connection.send(request)
        latencies.append(time.perf_counter() - began)
    return body, median(latencies)


def _wrk(server: Served, request: Request, seconds: float, connections: int) -> dict[str, float]:
    headers = [part for name, value in request.headers.items() for part in ("-H", f"{name}: {value}")]
    return _run([*_told(connections), *headers, f"http://127.0.0.1:{server.port}{request.path}"], seconds)


def _told(connections: int) -> list[str]:
    return [str(WRK), "-t1", f"-c{connections}", "-d60s", "--timeout", "60s", "-s", SCRIPT]


def _run(command: Sequence[str], seconds: float) -> dict[str, float]:
    """wrk counts whole seconds, so it is told to stop."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
        return json.loads(process.communicate()[0].splitlines()[-1])


def mixture(server: Served, cookie: str, paths: Sequence[str], seconds: float) -> dict[str, float]:
    """Sixteen readers ask for these in turn; what was counted. See wrk.lua for the addresses."""
    if WRK is not None:
        return _run([*_told(MANY), f"http://127.0.0.1:{server.port}", "--", cookie, *paths], seconds)
    requests = [_like_the_script(path, cookie) for path in paths]
    cost = measure(server, [_until(seconds, requests) for _reader in range(MANY)])
    return {"requests": cost.requests, "failed": 0}


def _like_the_script(path: str, cookie: str) -> Request:
    headers = PACKED | ({"Cookie": cookie} if path.startswith("member:") else {})
    path = path.removeprefix("member:")
    return Request(path + (str(time.monotonic_ns()) if path.endswith("=") else ""), headers)


def _until(seconds: float, requests: Sequence[Request]) -> Iterator[Request]:
    deadline = time.perf_counter() + seconds
    return itertools.takewhile(lambda _request: time.perf_counter() < deadline, itertools.cycle(requests))


def measure(
    server: Served,
    sequences: Sequence[Iterable[Request]],
    *,
    before: Callable[[], object] | None = None,
    after: Callable[[], object] = lambda: None,
) -> Cost:
    """Send each of these sequences of requests over a connection of its own, all at once.

    `before` is called before each request, outside its latency; `after` when all is sent, inside the cost of all.
    """
    connections = [Connection(server.port) for _sequence in sequences]
    latencies: list[float] = []
    sizes: list[int] = []
    failed: list[Exception] = []

    def ask(connection: Connection, sequence: Iterable[Request]) -> None:
        try:
            for request in sequence:
                if before:
                    before()
                sent = time.perf_counter()
                body, _headers = connection.send(request)
                latencies.append((time.perf_counter() - sent) * 1000)
                sizes.append(len(body))
        except Exception as error:  # told in the main thread
            failed.append(error)

    threads = [threading.Thread(target=ask, args=pair) for pair in zip(connections, sequences, strict=True)]
    used, began = server.spent(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if failed:
        raise failed[0]
    answered = server.spent()
    after()
    count = len(latencies)
    cuts = quantiles(latencies, n=20, method="inclusive") if count > 1 else latencies * 19
    return _cost(
        used, Spent(answered.serving, server.spent().all), count, seconds, (cuts[9], cuts[18]), sum(sizes) // count
    )


def together(costs: Sequence[Cost]) -> Cost:
    """Of requests that were measured one by one."""
    latencies = [cost.p50 for cost in costs]
    cuts = quantiles(latencies, n=20, method="inclusive") if len(costs) > 1 else latencies * 19
    return Cost(
        len(costs),
        cpu=fmean(cost.cpu for cost in costs),
        all=fmean(cost.all for cost in costs),
        rate=1000 / fmean(latencies),
        p50=cuts[9],
        p95=cuts[18],
        size=costs[-1].size,
    )


def _cost(before: Spent, after: Spent, requests: int, seconds: float, latency: tuple[float, float], size: int) -> Cost:
    serving, everything = after.serving - before.serving, after.all - before.all
    return Cost(
        requests,
        cpu=serving * 1000 / requests,
        all=everything * 1000 / requests,
        rate=requests / seconds,
        p50=latency[0],
        p95=latency[1],
        size=size,
    )


def forms(server, slug: str, cookie: str, bodies: Sequence[str], prefix: str) -> list[Request]:
    """The requests with which a signed-in member posts these comments; the prefix tells these forms from others."""
    html, headers = fetch(server, f"/posts/{slug}", Cookie=cookie)
    page = html.decode()
    csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert csrf, "the page has no form for a member"
    # The token belongs to the cookie that came with it.
    kept = {"Cookie": (headers["Set-Cookie"] or cookie).partition(";")[0]}
    return [
        Request(
            f"/posts/{slug}/comments",
            kept,
            {"csrf_token": csrf[1], "token": f"{prefix}-{number}", "body": body, "lang": "en", "parent": ""},
            POSTED,
        )
        for number, body in enumerate(bodies)
    ]
