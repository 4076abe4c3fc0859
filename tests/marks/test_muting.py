"""Muting: private, bounded, and for anybody but oneself."""

from __future__ import annotations

import pytest

from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.marks import muting
from forum.marks.models import Mute
from forum.marks.permissions import may_mute


def names(user) -> list[str]:
    db.session.commit()
    return [person.username for person in muting.muted_by(user)]


def test_a_person_is_muted_once_however_often_it_is_pressed(cast):
    muting.mute(cast.mallory, cast.alice)
    muting.mute(cast.mallory, cast.alice)
    assert names(cast.alice) == ["mallory"]
    assert names(cast.mallory) == []


def test_the_newest_stands_first_and_can_be_read_again(cast):
    for person in (cast.mallory, cast.bob):
        muting.mute(person, cast.alice)
        db.session.commit()
    assert names(cast.alice) == ["bob", "mallory"]
    muting.unmute(cast.bob, cast.alice)
    muting.unmute(cast.bob, cast.alice)
    assert names(cast.alice) == ["mallory"]
    assert muting.has_muted(cast.alice, cast.mallory)
    assert not muting.has_muted(cast.mallory, cast.alice)


def test_who_may_mute_whom(cast):
    assert may_mute(cast.alice, cast.bob)
    assert may_mute(cast.alice, cast.mona), "a moderator’s own comments too"
    assert may_mute(cast.mona, cast.alice)
    assert "yourself" in may_mute(cast.alice, cast.alice).reason
    assert "Sign in" in may_mute(None, cast.alice).reason


def test_a_full_list_takes_nobody_more(cast, monkeypatch):
    monkeypatch.setattr(muting, "MOST", 2)
    muting.mute(cast.bob, cast.alice)
    muting.mute(cast.mallory, cast.alice)
    with pytest.raises(Refused, match="You have muted 2 people"):
        muting.mute(cast.nora, cast.alice)
    muting.unmute(cast.bob, cast.alice)
    muting.mute(cast.nora, cast.alice)
    assert names(cast.alice) == ["nora", "mallory"]


def test_an_account_that_goes_takes_its_mutes_along(cast):
    muting.mute(cast.mallory, cast.alice)
    muting.mute(cast.alice, cast.bob)
    db.session.commit()
    db.session.delete(cast.alice)
    db.session.commit()
    assert db.session.query(Mute).all() == []
