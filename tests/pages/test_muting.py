"""Muting somebody: what the one sees, and that the other sees nothing."""

from __future__ import annotations

import re

import pytest

from forum.comments.models import Comment
from forum.foundation.db import db
from forum.marks import muting
from tests import makers
from tests.comments.crowds import fill
from tests.queries import counted_queries

URL = "/posts/slow-buses"
WORDS = "Nasty but allowed."


@pytest.fixture
def post(cast):
    return makers.make_post(cast.arthur, "Slow buses")


@pytest.fixture
def comment(cast, post):
    comment = makers.make_comment(cast.mallory, post, WORDS)
    makers.make_comment(cast.bob, post, "A kind answer.", parent=comment)
    return comment


@pytest.fixture
def alice(cast, visit, comment):
    muting.mute(cast.mallory, cast.alice)
    db.session.commit()
    return visit(cast.alice)


def plain(page) -> str:
    """A page without what differs from one request to the next."""
    html = re.sub(r'(nonce|name="(?:csrf_token|token|version)" value|data-token)="[^"]*"', "", page.html)
    return re.sub(r'value="[^"]*" name="csrf_token"', "", html)


def covered(page) -> bool:
    """Whether the words stand behind the line that opens them, or in the open."""
    assert WORDS in page
    return re.search(rf'<details class="muted">(?:(?!</details>).)*{WORDS}', page.html, re.S) is not None


def test_a_person_is_muted_and_unmuted_on_their_page(cast, visit, comment):
    alice = visit(cast.alice)
    page = alice.get("/people/mallory")
    page = alice.submit(page, "/people/mallory/mute")
    assert "Mallory Malice is muted. Nobody is told." in page
    assert "You have muted this person" in page
    page = alice.submit(page, "/people/mallory/unmute")
    assert "Mallory Malice is no longer muted." in page
    assert not muting.has_muted(cast.alice, cast.mallory)


def test_on_the_page_of_a_flag_muting_is_offered_too(cast, visit, comment):
    alice = visit(cast.alice)
    page = alice.submit(alice.get(f"/comments/{comment.id}/flag"), "/people/mallory/mute")
    assert "Mallory Malice is muted." in page
    assert page.url == f"/comments/{comment.id}/flag" or covered(page)


@pytest.mark.parametrize("address", [URL, f"{URL}?order=newest", f"{URL}?view=flat"])
def test_what_they_wrote_stands_behind_a_line_and_its_answers_in_the_open(address, alice, visit):
    page = alice.get(address)
    assert covered(page)
    assert "You muted the writer. Show this comment" in page
    assert not re.search(r'<details class="muted">(?:(?!</details>).)*A kind answer.', page.html, re.S)
    assert not covered(visit().get(address))


def test_on_the_page_of_a_branch_too(cast, alice, comment):
    reply = makers.make_comment(cast.mallory, comment.post, "And more.", parent=comment)
    page = alice.get(f"{URL}/branch/{comment.id}")
    assert covered(page), "the comment whose branch it is"
    assert re.search(r'<details class="muted">(?:(?!</details>).)*And more\.', page.html, re.S)
    assert reply.id


def test_a_line_in_place_of_a_comment_that_is_gone_says_what_it_says_to_all(cast, alice, post):
    makers.make_removed(cast.mallory, post, cast.mona)
    assert "A moderator removed this comment" in alice.get(URL)
    assert alice.get(URL).html.count('<details class="muted">') == 1


def test_others_pages_are_not_a_byte_larger(cast, visit, comment, post):
    people = [visit(cast.bob), visit(cast.mona), visit()]
    before = [plain(person.get(URL)) for person in people]
    muting.mute(cast.mallory, cast.alice)
    db.session.commit()
    assert [plain(person.get(URL)) for person in people] == before
    assert not any("muted" in html for html in before)


def test_a_moderator_reads_them_in_the_queue_all_the_same(cast, visit, comment):
    muting.mute(cast.mallory, cast.mona)
    muting.mute(cast.nora, cast.mona)
    db.session.commit()
    held, case = makers.make_held(cast.nora, comment.post, "Waiting words.")
    mona = visit(cast.mona)
    assert covered(mona.get(URL))
    for address in ("/moderation", f"/moderation/cases/{case.id}"):
        page = mona.get(address)
        assert "Waiting words." in page
        assert 'class="muted"' not in page.html
    assert held.id


