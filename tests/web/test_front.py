"""Guests' pages kept in front of Flask: never an old one, never another person's, never one that somebody poisoned."""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Iterator
from datetime import timedelta

import brotli
import pytest
import time_machine
from flask import Flask, flash, request, request_started
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, text, update

from forum.accounts import profile
from forum.comments import editing, withdrawing
from forum.comments.models import Comment
from forum.foundation import changes, clock
from forum.foundation.db import db
from forum.marks import marking
from forum.moderation import decisions
from forum.posts import writing
from forum.posts.models import CLOSED, Post
from forum.web import front
from forum.web.language import interface_language
from tests import makers
from tests.apart import apart
from tests.held import Held
from tests.sites import own_site

BROWSER = {"Accept-Encoding": "gzip, deflate, br", "Accept-Language": "en-GB,en;q=0.9"}


@pytest.fixture
def post(app, cast):
    post = makers.make_post(cast.arthur, "Slow buses", series="Buses", part=1, total=2, tags=["routes"])
    makers.make_comment(cast.alice, post, "Too many stops.")
    return post


@pytest.fixture
def ask(app):
    """One request of somebody without cookies, over a connection of their own."""
    return lambda url, method="GET", **headers: apart(
        app.test_client(use_cookies=False).open, url, method=method, headers=BROWSER | _named(headers)
    )


@pytest.fixture
def made(app) -> Iterator[list[str]]:
    """The paths that Flask was asked for; a kept page is not among them.

    Time stands still: a minute that ends between two requests would let a page be made anew.
    """
    asked: list[str] = []

    def note(_sender, **_more):
        asked.append("asked")

    with time_machine.travel(clock.now(), tick=False), request_started.connected_to(note, app):
        yield asked


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def words(answer) -> str:
    """The body of an answer, unpacked."""
    open_ = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
    return open_[answer.headers.get("Content-Encoding")](answer.data).decode()


def said(answer) -> list[tuple[str, str]]:
    """The headers of an answer, but for how long it took."""
    return [pair for pair in answer.headers if pair[0] != "Server-Timing"]


def urls(post: Post) -> list[str]:
    return ["/", "/series", "/series/buses", "/tags/routes", f"/posts/{post.slug}", f"/posts/{post.slug}?order=newest",
            f"/posts/{post.slug}/branch/1", "/people/alice", "/people/alice/comments.atom", "/house-rules", "/privacy",
            "/accessibility"]  # fmt: skip


def elsewhere(app: Flask, statement: str) -> None:
    """A change that another process makes."""
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


# Kept


def test_a_page_is_made_once_for_all_guests(post, ask, made):
    for url in urls(post):
        first = ask(url)
        assert first.status_code == 200, url
        made.clear()
        second = ask(url)
        assert made == [], url
        assert (second.data, said(second)) == (first.data, said(first)), url


def test_a_kept_page_says_what_the_page_itself_says(post, ask, visit):
    for url in urls(post):
        ask(url)
        # A cookie goes past what is kept.
        own = visit().get(url, headers={"Cookie": "other=1"})
        assert words(ask(url)) == own.html, url


def test_the_rules_for_browsers_stand_on_a_kept_page_and_on_its_304(post, ask):
    for _time in range(2):
        answer = ask("/")
        unchanged = ask("/", If_None_Match=answer.headers["ETag"])
        assert unchanged.status_code == 304
        for one in (answer, unchanged):
            assert "default-src 'self'" in one.headers["Content-Security-Policy"]
            assert one.headers["X-Content-Type-Options"] == "nosniff"
            assert one.headers["X-Frame-Options"] == "DENY"


def test_a_page_asked_for_by_many_at_once_is_made_once(post, app, made, monkeypatch):
    app.extensions["front"].forget()
    behind, held, paths = app.extensions["front"]._behind, Held(), []

    def slow(environ, start_response):
        paths.append(environ["PATH_INFO"])
        held.wait()
        return behind(environ, start_response)

    monkeypatch.setattr(app.extensions["front"], "_behind", slow)
    answers = held.ask_at_once(12, lambda: words(app.test_client(use_cookies=False).get("/", headers=BROWSER)))
    assert paths == ["/"]
    assert len(answers) == 12
    assert len(set(answers)) == 1


