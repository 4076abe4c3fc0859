"""The search page, as a browser without JavaScript sees it."""

from __future__ import annotations

import re

import pytest

from forum.foundation.db import db
from forum.marks import muting
from forum.search.language import LONGEST
from tests.cast import make_user
from tests.makers import make_comment, make_post
from tests.queries import counted_queries


def links(page, words: str) -> list[str]:
    """Where the links with these words lead."""
    found = re.findall(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', page.html, re.S)
    return [href.replace("&amp;", "&") for href, inner in found if words in re.sub(r"<[^>]+>", "", inner)]


@pytest.fixture
def library(cast, work):
    parks = make_post(cast.arthur, "Trams in the park", series="Green Year", part=3, tags=["parks", "trams"])
    roads = make_post(cast.ada, "Roads", tags=["roads"])
    parent = make_comment(cast.bob, parks, "A question")
    found = {
        "parks": parks,
        "roads": roads,
        "reply": make_comment(cast.arthur, parks, "My tram was <late>.", parent),
        "comment": make_comment(cast.alice, roads, "No tram comes here."),
        "person": make_user("rita", name="Rita Rider", role="Nurse", organisation="Ward 7", bio="I ride the tram."),
    }
    make_comment(found["person"], roads, "Hello")
    work()
    return found


def test_a_guest_reads_results_of_every_kind_and_gets_no_cookie(library, visit):
    seen = visit().get("/search?q=tram")
    assert seen.status == 200
    assert "4 results" in seen
    assert "<mark>Trams</mark> in the park" in seen.html
    assert "Green Year, part 3" in seen
    assert "My <mark>tram</mark> was &lt;late&gt;." in seen.html
    assert "In reply to Bob Barker" in seen
    assert "Nurse, Ward 7" in seen
    assert "I ride the <mark>tram</mark>." in seen.html
    for url in (f"/posts/{library['parks'].slug}", f"/comments/{library['reply'].id}", "/people/rita"):
        assert f'href="{url}"' in seen.html
    assert links(seen, "Feed") == ["/search.atom?q=tram"]
    assert links(seen, "How to search")
    assert "Set-Cookie" not in seen.response.headers


def test_facets_are_a_form_that_keeps_the_search(library, visit):
    seen = visit().get("/search?q=tram&order=newest&type=comments&tag=roads")
    [form] = re.findall(r'<form class="facets".*?</form>', seen.html, re.S)
    fields = re.findall(r'name="(\w+)" value="([^"]*)"( checked)?', form)
    assert [(name, value) for name, value, checked in fields if checked] == [("type", "comments"), ("tag", "roads")]
    assert fields[:2] == [("q", "tram", ""), ("order", "newest", "")]
    assert {value for name, value, _checked in fields if name == "tag"} == {"parks", "trams", "roads"}
    assert "1 result" in seen


def test_what_gives_no_choice_is_not_shown(library, visit):
    seen = visit().get("/search?q=tram")
    assert "Tags" in seen
    assert "Any time" not in seen
    assert "Any time" in visit().get("/search?q=tram&year=1999&type=posts")


def test_what_narrows_a_search_can_be_taken_out_of_it(library, visit):
    seen = visit().get("/search?q=tram+tag:parks+after:2001-01-31&type=comments&author=arthur&order=newest")
    assert links(seen, "tag: parks") == [
        "/search?q=tram+after:2001-01-31&type=comments&author=arthur&order=newest"
    ]  # fmt: skip
    assert links(seen, "after: 31 January 2001") == [
        "/search?q=tram+tag:parks&type=comments&author=arthur&order=newest"
    ]
    assert links(seen, "kind: Comments") == ["/search?q=tram+tag:parks+after:2001-01-31&author=arthur&order=newest"]
    assert links(seen, "author: Arthur Author") == [
        "/search?q=tram+tag:parks+after:2001-01-31&type=comments&order=newest"
    ]


def test_a_new_search_keeps_what_is_ticked(library, visit):
    seen = visit().get("/search?q=tram&type=comments&tag=roads&page=1")
    kept = re.findall(r'<input type="hidden" form="search-box" name="(\w+)" value="(\w+)">', seen.html)
    assert kept == [("type", "comments"), ("tag", "roads")]


def test_the_orders_are_links_and_one_that_was_typed_is_taken_out(library, visit):
    seen = visit().get("/search?q=tram+order:newest&type=comments")
    assert links(seen, "Best match") == ["/search?q=tram&type=comments"]
    assert links(seen, "Most liked") == ["/search?q=tram&type=comments&order=liked"]
    assert re.search(r'aria-current="page">\s*Newest', seen.html)


def test_one_person_is_named_in_full(library, visit):
    assert links(visit().get("/search?q=author:rita+in:people"), "author: Rita Rider")
    assert links(visit().get("/search?q=author:a+tram+in:comments"), "author: a")


def test_the_page_leads_on_to_more(cast, visit, work):
    page = make_post(cast.arthur)
    for number in range(25):
        make_comment(cast.alice, page, f"quokka {number}")
    work()
    first = visit().get("/search?q=quokka&type=comments")
    assert "1 to 20 of 25" in first
    [on] = links(first, "More results")
    second = visit().get(on)
    assert "21 to 25 of 25" in second
    assert links(second, "Earlier results") == ["/search?q=quokka&type=comments"]
    assert 'rel="next"' not in second.html


def test_where_nothing_is_found_other_searches_are_offered(library, visit):
    seen = visit().get("/search?q=tramm+before:2001-01-01")
    assert "Nothing found for “tramm”" in seen
    seen = visit().get("/search?q=tram+before:2001-01-01")
    [other] = links(seen, "Search without before:2001-01-01")
    assert "4 results" in seen
    assert "4 results" in visit().get(other)
    seen = visit().get("/search?q=trma")
    assert re.search(r"Did you mean tram ?\?", seen.text)
    assert links(seen, "tram")[0] == "/search?q=tram"
    seen = visit().get("/search?q=tram&year=1999")
    assert links(seen, "Search without the filters") == ["/search?q=tram"]


def test_a_member_reads_what_is_new_to_them_and_not_whom_they_muted(library, cast, visit):
    muting.mute(cast.alice, cast.bob)
    db.session.commit()
    seen = visit(cast.bob).get("/search?q=tram")
    assert "You muted the writer." in seen
    assert "Not read yet" in seen
    assert "You muted the writer." not in visit(cast.mona).get("/search?q=tram")


def test_ones_own_words_are_found_by_whoever_is_signed_in(library, cast, visit):
    assert "No tram comes here." in visit(cast.alice).get("/search?q=is:mine").text
    assert "No tram comes here." not in visit(cast.bob).get("/search?q=tram+is:mine").text
    assert "No tram comes here." not in visit().get("/search?q=is:mine").text


def test_a_comment_carries_the_badge_of_the_posts_author(library, visit):
    cards = re.findall(r"<article>.*?</article>", visit().get("/search?q=tram+in:comments").html, re.S)
    assert {"late" in card: "badge--author" in card for card in cards} == {True: True, False: False}


@pytest.mark.parametrize("address", ["/search", "/search?q=", "/search?q=%20", "/search?q=&type=comments"])
def test_an_empty_search_shows_the_box_alone(visit, address):
    seen = visit().get(address)
    assert seen.status == 200
    assert "Nothing found" not in seen
    assert "result" not in seen.text.replace("results of", "")


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=" + "a" * 5000,
        "/search?q=%ff&type=%27&page=x&year=x",
        "/search?q=bus&page=99999999999999999999&year=99999999999999999999",
        "/search?q=bus&page=-1&type=people&year=-1&order=x",
        "/search?q=bus&series=" + "x" * 3000 + "&tag=%27&author=%ff&author=",
        "/search?q=bus" + "&tag=t".join(str(number) for number in range(300)),
        "/search?q=%22&q=%27",
        "/search?q=<script>alert(1)</script>&type=<script>alert(1)</script>&tag=<script>alert(1)</script>",
    ],
)
def test_junk_in_the_address_is_answered_in_words(library, visit, address):
    seen = visit().get(address)
    assert seen.status == 200
    assert "<script>alert" not in seen.html


def test_a_refused_search_keeps_what_was_typed(visit):
    typed = "word " * (LONGEST // 4)
    seen = visit().get(f"/search?q={typed.replace(' ', '+')}")
    assert f"Shorten your search to {LONGEST} characters or fewer." in seen
    assert typed.strip() in seen.html


def test_while_the_index_is_built_the_page_says_so(visit):
    seen = visit().get("/search?q=quokka")
    assert (seen.status, "being rebuilt" in seen, "Nothing found" in seen) == (200, True, False)


def test_a_page_of_results_takes_a_known_number_of_queries(cast, visit, work):
    page = make_post(cast.arthur, "quokka")
    make_comment(make_user("quokka"), page, "quokka")
    work()
    reader = visit(cast.bob)
    few = _queries(reader)
    for number in range(30):
        make_comment(cast.alice, make_post(cast.arthur, "quokka", tags=[f"t{number}"]), f"quokka {number}")
    work()
    assert _queries(reader) <= few <= 14


def _queries(reader) -> int:
    with counted_queries() as sent:
        seen = reader.client.get("/search?q=quokka")
    assert seen.status_code == 200
    return len(sent)
