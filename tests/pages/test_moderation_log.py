"""The public moderation log: its page, an entry's page and its feed."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from forum.comments.models import Comment
from forum.foundation.db import db
from forum.moderation import cases, decisions, openness, queries, undoing
from forum.moderation.actions import FLAGGED
from forum.moderation.openness import Filters
from tests import makers
from tests.queries import counted_queries

ATOM = "{http://www.w3.org/2005/Atom}"
SECRET = "Zanzibar"


@pytest.fixture
def removed(app, cast, post) -> Comment:
    return makers.make_removed(cast.alice, post, cast.mona, f"{SECRET} words.")


@pytest.fixture
def rejected(app, cast, post) -> Comment:
    return makers.make_rejected(cast.nora, post, cast.mona, f"{SECRET} words.", message=f"{SECRET} message")


def entry_of(comment) -> str:
    (decision,) = openness.entries(Filters())[0]
    return f"/moderation-log/{decision.id}"


def test_everybody_reads_what_was_decided_and_why(removed, post, visit):
    page = visit().get("/moderation-log")
    assert "Removed" in page
    assert "Unkind to a person (house rule 2)" in page
    assert post.title in page
    assert "A moderator" in page


def test_the_line_in_place_of_a_comment_leads_to_its_entry_and_that_leads_back(removed, post, visit):
    guest = visit()
    thread = guest.get(f"/posts/{post.slug}")
    assert f'href="{entry_of(removed)}"' in thread.html
    entry = guest.get(entry_of(removed))
    assert "Removed" in entry
    assert f'href="/comments/{removed.id}"' in entry.html


def test_each_entry_can_be_linked_to_in_the_list_too(removed, visit):
    assert f'id="entry-{entry_of(removed).rpartition("/")[2]}"' in visit().get("/moderation-log").html


@pytest.mark.parametrize("address", ["/moderation-log", "/moderation-log.atom"])
@pytest.mark.parametrize("who", [None, "alice", "nora"])
def test_neither_page_nor_feed_has_words_or_names(address, who, removed, rejected, cast, visit):
    page = visit(getattr(cast, who) if who else None).get(address)
    for secret in (SECRET, "Nora New", "Mona", "mona", f"/comments/{rejected.id}"):
        # Members find their own name in the masthead.
        assert (who == "nora" and secret == "Nora New") or secret not in page.html
    assert "Rejected" in page


def test_the_log_names_who_decided_where_the_site_says_so(app, removed, visit, monkeypatch):
    settings = app.config["FORUM"]
    monkeypatch.setitem(app.config, "FORUM", settings.__class__(**(vars(settings) | {"log_names": True})))
    assert "Mona Mild" in visit().get("/moderation-log")


@pytest.mark.parametrize("address", ["/moderation-log", "/moderation-log.atom", "/transparency", "/transparency.json"])
def test_a_guests_page_sets_no_cookie_and_an_unchanged_one_is_not_sent_again(address, removed, visit):
    guest = visit()
    first = guest.get(address)
    assert "Set-Cookie" not in first.response.headers
    assert "csrf_token" not in first.html
    again = guest.get(address, headers={"If-None-Match": first.response.headers["ETag"]})
    assert again.status == 304


def test_a_decision_is_seen_at_once(app, cast, post, visit):
    guest = visit()
    assert "No decisions here." in guest.get("/moderation-log")
    comment = makers.make_removed(cast.alice, post, cast.mona)
    assert "Removed" in guest.get("/moderation-log")
    undoing.undo(queries.decisions_on([comment.id])[comment.id][-1], cast.mona)
    db.session.commit()
    page = guest.get("/moderation-log")
    assert "undone" in page
    assert f"/comments/{comment.id}" not in page.html


def test_the_filters_are_a_form_that_finds_and_keeps_what_was_chosen(removed, rejected, visit):
    guest = visit()
    page = guest.get("/moderation-log?action=reject&rule=unkind")
    assert "Rejected" in page
    assert page.html.count('id="entry-') == 1
    assert '<option value="reject" selected>' in page.html
    assert "/moderation-log.atom?action=reject&amp;rule=unkind" in page.html
    assert "No decisions here." in guest.get("/moderation-log?action=remove&rule=spam")


@pytest.mark.parametrize("query", ["month=2026-13", "month=x", "month=0-1", "rule=%3Cscript%3E", "discussion=..%2F"])
def test_nonsense_is_no_error(query, removed, visit):
    page = visit().get(f"/moderation-log?{query}")
    assert page.status == 200
    assert "<script>" not in page.html
    assert visit().get(f"/moderation-log.atom?{query}").status == 200


def test_a_damaged_place_in_the_list_is_refused(removed, visit):
    assert visit().get("/moderation-log?after=xyz").status == 400


def test_older_decisions_are_a_page_away_and_keep_the_filter(app, cast, post, visit):
    for _number in range(openness.PAGE + 2):
        makers.make_removed(cast.alice, post, cast.mona)
    makers.make_removed(cast.alice, post, cast.mona, reason="spam")
    guest = visit()
    first = guest.get("/moderation-log?rule=unkind")
    older = first.html.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "rule=unkind" in older
    second = guest.get(older)
    assert second.html.count('id="entry-') == 2


@pytest.mark.parametrize("number", [0, 99_999, 2**31 - 1, 2**40])
def test_there_is_no_entry_for_what_was_not_decided(number, removed, visit):
    assert visit().get(f"/moderation-log/{number}").status == 404


def test_an_approval_has_no_page(app, cast, post, visit):
    _comment, case = makers.make_held(cast.nora, post)
    decision = decisions.approve(case, cast.mona, case.version)
    db.session.commit()
    assert visit().get(f"/moderation-log/{decision.id}").status == 404


def test_the_feed_is_valid_atom(removed, rejected, post, visit):
    post.title = "Buses & <trams>"
    db.session.commit()
    page = visit().get("/moderation-log.atom")
    assert page.response.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(page.html)
    assert feed.tag == f"{ATOM}feed"
    for part in ("id", "title", "updated", "author"):
        assert feed.find(ATOM + part) is not None
    found = feed.findall(f"{ATOM}entry")
    assert len(found) == 2
    for entry in found:
        for part in ("id", "title", "updated", "link", "summary"):
            assert entry.find(ATOM + part) is not None, part
        assert entry.find(f"{ATOM}summary").text == "Buses & <trams>"
    assert len({entry.find(f"{ATOM}id").text for entry in found}) == 2


def test_the_feed_has_the_same_filters(removed, rejected, visit):
    feed = ElementTree.fromstring(visit().get("/moderation-log.atom?action=reject").html)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}title").text.startswith("Rejected")
    assert feed.find(f"{ATOM}id").text.endswith("/moderation-log.atom?action=reject")


def test_an_empty_feed_is_valid_too(app, visit):
    feed = ElementTree.fromstring(visit().get("/moderation-log.atom").html)
    assert feed.find(f"{ATOM}updated") is not None


def test_the_page_costs_the_same_however_long_the_log_is(app, cast, post, visit):
    alice = visit(cast.alice)
    makers.make_removed(cast.alice, post, cast.mona)
    alice.get("/moderation-log")
    with counted_queries() as few:
        alice.get("/moderation-log")
    for _number in range(12):
        comment = makers.make_comment(cast.alice, post)
        case = cases.open_for(comment, FLAGGED)
        decisions.remove(case, cast.mona, case.version, "unkind")
        db.session.commit()
    alice.get("/moderation-log")
    with counted_queries() as many:
        alice.get("/moderation-log")
    assert len(many) <= len(few)