def test_a_page_that_failed_is_made_again(app):
    kept = front.Front(app, lambda _environ, _start: (_ for _ in ()).throw(RuntimeError("no page")))
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": ""}
    for _time in range(2):
        with pytest.raises(RuntimeError):
            kept(dict(asked), lambda *_said: None)


def test_each_form_of_a_page_is_packed_once_and_says_the_same(post, ask, made):
    forms = {form: ask("/", Accept_Encoding=form) for form in ("br", "gzip", "identity")}
    assert made == ["asked"]
    assert [answer.headers.get("Content-Encoding") for answer in forms.values()] == ["br", "gzip", None]
    assert len({words(answer) for answer in forms.values()}) == 1
    assert len({answer.headers["ETag"] for answer in forms.values()}) == 3
    for answer in forms.values():
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_what_is_kept_has_a_bound(app, post, ask, monkeypatch):
    kept = app.extensions["front"]._pages
    monkeypatch.setattr(kept, "_most", 30_000)
    for number in range(40):
        ask(f"/?tag=x{number}")
    assert kept._held <= 30_000
    assert kept._held == sum(page.size for page in kept._rows.values())
    assert len(kept._rows) < 40


# Never an old one


def _save(post: Post, **values) -> None:
    kept = {"title": post.title, "body": post.body, "is_published": True, "series": "Buses", "part": 1, "total": 2}
    writing.change(post, writing.PostText(**(kept | values)), post.version)


def _first() -> Comment:
    return db.session.get(Comment, 1)


