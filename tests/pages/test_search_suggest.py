"""The list below a search box, and the same for browsers."""

from __future__ import annotations

import json
import re

import pytest

from forum.foundation.limits import limiter
from forum.reading import suggestions
from forum.search.suggesting import Suggestions
from tests import makers
from tests.apart import apart
from tests.cast import make_user
from tests.sites import own_site
from tests.visitor import Visitor


@pytest.fixture
def site(cast, work):
    post = makers.make_post(cast.arthur, "Slow buses", series="Buses and trams", part=1, tags=["buses"])
    makers.make_comment(make_user("busbert", name="Albert Bus"), post, "Hello.")
    work()
    return post


def lines(page) -> list[tuple[str, str]]:
    """Where each option leads, and what it says."""
    found = re.findall(r'<a class="suggest__one"[^>]*role="option"[^>]*href="([^"]*)">(.*?)</a>', page.html, re.S)
    return [(url, " ".join(re.sub(r"<[^>]+>", " ", html).split())) for url, html in found]


def test_each_kind_is_offered_with_where_it_leads(site, visit):
    page = visit().get("/search/suggest?q=bus")
    assert page.status == 200
    assert lines(page) == [
        ("/search?q=buses", "buses"),
        ("/posts/slow-buses", "Slow buses 1 comment"),
        ("/series/buses-and-trams", "Buses and trams Series"),
        ("/tags/buses", "buses Tag"),
        ("/people/busbert", "Albert Bus @busbert"),
    ]
    assert 'role="listbox"' in page.html
    assert "5 suggestions. Choose with the arrow keys." in page


def test_where_nothing_is_offered_nothing_is_there(site, visit):
    for typed in ("", "b", "zqzq", "%FF"):
        assert visit().get(f"/search/suggest?q={typed}").html.strip() == "", typed
    assert visit().get("/search/suggest").status == 200


def test_it_is_the_same_for_everybody_and_kept_by_nobody(site, cast, visit):
    seen = set()
    for person in (None, cast.alice, cast.mona, cast.ada):
        page = visit(person).get("/search/suggest?q=bus")
        seen.add(page.html)
        assert page.response.headers["Cache-Control"] == "private, no-store"
        assert "Set-Cookie" not in page.response.headers
    assert len(seen) == 1


def test_what_people_wrote_is_escaped(cast, visit, work):
    makers.make_comment(
        make_user("evil", name="zq<img src=x>"),
        makers.make_post(cast.arthur, "Zqzq <script>alert(1)</script>"),
        "Hello.",
    )
    work()
    page = visit().get("/search/suggest?q=zq")
    both = page.html + visit().get("/search/suggest?q=zqzq").html
    assert "&lt;img" in page.html
    assert "&lt;script&gt;" in both
    assert "<img" not in both
    assert "<script" not in both


def test_at_most_eight_are_offered_and_some_of_each_kind(app, monkeypatch, cast):
    posts = [makers.make_post(cast.arthur, f"Bus {number}", tags=[f"bus{number}"]) for number in range(5)]
    many = Suggestions([f"bus{n}" for n in range(5)], posts, [], [post.tags[0] for post in posts], [cast.alice])
    monkeypatch.setattr(suggestions.suggesting, "suggest", lambda typed: many)
    with app.test_request_context():
        found = suggestions.lines("bus")
    assert len(found) == suggestions.MOST == 8
    assert [line.icon for line in found] == ["search"] * 2 + ["thread"] * 3 + ["word"] * 2 + ["user"]


def test_a_browser_gets_words_what_they_are_and_addresses(site, visit):
    page = visit().get("/search/suggest.json?q=bus")
    assert page.response.mimetype == "application/x-suggestions+json"
    assert page.response.headers["Cache-Control"] == "private, no-store"
    typed, words, about, urls = json.loads(page.html)
    assert typed == "bus"
    assert words == ["buses", "Slow buses", "Buses and trams", "buses", "Albert Bus"]
    assert about == ["", "1 comment", "Series", "Tag", "@busbert"]
    assert urls[1] == "http://localhost:8000/posts/slow-buses"
    assert json.loads(visit().get("/search/suggest.json?q=zqzq").html) == ["zqzq", [], [], []]


def test_an_address_and_an_account_are_limited(tmp_path):
    app = own_site(tmp_path)
    limiter.enabled = True
    limiter.reset()
    try:

        def ask(address: str, url: str = "/search/suggest?q=b") -> int:
            return apart(app.test_client().get, url, environ_overrides={"REMOTE_ADDR": address}).status_code

        assert {ask("192.0.2.1") for _ in range(60)} == {200}
        assert {ask("192.0.2.1", "/search/suggest.json?q=b") for _ in range(60)} == {200}
        assert ask("192.0.2.1") == 429
        assert ask("192.0.2.2") == 200
    finally:
        limiter.reset()
        limiter.enabled = False


@pytest.mark.parametrize(
    ("urls", "most"),
    [(["/search/suggest?q=b", "/search/suggest.json?q=b"], 120), (["/search?q=b", "/search.atom?q=b"], 60)],
    ids=["suggestions", "searches"],
)
def test_an_account_is_limited_wherever_it_asks_from(tmp_path, urls, most):
    app = own_site(tmp_path)
    limiter.enabled = True
    limiter.reset()
    try:
        with app.app_context():
            busy, calm = Visitor(app, make_user("busy")), Visitor(app, make_user("calm"))

            def ask(who: Visitor, number: int) -> int:
                address = {"REMOTE_ADDR": f"192.0.2.{number}"}
                return who.get(urls[number % 2], environ_overrides=address).status

            assert 429 not in {ask(busy, number) for number in range(most)}
            assert ask(busy, 250) == 429
            assert 429 not in {ask(calm, 250), ask(Visitor(app), 250)}
    finally:
        limiter.reset()
        limiter.enabled = False
