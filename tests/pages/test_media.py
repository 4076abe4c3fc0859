"""A picture at its address: to whom it is shown, how it is guarded, and when it is gone."""

from __future__ import annotations

import pytest

from forum.comments import withdrawing
from forum.foundation.db import db
from forum.media import avatars, names
from forum.media.models import Upload
from forum.moderation import decisions
from forum.posts import writing
from tests import files, makers
from tests.apart import apart
from tests.media.test_uploading import send
from tests.queries import counted_queries

EVERYBODY = ("guest", "bob", "alice", "mona", "ada")
UPLOADER_AND_STAFF = ("alice", "mona", "ada")


@pytest.fixture
def picture(app, cast):
    return send(cast.alice, files.jpeg(900, 600))


def showing(upload: Upload) -> str:
    return f"![A bus](/media/{upload.name})"


@pytest.fixture
def seen_by(cast, visit, picture):
    """Who sees the picture, whole and small."""

    def look() -> set[str]:
        found = set()
        for who in EVERYBODY:
            visitor = visit(None if who == "guest" else getattr(cast, who))
            answers = {visitor.get(address).status for address in addresses(picture)}
            assert len(answers) == 1, "whole and small go together"
            if answers == {200}:
                found.add(who)
        return found

    return look


def addresses(upload: Upload) -> list[str]:
    return [f"/media/{upload.name}", f"/media/{upload.name}/small"]


# To whom


def test_nobody_else_sees_what_is_only_sent(seen_by):
    assert seen_by() == set(UPLOADER_AND_STAFF)


def test_all_see_the_picture_of_a_public_comment(cast, picture, seen_by):
    makers.make_comment(cast.alice, makers.make_post(cast.arthur), showing(picture))
    assert seen_by() == set(EVERYBODY)


def test_a_held_comments_picture_is_as_hidden_as_its_words(cast, picture, seen_by):
    cast.alice.trust = 0
    comment, case = makers.make_held(cast.alice, makers.make_post(cast.arthur), showing(picture))
    assert seen_by() == set(UPLOADER_AND_STAFF)
    decisions.approve(case, cast.mona, case.version)
    db.session.commit()
    assert comment.is_public
    assert seen_by() == set(EVERYBODY)


def test_an_author_who_may_decide_on_a_comment_sees_its_picture_until_it_is_decided(cast, picture, visit, seen_by):
    cast.alice.trust = 0
    post = makers.make_post(cast.arthur, authors_moderate=True)
    _comment, case = makers.make_held(cast.alice, post, showing(picture))
    arthur = visit(cast.arthur)
    assert {arthur.get(address).status for address in addresses(picture)} == {200}
    assert seen_by() == set(UPLOADER_AND_STAFF)
    decisions.reject(case, cast.mona, case.version, "unkind")
    db.session.commit()
    assert {arthur.get(address).status for address in addresses(picture)} == {404}


def test_a_rejected_comments_picture_stays_hidden(cast, picture, seen_by):
    cast.alice.trust = 0
    makers.make_rejected(cast.alice, makers.make_post(cast.arthur), cast.mona, showing(picture))
    assert seen_by() == set(UPLOADER_AND_STAFF)


def test_a_removed_comments_picture_is_gone_at_once(cast, picture, seen_by):
    comment = makers.make_comment(cast.alice, makers.make_post(cast.arthur), showing(picture))
    decisions.remove_public(comment, cast.mona, "unkind", "")
    db.session.commit()
    assert seen_by() == set(UPLOADER_AND_STAFF)


def test_a_withdrawn_comments_picture_is_gone_at_once(cast, picture, seen_by):
    comment = makers.make_comment(cast.alice, makers.make_post(cast.arthur), showing(picture))
    withdrawing.withdraw(comment)
    db.session.commit()
    assert seen_by() == set(UPLOADER_AND_STAFF)


def test_with_a_post_goes_what_stands_below_it(cast, picture, seen_by):
    post = makers.make_post(cast.arthur)
    makers.make_comment(cast.alice, post, showing(picture))
    writing.change(post, writing.PostText(post.title, post.body, is_published=False), post.version)
    db.session.commit()
    assert seen_by() == set(UPLOADER_AND_STAFF)


def test_a_drafts_picture_is_seen_when_the_draft_is_published(cast, picture, seen_by):
    post = makers.make_post(cast.alice, body=showing(picture), is_published=False)
    assert seen_by() == set(UPLOADER_AND_STAFF)
    writing.change(post, writing.PostText(post.title, post.body, is_published=True), post.version)
    db.session.commit()
    assert seen_by() == set(EVERYBODY)


def test_who_quotes_a_hidden_picture_does_not_open_it(cast, picture, seen_by):
    """Not even somebody who was told its name."""
    post = makers.make_post(cast.bob, body=showing(picture))
    makers.make_comment(cast.bob, post, f"> {showing(picture)}\n\nLook at this.")
    assert seen_by() == set(UPLOADER_AND_STAFF)


def test_a_quotation_shows_a_picture_as_long_as_its_own_comment_does(cast, picture, seen_by):
    post = makers.make_post(cast.arthur)
    comment = makers.make_comment(cast.alice, post, showing(picture))
    makers.make_comment(cast.bob, post, f"> {showing(picture)}\n\nIndeed.")
    assert seen_by() == set(EVERYBODY)
    decisions.remove_public(comment, cast.mona, "unkind", "")
    db.session.commit()
    assert seen_by() == set(UPLOADER_AND_STAFF)