# What happens; a page that shows it; words that come or go.
CHANGES = {
    "a comment": (lambda post, cast: makers.make_comment(cast.bob, post, "New words."), "post", "New words."),
    "an edit": (
        lambda post, cast: editing.edit(
            _first(), cast.alice, "Other words.", "en", has_case=False, screen=makers.screen),
        "post", "Other words."),
    "a removal": (
        lambda post, cast: decisions.remove_public(_first(), cast.mona, "spam", ""), "post", "Too many stops."),
    "a withdrawal": (lambda post, cast: withdrawing.withdraw(_first()), "post", "Too many stops."),
    "another title": (lambda post, cast: _save(post, title="Quick buses"), "/", "Quick buses"),
    "a new post": (lambda post, cast: makers.make_post(cast.arthur, "Night trains"), "/", "Night trains"),
    "a post that is a draft again": (lambda post, cast: _save(post, is_published=False), "/", "Slow buses"),
    "the end of a discussion": (lambda post, cast: _save(post, policy=CLOSED), "post", "This discussion is closed"),
    "another part": (
        lambda post, cast: makers.make_post(cast.arthur, "Part of it", series="Buses", part=2, total=2),
        "/series/buses", "Part of it"),
    "a new tag": (lambda post, cast: _save(post, tags=["night"]), "/", "night"),
    "another name": (
        lambda post, cast: profile.change(cast.alice, "Alice Otherwise", "", "", ""), "/people/alice",
        "Alice Otherwise"),
    "a statement for many rows": (
        lambda post, cast: db.session.execute(update(Post).values(title="All the same")), "/", "All the same"),
    "a statement typed by hand": (
        lambda post, cast: db.session.execute(text("UPDATE posts SET standfirst = 'By hand.'")), "post", "By hand."),
    "a row that goes": (lambda post, cast: db.session.execute(delete(Post)), "/", "Slow buses"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_on_the_next_page(what, post, cast, ask):
    change, url, sign = CHANGES[what]
    url = f"/posts/{post.slug}" if url == "post" else url
    before = ask(url)
    assert words(before) == words(ask(url))
    change(post, cast)
    db.session.commit()
    after = ask(url, If_None_Match=before.headers["ETag"])
    assert after.status_code == 200
    assert (sign in words(after)) is not (sign in words(before))


def test_likes_are_on_the_next_page(post, cast, ask):
    before = ask(f"/posts/{post.slug}")
    marking.like(_first(), cast.bob)
    db.session.commit()
    assert ask(f"/posts/{post.slug}").headers["ETag"] != before.headers["ETag"]


def test_a_draft_is_gone_at_once(post, ask, cast):
    assert ask(f"/posts/{post.slug}").status_code == 200
    _save(post, is_published=False)
    db.session.commit()
    assert ask(f"/posts/{post.slug}").status_code == 404
    assert ask(f"/posts/{post.slug}").status_code == 404


def test_another_processs_change_is_noticed_at_the_next_look(post, app, ask, monkeypatch):
    monkeypatch.setattr(changes, "LOOK_EVERY", 3600)
    # The clock stands: a page is made anew with every minute.
    with time_machine.travel(clock.now(), tick=False):
        for _time in range(2):
            assert "Slow buses" in words(ask("/"))
        elsewhere(app, "UPDATE posts SET title = 'Quick buses'")
        assert "Slow buses" in words(ask("/"))
    monkeypatch.setattr(changes, "LOOK_EVERY", 0)
    assert "Quick buses" in words(ask("/"))


def test_the_look_is_due_well_within_a_second():
    assert changes.LOOK_EVERY <= 0.5


def test_a_change_during_the_making_is_not_kept_as_if_it_had_come_before(post, app, ask, monkeypatch):
    monkeypatch.setattr(changes, "LOOK_EVERY", 0)
    kept = app.extensions["front"]
    behind = kept._behind

    def changed_meanwhile(environ, start_response):
        parts = list(behind(environ, start_response))
        elsewhere(app, "UPDATE posts SET title = 'Quick buses'")
        return parts

    with monkeypatch.context() as patch:
        patch.setattr(kept, "_behind", changed_meanwhile)
        assert "Slow buses" in words(ask("/"))
    assert "Quick buses" in words(ask("/"))


def test_what_the_clock_changes_is_late_by_a_minute_at_most(app, cast, ask):
    now = clock.now()
    post = makers.make_post(cast.arthur, closes_at=now + timedelta(hours=1))
    with time_machine.travel(now, tick=False):
        assert "This discussion is closed" not in words(ask(f"/posts/{post.slug}"))
    with time_machine.travel(now + timedelta(hours=1, seconds=front.LONGEST_AGE), tick=False):
        assert "This discussion is closed" in words(ask(f"/posts/{post.slug}"))


def test_a_clock_that_is_put_back_does_not_make_a_page_stay(app, cast, ask, made):
    with time_machine.travel(clock.now(), tick=False):
        ask("/")
    made.clear()
    with time_machine.travel(clock.now() - timedelta(hours=1), tick=False):
        ask("/")
    assert made == ["asked"]


def test_without_an_answer_of_the_database_nothing_is_kept(tmp_path):
    """The table is not there before the migration that brings it: pages are made each time, and are right."""
    app = own_site(tmp_path, FORUM_RATE_LIMITS="off")
    with app.app_context():
        db.session.execute(text("DROP TABLE site_changes"))
        db.session.commit()
    asked = []
    with request_started.connected_to(lambda _sender, **_more: asked.append(1), app):
        for _time in range(3):
            assert app.test_client().get("/").status_code == 200
    assert len(asked) == 3


# Never another person's


def test_a_members_page_is_neither_kept_nor_answered_from_what_is_kept(post, cast, visit, ask, made):
    alice = visit(cast.alice)
    for url in urls(post)[:-2]:
        own = alice.get(url)
        guests = ask(url)
        assert "Alice Archer" in own.text, url
        assert 'class="menu__who"' not in words(guests), url
        assert 'class="menu__who"' in alice.get(url).html or url.endswith(".atom"), url


def test_any_cookie_goes_past_what_is_kept(post, ask, made):
    ask("/")
    for cookie in ("hys=x", "theme=dark", "_ga=1", "x", ""):
        made.clear()
        answer = ask("/", Cookie=cookie)
        assert made == ["asked"], cookie
        assert answer.status_code == 200
    made.clear()
    ask("/")
    assert made == []


@pytest.mark.parametrize("header", ["Authorization", "X-Fragment"])
def test_who_asks_for_something_of_their_own_gets_it(header, post, ask, made):
    ask(f"/posts/{post.slug}")
    made.clear()
    ask(f"/posts/{post.slug}", **{header: "composer"})
    assert made == ["asked"]


def test_a_flash_message_is_shown_to_nobody_else(post, cast, visit, ask):
    alice, url = visit(cast.alice), f"/posts/{post.slug}"
    answer = alice.submit(alice.get(url), "/comments", follow=False, body="One more.")
    assert answer.status == 303
    guests = words(ask(url))
    told = alice.get(url)
    assert "Posted." in told
    assert told.response.headers["Cache-Control"] == "private, no-store"
    assert "One more." in guests
    assert "Posted." not in guests
    assert "Posted." not in words(ask(url))


class Door:
    """A site with one view that is marked as kept, and does what a view must not do then."""

    def __init__(self, folder, view) -> None:
        self.app = own_site(folder, FORUM_RATE_LIMITS="off")
        self.asked = 0

        @self.app.get("/kept")
        @front.kept_for_guests("order")
        def kept():
            self.asked += 1
            return view(self.asked)

        kept.__entry__ = "anybody"
        self.app.view_functions["kept"].__entry__ = "anybody"

    def get(self, url: str = "/kept", **headers):
        return self.app.test_client(use_cookies=False).get(url, headers=headers)


def _flashing(number: int):
    flash(f"Word number {number}.")
    return "Page. " * 200


UNKEPT = {
    "a cookie": lambda n: (f"{n} " * 400, 200, {"Set-Cookie": "a=b"}),
    "a session": _flashing,
    "private": lambda n: (f"{n} " * 400, 200, {"Cache-Control": "max-age=60, Private"}),
    "no-store": lambda n: (f"{n} " * 400, 200, {"Cache-Control": "no-store"}),
    "an error": lambda n: (f"{n} " * 400, 404),
    "a redirect": lambda n: (f"{n} " * 400, 303, {"Location": "/"}),
    "a part": lambda n: (f"{n} " * 400, 206, {"Content-Range": "bytes 0-1/9"}),
    "no content": lambda n: ("", 204),
    "what varies by something else": lambda n: (f"{n} " * 400, 200, {"Vary": "User-Agent"}),
    "what varies by everything": lambda n: (f"{n} " * 400, 200, {"Vary": "*"}),
    "a word for one style": lambda n: (
        f"{n} " * 400, 200, {"Content-Security-Policy": f"style-src 'self' 'nonce-{n}'"}),
    "packed already": lambda n: (gzip.compress(b"x"), 200, {"Content-Encoding": "gzip"}),
    "a stream": lambda n: (iter(["data: 1\n\n"]), 200, {"Content-Type": "text/event-stream"}),
    "a picture": lambda n: (b"x" * 900, 200, {"Content-Type": "image/png"}),
}  # fmt: skip


@pytest.mark.parametrize("what", UNKEPT)
def test_what_is_for_one_request_is_not_kept(what, tmp_path):
    door = Door(tmp_path, UNKEPT[what])
    for time in (1, 2, 3):
        door.get()
        assert door.asked == time


def test_an_unkept_answer_comes_as_it_was_made(tmp_path):
    door = Door(tmp_path, lambda n: (f"{n} " * 400, 404, {"Set-Cookie": f"a={n}", "X-Own": "yes"}))
    for number in (1, 2):
        answer = door.get()
        assert answer.status_code == 404
        assert answer.headers["Set-Cookie"] == f"a={number}"
        assert answer.headers["X-Own"] == "yes"
        assert answer.get_data(as_text=True) == f"{number} " * 400


# Never a poisoned one

POISON = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "evil",
    "X-Forwarded-For": "evil.example",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "host=evil.example",
    "X-Original-URL": "/evil",
    "X-Rewrite-URL": "/evil",
    "X-Host": "evil.example",
    "X-HTTP-Method-Override": "DELETE",
    "X-Method-Override": "POST",
    "Referer": "https://evil.example/",
    "Origin": "https://evil.example",
    "User-Agent": "<script>evil</script>",
    "Accept": "evil/evil",
    "Range": "bytes=0-10",
    "If-Range": '"x"',
    "If-None-Match": '"evil"',
    "If-Modified-Since": "Tue, 01 Jan 2999 00:00:00 GMT",
    "Content-Type": "evil/evil",
    "Content-Length": "0",
    "Transfer-Encoding": "identity",
    "Sec-Fetch-Site": "cross-site",
    "X-Requested-With": "evil",
    "Via": "evil",
    "Max-Forwards": "0",
    "Cache-Control": "no-cache, evil",
    "Pragma": "evil",
    "Accept-Language": "evil;q=1, <script>;q=0.9, " + "x" * 5000,
    "Accept-Encoding": "evil, " + "x" * 5000,
}


@pytest.mark.parametrize("header", POISON)
def test_no_header_changes_the_page_that_others_get(header, app, post, ask):
    for url in ("/", f"/posts/{post.slug}", "/people/alice/comments.atom"):
        app.extensions["front"].forget()
        good = ask(url)
        app.extensions["front"].forget()
        bad = ask(url, **{header: POISON[header]})
        assert bad.status_code == 200
        after = ask(url)
        assert (after.data, said(after)) == (good.data, said(good))
        assert "evil" not in words(after) + words(bad)


def test_a_page_behind_a_trusted_proxy_is_poisoned_by_none_of_its_words(tmp_path):
    app = own_site(tmp_path, FORUM_TRUSTED_PROXIES="1")
    sent = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "evil", "X-Forwarded-For": "evil"}
    bad, good = (app.test_client().get("/people/x", headers=headers) for headers in (sent, {}))
    assert bad.data == good.data
    bad, good = (app.test_client().get("/", headers=headers) for headers in (sent, {}))
    assert bad.data == good.data
    assert b"evil" not in bad.data


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_accept_header_is_answered(tmp_path_factory, languages, encodings):
    app = _shared_site(tmp_path_factory)
    headers = {"HTTP_ACCEPT_LANGUAGE": languages, "HTTP_ACCEPT_ENCODING": encodings}
    answer = app.test_client().get("/house-rules", environ_overrides=headers)
    assert answer.status_code == 200
    assert "House rules" in words(answer) or "Rheolau" in words(answer)


