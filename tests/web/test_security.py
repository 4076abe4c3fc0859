"""Forms from elsewhere change nothing; browsers are told what to refuse; a guest's page leaves no cookie."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from sqlalchemy import func, select

from forum.comments.models import Comment, Draft
from forum.foundation.db import db
from tests.makers import make_comment, make_held, make_post
from tests.sites import own_site

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# What guests send from pages that all of them share.
TOKENLESS_FOR_GUESTS = {"composing.create", "reports.report"}


def unsafe_addresses(app, **known):
    for rule in app.url_map.iter_rules():
        if rule.methods & UNSAFE:
            with app.test_request_context(base_url="http://localhost"):
                yield rule.endpoint, app.url_for(rule.endpoint, **{name: known.get(name, 1) for name in rule.arguments})


@pytest.fixture
def addresses(app, cast):
    """Every address that changes something, with something there to change."""
    post = make_post(cast.arthur)
    comment = make_comment(cast.ada, post)
    _held, case = make_held(cast.nora, post)
    known = {"slug": post.slug, "comment_id": comment.id, "case_id": case.id, "post_id": post.id, "token": "1.x"}
    known |= {"draft_id": 1, "username": "bob"}
    return list(unsafe_addresses(app, **known))


# Forms


@pytest.mark.parametrize("token", [None, "", "x", "a stranger's"])
def test_no_form_of_a_member_counts_without_its_token(cast, visit, addresses, token):
    ada = visit(cast.ada)
    false = visit(cast.mona).token() if token == "a stranger's" else token
    before = db.session.scalar(select(func.count(Comment.id)))
    for _endpoint, url in addresses:
        fields = {"body": "Forged.", "reason": "unkind", "version": "1"}
        page = ada.send(url, fields | ({} if false is None else {"csrf_token": false}))
        assert page.status == 400, f"{url} answers {page.status}"
    assert db.session.scalar(select(func.count(Comment.id))) == before
    assert ada.get("/account/password").status == 200


def test_no_form_of_a_guest_counts_without_its_token_but_those_of_shared_pages(visit, addresses):
    guest = visit()
    guest.get("/sign-in")
    for endpoint, url in addresses:
        status = guest.send(url, {"email": "alice@example.org", "password": "x"}).status
        assert (status == 400) is (endpoint not in TOKENLESS_FOR_GUESTS), f"{url} answers {status}"


def test_the_words_of_a_form_whose_token_is_old_are_not_lost(cast, visit):
    post = make_post(cast.arthur)
    page = visit(cast.alice).send(f"/posts/{post.slug}/comments", {"body": "The <b>42</b> is late."})
    assert page.status == 400
    assert "The <b>42</b> is late." in page
    assert "<b>42</b>" not in page.html


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:9999"},
    {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "null"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "http://["},
    {"Origin": ""},
    {"Origin": "localhost"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_guests_form_from_another_site_is_refused(cast, visit, headers):
    post = make_post(cast.arthur)
    page = visit().send(f"/posts/{post.slug}/comments", {"body": "Forged.", "intent": "join"}, headers=headers)
    assert page.status == 403
    assert "came from another site" in page
    assert db.session.scalar(select(func.count(Draft.id))) == 0


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_members_form_from_another_site_is_refused_even_with_its_token(cast, visit, headers):
    alice, post = visit(cast.alice), make_post(cast.arthur)
    fields = {"body": "Forged.", "csrf_token": alice.token()}
    assert alice.send(f"/posts/{post.slug}/comments", fields, headers=headers).status == 403
    assert db.session.scalar(select(func.count(Comment.id))) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    ],
    ids=str,
)
def test_a_guests_own_form_is_kept(cast, visit, headers):
    post = make_post(cast.arthur)
    page = visit().send(f"/posts/{post.slug}/comments", {"body": "Mine.", "intent": "join"}, headers=headers)
    assert page.status == 303
    assert page.location.startswith("/join?kept=")


def test_a_form_to_nowhere_finds_nothing_there(cast, visit):
    for visitor in (visit(), visit(cast.alice)):
        assert visitor.send("/nowhere", {"x": "1"}).status == 404
        assert visitor.send("/series", {"x": "1"}).status == 405


# Cookies


def test_a_guests_pages_set_no_cookie_and_carry_no_token(cast, visit):
    post = make_post(cast.arthur, series="Buses", tags=["tides"])
    comment = make_comment(cast.alice, post)
    for url in ("/", "/?order=discussed", f"/posts/{post.slug}", f"/posts/{post.slug}?reply={comment.id}",
                f"/posts/{post.slug}/branch/{comment.id}", "/search", "/search?q=buses", "/series",
                f"/series/{post.series.slug}", f"/tags/{post.tags[0].slug}", f"/comments/{comment.id}",
                f"/comments/{comment.id}/history", "/house-rules", "/privacy", "/accessibility", "/nowhere",
                "/account/password"):  # fmt: skip
        page = visit().get(url)
        assert "Set-Cookie" not in page.response.headers, url
        assert "csrf_token" not in page.html, url


def test_a_guests_comment_sets_no_cookie(cast, visit):
    post = make_post(cast.arthur)
    for intent in ("preview", "join", "signin"):
        page = visit().send(f"/posts/{post.slug}/comments", {"body": "Mine.", "intent": intent})
        assert "Set-Cookie" not in page.response.headers


def test_what_was_made_for_one_person_is_kept_by_nobody_else(cast, visit):
    post = make_post(cast.arthur)
    alice = visit(cast.alice)
    for url in ("/", f"/posts/{post.slug}", "/search?q=buses", "/series", "/account/password", "/nowhere"):
        assert "no-store" in alice.get(url).response.headers["Cache-Control"], url


def test_forms_with_a_token_are_kept_by_nobody(visit):
    for url in ("/sign-in", "/join", "/password/forgot"):
        assert "no-store" in visit().get(url).response.headers["Cache-Control"], url


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(visit):
    cookie = visit().get("/sign-in").response.headers["Set-Cookie"]
    assert cookie.startswith("hys=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(("base_url", "is_secure"), [("https://forum.example", True), ("http://forum.example", False)])
def test_with_https_the_cookie_and_the_whole_site_stay_there(tmp_path, base_url, is_secure):
    client = own_site(tmp_path, FORUM_BASE_URL=base_url, FORUM_ENV="production").test_client()
    answer = client.get("/sign-in", base_url=base_url)
    assert ("Secure" in answer.headers["Set-Cookie"]) is is_secure
    assert ("Strict-Transport-Security" in answer.headers) is is_secure


# Headers


def assert_guarded(answer) -> None:
    headers = answer.headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["frame-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Server" not in headers or "Werkzeug" in headers["Server"]


@pytest.mark.parametrize(
    ("url", "status"),
    [("/", 200), ("/sign-in", 200), ("/search?q=x", 200), ("/healthz", 200), ("/account/password", 303),
     ("/nowhere", 404), ("/sign-out", 405), ("/join/confirm/1.x", 410), ("/?before=damaged", 400),
     ("/a%00b", 400), ("/dev/mail", 200)],
)  # fmt: skip
def test_every_kind_of_answer_carries_the_rules(app, visit, url, status):
    page = visit().get(url)
    assert page.status == status
    assert_guarded(page.response)


def test_refused_forms_carry_them_too(cast, visit):
    alice = visit(cast.alice)
    foreign = {"Origin": "https://evil.example"}
    for status, page in {
        400: alice.send("/sign-out"),
        403: alice.get("/moderation"),
        413: alice.send("/sign-in", {"email": "x" * 1_100_000}),
        422: alice.post("/account/password", {"current": ""}),
        4030: alice.send("/sign-out", {"csrf_token": alice.token()}, headers=foreign),
    }.items():
        assert str(status).startswith(str(page.status))
        assert_guarded(page.response)


def test_a_page_that_has_not_changed_carries_them_too(cast, visit):
    post = make_post(cast.arthur)
    guest = visit()
    tag = guest.get(f"/posts/{post.slug}").response.headers["ETag"]
    page = guest.get(f"/posts/{post.slug}", headers={"If-None-Match": tag})
    assert page.status == 304
    assert_guarded(page.response)


def test_a_file_is_never_taken_for_something_else(app, visit):
    with app.test_request_context():
        names = [app.jinja_env.globals["asset"](name) for name in ("icons/favicon.svg", "css/site.css", "js/site.js")]
    for name in names:
        page = visit().get(name)
        assert page.status == 200
        assert page.response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in page.response.headers["Content-Security-Policy"]


def test_a_members_one_inline_style_is_let_in_by_a_word_of_its_own(cast, visit):
    alice = visit(cast.alice)
    seen = set()
    for _ in range(2):
        page = alice.get("/")
        [nonce] = re.findall(r'<style nonce="([^"]+)"', page.html)
        assert f"'nonce-{nonce}'" in page.response.headers["Content-Security-Policy"]
        seen.add(nonce)
    assert len(seen) == 2


def test_only_the_page_of_a_post_with_images_from_elsewhere_lets_them_in(cast, visit):
    plain, with_image = make_post(cast.arthur), make_post(cast.arthur, body="![A bus](https://example.org/bus.png)")
    make_comment(cast.alice, plain, "![A bus](https://example.org/bus.png)")
    for who in (None, cast.alice):
        shown = {}
        for url in ("/", f"/posts/{plain.slug}", f"/posts/{with_image.slug}", "/people/alice"):
            page = visit(who).get(url)
            [shown[url]] = re.findall(r"img-src ([^;]*);", page.response.headers["Content-Security-Policy"])
        assert shown.pop(f"/posts/{with_image.slug}") == "'self' data: https:"
        assert set(shown.values()) == {"'self' data:"}
    guest = visit()
    page = guest.get(f"/posts/{with_image.slug}")
    again = guest.get(f"/posts/{with_image.slug}", headers={"If-None-Match": page.response.headers["ETag"]})
    assert again.status == 304
    assert again.response.headers["Content-Security-Policy"] == page.response.headers["Content-Security-Policy"]


def test_the_preview_of_a_post_shows_its_images_from_elsewhere(cast, visit):
    arthur = visit(cast.arthur)
    form = {"body": "![A bus](https://example.org/bus.png)", "intent": "preview"}
    page = arthur.post("/desk/posts/new", form)
    assert "img-src 'self' data: https:" in page.response.headers["Content-Security-Policy"]


def test_a_guests_page_lets_no_inline_style_in(cast, visit):
    policy = visit().get("/").response.headers["Content-Security-Policy"]
    assert "style-src 'self';" in policy


# What no browser sends


@pytest.mark.parametrize(
    "url",
    ["/posts/%00", "/posts/%ED%A0%80", "/series/%FF", "/search?q=%00", "/?tag=%00", "/?before=%00", "/sign-in?next=%00",
     "/sign-in?kept=%00", "/comments/99999999999", "/comments/99999999999999999999999", "/posts/x/branch/3000000000",
     "/join/confirm/99999999999999999.x", "/join/confirm/3000000000.x", "/join/confirm/%00", "/join/confirm/1.%F0",
     "/?before=W10", "/?before=WyJcdTAwMDAiLDFd", "/?before=WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwxXQ",
     "/?before=WyIyMDI2LTAxLTAxVDAwOjAwOjAwKzAwOjAwIiw0Mjk0OTY3Mjk2XQ", "/?before=é", "/search?q=x&page=0",
     "/search?q=x&page=99999999999999999999", "/search?type=%00"],
)  # fmt: skip
def test_a_strange_address_is_answered(visit, url):
    assert visit().get(url).status in (200, 303, 400, 404, 410)


@pytest.mark.parametrize(
    "url",
    [
        "/moderation/cases/3000000000",
        "/desk/posts/3000000000",
        "/moderation?tab=decisions&before=99999999999",
        "/comments/3000000000/edit",
    ],
)
def test_a_strange_address_of_a_member_is_answered(cast, visit, url):
    assert visit(cast.ada).get(url).status in (200, 404)


@pytest.mark.parametrize("url", ["/sign-in", "/join", "/password/forgot", "/join/check"])
@pytest.mark.parametrize("value", ["a\0b@example.org", "\ud800".encode("utf-8", "surrogatepass"), "\U0010ffff" * 50])
def test_strange_words_in_a_form_are_refused(visit, url, value):
    guest = visit()
    fields = dict.fromkeys(("name", "username", "email", "password", "kept", "next", "code"), value)
    assert guest.send(url, fields | {"csrf_token": guest.token()}).status in (200, 303, 400, 422)


def test_strange_words_in_a_comment_are_refused_or_kept(cast, visit):
    post = make_post(cast.arthur)
    for body in ("a\0b", "\U0010ffff", "\x01\x1b", "\u202e"):
        for visitor in (visit(), visit(cast.alice)):
            fields = {"body": body, "lang": body, "token": body, "parent": body, "intent": "join"}
            fields["csrf_token"] = visitor.token()
            assert visitor.send(f"/posts/{post.slug}/comments", fields).status in (303, 400, 409, 422)


def test_a_file_in_place_of_a_word_is_refused(visit):
    guest = visit()
    fields = {"email": (BytesIO(b"x"), "x.txt"), "csrf_token": guest.token()}
    page = guest.send("/sign-in", fields, content_type="multipart/form-data")
    assert page.status == 422


def test_a_strange_host_is_not_written_into_pages(cast, visit):
    post = make_post(cast.arthur)
    for url in ("/", f"/posts/{post.slug}", "/search?q=x", "/sign-in", "/nowhere"):
        assert "evil.example" not in visit().get(url, headers={"Host": "evil.example"}).html
