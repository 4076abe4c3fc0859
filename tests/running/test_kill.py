"""Killed in the middle: what was answered is there, once, and what became public is found."""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import signal
import sqlite3
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.running.conftest import Site

SEARCH, FOUND = "/search?q=zebrafinch", "<mark>zebrafinch</mark>"
SLUG = "the-library-that-stayed-open-by-accident"


class Browser:
    """One signed-in person, who sends forms as the pages have them."""

    def __init__(self, site: Site, role: str = "reader") -> None:
        self._site = site
        self._cookie = ""
        kept = json.loads((site.folder / "demo-sign-ins.json").read_text())
        email, password = next((email, password) for name, email, password in kept if name == role)
        self.send("/sign-in", {"csrf_token": self.token("/sign-in"), "email": email, "password": password, "keep": "y"})
        self.form_token = self.token(f"/posts/{SLUG}")

    def token(self, page: str) -> str:
        return re.search(r'name="csrf_token" value="([^"]+)"', self.get(page)[1])[1]

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path)

    def send(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        return self._ask("POST", path, urllib.parse.urlencode(form))

    def post_comment(self, body: str, token: str) -> int:
        """Post below the library; the status, or 0 where no answer came."""
        form = {"csrf_token": self.form_token, "body": body, "lang": "en", "token": token, "intent": "post"}
        try:
            return self.send(f"/posts/{SLUG}/comments", form)[0]
        except (OSError, http.client.HTTPException):
            return 0

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", int(self._site.settings["PORT"]), timeout=30)) as line:
            headers = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
            line.request(method, path, body, headers)
            answer = line.getresponse()
            text = answer.read().decode()
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                self._cookie = cookie.partition(";")[0]
            return answer.status, text


@pytest.fixture
def running(site: Site) -> Site:
    site.settings["FORUM_RATE_LIMITS"] = "off"
    site.start_and_wait()
    return site


def bodies(site: Site) -> list[str]:
    with closing(sqlite3.connect(site.folder / "forum.db")) as database:
        return [body for (body,) in database.execute("SELECT body FROM comments WHERE body LIKE 'Drill %'")]


def kill_the_web_server(site: Site) -> None:
    """Kill it with its workers, and wait for the one that is started in its place."""
    web = site.child("forum.web")
    assert web, "no web server to kill"
    for process in site.offspring_of(web) | {web}:
        os.kill(process, signal.SIGKILL)
    site.wait_until(lambda: site.child("forum.web") not in (0, web), "another web server")
    site.wait_until(site.answers, "an answer of the other web server")


def test_a_comment_is_found_though_the_worker_was_killed_before_it_was_indexed(running):
    reader = Browser(running)
    worker = running.child("forum.worker")
    assert worker, "no worker to stop"
    # Stopped, it cannot index what is committed next. Stopped in the middle of a write, it keeps others from writing.
    for _try in range(5):
        os.kill(worker, signal.SIGSTOP)
        if reader.post_comment("Drill with a zebrafinch in it.", secrets.token_hex(8)) == 303:
            break
        os.kill(worker, signal.SIGCONT)
    else:
        pytest.fail("no comment could be posted")
    assert FOUND not in reader.get(SEARCH)[1]
    os.kill(worker, signal.SIGKILL)
    running.wait_until(lambda: running.child("forum.worker") not in (0, worker), "another worker")
    running.wait_until(lambda: FOUND in reader.get(SEARCH)[1], "the comment in the index")


def test_every_answered_comment_is_there_once_though_the_web_server_was_killed(running):
    reader = Browser(running)
    wanted = {f"Drill number {number}.": secrets.token_hex(8) for number in range(200)}
    with ThreadPoolExecutor(max_workers=16) as people:
        answers = {body: people.submit(reader.post_comment, body, token) for body, token in wanted.items()}
        running.wait_until(lambda: len(bodies(running)) >= 40, "the first comments")
        kill_the_web_server(running)
        running.wait_until(lambda: all(answer.done() for answer in answers.values()), "all answers")
    answered = {body for body, answer in answers.items() if answer.result() in (200, 303)}
    there = bodies(running)
    assert answered, "the server was killed before it answered anybody"
    assert answered <= set(there), "an answered comment is lost"
    assert len(there) == len(set(there)), "a comment is there twice"
    assert len(answered) < 200, "the server was killed too late to matter"

    # Whoever got no answer sends the same form again.
    for body, token in wanted.items():
        if body not in answered:
            assert reader.post_comment(body, token) == 303
    assert sorted(bodies(running)) == sorted(wanted)


def test_a_form_sent_again_after_a_kill_makes_no_second_comment(running):
    reader, token = Browser(running), secrets.token_hex(8)
    for _attempt in range(2):
        assert reader.post_comment("Drill sent twice.", token) == 303
        kill_the_web_server(running)
    assert bodies(running) == ["Drill sent twice."]