_sites: list[Flask] = []


def _shared_site(factory) -> Flask:
    if not _sites:
        _sites.append(own_site(factory.mktemp("front"), FORUM_RATE_LIMITS="off"))
    return _sites[0]


def test_each_reader_gets_their_language(post, ask, made):
    welsh, english = ask("/", Accept_Language="cy"), ask("/", Accept_Language="en")
    assert 'lang="cy"' in words(welsh)
    assert 'lang="en"' in words(english)
    made.clear()
    for spoken, page in (("cy-GB,cy;q=0.9,en;q=0.8", welsh), ("fr, en;q=0.5", english), ("de", english), ("", english)):
        assert words(ask("/", Accept_Language=spoken)) == words(page), spoken
    assert made == []


# The language that a guest chose


CHOSEN = {"Cookie": "language=cy"}


def test_a_guest_whose_only_cookie_is_the_language_is_answered_from_what_is_kept(post, ask, made):
    for url in urls(post):
        english, welsh = ask(url), ask(url, **CHOSEN)
        assert english.data != welsh.data or url.endswith(".atom"), url
        made.clear()
        assert (ask(url, **CHOSEN).data, said(ask(url, **CHOSEN))) == (welsh.data, said(welsh)), url
        assert ask(url, Accept_Language="cy").data == welsh.data, url
        assert ask(url).data == english.data, url
        assert ask(url, Cookie="language=en", Accept_Language="cy").data == english.data, url
        assert made == [], url


