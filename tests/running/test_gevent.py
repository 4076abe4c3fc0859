"""What a gevent worker needs: requests that wait for each other's turn, and streams that end with it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing

import pytest

from tests.running.conftest import PATIENCE, ROOT

SLUG = "the-library-that-stayed-open-by-accident"


@pytest.fixture(params=["sqlite", "postgresql"])
def seen(request, tmp_path) -> dict:
    """What sixty requests at once saw of each other, and what a clock saw while a password was hashed."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")}
    environ["FORUM_DATA"] = str(tmp_path)
    if request.param == "postgresql":
        environ["FORUM_DATABASE_URL"] = request.getfixturevalue("postgres")
    told = subprocess.run(
        [sys.executable, "-m", "tests.running.greenlets"], cwd=ROOT, env=environ, capture_output=True, check=True
    )
    return json.loads(told.stdout)


def test_requests_at_once_share_no_session_and_wait_for_a_connection(seen):
    assert seen["sessions"] == seen["requests"]
    assert seen["failed"] == 0, "there are fewer connections than requests, so some have to wait"
    assert seen["checked_out"] == 0


def test_a_password_is_hashed_while_others_are_answered(seen):
    assert seen["is_right"]
    assert seen["ticks_while_hashing"] > 2, "nothing else ran meanwhile"


class Line:
    """An open stream, byte by byte."""

    def __init__(self, port: int, after: str = "0") -> None:
        self._line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._line.sendall(f"GET /posts/{SLUG}/live?after={after} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        self.told = self._line.recv(65_536)

    def next_event(self) -> bytes:
        """What is told next."""
        told = b""
        while b"data: " not in told:
            told += self._line.recv(65_536)
        return told

    def rest(self) -> bytes:
        """All until it ends, or is cut."""
        told = b""
        while not told.endswith(b"0\r\n\r\n") and (piece := self._line.recv(65_536)):
            told += piece
        return told

    def close(self) -> None:
        self._line.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_a_stop_ends_open_streams_in_an_orderly_way(site, number):
    site.start_and_wait()
    with closing(Line(int(site.settings["PORT"]))) as line:
        assert line.told.startswith(b"HTTP/1.1 200"), line.told
        site.process.send_signal(number)
        assert line.rest().endswith(b"0\r\n\r\n"), "it was cut, not ended"
    assert site.process.wait(timeout=PATIENCE) == 0


def test_a_reader_who_leaves_makes_room_at_once(site):
    site.start_and_wait()
    port = int(site.settings["PORT"])
    lines = [Line(port) for _tab in range(20)]
    with closing(Line(port)) as refused:
        assert refused.told.startswith(b"HTTP/1.1 429")
    for line in lines:
        line.close()

    def is_let_in() -> bool:
        with closing(Line(port)) as line:
            return line.told.startswith(b"HTTP/1.1 200")

    # A server that only writes would hear of it at the second heartbeat, after forty seconds.
    deadline = time.monotonic() + 18
    while not is_let_in():
        assert time.monotonic() < deadline, "nobody noticed that they left"
        time.sleep(0.2)


def test_no_program_may_open_fewer_files_than_the_server_needs(site):
    site.start_and_wait()
    web = next(iter(site.offspring_of(site.child("forum.web"))))
    with open(f"/proc/{web}/limits") as limits:
        soft, hard = next(line for line in limits if line.startswith("Max open files")).split()[3:5]
    assert int(soft) >= min(20_000, int(hard) if hard.isdigit() else 20_000)
