"""Lists of discussions that were drawn for one reader and filled for another."""

from __future__ import annotations

import re
from itertools import permutations

import pytest

from forum.foundation.cache import cache
from forum.foundation.db import db
from forum.marks import muting
from forum.posts import writing
from tests import makers
from tests.clocks import Day
from tests.comments.crowds import fill
from tests.queries import counted_queries

LISTS = ["/", "/?order=discussed", "/tags/buses", "/series/buses"]
# Another one on every page.
RANDOM = re.compile(r'(name="csrf_token" value|nonce)="[^"]*"')


@pytest.fixture
def day(app) -> Day:
    return Day()


@pytest.fixture
def posts(cast, visit, day):
    """Two discussions: in one there is something new to Alice, and Bob has looked into neither."""
    made = [makers.make_post(cast.arthur, title, tags=["buses"], series="Buses") for title in ("Buses", "Trams")]
    with day.at(0):
        fill(made[0], [None, 0], [cast.bob])
        visit(cast.alice).get(f"/posts/{made[0].slug}")
    with day.at(5):
        makers.make_comment(cast.mona, made[0])
    return made


def words(page) -> str:
    assert page.status == 200
    return RANDOM.sub(r"\1", page.html)


@pytest.mark.parametrize("order", list(permutations(["alice", "bob", "arthur", "mona", None], 2)))
def test_a_list_is_the_same_whoever_it_was_drawn_for(order, posts, cast, visit, day):
    first, second = (visit(getattr(cast, name) if name else None) for name in order)
    with day.at(10):
        for address in LISTS:
            cache.clear()
            own = words(second.get(address))
            cache.clear()
            first.get(address)
            assert words(second.get(address)) == own
            assert ("1 new" in own) == (order[1] == "alice")


def test_who_muted_somebody_named_in_a_list_gets_one_of_their_own(posts, cast, visit, day):
    alice, bob = visit(cast.alice), visit(cast.bob)
    with day.at(10):
        assert "Mona" in bob.get("/").html
        muting.mute(cast.mona, cast.alice)
        db.session.commit()
        assert "Mona" not in alice.get("/").html
        assert "Mona" in bob.get("/").html


def test_what_changes_is_on_the_next_page(posts, cast, visit, day):
    bob = visit(cast.bob)
    with day.at(10):
        bob.get("/")
        writing.change(posts[1], writing.PostText(title="Metro", body="Now.", is_published=True), posts[1].version)
        db.session.commit()
        assert "Metro" in bob.get("/").text
        writing.change(posts[1], writing.PostText(title="Metro", body="No.", is_published=False), posts[1].version)
        db.session.commit()
        assert "Metro" not in bob.get("/").text


def test_a_kept_list_grows_older(posts, cast, visit, day):
    bob = visit(cast.bob)
    with day.at(6):
        assert "1 min ago" in bob.get("/").text
    with day.at(8):
        assert "3 min ago" in bob.get("/").text


def test_a_message_to_one_reader_is_on_no_other_page(posts, cast, visit, day):
    alice, bob = visit(cast.alice), visit(cast.bob)
    with day.at(10):
        with alice.client.session_transaction() as session:
            session["_flashes"] = [("done", "Only for you.")]
        assert "Only for you." in alice.get("/").text
        assert "Only for you." not in bob.get("/").text
        assert "Only for you." not in alice.get("/").text


def test_a_kept_list_takes_few_queries_however_long_it_is(cast, visit, day):
    bob, costs = visit(cast.bob), []
    with day.at(10):
        for more in (2, 15):
            for number in range(more):
                makers.make_post(cast.arthur, tags=["buses", f"t{number}"], series="Buses")
            bob.get("/")
            with counted_queries() as sent:
                assert bob.get("/").status == 200
            costs.append(len([one for one in sent if "FROM events" not in one]))
    # The session, the number of changes, what is new; nobody is named whom a reader might have muted.
    assert costs == [3, 3]
