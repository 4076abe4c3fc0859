"""A search as a feed: the newest results as a guest sees them, well-formed whatever is looked for."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import pytest

from forum.comments import editing, withdrawing
from forum.foundation import clock
from forum.foundation.db import db
from tests import makers

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def feed(visit):
    def read(query: dict[str, str], person=None, status: int = 200) -> ElementTree.Element:
        page = visit(person).get("/search.atom", query_string=query)
        assert page.status == status
        assert page.response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        return ElementTree.fromstring(page.html)

    return read


def said(feed: ElementTree.Element, what: str) -> list[str]:
    return [entry.findtext(f"{ATOM}{what}") for entry in feed.iter(f"{ATOM}entry")]


def link(element: ElementTree.Element, rel: str) -> str:
    return next(one.get("href") for one in element.findall(f"{ATOM}link") if one.get("rel") == rel)


@pytest.fixture
def found(cast, work):
    """A post and two comments about trams, the last one the newest."""
    post = makers.make_post(cast.arthur, "Trams & “trains” <now>", body="All about trams.")
    older = makers.make_comment(cast.alice, post, "A tram is quiet, and **fast**.")
    newer = makers.make_comment(cast.bob, post, "My tram is late < always >.")
    for minutes, thing in ((60, older), (30, newer)):
        thing.created_at = thing.published_at = clock.now() - timedelta(minutes=minutes)
    post.published_at = clock.now() - timedelta(hours=2)
    db.session.commit()
    work()
    return post, older, newer


def test_the_newest_results_come_first_with_what_they_say(found, feed):
    post, older, newer = found
    read = feed({"q": "tram"})
    assert said(read, "id") == [f"http://localhost:8000/#comment:{newer.id}", f"http://localhost:8000/#comment:{older.id}",
                                f"http://localhost:8000/#post:{post.id}"]  # fmt: skip
    assert said(read, "title") == [post.title] * 3
    assert said(read, "content")[0] == "My <mark>tram</mark> is late &lt; always &gt;."
    first = read.find(f"{ATOM}entry")
    assert link(first, "alternate") == f"http://localhost:8000/comments/{newer.id}"
    assert first.findtext(f"{ATOM}author/{ATOM}name") == "Bob Barker"
    assert read.findtext(f"{ATOM}updated") == max(said(read, "updated"))
    assert link(read, "self") == read.findtext(f"{ATOM}id") == "http://localhost:8000/search.atom?q=tram"
    assert link(read, "alternate") == "http://localhost:8000/search?q=tram"
    assert "“tram”" in read.findtext(f"{ATOM}title")


def test_no_order_but_the_newest_first(found, feed):
    newest = said(feed({"q": "tram"}), "id")
    for query in ({"q": "tram order:liked"}, {"q": "order:relevance tram"}, {"q": "tram", "order": "liked"}):
        assert said(feed(query), "id") == newest, query


def test_what_narrows_the_page_narrows_the_feed(found, feed):
    _post, _older, newer = found
    comment = f"http://localhost:8000/#comment:{newer.id}"
    assert said(feed({"q": "tram late", "type": "comments", "author": "bob"}), "id") == [comment]
    assert said(feed({"q": "tram in:comments author:bob"}), "id") == [comment]


def test_an_edit_keeps_the_id_and_moves_updated(found, feed, cast, work):
    _post, older, _newer = found
    before = feed({"q": "quiet"})
    editing.edit(older, cast.alice, "A tram is quiet, and slow.", "en", has_case=False, screen=makers.screen)
    db.session.commit()
    work()
    after = feed({"q": "quiet"})
    assert said(after, "id") == said(before, "id")
    assert said(after, "updated") > said(before, "updated")


def test_everybody_gets_what_a_guest_may_read(found, feed, cast, work):
    post, _older, newer = found
    makers.make_held(cast.nora, post, "A held tram.")
    withdrawing.withdraw(newer)
    work()
    for person in (None, cast.nora, cast.bob, cast.mona, cast.ada):
        assert len(said(feed({"q": "tram"}, person), "id")) == 2, person


def test_what_is_taken_back_is_gone_before_the_index_knows(found, feed):
    withdrawing.withdraw(found[2])
    db.session.commit()
    assert len(said(feed({"q": "tram"}), "id")) == 2


def test_a_reader_who_has_the_newest_is_told_so_and_nobody_keeps_it_unasked(found, visit, cast):
    guest = visit()
    first = guest.get("/search.atom?q=tram")
    assert first.response.headers["Cache-Control"] == "no-cache"
    tag = {"If-None-Match": first.response.headers["ETag"]}
    assert guest.get("/search.atom?q=tram", headers=tag).status == 304
    withdrawing.withdraw(found[2])
    db.session.commit()
    assert guest.get("/search.atom?q=tram", headers=tag).status == 200


@pytest.mark.parametrize(
    "typed",
    ["", " ", "-tram", "x" * 500, '"<&>\'"', "]]>", "<!--", "&#0;", "\x0b\x0ctram\x1b", "\ufffe\uffff tram", "author:",
     "tram\u2028\u202e", "“tram", "😀", "%", "order:newest", "{searchTerms}"],
)  # fmt: skip
def test_a_feed_is_well_formed_whatever_is_looked_for(found, feed, typed):
    read = feed({"q": typed})
    assert read.tag == f"{ATOM}feed"
    assert read.findtext(f"{ATOM}updated")


def test_a_search_that_cannot_be_made_says_why(found, feed):
    assert feed({"q": "-tram"}).findtext(f"{ATOM}subtitle").startswith("Add a word to look for")
    assert feed({"q": "tram"}).find(f"{ATOM}subtitle") is None


def test_signs_that_xml_cannot_write_are_left_out(cast, feed, work):
    makers.make_comment(cast.alice, makers.make_post(cast.arthur, "Bells"), "A tram\x0b rings\ufffe twice.")
    work()
    assert "twice" in said(feed({"q": "tram"}), "content")[0]


def test_without_an_index_readers_are_asked_to_come_back(cast, visit):
    page = visit().get("/search.atom?q=tram")
    assert page.status == 503
    assert page.response.headers["Retry-After"] == "300"
    ElementTree.fromstring(page.html)
