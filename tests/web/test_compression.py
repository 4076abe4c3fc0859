"""Answers packed for the way: in a form the browser takes, and never so that another site could listen."""

from __future__ import annotations

import gzip

import brotli
import pytest
from flask import Flask, Response, request

from forum.web import compression
from forum.web.compression import BROTLI, GZIP, PLAIN, chosen, plain_tags, tag_of
from tests import makers
from tests.apart import apart

BROWSER = "gzip, deflate, br, zstd"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", BROTLI),
        ("gzip, deflate, br, zstd", BROTLI),
        ("gzip", GZIP),
        ("GZIP", GZIP),
        ("br;q=0.5, gzip;q=0.8", GZIP),
        ("br ; q=1.0 , gzip;q=1", BROTLI),
        ("br;q=0, gzip", GZIP),
        ("gzip;q=0, br;q=0", PLAIN),
        ("*", BROTLI),
        ("br;q=0, *", GZIP),
        ("*;q=0", PLAIN),
        ("identity", PLAIN),
        ("identity;q=1, br;q=0.5", PLAIN),
        ("identity;q=0.5, gzip", GZIP),
        ("deflate", PLAIN),
        ("", PLAIN),
        ("br;q=nonsense", PLAIN),
        ("br;q=2, gzip", GZIP),
        (";;;,,,=", PLAIN),
        ("notbr, xgzip", PLAIN),
    ],
)
def test_the_best_form_that_the_browser_takes_is_chosen(accepted, encoding):
    assert chosen(accepted) == encoding


def test_each_form_has_its_own_tag_which_leads_back_to_the_page():
    assert tag_of('"abc"', BROTLI) == '"abc-br"'
    assert tag_of('W/"abc"', GZIP) == 'W/"abc-gzip"'
    assert tag_of('"abc"', PLAIN) == '"abc"'
    assert plain_tags('"abc-br", W/"d-gzip", "e", "f-brown"') == '"abc", W/"d", "e", "f-brown"'


@pytest.fixture
def post(app, cast):
    post = makers.make_post(cast.arthur, "Slow buses")
    makers.make_comment(cast.alice, post, "Too many stops. " * 20)
    return post


@pytest.fixture
def ask(visit):
    """`ask(person, url)`: the answer as it came over the wire; None asks as a guest."""

    def get(person, url: str, method: str = "GET", **headers: str):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return apart(visit(person).client.open, url, method=method, headers={"Accept-Encoding": BROWSER} | named)

    return get


UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.mark.parametrize(("accepted", "encoding"), [(BROWSER, "br"), ("gzip", "gzip"), ("", None)])
def test_a_members_page_is_packed_as_their_browser_takes_it(accepted, encoding, post, cast, ask):
    response = ask(cast.alice, f"/posts/{post.slug}", Accept_Encoding=accepted)
    assert response.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in response.headers["Vary"]
    assert int(response.headers["Content-Length"]) == len(response.data)
    assert b"Too many stops." in UNPACK[encoding](response.data)
    assert response.headers["Cache-Control"] == "private, no-store"


def test_errors_and_searches_are_packed_too(post, ask):
    for url, status in (("/nowhere", 404), ("/search?q=buses", 200), ("/sign-in", 200)):
        response = ask(None, url)
        assert (response.status_code, response.headers["Content-Encoding"]) == (status, "br"), url


def test_what_is_short_is_sent_as_it_is(post, ask):
    response = ask(None, "/healthz")
    assert "Content-Encoding" not in response.headers
    assert response.get_json() == {"status": "ok"}


def test_a_head_has_the_length_of_what_a_get_would_bring(post, ask):
    got, head = (ask(None, "/search?q=buses", method, Accept_Encoding="gzip") for method in ("GET", "HEAD"))
    assert head.data == b""
    assert head.headers["Content-Encoding"] == "gzip"
    assert int(head.headers["Content-Length"]) == len(got.data)


def test_a_guest_with_a_cookie_is_told_that_the_page_is_unchanged(post, ask):
    url = f"/posts/{post.slug}"
    tag = ask(None, url, Cookie="other=1").headers["ETag"]
    assert tag.endswith('-br"')
    assert ask(None, url, Cookie="other=1", If_None_Match=tag).status_code == 304
    assert ask(None, url, Cookie="other=1", If_None_Match='"other-br"').status_code == 200


