"""Where, when, by whom: what narrows a search, in what order it comes, and how it is counted, on every engine."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from forum.search.engine import COMMENT, IMAGE, LIKED, LINK, NEWEST, PERSON, POST, Picked, Place, Term
from tests.search.shelf import answer, asked, change, comment, found, keep, keys, person, post, wish

ALL = frozenset({POST, COMMENT, PERSON})
OLD, NEW = datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def town(engine):
    """Two discussions about a bus, by three people."""
    keep(
        engine,
        post(1, "The bus", authors=("Zoë van der Berg", "zoe"), at=OLD, writer_id=70, contents=(IMAGE,)),
        post(2, "Trams", "and a bus", authors=("Arthur Author",), at=NEW, writer_id=71),
        comment(1, "A bus, I say", on=1, writer=80, at=OLD, contents=(LINK,)),
        comment(2, "No bus", on=2, writer=80, at=NEW, contents=(LINK, IMAGE)),
        comment(3, "Which bus?", on=2, writer=90, at=NEW),
        person(80, "Alice Archer", "alice", "I drive a bus."),
        person(90, "Bob van Berg", "bob"),
    )
    return engine


def test_a_posts_author_is_found_by_any_name(town):
    for typed in ("author:zoe", "author:Zoë bus", 'author:"van der Berg"', "AUTHOR:der"):
        assert found(town, typed) == ["post:1"], typed


def test_a_comment_is_found_by_the_name_of_the_account_that_wrote_it(town):
    assert sorted(found(town, "author:alice")) == ["comment:1", "comment:2", "person:80"]
    assert sorted(found(town, "author:archer i say")) == ["comment:1", "comment:2", "person:80"][:1]
    assert sorted(found(town, "author:berg")) == ["comment:3", "person:90", "post:1"]


def test_all_words_of_a_name_are_needed_and_any_of_the_names(town):
    assert found(town, 'author:"alice berg"') == []
    assert sorted(asked(town, authors=(("zoe",), ("bob",)))) == ["comment:3", "person:90", "post:1"]
    assert found(town, "author:nobody bus") == []


def test_authors_can_be_left_out(town):
    assert sorted(found(town, "bus -author:alice")) == ["comment:3", "post:1", "post:2"]
    assert sorted(found(town, "bus -author:berg -author:arthur")) == ["comment:1", "comment:2", "person:80"]


def test_whoever_takes_another_name_is_found_by_it_at_once_with_all_they_wrote(town):
    change(town, ["person:80"], person(80, "Carol Carter", "carol"))
    assert found(town, "author:alice") == []
    assert sorted(found(town, "author:carol")) == ["comment:1", "comment:2", "person:80"]


def test_whoever_is_no_more_is_not_found_by_name(town):
    change(town, ["person:80"])
    assert found(town, "author:alice") == []
    assert sorted(asked(town, writers=frozenset({80}))) == ["comment:1", "comment:2"]


def test_a_stale_person_leads_to_nothing(town):
    assert keys(answer(town, "author:alice", stale=["person:80"])) == []


def test_a_person_is_found_by_name_and_by_what_they_say_of_themselves(town):
    assert found(town, "archer") == ["person:80"]
    assert "person:80" in found(town, "drive")


def test_kinds(town):
    assert sorted(found(town, "bus in:posts")) == ["post:1", "post:2"]
    assert sorted(asked(town, kinds=frozenset({PERSON}))) == ["person:80", "person:90"]
    assert sorted(asked(town, kinds=frozenset({POST, PERSON}))) == ["person:80", "person:90", "post:1", "post:2"]


def test_discussions(town):
    assert sorted(asked(town, posts=frozenset({2}))) == ["comment:2", "comment:3", "post:2"]
    assert asked(town, wishes=(wish("which"),), posts=frozenset({1})) == []
    assert asked(town, wishes=(wish("bus"),), posts=frozenset()) == []
    assert sorted(asked(town, wishes=(wish("bus"),), without_posts=frozenset({2}))) == [
        "comment:1",
        "person:80",
        "post:1",
    ]


def test_accounts(town):
    assert sorted(asked(town, wishes=(wish("bus"),), writers=frozenset({80, 71}))) == [
        "comment:1",
        "comment:2",
        "person:80",
        "post:2",
    ]
    assert asked(town, wishes=(wish("bus"),), writers=frozenset()) == []


def test_from_a_moment_on_and_before_another(town):
    begin = datetime(2025, 1, 1, tzinfo=UTC)
    assert sorted(asked(town, kinds=frozenset({POST}), until=begin)) == ["post:1"]
    assert sorted(asked(town, kinds=frozenset({POST}), since=begin)) == ["post:2"]
    assert asked(town, kinds=frozenset({POST}), since=OLD, until=NEW) == ["post:1"]
    assert asked(town, kinds=frozenset({POST}), since=NEW, until=NEW) == []


def test_contents(town):
    assert sorted(found(town, "bus has:link")) == ["comment:1", "comment:2"]
    assert found(town, "bus has:link has:image") == ["comment:2"]
    assert sorted(found(town, "bus -has:link in:comments")) == ["comment:3"]
    assert asked(town, contents=frozenset({LINK}), without_contents=frozenset({LINK})) == []


def test_what_is_left_out_alone_leaves_all_others(town):
    left = asked(town, kinds=frozenset({COMMENT}), without=(Term(("which",)), Term(("no",))))
    assert left == ["comment:1"]


def test_without_words_the_newest_come_first(engine):
    keep(engine, comment(1, "one"), comment(3, "three"), comment(2, "two"), person(7, "Alice", "alice"))
    assert found(engine, "author:alice in:comments") == ["comment:3", "comment:2", "comment:1"]


def test_the_newest_first(engine):
    keep(engine, comment(1, "bus bus bus"), comment(3, "a bus among many other words"), comment(2, "bus"))
    assert found(engine, "bus") != ["comment:3", "comment:2", "comment:1"]
    assert found(engine, "bus", order=NEWEST) == ["comment:3", "comment:2", "comment:1"]


def test_the_most_liked_first_then_the_newest(engine):
    keep(engine, *(comment(number, "bus") for number in range(1, 6)), comment(9, "other"))
    liked = ("comment:2", "comment:9", "comment:77", "comment:4")
    assert found(engine, "bus", order=LIKED, favourites=liked) == [f"comment:{n}" for n in (2, 4, 5, 3, 1)]
    assert keys(answer(engine, "bus", most=3, order=LIKED, favourites=liked)) == ["comment:2", "comment:4", "comment:5"]
    assert found(engine, "bus", order=LIKED) == [f"comment:{n}" for n in (5, 4, 3, 2, 1)]


def test_results_are_counted_by_kind_discussion_writer_and_year(town):
    assert sorted(answer(town, "bus").tally) == [
        Place(COMMENT, 1, 80, 2024),
        Place(COMMENT, 2, 80, 2026),
        Place(COMMENT, 2, 90, 2026),
        Place(PERSON, 0, 80, 2026),
        Place(POST, 1, 70, 2024),
        Place(POST, 2, 71, 2026),
    ]
    [place] = answer(town, "which").tally
    assert (place.kind, place.post_id, place.writer_id, place.year) == (COMMENT, 2, 90, 2026)


@pytest.mark.parametrize(
    ("ticks", "wanted"),
    [
        (Picked(), ["comment:1", "comment:2", "comment:3", "person:80", "post:1", "post:2"]),
        (Picked(kinds=frozenset({POST, PERSON})), ["person:80", "post:1", "post:2"]),
        (Picked(posts=frozenset({2})), ["comment:2", "comment:3", "post:2"]),
        (Picked(posts=frozenset()), []),
        (Picked(writers=frozenset({80})), ["comment:1", "comment:2", "person:80"]),
        (Picked(years=frozenset({2024})), ["comment:1", "post:1"]),
        (Picked(kinds=frozenset({COMMENT}), writers=frozenset({80}), years=frozenset({2026})), ["comment:2"]),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_ticks_choose_the_hits_and_not_what_is_counted(town, ticks, wanted):
    picked = answer(town, "bus", picked=ticks)
    assert sorted(keys(picked)) == wanted
    assert sorted(picked.tally) == sorted(answer(town, "bus").tally)


def test_what_is_stale_is_neither_found_nor_counted(town):
    stale = ["comment:1", "post:2", "person:80", "comment:4711", "nonsense"]
    for more in ({}, {"order": NEWEST}, {"order": LIKED, "favourites": ("comment:1",)}):
        left = answer(town, "bus", stale=stale, **more)
        assert sorted(keys(left)) == ["comment:2", "comment:3", "post:1"]
        assert len(left.tally) == 3
    assert sorted(keys(answer(town, "in:comments", stale=stale))) == ["comment:2", "comment:3"]
