"""Too often is refused, with a page; what counts as one asker cannot be chosen by the asker."""

from __future__ import annotations

import re
import secrets

import pytest
from flask import Flask

from forum.foundation.db import db
from forum.foundation.limits import limiter, neighbourhood
from tests.apart import apart
from tests.cast import make_user
from tests.makers import make_comment, make_post
from tests.sites import own_site
from tests.visitor import Visitor


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site of its own with its limits on."""
    return own_site(tmp_path_factory.mktemp("limited"))


@pytest.fixture
def limited(site, tmp_path):
    """That site, or another with these settings, where nobody has asked for anything yet."""
    limiter.enabled = True
    limiter.reset()
    yield lambda **environ: own_site(tmp_path, **environ) if environ else site
    limiter.reset()
    limiter.enabled = False


def post(client, url: str, address: str = "192.0.2.1", headers: dict | None = None, **fields):
    """Send a form with its token, from this network address."""
    page = client.get("/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)
    return client.post(
        url, data=fields | {"csrf_token": token}, headers=headers, environ_overrides={"REMOTE_ADDR": address}
    )


def guess(client, address: str = "192.0.2.1", email: str = "alice@example.org", **more):
    """One try, without a password: it is counted like any other, and costs the test no hash."""
    return post(client, "/sign-in", address, email=email, password="", **more).status_code


def test_guessing_passwords_ends_in_a_page_that_says_so(limited):
    client = limited().test_client()
    assert [guess(client) for _ in range(10)] == [422] * 10
    answer = post(client, "/sign-in", email="alice@example.org", password="a secret guess")
    assert answer.status_code == 429
    assert "too many requests" in answer.get_data(as_text=True)
    assert "a secret guess" not in answer.get_data(as_text=True)
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/sign-in").status_code == 200


def test_a_limit_is_each_addresss_own(limited):
    app = limited()
    for _ in range(11):
        guess(app.test_client())
    assert guess(app.test_client()) == 429
    assert guess(app.test_client(), "192.0.2.2") == 422


def test_another_cookie_or_browser_does_not_begin_anew(limited):
    app = limited()
    assert [guess(app.test_client()) for _ in range(11)][-1] == 429


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP", "Client-IP"])
def test_a_header_does_not_make_another_address(limited, header):
    client = limited().test_client()
    values = [f"for=198.51.100.{n}" if header == "Forwarded" else f"198.51.100.{n}" for n in range(11)]
    assert [guess(client, headers={header: value}) for value in values][-1] == 429


def test_behind_one_trusted_proxy_the_address_it_saw_counts(limited):
    client = limited(FORUM_TRUSTED_PROXIES="1").test_client()
    for n in range(11):
        # The first is what the browser claims, the last what the proxy saw.
        last = guess(client, headers={"X-Forwarded-For": f"198.51.100.{n}, 203.0.113.7"})
    assert last == 429
    assert guess(client, headers={"X-Forwarded-For": "203.0.113.8"}) == 422


def test_guesses_at_one_account_from_everywhere_are_counted_together(limited):
    client = limited().test_client()
    seen = [guess(client, f"192.0.2.{n}", ["alice@example.org", " Alice@Example.ORG"][n % 2]) for n in range(101)]
    assert seen[:100] == [422] * 100
    assert seen[100] == 429
    assert guess(client, "192.0.2.200", "bob@example.org") == 422


@pytest.mark.parametrize("url", ["/password/forgot", "/join"])
def test_nobody_is_flooded_with_letters(limited, url):
    client = limited().test_client()
    seen = [post(client, url, f"192.0.2.{n}", email="alice@example.org").status_code for n in range(11)]
    assert 429 not in seen[:10]
    assert seen[10] == 429


@pytest.mark.parametrize(
    ("url", "fields", "most"),
    [
        ("/join", {"name": "x"}, 20),
        ("/password/forgot", {"email": ""}, 5),
        ("/join/check", {"code": "1"}, 10),
        ("/join/again", {}, 5),
        ("/join/confirm/1.x", {}, 10),
        ("/password/reset/1.x", {}, 10),
        ("/posts/nothing/comments", {"body": "x"}, 20),
    ],
)
def test_each_way_to_guess_or_to_send_has_its_limit(limited, url, fields, most):
    client = limited().test_client()
    # Each form is about another address, so that only the asker is counted.
    seen = [post(client, url, **({"email": f"{n}@example.org"} | fields)).status_code for n in range(most + 1)]
    assert 429 not in seen[:most]
    assert seen[most] == 429


def test_searching_has_a_limit(limited):
    client = limited().test_client()
    seen = [client.get("/search?q=").status_code for _ in range(61)]
    assert seen == [200] * 60 + [429]


def test_a_member_is_limited_from_wherever_they_search(limited):
    site = limited()
    with site.test_request_context(base_url="http://localhost"):
        alice = Visitor(site, make_user(f"alice{secrets.token_hex(3)}"))

        def ask(browser, address: str) -> int:
            return apart(browser.client.get, "/search?q=", environ_overrides={"REMOTE_ADDR": address}).status_code

        assert {ask(alice, f"192.0.2.{number}") for number in range(60)} == {200}
        assert ask(alice, "192.0.2.99") == 429
        assert ask(Visitor(site), "192.0.2.99") == 200
        db.session.remove()


def test_reading_has_none(limited):
    client = limited().test_client()
    assert {client.get("/house-rules").status_code for _ in range(100)} == {200}


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("", "", True),
        ("unix:", "unix:", True),
    ],
)
def test_an_ipv6_household_is_one_asker(bare, one, other, is_one):
    assert (bare(one) == bare(other)) is is_one


@pytest.fixture
def bare():
    """Who asks, when a request comes from this address."""
    app = Flask(__name__)

    def asker(address: str) -> str:
        with app.test_request_context(environ_overrides={"REMOTE_ADDR": address}):
            return neighbourhood()

    return asker


def test_keeping_drafts_and_finding_people_is_counted_for_each_member(limited):
    """An office of many writers shares one address."""
    site = limited()
    with site.test_request_context(base_url="http://localhost"):
        alice, bob = (Visitor(site, make_user(f"{name}{secrets.token_hex(3)}")) for name in ("alice", "bob"))
        post_url = f"/posts/{make_post(make_user(f'arthur{secrets.token_hex(3)}')).slug}/draft"
        words = {"body": "Words.", "csrf_token": alice.token()}
        saved = [apart(alice.client.post, post_url, data=words).status_code for _turn in range(61)]
        found = [apart(alice.client.get, "/people/suggest?q=b").status_code for _turn in range(121)]
        assert (saved[:60], saved[60]) == ([303] * 60, 429)
        assert (found[:120], found[120]) == ([200] * 120, 429)
        assert bob.post(post_url, {"body": "Words."}).status == 303
        assert bob.get("/people/suggest?q=b").status == 200
        db.session.remove()


def test_reports_of_illegal_content_from_one_place_have_to_wait(limited):
    site = limited()
    with site.app_context():
        arthur = make_user("arthur" + secrets.token_hex(3), is_author=True)
        comment = make_comment(arthur, make_post(arthur)).id
    client, address = site.test_client(), f"/comments/{comment}/report"

    def report(number: int, where: str = "192.0.2.1") -> int:
        filled = {"law": "Libel", "words": f"Reason {number}", "good_faith": "y"}
        return client.post(address, data=filled, environ_overrides={"REMOTE_ADDR": where}).status_code

    assert [report(number) for number in range(6)] == [303] * 5 + [429]
    assert report(7, "192.0.2.2") == 303