def test_a_page_kept_for_the_one_who_chose_says_what_flask_says_to_them(post, ask, made):
    for url in urls(post):
        ask(url, **CHOSEN)
        made.clear()
        own = ask(url, Cookie="language=cy; other=1")
        assert made == ["asked"], url
        assert words(ask(url, **CHOSEN)) == words(own), url


def test_each_form_of_the_chosen_language_has_its_own_tag(post, ask):
    english, welsh = ask("/"), ask("/", **CHOSEN)
    assert english.headers["ETag"] != welsh.headers["ETag"]
    assert "Cookie" in welsh.headers["Vary"]
    assert ask("/", If_None_Match=english.headers["ETag"], **CHOSEN).status_code == 200
    assert ask("/", If_None_Match=welsh.headers["ETag"], **CHOSEN).status_code == 304


@pytest.mark.parametrize(
    "cookie",
    ["language=", "language=evil", "language=CY", "language=cy-GB", "language=en,cy", "language=cy,hys=evil",
     "language=<script>evil</script>", "language=../../evil", "language=%63%79", "language=cy&evil=1",
     "language=" + "evil" * 4000],
)  # fmt: skip
def test_a_language_that_is_not_spoken_is_as_none_and_makes_no_other_page(cookie, app, post, ask, made):
    good = {accepted: ask("/", Accept_Language=accepted) for accepted in ("en", "cy")}
    size = len(app.extensions["front"]._pages._rows)
    made.clear()
    for accepted, page in good.items():
        answer = ask("/", Cookie=cookie, Accept_Language=accepted)
        assert (answer.data, said(answer)) == (page.data, said(page))
    assert made == []
    assert len(app.extensions["front"]._pages._rows) == size


