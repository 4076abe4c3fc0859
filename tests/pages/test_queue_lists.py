"""Filters and orders of the queue, its pages, what changes meanwhile, and how the work goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from forum.events.log import EventRow
from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation import flagging
from forum.moderation.models import Case
from tests import makers
from tests.moderation import long_queues


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur, "Slow buses")


@pytest.fixture
def mixed(post, cast):
    """Three that wait: one in another discussion, one in Welsh, one for hours."""
    other = makers.make_post(cast.arthur, "Quick trains")
    makers.make_held(cast.nora, other, "About trains.")
    comment = makers.make_comment(cast.nora, post, "Yn Gymraeg.", lang="cy")
    _old, case = makers.make_held(cast.nora, post, "An old one http://a.org http://b.org http://c.org http://d.org")
    db.session.execute(update(Case).where(Case.id == case.id).values(opened_at=clock.now() - timedelta(hours=30)))
    db.session.commit()
    assert comment.lang == "cy"
    return other


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"About trains.", "Yn Gymraeg.", "An old one"}),
        ("post=2", {"About trains."}),
        ("lang=cy", {"Yn Gymraeg."}),
        ("hours=24", {"An old one"}),
        ("reason=links", {"An old one"}),
        ("reason=links&lang=cy", set()),
        ("author=nora", {"About trains.", "Yn Gymraeg.", "An old one"}),
        ("author=%40Nora", {"About trains.", "Yn Gymraeg.", "An old one"}),
        ("author=alice", set()),
        ("mine=1", set()),
        ("post=x&hours=-1&lang=zz&order=no&shown=-4", {"About trains.", "Yn Gymraeg.", "An old one"}),
    ],
)
def test_the_list_is_filtered(query, shown, mixed, cast, visit):
    page = visit(cast.mona).get(f"/moderation?{query}")
    assert page.status == 200
    found = {words for words in ("About trains.", "Yn Gymraeg.", "An old one") if words in page}
    assert found == shown
    if not shown:
        assert "Nothing that waits fits these filters." in page


def test_filters_stay_while_cases_are_decided(mixed, cast, visit):
    mona = visit(cast.mona)
    makers.make_held(cast.nora, mixed, "More about trains.")
    page = mona.follow(mona.get("/moderation?post=2&order=priority"))
    case = db.session.scalar(select(Case.id).order_by(Case.id).limit(1))
    address = f"/moderation/cases/{case}?post=2&amp;order=priority"
    assert address in page.html
    answer = mona.submit(mona.get(address.replace("&amp;", "&")), "/approve", follow=False)
    assert "post=2" in answer.location
    assert "order=priority" in answer.location
    assert "More about trains." in mona.follow(answer)


def test_the_most_urgent_come_first_where_that_is_asked(post, cast, visit):
    for words, flags in (("One flag.", [cast.bob]), ("Two flags.", [cast.bob, cast.arthur])):
        comment = makers.make_comment(cast.alice, post, words)
        for person in flags:
            flagging.flag(comment, person, "unkind", "")
    db.session.commit()
    mona = visit(cast.mona)
    page = mona.get("/moderation?tab=flagged")
    assert page.html.index("One flag.") < page.html.index("Two flags.")
    page = mona.get("/moderation?tab=flagged&order=priority")
    assert page.html.index("Two flags.") < page.html.index("One flag.")


def test_a_long_list_is_shown_in_parts(post, cast, visit):
    long_queues.fill_queue(post, cast.nora, 30)
    mona = visit(cast.mona)
    page = mona.get("/moderation")
    assert "25 of 30 shown. Show the rest" in page
    page = mona.get("/moderation?shown=30")
    assert page.html.count('class="queue-row"') == 30
    assert "shown." not in page


def test_what_colleagues_do_meanwhile_is_told(post, cast, visit):
    cases = [makers.make_held(cast.nora, post, f"Held {n}.")[1] for n in range(3)]
    mona, max_ = visit(cast.mona), visit(cast.max)
    mona.get(f"/moderation/cases/{cases[0].id}")
    after = db.session.scalar(select(func.max(EventRow.id)))
    address = f"/moderation/news?after={after}&current={cases[0].id}"
    assert mona.get(address).status == 204

    max_.get(f"/moderation/cases/{cases[1].id}")
    told = mona.get(address)
    assert "Claimed by Max Moss" in told
    assert f'id="case-{cases[1].id}"' in told.html
    assert f'id="case-{cases[2].id}"' not in told.html

    max_.submit(max_.get(f"/moderation/cases/{cases[0].id}"), "/reject", reason="spam")
    told = mona.get(address)
    assert "Rejected by Max Moss" in told
    assert "data-closed" in told.html


def test_news_of_another_day_asks_to_load_the_page_again(post, cast, visit):
    makers.make_held(cast.nora, post)
    mona = visit(cast.mona)
    assert mona.get("/moderation/news?after=4711000").status == 205
    assert mona.get("/moderation/news?after=nonsense&current=nonsense").status == 200


@pytest.mark.parametrize("address", ["/moderation/news", "/moderation/workload", "/moderation"])
@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("arthur", 403), (None, 303)])
def test_only_moderators(address, who, status, app, cast, visit):
    assert visit(getattr(cast, who) if who else None).get(address).status == status


def test_the_workload_says_what_waits_and_who_decided_how_fast(post, cast, visit):
    now = clock.now()
    with time_machine.travel(now - timedelta(hours=2), tick=False):
        cases = [makers.make_held(cast.nora, post, f"Held {n}.")[1] for n in range(3)]
    with time_machine.travel(now, tick=False):
        mona = visit(cast.mona)
        for case in cases[:2]:
            mona.submit(mona.get(f"/moderation/cases/{case.id}"), "/reject", reason="spam")
        page = mona.get("/moderation/workload")
        assert "Less than 4 hours" in page
        assert "2 decisions. Half came within 2 h 00 min of the case" in page
        assert "Mona Mild 2 2 h 00 min" in page
        mona.submit(mona.get("/moderation?tab=decisions"), "/undo")
        assert "Mona Mild 1 2 h 00 min" in mona.get("/moderation/workload?days=1")


def test_whoever_has_caught_up_reads_how_it_went(post, cast, visit):
    _comment, case = makers.make_held(cast.nora, post)
    mona = visit(cast.mona)
    mona.submit(mona.get(f"/moderation/cases/{case.id}"), "/approve")
    page = mona.get("/moderation")
    assert "All caught up" in page
    assert "In the last 24 hours 1 decision was made" in page