def test_their_faces_leave_the_lists(cast, visit, comment, post):
    alice = visit(cast.alice)
    other = makers.make_post(cast.arthur, "Quick buses")
    makers.make_comment(cast.mallory, other)
    assert "Mallory" in alice.get("/")
    muting.mute(cast.mallory, cast.alice)
    db.session.commit()
    page = alice.get("/")
    assert "Mallory" not in page
    assert "Bob Barker" in page
    assert "Mallory" in visit().get("/")


def test_what_is_found_of_them_stands_behind_a_line(cast, alice, visit, work):
    work()
    page = alice.get("/search?q=nasty")
    assert "You muted the writer. Show this comment" in page
    assert "You muted" not in visit(cast.bob).get("/search?q=nasty")


# The muted person never learns of it


PLACES = [
    "/",
    URL,
    f"{URL}?order=newest",
    "/people/alice",
    "/people/mallory",
    "/account/comments",
    "/account/bookmarks",
    "/account/reading",
    "/account/profile",
    "/search?q=nasty",
    "/keyboard",
]


def test_no_page_of_theirs_differs(cast, visit, comment, post, work):
    makers.make_comment(cast.alice, post, "Alice was here.")
    work()
    mallory = visit(cast.mallory)
    mallory.get(URL)
    before = {address: plain(mallory.get(address)) for address in PLACES}
    assert {address: plain(mallory.get(address)) for address in PLACES} == before, "or this test says nothing"
    visit(cast.alice).post("/people/mallory/mute")
    assert muting.has_muted(cast.alice, cast.mallory)
    work()
    assert {address: plain(mallory.get(address)) for address in PLACES} == before


def test_nothing_they_do_is_answered_otherwise(cast, visit, comment, post):
    makers.make_comment(cast.alice, post, "Alice was here.")
    alices = db.session.query(Comment).filter_by(author_id=cast.alice.id).one()
    visit(cast.alice).post("/people/mallory/mute")
    mallory = visit(cast.mallory)
    answer = mallory.post(f"/comments/{alices.id}/like")
    assert (answer.status, answer.location) == (303, f"/comments/{alices.id}")
    answer = mallory.post(f"{URL}/comments", {"body": "Hello Alice.", "parent": str(alices.id), "intent": "post"})
    assert answer.status == 303
    assert "#comment-" in answer.location


# Refusals


def test_one_cannot_mute_oneself(cast, visit, comment):
    alice = visit(cast.alice)
    page = alice.post("/people/alice/mute")
    assert page.status == 403
    assert "You cannot mute yourself." in page
    assert "/people/alice/mute" not in alice.get("/people/alice").html


def test_nobody_is_muted_who_is_not_there(cast, visit):
    assert visit(cast.alice).post("/people/nobody-here/mute").status == 404


def test_a_guest_is_asked_to_sign_in(visit, comment):
    answer = visit().post("/people/mallory/mute")
    assert answer.status == 303
    assert "/sign-in" in answer.location
    assert "/mute" not in visit().get("/people/mallory").html


def test_a_form_without_its_token_mutes_nobody(cast, visit, comment):
    assert visit(cast.alice).send("/people/mallory/mute", {}).status == 400
    assert not muting.has_muted(cast.alice, cast.mallory)


def test_a_full_list_says_so(cast, visit, comment, monkeypatch):
    monkeypatch.setattr(muting, "MOST", 1)
    muting.mute(cast.bob, cast.alice)
    db.session.commit()
    page = visit(cast.alice).post("/people/mallory/mute")
    assert page.status == 400
    assert "You have muted 1 person, and that is the most." in page


def test_a_page_takes_the_same_queries_however_many_are_muted(cast, visit, post, work):
    fill(post, [None] * 60, [cast.bob, cast.mallory])
    costs = []
    for person in (None, cast.bob, cast.mallory, cast.nora):
        if person is not None:
            muting.mute(person, cast.alice)
        work()
        alice = visit(cast.alice)
        alice.get(URL)
        with counted_queries() as sent:
            alice.get(URL)
        costs.append(len([one for one in sent if "FROM events" not in one]))
    assert len(set(costs)) == 1