@pytest.mark.parametrize(
    "cookie",
    ["language=cy; hys=evil", "hys=evil; language=cy", "language=cy;", ";language=cy", "language=cy;language=en",
     "language=en; language=evil", " language=cy", "language =cy", "language= cy", 'language="cy"', 'language="evil',
     'language="\\143y"', "LANGUAGE=cy", "xlanguage=cy", "language", "language=cy\tevil"],
)  # fmt: skip
def test_any_other_spelling_or_company_is_flasks_and_is_kept_for_nobody(cookie, app, post, ask, made):
    for first in (True, False):
        if first:
            app.extensions["front"].forget()
        before = len(app.extensions["front"]._pages._rows)
        made.clear()
        answer = ask("/", Cookie=cookie)
        assert made == ["asked"]
        assert answer.status_code == 200
        assert "evil" not in words(answer)
        assert len(app.extensions["front"]._pages._rows) == before
        assert 'lang="en"' in words(ask("/"))
        assert 'lang="cy"' in words(ask("/", **CHOSEN))


def test_the_first_who_asks_puts_nothing_of_their_cookie_into_a_page(tmp_path):
    def repeat(_number: int):
        sent = {name: value for name, value in request.environ.items() if isinstance(value, str)}
        return f"{request.cookies} {sent} {interface_language()} " * 20

    door = Door(tmp_path, repeat)
    first = door.get(Cookie="language=evil")
    assert b"evil" not in first.data
    assert b"HTTP_COOKIE" not in first.data
    assert door.get().data == first.data
    welsh = door.get(**CHOSEN)
    assert b"HTTP_COOKIE" not in welsh.data
    assert b" cy " in welsh.data
    assert door.get(**{"Accept-Language": "cy"}).data == welsh.data
    assert door.asked == 2


def test_a_member_with_the_cookie_is_never_taken_for_a_guest(post, cast, visit, ask, made):
    alice = visit(cast.alice)
    alice.client.set_cookie("language", "cy")
    ask("/", **CHOSEN)
    for _time in range(2):
        page = alice.get("/")
        assert 'class="menu__who"' in page.html
        assert 'lang="cy"' in page.html
    assert 'class="menu__who"' not in words(ask("/", **CHOSEN))


