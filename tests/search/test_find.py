"""What readers find, and what comes with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forum.comments import editing
from forum.foundation import clock, jobs
from forum.foundation.db import db
from forum.marks import marking
from forum.moderation import decisions
from forum.search import find, language, looser, stale
from forum.search.asked import LAST_PAGE, Asked
from forum.search.engine import COMMENT, LIKED, NEWEST, PERSON, POST, RELEVANCE
from forum.search.loading import FoundComment, FoundPerson, FoundPost
from forum.search.models import Pending
from tests.apart import apart
from tests.cast import make_user
from tests.makers import make_comment, make_post, screen
from tests.queries import counted_queries


def ask(q: str, viewer=None, **more) -> find.Found:
    return find.run(Asked(q, **more), viewer)


def keys(found: find.Found) -> list[tuple[str, int]]:
    return [_key(hit) for hit in found.hits]


def _key(hit) -> tuple[str, int]:
    match hit:
        case FoundPost():
            return (POST, hit.post.id)
        case FoundComment():
            return (COMMENT, hit.comment.id)
        case FoundPerson():
            return (PERSON, hit.person.id)


def of(thing) -> tuple[str, int]:
    return ({"Post": POST, "Comment": COMMENT, "User": PERSON}[type(thing).__name__], thing.id)


# ---- What a result shows ----


def test_posts_comments_and_people_are_found_together(cast, work):
    rider = make_user("rider", name="Rita Rider", role="Night nurse", bio="I ride the late tram.")
    page = make_post(cast.arthur, "Trams at night", body="They run *every* hour.")
    parent = make_comment(cast.bob, page, "A question")
    answer = make_comment(rider, page, "The tram was late & cold", parent)
    work()
    found = ask("tram")
    assert set(keys(found)) == {of(page), of(answer), of(rider)}
    assert found.total == 3
    by_kind = {type(hit): hit for hit in found.hits}
    assert by_kind[FoundPost].title == "<mark>Trams</mark> at night"
    assert by_kind[FoundPost].excerpt == "They run every hour."
    assert by_kind[FoundComment].excerpt == "The <mark>tram</mark> was late &amp; cold"
    assert by_kind[FoundComment].comment.parent.author.name == "Bob Barker"
    assert by_kind[FoundPerson].excerpt == "I ride the late <mark>tram</mark>."


def test_it_says_when_nothing_has_all_words(cast, work):
    make_comment(cast.alice, make_post(cast.arthur), "red bus")
    work()
    assert ask("red bus").notes == ()
    assert "some of them" in ask("red car").notes[0]
    assert ask("blue car").notes == ()


def test_what_was_not_understood_is_searched_as_words_and_said(cast, work):
    written = make_comment(cast.alice, make_post(cast.arthur), "before noon")
    work()
    found = ask("before:noon")
    assert keys(found) == [of(written)]
    assert "plain words" in found.notes[0]


def test_a_refusal_says_what_to_do_and_searches_nothing(app):
    assert "characters or fewer" in ask("a" * (language.LONGEST + 1)).refusal
    assert ask("   ") == find.Found()
    assert ask("   ", kinds=(POST,)) == find.Found()


def test_without_an_index_the_search_says_so(app):
    found = ask("quokka")
    assert "being rebuilt" in found.notes[0]
    assert not found.is_ready


# ---- Narrowing ----


@pytest.fixture
def library(cast, work):
    """Two discussions, one of them in a series and with two tags, and a quokka in each comment."""
    parks = make_post(cast.arthur, "Parks", series="Green Year", tags=["Care leavers", "parks"])
    roads = make_post(cast.ada, "Roads", tags=["parks"])
    found = {
        "parks": parks,
        "roads": roads,
        "alice": make_comment(cast.alice, parks, "quokka one"),
        "bob": make_comment(cast.bob, parks, "quokka two"),
        "road": make_comment(cast.alice, roads, "quokka three"),
    }
    work()
    return found


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("quokka tag:care-leavers", {"alice", "bob"}),
        ('quokka tag:"Care leavers"', {"alice", "bob"}),
        ("quokka tag:parks", {"alice", "bob", "road"}),
        ("quokka -tag:care-leavers", {"road"}),
        ("quokka series:green-year", {"alice", "bob"}),
        ("quokka in:green-year", {"alice", "bob"}),
        ("quokka -series:green-year", {"road"}),
        ("quokka post:roads", {"road"}),
        ("quokka -post:roads", {"alice", "bob"}),
        ("quokka post:roads post:parks", {"alice", "bob", "road"}),
        ("quokka tag:parks series:green-year", {"alice", "bob"}),
        ("quokka tag:nothing", set()),
        ("quokka is:mine", {"alice", "road"}),
        ("in:posts tag:parks", {"parks", "roads"}),
    ],
)
def test_names_in_a_search_are_those_of_the_database(library, cast, typed, expected):
    assert set(keys(ask(typed, cast.alice))) == {of(library[name]) for name in expected}


def test_what_is_not_there_by_its_name_is_said(library):
    assert "There is no tag “nothing”." in ask("quokka tag:nothing").notes
    assert "There is no series “nothing”." in ask("quokka series:nothing").notes
    assert "There is no discussion “nothing”." in ask("quokka post:nothing").notes


def test_a_draft_is_no_discussion_to_search(cast, work):
    make_post(cast.arthur, "Secret plans", is_published=False)
    make_comment(cast.alice, make_post(cast.arthur), "quokka")
    work()
    for viewer in (None, cast.arthur, cast.ada):
        assert "There is no discussion “secret-plans”." in ask("quokka post:secret-plans", viewer).notes


@pytest.mark.parametrize(
    ("ticks", "expected"),
    [
        ({"kinds": (COMMENT,)}, {"alice", "bob", "road"}),
        ({"series": ("green-year",)}, {"alice", "bob"}),
        ({"series": ("green-year", "no-such")}, {"alice", "bob"}),
        ({"series": ("no-such",)}, {"alice", "bob", "road"}),
        ({"tags": ("parks", "care-leavers"), "authors": ("alice",)}, {"alice", "road"}),
        ({"tags": ("care-leavers",), "authors": ("alice",)}, {"alice"}),
        ({"authors": ("alice", "bob")}, {"alice", "bob", "road"}),
        ({"year": 1999}, set()),
    ],
)
def test_ticks_narrow_and_unknown_ones_do_nothing(library, ticks, expected):
    found = ask("quokka", **ticks)
    assert set(keys(found)) == {of(library[name]) for name in expected}
    assert found.total == len(expected)


def test_authors_are_found_by_name_and_by_username(cast, work):
    zoe = make_user("zoe_b", name="Zoë Bērziņa")
    written = make_comment(zoe, make_post(cast.arthur), "Hello")
    work()
    for typed in ("author:zoe", "author:berzina", "author:Bērziņa hello", "author:zoe_b", "author:Zoë"):
        assert of(written) in keys(ask(typed)), typed


# ---- Order and pages ----


def test_results_come_in_the_order_that_is_asked_for(cast, work):
    page = make_post(cast.arthur)
    first, second, third = (make_comment(cast.alice, page, "quokka") for _number in range(3))
    best = make_comment(cast.alice, page, "quokka quokka quokka")
    for number, written in enumerate((best, first, second, third)):
        written.created_at = clock.now() - timedelta(days=10 - number)
    marking.like(second, cast.bob)
    marking.like(second, cast.arthur)
    marking.like(first, cast.bob)
    work()
    newest = [third, second, first, best]
    assert keys(ask("quokka", order=NEWEST)) == [of(one) for one in newest]
    assert keys(ask("quokka order:newest", order=LIKED)) == [of(one) for one in newest]
    assert keys(ask("quokka", order=LIKED)) == [of(one) for one in (second, first, third, best)]
    found = ask("quokka", order="nonsense")
    assert (found.order, keys(found)[0]) == (RELEVANCE, of(best))


def test_pages_follow_each_other_without_gaps(cast, work):
    page = make_post(cast.arthur)
    written = {of(make_comment(cast.alice, page, f"quokka {n}")) for n in range(45)}
    work()
    pages = [ask("quokka", page=number) for number in (1, 2, 3)]
    assert [len(one.hits) for one in pages] == [20, 20, 5]
    assert [one.has_more for one in pages] == [True, True, False]
    assert {key for one in pages for key in keys(one)} == written
    assert ask("quokka", page=4).hits == []
    assert ask("quokka", page=-3).page == 1
    assert ask("quokka", page=10**9).page == LAST_PAGE


# ---- While the index has something to learn ----


def test_what_waits_to_be_indexed_is_neither_found_nor_counted_and_leaves_no_gap(cast, work):
    page = make_post(cast.arthur)
    written = [make_comment(cast.alice, page, f"quokka {number}") for number in range(25)]
    work()
    for one in written[:3]:
        editing.edit(one, cast.alice, "quokka, edited", "en", has_case=False, screen=screen)
    db.session.commit()
    found = ask("quokka")
    assert (len(found.hits), found.total, found.has_more) == (20, 22, True)
    assert sum(value.count for value in found.facets.kinds) == 22
    work()
    assert ask("quokka").total == 25


def test_when_very_much_waits_nothing_is_counted_and_hits_are_looked_at_one_by_one(cast, work, monkeypatch):
    page = make_post(cast.arthur)
    kept, gone = make_comment(cast.alice, page, "quokka"), make_comment(cast.alice, page, "quokka")
    work()
    monkeypatch.setattr(stale, "MOST", 0)
    monkeypatch.setattr(stale, "_NOTED", stale._NOTED.limit(1))
    decisions.remove_public(gone, cast.mona, "unkind", "")
    db.session.commit()
    found = ask("quokka quoka")
    assert keys(found) == [of(kept)]
    assert (found.total, found.facets, found.suggestion, found.looser) == (None, find.Found().facets, None, [])
    assert ["catching up" in note for note in found.notes] == [True]


def test_a_row_that_went_without_a_note_stops_the_counting(cast, work):
    page = make_post(cast.arthur)
    kept, gone = make_comment(cast.alice, page, "quokka"), make_comment(cast.alice, page, "quokka")
    work()
    db.session.delete(gone)
    db.session.flush()
    db.session.query(Pending).delete()
    db.session.commit()
    found = ask("quokka")
    assert (keys(found), found.total) == ([of(kept)], None)


# ---- Where nothing is found ----


def test_looser_searches_leave_one_thing_out_each_and_say_how_much_they_find(library):
    found = ask("quokka author:alice before:2001-01-01 in:comments")
    assert found.hits == []
    assert [(one.way, one.about, one.count) for one in found.looser] == [
        (looser.WITHOUT, "before:2001-01-01", 2),
        (looser.WORDS_ALONE, "quokka", 3),
    ]
    assert found.looser[0].asked.q == "quokka author:alice in:comments"
    assert [(one.way, one.about, one.count) for one in ask("quokka author:bob post:roads").looser] == [
        (looser.EVERYONE, "bob", 1),
        (looser.WITHOUT, "post:roads", 1),
        (looser.WORDS_ALONE, "quokka", 3),
    ]
    assert [(one.way, one.count) for one in ask('"three quokka"').looser] == [(looser.UNQUOTED, 3)]
    [first, *_rest] = ask("quokka", year=1999).looser
    assert (first.way, first.count, first.asked) == (looser.UNFILTERED, 3, Asked("quokka"))


def test_a_tag_of_that_name_is_offered(library):
    [one] = ask("care leavers").looser or [None]
    assert (one.way, one.about, one.slug, one.count) == (looser.TAGGED, "care leavers", "care-leavers", 1)


def test_a_slip_is_mended_if_that_finds_more(library):
    found = ask("quoka author:alice")
    assert found.suggestion == looser.Suggestion("quokka author:alice", "quokka", 2)
    found = ask("quoka author:bob post:roads")
    assert found.suggestion == looser.Suggestion("quokka", "quokka", 3)
    assert ask("quokka").suggestion is None


# ---- Cost ----


def test_a_search_takes_the_same_few_queries_however_much_it_finds(app, cast, work):
    page = make_post(cast.arthur, "quokka")
    parent = make_comment(cast.bob, page, "hello")
    make_comment(make_user("quokka"), page, "quokka", parent)
    work()
    few = _statements(app)
    for number in range(40):
        make_comment(cast.alice, make_post(cast.arthur, "quokka", tags=[f"t{number}"]), f"quokka {number}")
    work()
    assert _statements(app) <= few <= 9


def _statements(app) -> int:
    """How many queries a search and its results take, with nothing known before."""
    with counted_queries() as sent:
        apart(jobs.in_context, app, _look_at_results)
    return len(sent)


def _look_at_results() -> None:
    for hit in ask("quokka").hits:
        match hit:
            case FoundPost():
                assert hit.post.authors
                assert hit.post.series is None
            case FoundComment():
                assert hit.comment.post.authors
                assert hit.comment.answered is None or hit.comment.answered.author.name
            case FoundPerson():
                assert hit.person.name
