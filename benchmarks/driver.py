"""Asking a server many times over kept-open connections, and what that cost it."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks.servers import Server

# Asked on every connection before the measurement: each process keeps what it needs to keep.
WARM_UP = 8
POSTED = 303


@dataclass(frozen=True)
class Request:
    """What is sent, and the status that must come back."""

    path: str
    headers: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] | None = None
    status: int = 200


@dataclass(frozen=True)
class Cost:
    """Of one request: processor milliseconds of the web server and of all; then rate, latencies in ms, and bytes."""

    web: float
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
        form = urlencode(request.form) if request.form is not None else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        self._http.request("POST" if form is not None else "GET", request.path, form, request.headers | kind)
        answer = self._http.getresponse()
        body = answer.read()
        if answer.status != request.status:
            raise RuntimeError(f"{request.path} was answered with {answer.status}, not {request.status}")
        return body, answer.headers


def fetch(server: Server, path: str, **headers: str) -> tuple[bytes, http.client.HTTPMessage]:
    return Connection(server.port).send(Request(path, headers))


def measure(
    server: Server,
    requests: Sequence[Sequence[Request]],
    *,
    before: Callable[[], None] | None = None,
    after: Callable[[], None] = lambda: None,
    warm_up: int = WARM_UP,
) -> Cost:
    """Send each of these sequences over a connection of its own, all at once.

    `before` is called before each request, outside its latency; `after` when all is sent, inside the cost.
    """
    connections = [Connection(server.port) for _sequence in requests]
    for connection, sequence in zip(connections, requests, strict=True):
        for _time in range(warm_up):
            connection.send(sequence[0])
    latencies: list[float] = []
    sizes: list[int] = []
    failed: list[Exception] = []

    def ask(connection: Connection, sequence: Sequence[Request]) -> None:
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

    threads = [threading.Thread(target=ask, args=pair) for pair in zip(connections, requests, strict=True)]
    used, began = server.cpu(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    after()
    if failed:
        raise failed[0]
    spent = {number: seconds - used[number] for number, seconds in server.cpu().items()}
    web = sum(seconds for number, seconds in spent.items() if not server.is_worker(number))
    count, ordered = len(latencies), sorted(latencies)
    return Cost(
        web=web * 1000 / count,
        all=sum(spent.values()) * 1000 / count,
        rate=count / seconds,
        p50=ordered[count // 2],
        p95=ordered[int(count * 0.95)],
        size=sum(sizes) // count,
    )


def forms(server: Server, slug: str, cookie: str, bodies: Sequence[str]) -> list[Request]:
    """The requests with which a signed-in member posts these comments."""
    html, headers = fetch(server, f"/posts/{slug}", Cookie=cookie)
    page = html.decode()
    csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert csrf, "the page has no form for a member"
    # The token belongs to the cookie that came with it.
    kept = {"Cookie": (headers["Set-Cookie"] or cookie).partition(";")[0]}
    token = re.search(r'name="token"[^>]*value="([^"]+)"', page)
    assert token, "the page has no composer"
    return [
        Request(
            f"/posts/{slug}/comments",
            kept,
            {"csrf_token": csrf[1], "token": f"{token[1][:40]}{number}", "body": body, "lang": "en", "parent": ""},
            POSTED,
        )
        for number, body in enumerate(bodies)
    ]
