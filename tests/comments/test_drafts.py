"""Words kept until their writer is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from forum.comments import drafts
from forum.comments.models import Draft
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Refused
from tests import makers


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur)


def keep(post, body="Kept.", **values):
    secret = drafts.keep(post, None, body, "en", **values)
    db.session.commit()
    return secret


def test_kept_words_are_found_by_their_secret_only(post):
    secret = keep(post)
    assert drafts.find(secret).body == "Kept."
    assert drafts.find(secret + "x") is None
    assert drafts.find("") is None
    assert db.session.scalar(select(Draft.secret_digest)) != secret


def test_words_can_be_claimed_once(post, cast):
    secret = keep(post)
    assert drafts.claim(secret, cast.alice).body == "Kept."
    assert drafts.claim(secret, cast.mallory) is None
    assert drafts.of(cast.alice, post.id).body == "Kept."
    assert drafts.of(cast.mallory, post.id) is None


def test_claiming_replaces_older_words_for_the_same_post(post, cast):
    other = makers.make_post(cast.arthur)
    keep(post, "Old.", user=cast.alice)
    keep(other, "Elsewhere.", user=cast.alice)
    drafts.claim(keep(post, "New."), cast.alice)
    db.session.commit()
    assert drafts.of(cast.alice, post.id).body == "New."
    assert drafts.of(cast.alice, other.id).body == "Elsewhere."


def test_words_are_forgotten_after_a_week(post, cast):
    secret = keep(post)
    keep(post, "Mine.", user=cast.alice)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert drafts.find(secret) is None
        assert drafts.of(cast.alice, post.id) is None
        assert drafts.waiting_for(cast.alice) is None
        drafts.forget_old()
        assert db.session.scalar(select(func.count(Draft.id))) == 0


def test_fresh_words_are_not_forgotten(post):
    keep(post)
    drafts.forget_old()
    assert db.session.scalar(select(func.count(Draft.id))) == 1


@pytest.mark.parametrize(("body", "words"), [("  ", "Write something"), ("x" * 100_001, "by 1 character")])
def test_words_that_cannot_be_kept_are_refused(body, words, post):
    with pytest.raises(Refused, match=words):
        drafts.keep(post, None, body, "en")


def test_words_too_long_to_post_are_kept_all_the_same(post):
    assert len(drafts.find(keep(post, "x" * 50_000)).body) == 50_000