def test_what_is_not_found_is_said_in_the_chosen_language(ask):
    assert 'lang="cy"' in words(ask("/posts/nothing", **CHOSEN))


# Addresses


def test_parameters_in_another_order_are_the_same_page(post, ask, made):
    first = ask("/?order=discussed&tag=routes")
    made.clear()
    assert ask("/?tag=routes&order=discussed").data == first.data
    assert ask("/?tag=ro%75tes&order=discussed").data == first.data
    assert made == []


def test_a_parameter_twice_is_the_page_that_flask_makes_of_it(post, ask, made, visit):
    for url in ("/?order=discussed&order=latest", "/?order=latest&order=discussed"):
        made.clear()
        answer = ask(url)
        ask(url)
        assert len(made) == 2, url
        assert words(answer) == visit().get(url, headers={"Cookie": "a=b"}).html


def test_a_parameter_that_no_page_reads_is_answered_and_not_kept(app, post, ask, made):
    kept = app.extensions["front"]._pages
    ask("/")
    before = len(kept._rows)
    for number in range(30):
        assert ask(f"/?x={number}").status_code == 200
        assert ask(f"/house-rules?order={number}").status_code == 200
        assert ask(f"/?{number}").status_code == 200
    assert len(kept._rows) == before


def test_what_others_put_on_links_does_not_make_another_page(post, ask, made):
    first = ask(f"/posts/{post.slug}?order=newest")
    made.clear()
    for mark in ("utm_source=x&utm_medium=y", "fbclid=z", "gclid=1", "mc_eid=2"):
        assert ask(f"/posts/{post.slug}?{mark}&order=newest").data == first.data
    assert made == []


def test_a_page_is_made_from_what_it_is_kept_under_and_from_nothing_else(tmp_path):
    """Whatever a view may repeat of a request, the first who asks puts nothing of their own into it."""

    def repeat(_number: int):
        sent = {name: value for name, value in request.environ.items() if isinstance(value, str)}
        return f"{request.url} {request.remote_user} {sent} {request.get_data()!r} " * 20

    door = Door(tmp_path, repeat)
    first = door.get(
        "/kept?utm_source=evil&order=a%62c&fbclid=evil", **{name: f"{value} evil" for name, value in POISON.items()}
    )
    assert b"evil" not in first.data
    assert b"http://localhost:8000/kept?order=abc" in first.data
    assert door.get("/kept?order=abc").data == first.data
    assert door.asked == 1


def test_a_reply_box_of_a_guest_is_not_kept(post, ask, made):
    for _time in range(2):
        assert "composer" in words(ask(f"/posts/{post.slug}?reply=1"))
    assert len(made) == 2


@pytest.mark.parametrize(
    "url",
    ["/posts/SLOW-BUSES", "/posts/slow-buses/", "//posts/slow-buses", "/posts//slow-buses", "/./posts/slow-buses",
     "/posts/slow-buses;x", "/posts/slow-buses%00", "/posts/slow-buses%2f", "/posts/slow-buses%20",
     "/posts/slow-buses%ff",
     "/posts/%E2%80%8Bslow-buses", "/posts/slow-buses?", "/posts/slow-buses#x", "/posts/%73low-buses",
     "/posts/slow%2Dbuses", "/posts/slow-buses?order=%ff", "/posts/slow-buses?order=%00", "/posts/slow-buses?order",
     "/posts/slow-buses?&&&", "/posts/slow-buses?order=newest;from=x", "/posts/slow-buses?from=" + "x" * 3000,
     "/posts/" + "x" * 3000, "/posts/" + "%41" * 1000, "/?tag=" + "x" * 3000],
)  # fmt: skip
def test_another_spelling_of_an_address_is_what_flask_makes_of_it_and_spoils_nothing(url, app, post, ask, visit):
    good = words(ask("/posts/slow-buses"))
    app.extensions["front"].forget()
    own = visit().get(url, headers={"Cookie": "a=b"})
    for _time in range(2):
        answer = ask(url)
        assert answer.status_code == own.status
        if own.status == 200:
            assert words(answer) == own.html
    assert words(ask("/posts/slow-buses")) == good