# Listening by length


@pytest.mark.parametrize(
    ("site", "url", "is_packed"),
    [
        ("cross-site", "/search?q=guess", False),
        ("same-site", "/search?q=guess", False),
        ("same-origin", "/search?q=guess", True),
        ("none", "/search?q=guess", True),
        (None, "/search?q=guess", True),
        # A link from elsewhere that brings nothing along to be repeated.
        ("cross-site", "/house-rules", True),
        ("cross-site", "/nowhere", True),
    ],
)
def test_a_private_page_that_may_repeat_what_another_site_says_is_not_packed(site, url, is_packed, post, cast, ask):
    response = ask(cast.alice, url, **({"Sec_Fetch_Site": site} if site else {}))
    assert ("Content-Encoding" in response.headers) is is_packed


def test_a_guest_has_nothing_that_another_site_could_listen_for(post, ask):
    assert "Content-Encoding" in ask(None, "/search?q=guess", Sec_Fetch_Site="cross-site").headers


# What is never packed


@pytest.fixture
def door():
    """A small application of its own."""
    made = Flask(__name__)
    compression.install(made)
    return made


def test_an_event_stream_is_sent_as_it_grows(door):
    sent = []

    @door.get("/live")
    def live():
        def events():
            for number in range(3):
                sent.append(number)
                yield f"data: {number} {'x' * 2000}\n\n"

        return Response(events(), mimetype="text/event-stream")

    response = door.test_client().get("/live", headers={"Accept-Encoding": BROWSER}, buffered=False)
    assert next(iter(response.response)).startswith(b"data: 0")
    assert sent == [0], "the stream was held back"
    assert "Content-Encoding" not in response.headers
    assert "Vary" not in response.headers


def test_a_page_that_is_streamed_is_not_held_back(door):
    @door.get("/long")
    def long():
        return Response((f"{number} " * 1000 for number in range(3)), mimetype="text/html")

    assert "Content-Encoding" not in door.test_client().get("/long", headers={"Accept-Encoding": BROWSER}).headers


@pytest.mark.parametrize("kind", ["image/png", "image/webp", "application/octet-stream", "application/zip"])
def test_what_is_packed_by_its_nature_is_left_alone(kind, door):
    @door.get("/file")
    def file():
        return Response(b"x" * 5000, mimetype=kind)

    response = door.test_client().get("/file", headers={"Accept-Encoding": BROWSER})
    assert response.data == b"x" * 5000
    assert "Content-Encoding" not in response.headers


def test_what_is_packed_already_and_parts_are_left_alone(door):
    @door.get("/packed")
    def packed():
        return Response(gzip.compress(b"x" * 5000), mimetype="text/html", headers={"Content-Encoding": "gzip"})

    @door.get("/as-it-is")
    def as_it_is():
        return Response(b"x" * 5000, mimetype="text/html", headers={"Cache-Control": "no-cache, no-transform"})

    @door.get("/part")
    def part():
        return Response(b"x" * 5000, 206, mimetype="text/html")

    client = door.test_client()
    assert gzip.decompress(client.get("/packed", headers={"Accept-Encoding": BROWSER}).data) == b"x" * 5000
    for url in ("/part", "/as-it-is"):
        assert client.get(url, headers={"Accept-Encoding": BROWSER}).data == b"x" * 5000


def test_an_unchanged_page_varies_by_what_the_page_varies_by(door):
    @door.get("/page")
    def page():
        response = Response("x" * 5000, mimetype="text/html")
        response.set_etag("abc")
        return response.make_conditional(request)

    first = door.test_client().get("/page", headers={"Accept-Encoding": "gzip"})
    assert first.headers["ETag"] == '"abc-gzip"'
    unchanged = door.test_client().get("/page", headers={"Accept-Encoding": "gzip", "If-None-Match": '"abc"'})
    assert unchanged.status_code == 304
    assert "Accept-Encoding" in unchanged.headers["Vary"]
    assert "Content-Encoding" not in unchanged.headers
