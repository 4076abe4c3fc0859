"""The order that shows what is new and nothing else."""

from __future__ import annotations

import random
import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from forum.comments import queries
from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.marks.models import ReadingPosition
from forum.reading import newest
from tests import makers
from tests.clocks import Day
from tests.comments.crowds import fill, random_shape

QUICK = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def day(app) -> Day:
    return Day()


@pytest.fixture
def alice(cast, visit):
    return visit(cast.alice)


def url(post, more: str = "") -> str:
    return f"/posts/{post.slug}?order=new{more}"


def shown(page) -> list[int]:
    return [int(number) for number in re.findall(r'<article [^>]*id="comment-(\d+)"', page.html)]


def marked(page) -> list[int]:
    pieces = re.finditer(r'<article [^>]*id="comment-(\d+)".*?</article>', page.html, re.S)
    return [int(piece[1]) for piece in pieces if 'class="new"' in piece[0]]


def beside(page, rel: str) -> str | None:
    found = re.search(rf'<a [^>]*href="([^"#]+)[^"]*"[^>]*rel="{rel}"', page.html)
    return found[1].replace("&amp;", "&") if found else None


def seen(user, post, ago: timedelta) -> None:
    """Somebody read this discussion so long ago, and not since."""
    db.session.merge(ReadingPosition(user_id=user.id, post_id=post.id, since=None, seen_at=clock.now() - ago))
    db.session.commit()


def renew(post, numbers: list[int]) -> None:
    """Let these comments be from just now, in this order."""
    for place, number in enumerate(numbers):
        moment = clock.now() - timedelta(minutes=10) + timedelta(milliseconds=place)
        db.session.execute(update(Comment).where(Comment.id == number).values(published_at=moment))
    db.session.commit()


def test_only_branches_with_something_new_are_shown_and_the_liveliest_comes_first(cast, post, alice):
    first, second, third, reply = fill(post, [None, None, None, 0], [cast.bob])
    seen(cast.alice, post, timedelta(hours=1))
    renew(post, [third, reply])
    page = alice.get(url(post))
    assert shown(page) == [first, reply, third]
    assert marked(page) == [reply, third]
    assert second not in shown(page)
    assert "thread__since" not in page.html


def test_what_a_new_comment_answers_stands_above_it_and_the_rest_behind_a_link(cast, post, alice):
    numbers = fill(post, [None, 0, 0, 0, 0, 4], [cast.bob])
    seen(cast.alice, post, timedelta(hours=1))
    renew(post, [numbers[5]])
    page = alice.get(url(post))
    assert shown(page) == [numbers[0], numbers[4], numbers[5]]
    assert marked(page) == [numbers[5]]
    assert "Show 3 more replies" in page
    assert "more replies, " not in page, "nothing new is behind it"


@pytest.mark.parametrize("who", [None, "bob"])
def test_who_was_not_here_before_gets_the_newest(who, cast, visit, post):
    numbers = fill(post, [None, 0, None], [cast.mona])
    person = visit(getattr(cast, who) if who else None)
    page = person.get(url(post))
    assert page.status == 200
    assert shown(page) == [numbers[2], numbers[0], numbers[1]]
    assert marked(page) == []


def test_who_is_up_to_date_is_told_so(cast, post, alice):
    fill(post, [None, None], [cast.bob])
    seen(cast.alice, post, timedelta(hours=1))
    page = alice.get(url(post))
    assert "You are up to date." in page
    assert shown(page) == []
    assert f'href="/posts/{post.slug}"' in page.html


def test_the_order_is_offered_to_those_only_who_were_here_before(cast, visit, post, alice):
    fill(post, [None, None], [cast.bob])
    seen(cast.alice, post, timedelta(hours=1))
    assert "order=new#comments" in alice.get(f"/posts/{post.slug}").html
    assert "order=new#comments" not in visit(cast.mona).get(f"/posts/{post.slug}").html
    assert "order=new#comments" not in visit().get(f"/posts/{post.slug}").html


def test_deep_down_a_reply_names_whom_it_answers_and_hangs_no_deeper_than_is_drawn(cast, post, alice):
    numbers = fill(post, [None, *range(39)], [cast.alice, cast.bob, cast.mona])
    seen(cast.bob, post, timedelta(hours=1))
    seen(cast.alice, post, timedelta(hours=1))
    renew(post, [numbers[20], numbers[38], numbers[39]])
    page = alice.get(url(post))
    assert set(marked(page)) == {numbers[20], numbers[38], numbers[39]} - {
        number for place, number in enumerate(numbers) if place % 3 == 0
    }
    # The list of branches, so many levels, and on the last one a link to further replies.
    assert _deepest(page.html) <= queries.LEVELS + 2
    # The comment below the first one is not the one that it answers.
    gap = re.search(rf'id="comment-{numbers[16]}".*?</article>', page.html, re.S)[0]
    assert f"/comments/{numbers[15]}" in gap
    assert "In reply to" in gap


