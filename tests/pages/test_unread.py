"""What is new to a reader in lists of discussions."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from forum.foundation import clock
from forum.foundation.db import db
from forum.marks import muting
from forum.marks.models import ReadingPosition
from tests import makers
from tests.clocks import Day
from tests.comments.crowds import fill
from tests.queries import counted_queries


@pytest.fixture
def day(app) -> Day:
    return Day()


def row(page, title: str) -> str:
    """The row of a discussion, with its beginning."""
    return re.search(rf'<li class="row(?:(?!<li class="row).)*?{title}.*?</article>', page.html, re.S)[0]


@pytest.fixture
def post(cast):
    return makers.make_post(cast.arthur, "Slow buses", tags=["buses"], series="Buses", part=1)


LISTS = ["/", "/?order=discussed", "/tags/buses", "/series/buses"]


@pytest.mark.parametrize("address", LISTS)
def test_a_row_says_how_much_is_new_and_leads_to_the_first_of_it(address, post, cast, visit, day):
    alice = visit(cast.alice)
    with day.at(0):
        top = makers.make_comment(cast.bob, post)
        alice.get("/posts/slow-buses")
    with day.at(5):
        makers.make_comment(cast.bob, post)
        reply = makers.make_comment(cast.mona, post, parent=top)
        makers.make_comment(cast.alice, post)
    with day.at(6):
        here = row(alice.get(address), "Slow buses")
        assert "2 new" in here
        assert "row--unread" in here
        assert 'href="/posts/slow-buses/new"' in here
        way = alice.get("/posts/slow-buses/new")
        assert (way.status, way.location) == (303, f"/comments/{reply.id}")
        assert f'id="comment-{reply.id}"' in alice.follow(way).html
    with day.at(8):
        alice.get("/posts/slow-buses")
        here = row(alice.get(address), "Slow buses")
        assert " new" not in here
        assert "row--unread" not in here


def test_many_new_ones_are_not_counted_to_the_end(post, cast, visit):
    long_ago = clock.now() - timedelta(days=100)
    db.session.add(ReadingPosition(user_id=cast.alice.id, post_id=post.id, since=None, seen_at=long_ago))
    fill(post, [None] * 300, [cast.bob])
    assert "99+ new" in visit(cast.alice).get("/")


def test_a_discussion_that_came_out_since_they_joined_is_not_read_yet(post, cast, visit):
    cast.bob.created_at += timedelta(days=60)
    db.session.commit()
    here = row(visit(cast.alice).get("/"), "Slow buses")
    assert "Not read yet" in here
    assert "row--unread" in here
    assert "Not read yet" not in visit(cast.bob).get("/"), "nobody has to read all that was there before"


def test_a_guests_list_is_the_same_for_all(post, cast, visit, day):
    before = visit().get("/").html
    with day.at(0):
        visit(cast.alice).get("/posts/slow-buses")
    muting.mute(cast.bob, cast.alice)
    db.session.commit()
    assert visit().get("/").html == before
    assert "row--unread" not in before
    assert "Not read yet" not in before


@pytest.mark.parametrize("who", [None, "alice"])
def test_without_anything_new_the_way_there_leads_to_the_discussion(who, post, cast, visit):
    person = visit(getattr(cast, who) if who else None)
    assert person.get("/posts/slow-buses/new").location == "/posts/slow-buses#say"
    assert person.get("/posts/no-such/new").status == 404


def test_within_a_visit_the_way_there_leads_to_what_the_visit_began_with(post, cast, visit, day):
    alice = visit(cast.alice)
    with day.at(0):
        alice.get("/posts/slow-buses")
    with day.at(5):
        new = makers.make_comment(cast.bob, post)
    with day.at(60):
        alice.get("/posts/slow-buses")
    with day.at(65):
        assert alice.get("/posts/slow-buses/new").location == f"/comments/{new.id}"


def test_a_draft_says_nothing_of_what_is_new(cast, visit):
    post = makers.make_post(cast.arthur, "Hidden", is_published=False)
    assert visit(cast.alice).get(f"/posts/{post.slug}/new").status == 404


def test_a_found_post_says_what_is_new_too(post, cast, visit, day, work):
    alice = visit(cast.alice)
    with day.at(0):
        alice.get("/posts/slow-buses")
    with day.at(5):
        makers.make_comment(cast.bob, post)
        work()
        page = alice.get("/search?q=buses&type=posts")
    assert "1 new" in page
    assert 'href="/posts/slow-buses/new"' in page.html
    assert " new" not in visit().get("/search?q=buses&type=posts")


def test_a_list_of_five_and_of_fifty_discussions_takes_the_same_queries(cast, visit, work):
    alice = visit(cast.alice)
    costs = []
    for more in (5, 45):
        for _number in range(more):
            one = makers.make_post(cast.arthur)
            alice.get(f"/posts/{one.slug}")
            fill(one, [None, 0], [cast.bob, cast.mona])
        work()
        with counted_queries() as sent:
            assert alice.get("/").status == 200
        costs.append(len([one for one in sent if "FROM events" not in one]))
    assert costs[0] == costs[1] <= 13
