"""Isso: comments for any page, as JSON for its widget; SQLite."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.discussions import WRITERS, hundred
from benchmarks.driver import Connection, Request
from benchmarks.peers.peer import Place, Running, packages
from benchmarks.servers import Served, Server, environ

VERSION = "0.14.0"
NAME = f"Isso {VERSION}"
SETTINGS = """
[general]
dbpath = {folder}/comments.db
host = http://127.0.0.1/
[guard]
enabled = false
"""


@contextmanager
def running(place: Place) -> Iterator[Running]:
    """Raises Missing."""
    programs = packages("isso", [f"isso=={VERSION}", "gunicorn==27.0.1"])
    settings = place.folder / "isso.cfg"
    settings.write_text(SETTINGS.format(folder=place.folder))
    command = [
        str(programs / "gunicorn"),
        "--no-control-socket",
        "-b",
        "127.0.0.1:{port}",
        "-w",
        "2",
        "--preload",
        "isso.run",
    ]
    server = Server(command, environ(ISSO_SETTINGS=str(settings)), python=False, folder=place.folder)
    seconds = server.start("/?uri=/thread")
    try:
        _fill(server)
        yield Running(
            NAME,
            Served(server),
            "gunicorn, 2 sync workers; SQLite, durable",
            thread=Request("/?uri=/thread"),
            writers=[_writer(number) for number in range(WRITERS)],
            start_seconds=seconds,
        )
    finally:
        server.stop()


def _fill(server: Server) -> None:
    connection, numbers = Connection(server.port), []
    for written in hundred():
        parent = numbers[written.parent] if written.parent is not None else None
        answer, _headers = connection.send(_post("/thread", written.text, written.person, parent))
        numbers.append(json.loads(answer)["id"])


def _writer(number: int):
    return lambda text: _post("/written", text, number)


def _post(uri: str, text: str, person: int, parent: int | None = None) -> Request:
    body = {"author": f"Person {person}", "email": f"person{person}@example.org", "text": text, "title": "A page"}
    return Request(f"/new?uri={uri}", json=body | {"parent": parent}, status=201)
