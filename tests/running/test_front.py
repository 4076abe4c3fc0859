"""Pages kept in several processes: a second after an answered change, none of them shows what was before."""

from __future__ import annotations

import http.client
import re
import sqlite3
import time
from contextlib import closing

import pytest

from tests.running.conftest import Site
from tests.running.test_kill import SLUG, Browser
from tests.visitor import _Forms

POST = f"/posts/{SLUG}"
# Enough for each process to be asked several times: a new connection goes to any of them.
OFTEN = 40
# How late other processes may be, in seconds.
A_SECOND = 1.0


@pytest.fixture
def running(site: Site) -> Site:
    # No case of the demo is late, and so nobody is told of it while pages are compared.
    site.settings |= {"FORUM_RATE_LIMITS": "off", "FORUM_WEB_WORKERS": "2", "FORUM_PROMISED_HOURS": "100"}
    site.start_and_wait()
    return site


def ask(site: Site, path: str, **headers: str) -> tuple[int, str, str]:
    """A guest's request over a new connection: status, body, tag."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection("127.0.0.1", int(site.settings["PORT"]), timeout=30)) as line:
        line.request("GET", path, headers=named)
        answer = line.getresponse()
        return answer.status, answer.read().decode(), answer.headers.get("ETag", "")


def often(site: Site, path: str) -> set[tuple[int, str, str]]:
    """All the different answers that guests get."""
    return {ask(site, path) for _time in range(OFTEN)}


def _first_comment(page: str) -> str:
    found = re.search(r'id="comment-(\d+)"', page)
    assert found, "no comment on the page"
    return found[1]


def test_a_removed_comment_is_gone_from_every_process(running):
    mona = Browser(running, "moderator")
    ((status, page, _tag),) = often(running, POST)
    assert status == 200
    number = _first_comment(page)
    form = {"csrf_token": mona.token(f"/comments/{number}/remove"), "reason": "spam", "message": ""}
    assert mona.send(f"/comments/{number}/remove", form)[0] == 303

    time.sleep(A_SECOND)
    ((status, after, _tag),) = often(running, POST)

    assert status == 200
    assert "A moderator removed this comment" in after
    assert "A moderator removed this comment" not in page


def test_a_post_that_is_a_draft_again_is_gone_from_every_process(running):
    arthur = Browser(running, "author")
    with closing(sqlite3.connect(running.folder / "forum.db")) as database:
        query = (
            "SELECT posts.id, posts.slug FROM posts JOIN users ON users.id = posts.owner_id"
            " WHERE users.is_author AND posts.state = 'published' AND users.email IS NOT NULL"
        )
        owned = database.execute(query).fetchall()
    number, slug = next((n, s) for n, s in owned if arthur.get(f"/desk/posts/{n}")[0] == 200)
    ((status, _page, _tag),) = often(running, f"/posts/{slug}")
    assert status == 200
    (before,) = often(running, "/")
    reader = _Forms()
    reader.feed(arthur.get(f"/desk/posts/{number}")[1])
    form = next(form["fields"] for form in reader.forms if "version" in form["fields"])
    assert arthur.send(f"/desk/posts/{number}", form | {"state": "draft", "intent": "save"})[0] == 303

    time.sleep(A_SECOND)

    assert {status for status, _page, _tag in often(running, f"/posts/{slug}")} == {404}
    assert before not in often(running, "/")


def test_a_change_that_no_process_of_ours_made_is_seen_by_all(running):
    assert len(often(running, "/")) == 1
    with closing(sqlite3.connect(running.folder / "forum.db", timeout=30)) as database, database:
        database.execute("UPDATE posts SET title = 'By another hand'")

    time.sleep(A_SECOND)
    ((_status, page, _tag),) = often(running, "/")

    assert "By another hand" in page


def test_every_process_gives_a_page_the_same_tag_also_after_a_restart(running):
    ((_status, _page, tag),) = often(running, POST)
    running.end()
    running.start_and_wait()
    assert {ask(running, POST, If_None_Match=tag)[0] for _time in range(OFTEN)} == {304}
