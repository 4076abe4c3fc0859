"""The picture beside a name: chosen on one's profile, seen wherever the name stands."""

from __future__ import annotations

import re
from io import BytesIO

import pytest

from forum.foundation.db import db
from tests import files, makers


def choose(visitor, content: bytes, **values):
    page = visitor.get("/account/profile")
    return visitor.submit(page, "/account/picture", picture=(BytesIO(content), "me.jpg"), **values)


def avatars(page) -> set[str]:
    return set(re.findall(r'<img class="avatar__picture" src="(/media/[^"]+?)(?:/small)?" alt=""', page.html))


def test_a_chosen_picture_is_seen_at_once_wherever_the_name_stands(cast, visit, post):
    makers.make_comment(cast.alice, post)
    guest, alice = visit(), visit(cast.alice)
    before = guest.get(f"/posts/{post.slug}")
    assert avatars(before) == set()
    page = choose(alice, files.jpeg(400, 300))
    assert "Saved." in page
    db.session.refresh(cast.alice)
    address = f"/media/{cast.alice.avatar}"
    assert avatars(page) == {address}
    for url in (f"/posts/{post.slug}", "/people/alice", "/"):
        assert avatars(guest.get(url)) == {address}, url
    tag = before.response.headers["ETag"]
    assert guest.get(f"/posts/{post.slug}", headers={"If-None-Match": tag}).status == 200
    assert guest.get(address).status == 200


def test_an_authors_picture_stands_beside_their_post(cast, visit, post):
    guest = visit()
    assert avatars(guest.get(f"/posts/{post.slug}")) == set()
    choose(visit(cast.arthur), files.png())
    db.session.refresh(cast.arthur)
    assert avatars(guest.get(f"/posts/{post.slug}")) == {f"/media/{cast.arthur.avatar}"}


def test_initials_come_back(cast, visit, post):
    makers.make_comment(cast.alice, post)
    alice = visit(cast.alice)
    assert "Use my initials" not in alice.get("/account/profile")
    page = choose(alice, files.png())
    assert "Use my initials" in page
    page = alice.submit(page, "/account/picture", intent="initials")
    assert avatars(page) == set()
    assert avatars(visit().get(f"/posts/{post.slug}")) == set()


def test_the_initials_stand_behind_the_picture(cast, visit):
    page = choose(visit(cast.alice), files.png())
    assert re.search(r'<span class="avatar[^>]*aria-hidden="true">AA\s*<img', page.html)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "Choose a picture first"), (files.SVG, "SVG drawings"), (bytes(8 * 1024 * 1024 + 1), "larger than 8 MB")],
    ids=["nothing", "drawing", "too large"],
)
def test_what_is_wrong_is_said_at_the_field(cast, visit, content, words):
    page = choose(visit(cast.alice), content, follow=False)
    assert page.status == 422
    assert words in page
    assert "<title>Error: " in page.html
    assert 'value="Alice Archer"' in page.html
    db.session.refresh(cast.alice)
    assert cast.alice.avatar is None


def test_nobody_chooses_for_another(cast, visit):
    guest = visit()
    fields = {"picture": (BytesIO(files.png()), "x.png"), "csrf_token": guest.token()}
    assert guest.send("/account/picture", fields).status == 303
    choose(visit(cast.bob), files.png())
    db.session.refresh(cast.alice)
    assert cast.alice.avatar is None


def test_saving_the_profile_keeps_the_picture(cast, visit):
    alice = visit(cast.alice)
    page = choose(alice, files.png())
    db.session.refresh(cast.alice)
    chosen = cast.alice.avatar
    alice.submit(page, "/account/profile", bio="On the road.")
    db.session.refresh(cast.alice)
    assert (cast.alice.avatar, cast.alice.bio) == (chosen, "On the road.")
