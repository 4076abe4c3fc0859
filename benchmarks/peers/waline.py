"""Waline: comments for any page, as JSON for its widget; Node and PostgreSQL."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from psycopg.conninfo import conninfo_to_dict

from benchmarks.discussions import WRITERS, hundred
from benchmarks.driver import Connection, Request
from benchmarks.peers.peer import Place, Running, node_packages
from benchmarks.servers import Served, Server, environ

VERSION = "1.39.3"
NAME = f"Waline {VERSION}"
# The columns that its storage reads and writes; it has its site's owner make them.
COLUMNS = {
    "comment": "user_id int, comment text, insertedat timestamp(0) NOT NULL DEFAULT now(), ip varchar(100), "
    "link varchar(255), mail varchar(255), nick varchar(255), pid int, rid int, sticky numeric, "
    "status varchar(50) NOT NULL DEFAULT '', \"like\" int, ua text, url varchar(255)",
    "counter": "time int, url varchar(255), " + ", ".join(f"reaction{number} int" for number in range(9)),
    "users": "display_name varchar(255), email varchar(255), password varchar(255), type varchar(50), "
    'label varchar(255), url varchar(255), avatar varchar(255), "2fa" varchar(32)',
}
STAMPS = "createdat timestamp(0) DEFAULT now(), updatedat timestamp(0) DEFAULT now()"
HERE_ONLY = "module.exports = {host: '127.0.0.1', port: process.env.PORT};\n"


@contextmanager
def running(place: Place) -> Iterator[Running]:
    """Raises Missing."""
    package = node_packages("waline", [f"@waline/vercel@{VERSION}"]) / "@waline" / "vercel"
    (package / "config.js").write_text(HERE_ONLY)
    address = place.postgres.make("waline")
    with place.postgres.connect(address) as database:
        for name, columns in COLUMNS.items():
            database.execute(f"CREATE TABLE wl_{name} (id serial PRIMARY KEY, {columns}, {STAMPS})")
    told = conninfo_to_dict(address)
    with _sign_in_service() as port:
        server = Server(
            [str(shutil.which("node")), str(package / "vanilla.js")],
            environ(
                PG_HOST=str(told["host"]),
                PG_USER=str(told["user"]),
                PG_DB=str(told["dbname"]),
                PG_PASSWORD="none",
                JWT_TOKEN="a word for signing",
                IPQPS="0",
                AKISMET_KEY="false",
                OAUTH_URL=f"http://127.0.0.1:{port}/",
            ),
            python=False,
            folder=place.folder,
        )
        seconds = server.start("/api/comment?path=/thread")
        try:
            _fill(server)
            yield Running(
                NAME,
                Served(server, [place.postgres]),
                "node, 1 worker; PostgreSQL, durable",
                thread=Request("/api/comment?path=/thread&pageSize=100"),
                writers=[_writer(number) for number in range(WRITERS)],
                start_seconds=seconds,
                note="its outside sign-in service, asked at every request, is a stub here",
            )
        finally:
            server.stop()


@contextmanager
def _sign_in_service() -> Iterator[int]:
    """Offers nothing; without it every request fails."""

    class Nothing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = b'{"services": []}'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Nobody reads it."""

    service = ThreadingHTTPServer(("127.0.0.1", 0), Nothing)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    try:
        yield service.server_address[1]
    finally:
        service.shutdown()


def _fill(server: Server) -> None:
    connection, numbers, roots = Connection(server.port), [], []
    for written in hundred():
        parent = numbers[written.parent] if written.parent is not None else None
        root = roots[written.parent] if written.parent is not None else None
        answer, _headers = connection.send(_post("/thread", written.text, written.person, parent, root))
        numbers.append(json.loads(answer)["data"]["objectId"])
        roots.append(root or numbers[-1])


def _writer(number: int):
    return lambda text: _post("/written", text, number)


def _post(url: str, text: str, person: int, parent: int | None = None, root: int | None = None) -> Request:
    who = {"nick": f"Person {person}", "mail": f"person{person}@example.org", "link": "", "ua": "benchmark"}
    place = {"pid": parent, "rid": root, "at": f"Person {person}"} if parent else {}
    return Request("/api/comment", json={"comment": text, "url": url} | who | place)
