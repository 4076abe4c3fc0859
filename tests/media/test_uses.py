"""Which places show which pictures, and since when none does."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from forum.foundation.db import db
from forum.media import uses
from forum.media.models import COMMENT, POST, Upload, UploadUse
from tests.media.test_uploading import send


@pytest.fixture
def two(app, cast):
    return [send(cast.alice), send(cast.alice)]


def places() -> set[tuple[int, str, int]]:
    rows = db.session.execute(select(UploadUse.upload_id, UploadUse.kind, UploadUse.ref_id))
    return {tuple(row) for row in rows}


def is_unused(upload: Upload) -> bool:
    db.session.refresh(upload)
    return upload.unused_since is not None


def record(kind, number, uploads, by) -> None:
    uses.record(kind, number, {upload.name for upload in uploads}, [by.id])
    db.session.commit()


def test_a_place_shows_what_was_recorded_last(two, cast):
    first, second = two
    record(COMMENT, 7, [first], cast.alice)
    assert places() == {(first.id, COMMENT, 7)}
    record(COMMENT, 7, two, cast.alice)
    record(COMMENT, 7, two, cast.alice)
    assert places() == {(first.id, COMMENT, 7), (second.id, COMMENT, 7)}
    record(COMMENT, 7, [second], cast.alice)
    assert places() == {(second.id, COMMENT, 7)}
    assert is_unused(first)
    assert not is_unused(second)


def test_a_picture_in_two_places_is_used_until_both_let_it_go(two, cast):
    first, _second = two
    record(COMMENT, 7, [first], cast.alice)
    record(POST, 7, [first], cast.alice)
    record(COMMENT, 7, [], cast.alice)
    assert not is_unused(first)
    record(POST, 7, [], cast.alice)
    assert is_unused(first)


def test_anothers_picture_does_not_count(two, cast):
    record(COMMENT, 7, two, cast.bob)
    assert places() == set()
    assert all(is_unused(upload) for upload in two)


def test_what_was_there_stays_whoever_saves_again(two, cast):
    record(POST, 7, two, cast.alice)
    record(POST, 7, two[:1], cast.bob)
    assert places() == {(two[0].id, POST, 7)}


def test_a_name_that_nobody_has_is_passed_over(app, cast):
    uses.record(COMMENT, 7, {"abcdefghijkmnpqrstuvwxyz23-60x40.webp"}, [cast.alice.id])
    assert places() == set()