def test_only_reading_is_answered_from_what_is_kept(post, ask):
    ask("/")
    for method, status in (("POST", 405), ("PUT", 405), ("DELETE", 405), ("OPTIONS", 200), ("TRACE", 405)):
        assert ask("/", method=method).status_code == status, method


# Forms and conditions


def test_heads_and_bodies_do_not_mix(app, post, ask):
    for first, second in itertools.permutations(("HEAD", "GET")):
        app.extensions["front"].forget()
        answers = {first: ask("/", method=first), second: ask("/", method=second)}
        assert answers["HEAD"].data == b""
        assert len(answers["GET"].data) > 1000
        assert answers["HEAD"].headers["Content-Length"] == str(len(answers["GET"].data))
        assert said(answers["HEAD"]) == said(answers["GET"])


def test_a_part_of_a_page_is_not_sent(post, ask):
    for answer in (ask("/", Range="bytes=0-99"), ask("/", Range="bytes=5-1")):
        assert answer.status_code == 200
        assert "House rules" in words(answer)


@pytest.mark.parametrize(
    ("tags", "is_known"),
    [("{br}", True), ("W/{br}", True), ('"x", {br}', True), ('W/"x",W/{br} , "y"', True), ("*", True),
     ("{gzip}", False), ("{plain}", False), ('"x"', False), ("", False), ("{br", False),
     ('"x' + "y" * 9000 + '"', False),
     ('"' + '", "' * 5000, False), ("br", False)],
)  # fmt: skip
def test_what_a_browser_has_already_is_not_sent_again(tags, is_known, post, ask):
    known = {form: ask("/", Accept_Encoding=form).headers["ETag"] for form in ("br", "gzip")}
    plain = ask("/", Accept_Encoding="identity").headers["ETag"]
    for name, tag in {"{br}": known["br"], "{gzip}": known["gzip"], "{plain}": plain, "{br": known["br"][:-1]}.items():
        tags = tags.replace(name, tag)
    answer = ask("/", Accept_Encoding="br", If_None_Match=tags)
    assert answer.status_code == (304 if is_known else 200)
    if is_known:
        assert answer.data == b""
        assert answer.headers["ETag"] == known["br"]
        assert "Content-Type" not in answer.headers
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_page_that_is_made_anew_and_says_the_same_has_the_same_tag(app, post, ask):
    tag = ask("/").headers["ETag"]
    app.extensions["front"].forget()
    assert ask("/").headers["ETag"] == tag
    assert ask("/", If_None_Match=tag).status_code == 304


def test_a_first_asker_with_an_old_tag_makes_a_page_for_the_others(app, post, ask, made):
    tag = ask("/").headers["ETag"]
    app.extensions["front"].forget()
    assert ask("/", If_None_Match=tag).status_code == 304
    made.clear()
    assert "Slow buses" in words(ask("/"))
    assert made == []


# Which pages


def test_pages_with_a_secret_or_a_limit_are_not_marked(app):
    marked = {
        rule.endpoint for rule in app.url_map.iter_rules() if hasattr(app.view_functions[rule.endpoint], "__kept__")
    }
    assert marked == {
        "home.index", "home.series_list", "home.series", "home.tag", "posts.show", "posts.branch", "people.show",
        "people.feed", "about.house_rules", "about.privacy", "about.accessibility", "moderation_log.index",
        "moderation_log.entry", "moderation_log.feed", "transparency.index", "transparency.as_csv",
        "transparency.as_json", "search_help.show",
    }  # fmt: skip


def test_searching_is_counted_each_time(tmp_path):
    app = own_site(tmp_path)
    seen = [app.test_client(use_cookies=False).get("/search?q=x").status_code for _number in range(62)]
    assert seen[0] == 200
    assert seen[-1] == 429
