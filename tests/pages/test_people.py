"""A person's page and feed, and what only they see of themselves."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import timedelta

import pytest

from forum.foundation import clock
from forum.foundation.db import db
from tests.cast import make_user
from tests.makers import make_comment, make_held, make_post, make_rejected, make_removed, make_withdrawn

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def post(cast):
    return make_post(cast.arthur, "Buses")


def test_a_person_has_a_page_with_what_they_said_in_public(cast, visit, post):
    make_comment(cast.alice, post, "The 42 comes late.")
    page = visit().get("/people/alice")
    assert "Alice Archer" in page
    assert "The 42 comes late." in page
    assert page.response.headers.get("Set-Cookie") is None


@pytest.mark.parametrize("url", ["/people/{}", "/people/{}/comments.atom"])
def test_nothing_that_is_not_public_shows(cast, visit, post, url):
    make_held(cast.nora, post, "A held quokka.")
    make_removed(cast.alice, post, cast.mona, "A removed quokka.")
    make_withdrawn(cast.alice, post, "A withdrawn quokka.")
    draft = make_post(cast.arthur, "Trams", is_published=True)
    make_comment(cast.alice, draft, "A quokka below a draft.")
    draft.state = "draft"
    db.session.commit()
    for person in ("alice", "nora"):
        for viewer in (None, cast.bob, cast.mona):
            assert "quokka" not in visit(viewer).get(url.format(person)).html


def test_an_authors_page_names_their_posts(cast, visit, post):
    assert "Buses" in visit().get("/people/arthur")


@pytest.mark.parametrize("name", ["nobody", "a1ice", "alicе", "x" * 300])
def test_nobody_is_at_another_address_not_even_a_look_alike(cast, visit, name):
    assert cast.alice.id
    assert visit().get(f"/people/{name}").status == 404


def test_an_account_that_is_not_confirmed_has_no_page(visit, app):
    make_user("uma", confirmed_at=None)
    assert visit().get("/people/uma").status == 404


def test_the_comments_are_paged_without_gap_or_double(cast, visit, post):
    made = [make_comment(cast.alice, post, f"Say number {number}.") for number in range(65)]
    seen, url, guest = [], "/people/alice", visit()
    while url:
        page = guest.get(url)
        seen += [number for number in range(65) if f"Say number {number}." in page]
        at = page.html.find('rel="next"')
        url = page.html[:at].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&") if at > 0 else ""
    assert sorted(seen) == list(range(65))
    assert len(seen) == len(made)


def test_the_feed_is_atom_with_the_words_escaped_once(cast, visit, post):
    make_comment(cast.alice, post, "Late & <slow> *again*")
    page = visit().get("/people/alice/comments.atom")
    feed = ElementTree.fromstring(page.html)
    entry = feed.find(f"{ATOM}entry")
    assert page.response.mimetype == "application/atom+xml"
    assert entry.find(f"{ATOM}title").text == "Buses"
    assert entry.find(f"{ATOM}content").text.strip() == "<p>Late &amp; &lt;slow&gt; <em>again</em></p>"
    assert entry.find(f"{ATOM}id").text.startswith("http://localhost:8000/comments/")


def test_every_comment_of_mine_says_where_it_is_and_why(cast, visit, post):
    make_comment(cast.alice, post, "A public one.")
    make_removed(cast.alice, post, cast.mona, "A removed one.", reason="personal")
    make_withdrawn(cast.alice, post, "A withdrawn one.")
    page = visit(cast.alice).get("/account/comments")
    for words in ("Public", "Removed", "Personal information (house rule 4)", "Withdrawn by you", "A removed one."):
        assert words in page
    held, _case = make_held(cast.nora, post, "A held one.")
    nora = visit(cast.nora).get("/account/comments")
    assert "Waiting for a moderator" in nora
    assert "It is your first comment here" in nora
    assert f"/comments/{held.id}/edit" in nora.html


def test_a_rejected_comment_shows_the_moderators_words_and_the_way_back(cast, visit, post):
    comment = make_rejected(cast.nora, post, cast.mona, "Rude words.", message="Say it kindly.")
    page = visit(cast.nora).get("/account/comments")
    assert "Not published" in page
    assert "Say it kindly." in page
    assert f"/comments/{comment.id}/edit" in page.html


def test_an_old_comment_offers_no_edit(cast, visit, post):
    comment = make_comment(cast.alice, post)
    comment.published_at = comment.created_at = clock.now() - timedelta(days=3)
    db.session.commit()
    page = visit(cast.alice).get("/account/comments")
    assert f"/comments/{comment.id}/edit" not in page.html
    assert f"/comments/{comment.id}/withdraw" in page.html


def test_only_my_own_comments_are_there(cast, visit, post):
    make_comment(cast.bob, post, "Words of Bob.")
    assert "Words of Bob." not in visit(cast.alice).get("/account/comments")


def test_a_changed_profile_shows_everywhere_at_once(cast, visit, post):
    make_comment(cast.alice, post)
    guest = visit()
    assert "Alice Archer" in guest.get("/posts/buses")
    alice = visit(cast.alice)
    page = alice.submit(
        alice.get("/account/profile"),
        "/account/profile",
        name="Alice Ashdown",
        role="Driver",
        organisation="Buses",
        bio="On the road.",
    )
    assert "Saved." in page
    assert "Alice Ashdown" in guest.get("/posts/buses")
    assert "Driver, Buses" in guest.get("/posts/buses")
    assert "On the road." in guest.get("/people/alice")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "1", "at least 2 letters"),
        ("role", "x" * 121, "by 1 character"),
        ("bio", "x" * 1_003, "by 3 characters"),
    ],
)
def test_a_profile_that_cannot_be_is_refused_at_its_field_and_kept(cast, visit, field, value, words):
    alice = visit(cast.alice)
    page = alice.submit(alice.get("/account/profile"), "/account/profile", follow=False, **{field: value})
    assert page.status == 422
    assert words in page
    assert value in page.html
