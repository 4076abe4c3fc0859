"""Sending pictures: how many, how large, and what is left when it cannot be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from forum.accounts.models import TRUSTED
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.media import bounds, names, permissions, remade, uploading
from forum.media.models import Upload
from forum.media.permissions import may_see, may_upload
from forum.media.storage import Folder, site_storage
from forum.text import pictures
from tests import files
from tests.cast import make_user


def send(by, content: bytes = b"", purpose: str = remade.PICTURE) -> Upload:
    upload = uploading.upload(by, content or files.png(), purpose)
    db.session.commit()
    return upload


def refusal_of(by, content: bytes) -> Refused:
    with pytest.raises(Refused) as refusal:
        uploading.upload(by, content, remade.PICTURE)
    return refusal.value


def test_a_picture_is_stored_whole_and_small_under_a_name_that_tells_its_size(app, cast):
    upload = send(cast.alice, files.jpeg(1000, 600))
    assert upload.name.endswith("-1000x600.jpg")
    assert pictures.named(upload.name).shown_size == (800, 480)
    assert (upload.kind, upload.width, upload.height) == ("image/jpeg", 1000, 600)
    whole, small = site_storage().get(upload.name), site_storage().get(names.small(upload.name))
    assert len(whole) == upload.size > len(small)
    assert upload.unused_since is not None


def test_the_name_of_an_animation_says_that_it_moves(app, cast):
    assert send(cast.alice, files.animation()).name.endswith("-60x40-moving.webp")


def test_no_two_names_are_alike(app, cast):
    made = {send(cast.alice, files.png()).name for _ in range(3)}
    assert len(made) == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choose a picture first"),
        (bytes(bounds.MOST_BYTES + 1), "larger than 8 MB"),
        (files.SVG, "SVG drawings"),
        (files.HTML, "no picture that we can show"),
        (files.png()[:60], "damaged or incomplete"),
        (files.bomb_png(50_000, 50_000), "more than 40 million pixels"),
        (files.bomb_gif(10_000, 10, 10), "too long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_said_at_the_field(app, cast, content, words):
    refusal = refusal_of(cast.alice, content)
    assert words in refusal.sentence
    assert refusal.field == "picture"
    assert list(site_storage().all()) == []
    assert db.session.scalar(select(func.count(Upload.id))) == 0


@pytest.mark.parametrize(
    ("who", "most"),
    [
        ({"trust": 0}, permissions.OF_A_NEWCOMER),
        ({"trust": 1}, permissions.OF_A_MEMBER),
        ({"trust": TRUSTED}, permissions.OF_THE_TRUSTED),
        ({"trust": 0, "is_moderator": True}, permissions.OF_THE_TRUSTED),
    ],
    ids=str,
)
def test_a_day_has_so_many_pictures_and_tomorrow_has_more(app, who, most):
    person = make_user("uma", **who)
    yesterday = [row_of(person, clock.now() - timedelta(hours=25)) for _ in range(most)]
    today = [row_of(person, clock.now() - timedelta(hours=23)) for _ in range(most - 1)]
    db.session.add_all([*yesterday, *today])
    db.session.commit()
    send(person)
    assert f"{most} pictures a day" in refusal_of(person, files.png()).sentence


def row_of(person, when) -> Upload:
    name = f"{names.secrets.token_hex(13)}.webp"
    return Upload(name=name, user_id=person.id, kind="image/webp", width=1, height=1, size=1, created_at=when)


def test_anothers_pictures_do_not_count(app, cast):
    db.session.add_all([row_of(cast.bob, clock.now()) for _ in range(permissions.OF_A_MEMBER)])
    db.session.commit()
    assert send(cast.alice).id


def test_a_full_disk_is_said_in_words_and_leaves_no_row(app, cast, monkeypatch):
    monkeypatch.setattr(Folder, "put", lambda *_args: (_ for _ in ()).throw(OSError("no space left")))
    assert "could not be stored" in refusal_of(cast.alice, files.png()).sentence
    assert db.session.scalar(select(func.count(Upload.id))) == 0


@pytest.mark.parametrize(
    ("who", "may"),
    [("alice", True), ("nora", True), ("mona", True), (None, False)],
)
def test_who_may_send_pictures(app, cast, who, may):
    assert bool(may_upload(getattr(cast, who) if who else None)) is may


def test_an_account_that_is_not_confirmed_sends_none(app):
    assert "Confirm your e-mail address" in may_upload(make_user("uma", confirmed_at=None)).reason


@pytest.mark.parametrize(
    ("who", "may"), [("alice", True), ("mona", True), ("ada", True), ("bob", False), (None, False)]
)
def test_who_sees_a_picture_that_nothing_public_shows(app, cast, who, may):
    upload = send(cast.alice)
    assert bool(may_see(getattr(cast, who) if who else None, upload)) is may
