"""Choosing the language of the site at the foot of its pages: for guests, for members, and for nobody else."""

from __future__ import annotations

import re

import pytest

from forum.accounts.models import User
from forum.foundation.db import db
from forum.web import language
from tests import makers
from tests.sites import own_site
from tests.visitor import Page, Visitor

HOST = "http://localhost"
# As pages are in English and in Welsh.
ENGLISH, WELSH = "Discussions", "Trafodaethau"


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur, "Slow buses")


def lang(page: Page) -> str:
    found = re.search(r'<html lang="(\w+)"', page.html)
    assert found
    return found[1]


def choose(visitor: Visitor, code: str, page: str = "/", **headers: str) -> Page:
    """Press the button at the foot of this page, as a browser does."""
    fields = visitor.get(page).form("/language")["fields"]
    return visitor.send("/language", fields | {"language": code}, headers={"Referer": HOST + page} | headers)


def kept(visitor: Visitor) -> str | None:
    cookie = visitor.client.get_cookie("language")
    return cookie.value if cookie else None


def buttons(page: Page) -> list[tuple[str, ...]]:
    return re.findall(r'<button[^>]*name="language" value="(\w+)" lang="(\w+)"[^>]*>([^<]+)</button>', page.html)


# The button


@pytest.mark.parametrize("who", [None, "alice", "mona"])
def test_it_stands_on_every_page_and_names_the_other_language_in_its_own_words(who, post, cast, visit):
    visitor = visit(getattr(cast, who) if who else None)
    for address in ("/", f"/posts/{post.slug}", "/search?q=x", "/keyboard", "/privacy", "/no/such/page"):
        page = visitor.get(address)
        assert buttons(page) == [("cy", "cy", "Cymraeg")], address
        welsh = visitor.get(address, headers={"Accept-Language": "cy"})
        assert (lang(page), lang(welsh)) == ("en", "cy"), address
        assert buttons(welsh) == [("en", "en", "English")], address


def test_there_is_none_where_one_language_is_spoken(tmp_path):
    app = own_site(tmp_path / "data")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(tmp_path)
    with app.test_request_context():
        assert language.other_languages() == []
    page = app.test_client().get("/house-rules")
    assert page.status_code == 200
    assert b'action="/language"' not in page.data


# Choosing


def test_a_guest_goes_on_in_the_language_they_chose(post, visit):
    guest = visit()
    answer = choose(guest, "cy", f"/posts/{post.slug}?order=newest")
    assert (answer.status, answer.location) == (303, f"/posts/{post.slug}?order=newest")
    for address in (answer.location, "/", "/search?q=x", "/sign-in", "/no/such/page"):
        assert lang(guest.get(address)) == "cy", address
    assert WELSH in guest.get("/")
    choose(guest, "en")
    assert lang(guest.get("/")) == "en"
    assert lang(guest.get("/", headers={"Accept-Language": "cy"})) == "en", "what they chose counts for more"
    assert lang(visit().get("/")) == "en", "and for them alone"


def test_a_guests_browser_keeps_nothing_but_the_choice(visit):
    guest = visit()
    cookies = choose(guest, "cy").response.headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    value, *attributes = cookies[0].split("; ")
    assert value == "language=cy"
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=31536000"} <= set(attributes)
    assert "Secure" not in attributes


def test_the_cookie_is_as_secure_as_that_of_the_session(tmp_path):
    app = own_site(tmp_path, FORUM_BASE_URL="https://say.example.org")
    answer = app.test_client().post("/language", data={"language": "cy"}, base_url="https://say.example.org")
    assert answer.status_code == 303
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")


def test_a_member_finds_their_choice_in_every_browser_and_after_signing_out(cast, visit):
    alice = visit(cast.alice)
    answer = choose(alice, "cy", "/account/reading")
    assert answer.location == "/account/reading"
    assert (cast.alice.language, kept(alice)) == ("cy", "cy")
    assert lang(visit(cast.alice).get("/")) == "cy"
    alice.post("/sign-out")
    page = alice.get("/sign-in")
    assert (lang(page), "Mewngofnodi" in page) == ("cy", True)


def test_of_a_member_the_account_says_more_than_the_browser(cast, visit):
    cast.alice.language = "en"
    db.session.commit()
    alice = visit(cast.alice)
    alice.client.set_cookie("language", "cy")
    assert lang(alice.get("/")) == "en"


@pytest.mark.parametrize("code", ["", "de", "CY", "cy-GB", "../cy", "cy\nen", "en;cy"])
def test_what_is_not_spoken_cannot_be_chosen(code, cast, visit):
    for person in (None, cast.alice):
        visitor = visit(person)
        answer = choose(visitor, code)
        assert answer.status == 400, code
        assert kept(visitor) is None
        assert lang(visitor.get("/")) == "en"
    assert cast.alice.language is None


