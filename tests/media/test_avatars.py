"""The picture beside a name."""

from __future__ import annotations

import pytest

from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.media import avatars
from forum.media.models import AVATAR, Upload
from tests import files
from tests.media.test_uses import is_unused, places


def test_an_avatar_is_used_and_the_one_before_is_let_go(app, cast):
    avatars.change(cast.alice, files.jpeg(300, 200))
    db.session.commit()
    first = db.session.query(Upload).one()
    assert first.name == cast.alice.avatar
    assert (first.width, first.height) == (192, 192)
    assert places() == {(first.id, AVATAR, cast.alice.id)}
    avatars.change(cast.alice, files.png())
    db.session.commit()
    assert cast.alice.avatar != first.name
    assert is_unused(first)
    avatars.remove(cast.alice)
    db.session.commit()
    assert cast.alice.avatar is None
    assert places() == set()


def test_a_file_that_is_none_leaves_the_picture_that_was_there(app, cast):
    avatars.change(cast.alice, files.png())
    db.session.commit()
    before = cast.alice.avatar
    with pytest.raises(Refused):
        avatars.change(cast.alice, files.HTML)
    db.session.rollback()
    assert cast.alice.avatar == before
