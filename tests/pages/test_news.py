"""What is new to a reader since their last visit, on the pages of a discussion."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text

from forum.comments import withdrawing
from forum.foundation import clock
from forum.foundation.db import db
from forum.marks import muting
from forum.marks.models import ReadingPosition
from forum.moderation import decisions
from tests import makers
from tests.clocks import Day
from tests.comments.crowds import fill
from tests.queries import counted_queries

URL = "/posts/slow-buses"


@pytest.fixture
def day(app) -> Day:
    return Day()


@pytest.fixture
def post(cast, day):
    with day.at(0):
        return makers.make_post(cast.arthur, "Slow buses")


def marked(page) -> list[int]:
    """The comments that the page calls new, from top to bottom."""
    return [int(piece[1]) for piece in articles(page) if 'class="new"' in piece[0]]


def articles(page) -> list[tuple[str, str]]:
    return [
        (found[0], found[1]) for found in re.finditer(r'<article [^>]*id="comment-(\d+)".*?</article>', page.html, re.S)
    ]


def link_to_new(page) -> str | None:
    found = re.search(r'<a class="news__go" href="([^"]+)"', page.html)
    return found[1] if found else None


def said(page) -> str:
    """What is read out when the page opens."""
    found = re.search(r"<say-once.*?>(.*?)</say-once>", page.html, re.S)
    return found[1].strip() if found else ""


def come_back(alice, day):
    """The page of somebody who was there an hour before."""
    with day.at(0):
        alice.get(URL)
    with day.at(60):
        return alice.get(URL)


def test_nothing_is_new_on_a_first_visit(post, cast, visit, day):
    with day.at(0):
        makers.make_comment(cast.bob, post)
    with day.at(60):
        page = visit(cast.alice).get(URL)
    assert marked(page) == []
    assert link_to_new(page) is None
    assert "since your last visit" not in page


def test_what_others_wrote_meanwhile_is_marked_and_counted(post, cast, visit, day):
    with day.at(0):
        old = makers.make_comment(cast.bob, post)
        alice = visit(cast.alice)
        alice.get(URL)
    with day.at(10):
        reply = makers.make_comment(cast.bob, post, parent=old)
        makers.make_comment(cast.alice, post)
        branch = makers.make_comment(cast.mona, post)
    with day.at(60):
        page = alice.get(URL)
    assert marked(page) == [reply.id, branch.id]
    assert "Go to the 2 new comments" in page
    assert link_to_new(page) == f"#comment-{reply.id}"
    assert "2 new to you" in page


def test_the_line_stands_above_the_first_new_branch_and_says_since_when(post, cast, visit, day):
    with day.at(0):
        old = makers.make_comment(cast.bob, post)
        alice = visit(cast.alice)
        alice.get(URL)
    with day.at(10):
        makers.make_comment(cast.bob, post, parent=old)
        first, _second = makers.make_comment(cast.bob, post), makers.make_comment(cast.mona, post)
    with day.at(60):
        page, newest = alice.get(URL), alice.get(f"{URL}?order=newest")
    assert page.html.count("New since your last visit</strong>") == 1
    before, _line, after = page.html.partition('<li class="thread__since">')
    assert f'id="comment-{old.id}"' in before
    assert re.search(r'id="comment-(\d+)"', after)[1] == str(first.id)
    assert day.start.strftime("%Y-%m-%dT%H:%M:%SZ") in after.partition("</li>")[0]
    assert "thread__since" not in newest.html


def test_a_guests_page_and_another_readers_say_nothing_of_it(post, cast, visit, day):
    with day.at(0):
        alice, bob = visit(cast.alice), visit(cast.bob)
        alice.get(URL)
    with day.at(10):
        makers.make_comment(cast.mona, post)
    with day.at(60):
        before = visit().get(URL).html
        assert marked(alice.get(URL))
        assert marked(bob.get(URL)) == []
        after = visit().get(URL)
    assert after.html == before
    assert "new comment" not in after


def test_a_comment_that_readers_cannot_read_is_not_new_and_not_named(post, cast, visit, day):
    with day.at(0):
        alice = visit(cast.alice)
        alice.get(URL)
    with day.at(10):
        held, _case = makers.make_held(cast.nora, post)
        withdrawn = makers.make_comment(cast.bob, post)
        removed = makers.make_comment(cast.bob, post)
        answered = makers.make_comment(cast.bob, post)
        reply = makers.make_comment(cast.mona, post, parent=answered)
    with day.at(20):
        for gone in (withdrawn, answered):
            withdrawing.withdraw(gone)
        decisions.remove_public(removed, cast.mona, "spam", "")
        db.session.commit()
    with day.at(60):
        for person in (alice, visit(cast.mona)):
            page, news = person.get(URL), person.get(f"{URL}?order=new")
            for one in (page, news):
                assert f"comment-{held.id}" not in one.html
                assert f"/comments/{held.id}" not in one.html
                assert set(marked(one)) <= {reply.id}
        assert marked(alice.get(URL)) == [reply.id]
        assert "Go to the new comment" in alice.get(URL)
        assert alice.get(f"{URL}/new").location == f"/comments/{reply.id}"


def test_what_a_muted_person_wrote_is_not_new(post, cast, visit, day):
    with day.at(0):
        alice = visit(cast.alice)
        alice.get(URL)
        muting.mute(cast.mallory, cast.alice)
        db.session.commit()
    with day.at(10):
        makers.make_comment(cast.mallory, post)
    with day.at(60):
        page = alice.get(URL)
    assert marked(page) == []
    assert link_to_new(page) is None


def test_a_closed_branch_and_the_links_to_more_replies_say_how_many_are_new(post, cast, visit, day):
    with day.at(0):
        alice = visit(cast.alice)
        alice.get(URL)
        top = makers.make_comment(cast.bob, post)
        for _number in range(3):
            makers.make_comment(cast.bob, post, parent=top)
    with day.at(10):
        alice.get(URL)
    with day.at(20):
        for _number in range(2):
            makers.make_comment(cast.mona, post, parent=top)
    with day.at(60):
        page = alice.get(URL)
    assert "Show 5 replies, 2 new" in page
    assert "Show 2 more replies, 2 new" in page
    assert "new" not in re.findall(r'<span class="toggle__show">[^<]*', visit().get(URL).html)[0]


def test_the_way_to_the_first_new_comment_leads_to_whatever_page_it_is_on(post, cast, visit, day):
    with day.at(0):
        shape = [None, *[0] * 30, *[None] * 80]
        numbers = fill(post, shape, [cast.bob])
        alice = visit(cast.alice)
        alice.get(URL)
    with day.at(10):
        new = makers.make_comment(cast.mona, post)
    with day.at(60):
        page = alice.get(URL)
        assert marked(page) == []
        assert link_to_new(page) == f"/comments/{new.id}"
        place = alice.get(link_to_new(page)).location
        assert place.endswith(f"#comment-{new.id}")
        assert marked(alice.get(place.partition("#")[0])) == [new.id]
    assert new.id not in numbers


def test_the_number_is_read_out_once_a_visit(post, cast, visit, day):
    with day.at(0):
        alice = visit(cast.alice)
        alice.get(URL)
    with day.at(10):
        makers.make_comment(cast.bob, post)
    with day.at(60):
        words = said(alice.get(URL))
        assert words.startswith("1 new comment since your last visit, ")
        assert said(alice.get(URL)) == ""
    with day.at(80):
        page = alice.get(URL)
        assert said(page) == ""
        assert marked(page), "it stays marked for the whole visit"
    with day.at(120):
        assert said(alice.get(URL)) == "", "nothing is new any more"


def test_a_branch_page_belongs_to_the_same_visit(post, cast, visit, day):
    with day.at(0):
        top = makers.make_comment(cast.bob, post)
        alice = visit(cast.alice)
        alice.get(f"{URL}/branch/{top.id}")
    with day.at(10):
        reply = makers.make_comment(cast.bob, post, parent=top)
    with day.at(60):
        assert marked(alice.get(f"{URL}/branch/{top.id}")) == [reply.id]
        assert said(alice.get(URL)) == ""
    with day.at(85):
        # A fragment keeps the visit going.
        alice.get(f"{URL}?reply={reply.id}", headers={"X-Fragment": "composer"})
    with day.at(110):
        assert marked(alice.get(f"{URL}/branch/{reply.id}")) == [reply.id], "the head of a branch’s page is marked too"


@pytest.mark.parametrize("look", ["ahead", "head"])
def test_what_a_browser_fetches_ahead_is_not_read(look, post, cast, visit, day):
    alice = visit(cast.alice)
    with day.at(0):
        alice.get(URL)
    with day.at(40):
        if look == "ahead":
            alice.get(URL, headers={"Sec-Purpose": "prefetch;prerender"})
        else:
            alice.send(URL, method="HEAD")
    db.session.expire_all()
    assert db.session.get(ReadingPosition, (cast.alice.id, post.id)).seen_at == day.start


# Recording must never be in the way


@contextmanager
def somebody_writes(app, user, post) -> Iterator[None]:
    """Meanwhile another holds what the recording needs: on SQLite everything, on PostgreSQL the row."""
    with db.engine.connect() as other:
        if other.dialect.name == "sqlite":
            other.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            place = {"user": user.id, "post": post.id}
            other.execute(
                text("SELECT 1 FROM reading_positions WHERE user_id = :user AND post_id = :post FOR UPDATE"), place
            )
        yield
        other.rollback()


def test_a_busy_database_does_not_stop_anybody_reading(app, post, cast, visit, day):
    user = cast.alice
    assert user.id
    assert post.id
    alice = visit(user)
    with day.at(0):
        alice.get(URL)
    with day.at(10):
        makers.make_comment(cast.bob, post)
    with day.at(60):
        db.session.commit()
        with somebody_writes(app, user, post):
            page = alice.client.get(URL)
        assert page.status_code == 200
        assert 'class="new"' in page.get_data(as_text=True)
        db.session.expire_all()
        assert db.session.get(ReadingPosition, (user.id, post.id)).seen_at == day.start, "left for the next page"
        # The next page makes up for it, and SQLite has its patience back.
        assert len(marked(alice.get(URL))) == 1
        if db.engine.dialect.name == "sqlite":
            assert db.session.execute(text("PRAGMA busy_timeout")).scalar() == 10_000
    db.session.expire_all()
    assert db.session.get(ReadingPosition, (user.id, post.id)).since == day.start


# The work


def test_a_page_takes_the_same_queries_however_much_is_new(post, cast, visit, day, work):
    costs = []
    for size in (10, 10_000):
        one = makers.make_post(cast.arthur)
        alice = visit(cast.alice)
        long_ago = clock.now() - timedelta(days=100)
        db.session.add(ReadingPosition(user_id=cast.alice.id, post_id=one.id, since=None, seen_at=long_ago))
        fill(one, [None if place % 4 == 0 else place - 1 for place in range(size)], [cast.bob, cast.mona])
        work()
        for address in ("", "?order=new", "?order=newest"):
            alice.get(f"/posts/{one.slug}{address}")
            with counted_queries() as sent:
                page = alice.get(f"/posts/{one.slug}{address}")
            assert page.status == 200
            assert len(marked(page)) >= 10
            costs.append(len([one for one in sent if "FROM events" not in one]))
    assert costs[:3] == costs[3:]
    assert max(costs) <= 14
    assert "Go to the 500+ new comments" in page


def test_what_was_shown_while_the_page_was_open_is_not_new_again(post, cast, visit, day):
    alice = visit(cast.alice)
    with day.at(0):
        alice.get(URL)
    with day.at(20):
        shown = makers.make_comment(cast.bob, post)
    with day.at(21):
        assert alice.get(f"{URL}/live/comments?ids={shown.id}&new&shown").status == 200
    with day.at(25):
        later = makers.make_comment(cast.bob, post)
    with day.at(26):
        # Only asked about, to know whether there is anything to announce.
        assert alice.get(f"{URL}/live/comments?ids={later.id}&new").status == 200
    with day.at(90):
        assert marked(alice.get(URL)) == [later.id]