def test_a_cookie_that_says_nothing_we_speak_is_as_none(post, visit):
    for value in ("de", "CY", "", "<script>", "x" * 3000):
        guest = visit()
        guest.client.set_cookie("language", value)
        for address in ("/", "/search?q=x"):
            assert lang(guest.get(address)) == "en"
            assert lang(guest.get(address, headers={"Accept-Language": "cy"})) == "cy"


# Where it leads


@pytest.mark.parametrize(
    "referrer",
    ["https://evil.example/", "//evil.example/", "https://localhost.evil.example/", "http://localhost@evil.example/",
     "http://localhost//evil.example", "http://localhost/\\evil.example", "javascript:alert(1)", "data:text/html,x", "",
     "http://localhost:1/", "http://localhost/" + "x" * 3000],
)  # fmt: skip
def test_nobody_is_sent_elsewhere(referrer, cast, visit):
    for person in (None, cast.alice):
        answer = choose(visit(person), "cy", Referer=referrer)
        assert (answer.status, answer.location) == (303, "/")


def test_an_address_in_the_form_is_not_followed(visit):
    answer = visit().send("/language", {"language": "cy", "next": "https://evil.example/"})
    assert answer.location == "/"


def test_the_address_of_a_form_is_no_page_to_come_back_to(visit):
    assert choose(visit(), "cy", Referer=f"{HOST}/sign-out").location == "/"
    assert choose(visit(), "cy", Referer=f"{HOST}/no/such/page?x=%41").location == "/no/such/page?x=%41"


def test_looking_at_the_address_changes_nothing(visit):
    guest = visit()
    assert guest.get("/language?language=cy").status == 405
    assert kept(guest) is None


@pytest.mark.parametrize("foreign", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_of_another_site_is_refused(foreign, cast, visit):
    for person in (None, cast.alice):
        visitor = visit(person)
        assert choose(visitor, "cy", **foreign).status == 403
        assert kept(visitor) is None
    assert cast.alice.language is None


def test_a_members_form_needs_its_token_and_a_guests_has_none(cast, visit):
    alice = visit(cast.alice)
    assert alice.send("/language", {"language": "cy"}).status == 400
    assert cast.alice.language is None
    assert "csrf_token" not in visit().get("/").form("/language")["fields"]
    assert visit().send("/language", {"language": "cy"}).status == 303


# Who has not chosen


def test_nobodys_account_gets_a_language_by_joining_or_signing_in(app, cast, visit):
    guest = visit()
    choose(guest, "cy", "/join")
    page = guest.get("/join")
    assert lang(page) == "cy"
    guest.submit(
        page, "/join", name="Wyn", username="wyn", email="wyn@example.org", password="tidal quokka bicycle",
    )  # fmt: skip
    made = db.session.query(User).filter_by(username="wyn").one()
    assert made.language is None
    assert lang(guest.get("/join/check")) == "cy", "and their browser goes on"
    alice = visit(cast.alice)
    alice.client.set_cookie("language", "cy")
    assert lang(alice.get("/")) == "cy"
    assert cast.alice.language is None


# What is kept for many


def test_a_discussion_kept_for_one_language_is_shown_in_the_other(post, cast, visit):
    makers.make_comment(cast.bob, post, "Too many stops.")
    alice, arthur = visit(cast.alice), visit(cast.arthur)
    for _time in range(2):
        page = alice.get(f"/posts/{post.slug}")
        assert (lang(page), "Reply" in page, "Ateb" in page) == ("en", True, False)
    choose(arthur, "cy", f"/posts/{post.slug}")
    choose(alice, "cy", f"/posts/{post.slug}")
    for _time in range(2):
        for visitor in (arthur, alice):
            page = visitor.get(f"/posts/{post.slug}")
            assert (lang(page), "Ateb" in page, "Reply" in page) == ("cy", True, False)
    bob = visit(cast.bob).get(f"/posts/{post.slug}")
    assert (lang(bob), "Reply" in bob) == ("en", True)
    times = [re.findall(r"<time[^>]*>([^<]+)</time>", seen.html) for seen in (page, bob)]
    assert times[0]
    assert times[0] != times[1]


def test_the_button_of_a_kept_page_changes_with_its_reader(post, cast, visit):
    """Posts are drawn once for all members of a kind: the token in the form is still each one's own."""
    address = f"/posts/{post.slug}"
    alice, bob = visit(cast.alice), visit(cast.bob)
    alice.get(address)
    assert choose(bob, "cy", address).status == 303
    assert (cast.bob.language, cast.alice.language) == ("cy", None)
    assert choose(alice, "cy", address).location == address