def test_all_see_an_avatar_until_it_is_taken_away(cast, visit):
    avatars.change(cast.alice, files.png())
    db.session.commit()
    address = f"/media/{cast.alice.avatar}"
    assert visit().get(address).status == 200
    avatars.remove(cast.alice)
    db.session.commit()
    assert visit().get(address).status == 404
    assert visit(cast.alice).get(address).status == 200


# How


def test_what_is_served_is_a_picture_and_can_be_nothing_else(cast, visit, picture):
    makers.make_comment(cast.alice, makers.make_post(cast.arthur), showing(picture))
    for who in (None, cast.alice):
        for address, file in zip(addresses(picture), (picture.name, names.small(picture.name)), strict=True):
            headers = visit(who).get(address).response.headers
            assert headers["Content-Type"] == "image/jpeg"
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
            assert headers["Content-Disposition"] == f'inline; filename="{file}"'
            assert headers["Cache-Control"] == "public, max-age=300"
            assert "Set-Cookie" not in headers


def test_what_not_everybody_sees_is_kept_by_nobody(cast, visit, picture):
    headers = visit(cast.alice).get(f"/media/{picture.name}").response.headers
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_small_one_is_smaller(cast, visit, picture):
    whole, small = (visit(cast.alice).get(address).response.data for address in addresses(picture))
    assert len(small) < len(whole) == picture.size


def test_an_unchanged_picture_is_not_sent_again_but_asked_for_again(cast, visit, picture):
    comment = makers.make_comment(cast.alice, makers.make_post(cast.arthur), showing(picture))
    guest = visit()
    for address in addresses(picture):
        tag = guest.get(address).response.headers["ETag"]
        again = guest.get(address, headers={"If-None-Match": tag})
        assert (again.status, again.response.data) == (304, b"")
        assert again.response.headers["Cache-Control"] == "public, max-age=300"
        assert guest.get(address, headers={"If-None-Match": '"another"'}).status == 200
    withdrawing.withdraw(comment)
    db.session.commit()
    assert guest.get(address, headers={"If-None-Match": tag}).status == 404


def test_the_head_alone_can_be_asked_for(cast, visit, picture):
    alice = visit(cast.alice)
    page = alice.send(f"/media/{picture.name}", method="HEAD")
    assert (page.status, page.response.data) == (200, b"")
    assert page.response.headers["Content-Length"] == str(picture.size)
    assert visit().send(f"/media/{picture.name}", method="HEAD").status == 404


@pytest.mark.parametrize("who", [None, "bob"])
def test_a_public_picture_costs_one_query(cast, visit, picture, who):
    makers.make_comment(cast.alice, makers.make_post(cast.arthur), showing(picture))
    visitor, address = visit(getattr(cast, who) if who else None), addresses(picture)[1]
    with counted_queries() as sent:
        assert apart(visitor.client.get, address).status_code == 200
    assert len(sent) == 1, sent


def test_a_file_that_is_lost_is_said_not_to_be_there(cast, visit, picture):
    picture.name = f"aaaa{picture.name[4:]}"
    db.session.commit()
    assert visit(cast.alice).get(f"/media/{picture.name}").status == 404


@pytest.mark.parametrize(
    "name",
    [
        "abcdefghijkmnpqrstuvwxyz23-60x40.webp",
        "..%2f..%2fsecret",
        "%2e%2e%2fsecret",
        "..",
        "....//secret",
        "secret",
        "forum.db",
        "abcdefghijkmnpqrstuvwxyz23-60x40.html",
        "abcdefghijkmnpqrstuvwxyz23-60x40.svg",
        "abcdefghijkmnpqrstuvwxyz23-60x40-small.webp",
        "abcdefghijkmnpqrstuvwxyz23-60x40.webp%00.html",
        "ABCDEFGHIJKMNPQRSTUVWXYZ23-60x40.webp",
        "a" * 500,
        "http:%2f%2fevil.example%2fx.webp",
    ],
)
def test_there_is_nothing_at_other_addresses(cast, visit, name):
    for who in (None, cast.ada):
        for address in (f"/media/{name}", f"/media/{name}/small"):
            assert visit(who).get(address).status in (400, 404), address


def test_a_hidden_picture_is_not_told_from_none(cast, visit, picture):
    hidden = visit().get(f"/media/{picture.name}").response
    none = visit().get(f"/media/{'a' * 26}-60x40.webp").response
    assert (hidden.status_code, hidden.data) == (none.status_code, none.data)
    told = [{name: value for name, value in answer.headers if name != "Server-Timing"} for answer in (hidden, none)]
    assert told[0] == told[1]
    assert hidden.mimetype == "text/plain"


@pytest.mark.parametrize("name", files.polyglots())
def test_nothing_that_was_smuggled_along_is_ever_served(cast, visit, name):
    upload = send(cast.alice, files.polyglots()[name])
    for address in addresses(upload):
        page = visit(cast.alice).get(address)
        assert page.response.mimetype in ("image/jpeg", "image/webp")
        for words in (b"<script", b"<html", b"PK\x03\x04", b"<?php"):
            assert words not in page.response.data