def _deepest(html: str) -> int:
    """Lists inside each other."""
    deepest = here = 0
    for tag in re.findall(r'<ol class="thread__|</ol>', html):
        here += -1 if tag == "</ol>" else 1
        deepest = max(deepest, here)
    return deepest


@QUICK
@given(size=st.integers(1, 240), seed=st.integers(0, 10_000), share=st.sampled_from([0.05, 0.4, 1.0]))
def test_its_pages_show_every_new_comment_once(size, seed, share, app, cast, visit):
    post = makers.make_post(cast.arthur)
    dice = random.Random(seed)
    gone = {place: "removed" for place in range(size) if dice.random() < 0.1}
    numbers = fill(post, random_shape(size, seed, roots=40), [cast.bob, cast.mona], gone)
    seen(cast.alice, post, timedelta(hours=1))
    new = [number for place, number in enumerate(numbers) if place not in gone and dice.random() < share]
    dice.shuffle(new)
    renew(post, new)
    pages, address = [], url(post)
    alice = visit(cast.alice)
    while address:
        pages.append(alice.get(address))
        address = beside(pages[-1], "next")
        assert len(pages) < 60
    found = [number for page in pages for number in marked(page)]
    behind = sum(int(count) for page in pages for count in re.findall(r"more repl\w+, (\d+) new", page.text))
    assert len(found) == len(set(found))
    assert len(found) + behind == len(new)
    assert behind == 0 or any(page.html.count('class="new"') >= newest.MOST_OF_BRANCH for page in pages)
    back, address = [], beside(pages[-1], "prev")
    while address:
        back.append(alice.get(address))
        address = beside(back[-1], "prev")
        assert len(back) < 60
    assert {number for page in [pages[-1], *back] for number in marked(page)} == set(found)
    for page in pages:
        found = _replies_of_branches(page)
        assert found == _public_below(found)


def _replies_of_branches(page) -> dict[int, int]:
    """How many replies each branch says it has, on the page and behind links, without lines in place of gone ones."""
    found = {}
    for branch in re.split(r'<li class="thread__item" data-parent="0">', page.html)[1:]:
        number = int(re.search(r'id="comment-(\d+)"', branch)[1])
        count = re.search(r'toggle__count"[^>]*>(\d+)<', branch)
        lines = [int(line) for line in re.findall(r'card--gone" id="comment-(\d+)"', branch)]
        found[number] = (int(count[1]) if count else 0) - len([line for line in lines if line != number])
    return found


def _public_below(numbers) -> dict[int, int]:
    rows = db.session.execute(select(Comment.id, Comment.descendant_count).where(Comment.id.in_(list(numbers))))
    return dict(rows.tuples().all())


def test_reading_one_page_for_long_loses_nothing_of_the_next(cast, post, alice, day):
    numbers = fill(post, [None] * 130, [cast.bob])
    seen(cast.alice, post, timedelta(hours=1))
    renew(post, numbers)
    with day.at(0):
        first = alice.get(url(post))
    with day.at(45):
        rest = [alice.get(beside(first, "next"))]
        while beside(rest[-1], "next"):
            rest.append(alice.get(beside(rest[-1], "next")))
    assert sorted(number for page in [first, *rest] for number in marked(page)) == sorted(numbers)


@pytest.mark.parametrize("word", ["nonsense", "WyIwMDAxIl0", "W10", "WyIyMDMxLTA3LTAxIiwgIjIwMzEtMDctMDEiLCAiMDAwMSJd"])
@pytest.mark.parametrize("name", ["after", "before"])
def test_a_damaged_address_is_refused(name, word, cast, post, alice):
    seen(cast.alice, post, timedelta(hours=1))
    page = alice.get(url(post, f"&{name}={word}"))
    assert page.status == 400
    assert "damaged" in page


def test_no_closed_branch_hides_what_is_new_here(cast, post, alice):
    top, reply = fill(post, [None, 0], [cast.bob])
    seen(cast.alice, post, timedelta(hours=1))
    renew(post, [reply])
    alice.post(f"/comments/{top}/fold")
    assert '<details class="thread__branch">' in alice.get(f"/posts/{post.slug}").html
    assert '<details class="thread__branch">' not in alice.get(url(post)).html
