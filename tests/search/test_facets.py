"""By what results can be narrowed, and with how many."""

from __future__ import annotations

from collections import Counter

import pytest

from forum.posts.models import Post
from forum.search import facets
from forum.search.engine import COMMENT, PERSON, POST, Place, Tally
from forum.search.facets import Facets, Value
from forum.search.meaning import Ticks
from forum.search.names import Named, by_slug
from tests.cast import make_user
from tests.makers import make_post
from tests.queries import counted_queries


def numbers(values: list[Value]) -> dict[str, int]:
    return {value.value: value.count for value in values}


def ticked(values: list[Value]) -> set[str]:
    return {value.value for value in values if value.is_ticked}


class Shelf:
    """Three discussions: one green and about parks, one green, one about parks and roads."""

    def __init__(self, cast) -> None:
        self.alice, self.bob, self.arthur = cast.alice.id, cast.bob.id, cast.arthur.id
        first = make_post(cast.arthur, series="Green", tags=["Parks"]).id
        second = make_post(cast.arthur, series="Green").id
        third = make_post(cast.arthur, tags=["Parks", "Roads"]).id
        places = Counter(
            {
                Place(POST, first, self.arthur, 2025): 1,
                Place(COMMENT, first, self.alice, 2025): 4,
                Place(COMMENT, first, self.bob, 2026): 2,
                Place(COMMENT, second, self.alice, 2026): 8,
                Place(COMMENT, third, self.bob, 2026): 16,
                # A person belongs to no discussion.
                Place(PERSON, 0, self.alice, 2024): 1,
            }
        )
        self.tally = Tally.of(places.elements())
        found = by_slug(tags=["parks", "roads"], series=["green"])
        self.parks, self.roads, self.green = found.tags["parks"].id, found.tags["roads"].id, found.series["green"].id

    def facets(self, **ticks) -> Facets:
        ticks = {name: frozenset(value) if name != "year" else value for name, value in ticks.items()}
        return facets.of(self.tally, Ticks(**ticks))


@pytest.fixture
def shelf(cast) -> Shelf:
    return Shelf(cast)


def test_every_value_has_its_count_those_of_most_results_first(shelf):
    found = shelf.facets()
    assert found.total == found.any_year == 32
    assert numbers(found.kinds) == {"post": 1, "comment": 30, "person": 1}
    assert [(one.value, one.name, one.count) for one in found.series] == [("green", "Green", 15)]
    assert [(one.value, one.count) for one in found.tags] == [("parks", 23), ("roads", 16)]
    assert [(one.value, one.name, one.count) for one in found.authors] == [
        ("bob", "Bob Barker", 18),
        ("alice", "Alice Archer", 13),
        ("arthur", "Arthur Author", 1),
    ]
    assert [(one.value, one.count) for one in found.years] == [("2026", 26), ("2025", 5), ("2024", 1)]


def test_a_facet_counts_as_if_nothing_in_it_were_ticked(shelf):
    found = shelf.facets(tags={shelf.parks}, year=2026)
    assert found.total == 18
    assert numbers(found.tags) == {"parks": 18, "roads": 16}
    assert numbers(found.years) == {"2026": 18, "2025": 5}
    assert found.any_year == 23
    assert numbers(found.kinds) == {"comment": 18}
    assert numbers(found.series) == {"green": 2}
    assert numbers(found.authors) == {"bob": 18}
    assert (ticked(found.tags), ticked(found.years), ticked(found.kinds)) == ({"parks"}, {"2026"}, set())


def test_of_one_facet_any_tick_will_do_and_of_several_all_must(shelf):
    assert shelf.facets(tags={shelf.parks, shelf.roads}).total == 23
    assert shelf.facets(writers={shelf.alice, shelf.bob}, series={shelf.green}).total == 14
    assert shelf.facets(kinds={POST, PERSON}).total == 2
    assert shelf.facets(series={shelf.green}, tags={shelf.roads}).total == 0


@pytest.mark.parametrize("ticks", [{}, {"year": 2026}, {"tags": "parks"}, {"kinds": {COMMENT}, "series": "green"}])
def test_the_total_alone_is_the_same(shelf, ticks):
    ticks = {name: {getattr(shelf, value)} if isinstance(value, str) else value for name, value in ticks.items()}
    found = shelf.facets(**ticks)
    kept = {name: frozenset(value) if name != "year" else value for name, value in ticks.items()}
    assert facets.total(shelf.tally, Ticks(**kept)) == found.total > 0


def test_what_is_ticked_stays_to_be_unticked_whatever_it_finds(shelf):
    found = shelf.facets(kinds={POST}, writers={shelf.bob}, year=2030)
    assert ticked(found.authors) == {"bob"}
    assert numbers(found.authors) == {"bob": 0}
    assert [(one.value, one.count, one.is_ticked) for one in found.years] == [("2030", 0, True)]
    assert numbers(found.kinds) == {"post": 0}


def test_no_more_are_shown_than_anybody_reads(cast):
    page = make_post(cast.arthur)
    people = [make_user(f"p{number}") for number in range(facets.MOST + 3)]
    places = {Place(COMMENT, page.id, one.id, 2000 + rank): 100 - rank for rank, one in enumerate(people)}
    tally = Tally.of(Counter(places).elements())
    found = facets.of(tally, Ticks(writers=frozenset({people[-1].id})))
    assert [one.value for one in found.authors] == [*(f"p{n}" for n in range(facets.MOST)), people[-1].username]
    assert len(facets.of(tally, Ticks()).years) == facets.MOST


def test_somebody_who_is_not_known_to_readers_is_not_named(cast):
    page, stranger = make_post(cast.arthur), make_user("stranger", confirmed_at=None)
    assert facets.of(Tally.of([Place(COMMENT, page.id, stranger.id, 2026)]), Ticks()).authors == []
    assert by_slug(people=["stranger", "arthur"]).people == {
        "arthur": Named(cast.arthur.id, "arthur", "Arthur Author")
    }  # fmt: skip


def test_two_queries_make_them_whatever_was_found(shelf):
    with counted_queries() as few:
        shelf.facets()
    shelf.tally = Tally.of([*shelf.tally, *(Place(COMMENT, number, number, 2000) for number in range(1, 2000))])
    with counted_queries() as many:
        shelf.facets(kinds={COMMENT}, tags={shelf.parks})
    assert len(few) == len(many) == 2


def test_a_draft_is_in_no_series(cast):
    draft = make_post(cast.arthur, series="Green", is_published=False)
    assert isinstance(draft, Post)
    assert facets.of(Tally.of([Place(COMMENT, draft.id, cast.alice.id, 2026)]), Ticks()).series == []
