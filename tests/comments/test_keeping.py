"""Words kept until their writer is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from forum.comments import drafts, keeping
from forum.comments.drafts import Typed
from forum.comments.models import Draft
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Refused
from tests import makers


def keep(post, body="Kept.", parent=None):
    secret = keeping.keep(post, parent, body, "en")
    db.session.commit()
    return secret


def test_kept_words_are_found_by_their_secret_only(post):
    secret = keep(post)
    assert keeping.find(secret).body == "Kept."
    assert keeping.find(secret + "x") is None
    assert keeping.find("") is None
    assert db.session.scalar(select(Draft.secret_digest)) != secret


def test_words_can_be_claimed_once(post, cast):
    secret = keep(post)
    assert keeping.claim(secret, cast.alice).body == "Kept."
    assert keeping.claim(secret, cast.mallory) is None
    assert drafts.at(cast.alice, post.id).body == "Kept."
    assert drafts.at(cast.mallory, post.id) is None


def test_a_members_draft_is_found_by_no_secret(post, cast):
    drafts.save(cast.alice, post, None, Typed("Mine.", token="the form's token"))
    assert keeping.find("the form's token") is None


def test_words_that_stood_in_the_place_are_kept_beside_the_claimed_ones(post, cast):
    other = makers.make_post(cast.arthur)
    drafts.save(cast.alice, post, None, Typed("Written at home."))
    drafts.save(cast.alice, other, None, Typed("Elsewhere."))
    keeping.claim(keep(post, "Written at work."), cast.alice)
    db.session.commit()
    draft = drafts.at(cast.alice, post.id)
    assert draft.body == "Written at work."
    assert draft.earlier == "Written at home."
    assert drafts.at(cast.alice, other.id).body == "Elsewhere."


def test_an_earlier_stage_of_the_claimed_words_is_not_kept_beside_them(post, cast):
    drafts.save(cast.alice, post, None, Typed("Written at"))
    keeping.claim(keep(post, "Written at work."), cast.alice)
    assert drafts.at(cast.alice, post.id).earlier is None


def test_claiming_leaves_words_for_other_places_alone(post, cast):
    parent = makers.make_comment(cast.bob, post)
    drafts.save(cast.alice, post, parent, Typed("To Bob."))
    keeping.claim(keep(post, "To all."), cast.alice)
    assert drafts.at(cast.alice, post.id, parent.id).body == "To Bob."
    assert drafts.at(cast.alice, post.id).body == "To all."


def test_words_are_forgotten_after_a_week(post):
    secret = keep(post)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert keeping.find(secret) is None
        keeping.forget_old()
        assert db.session.scalar(select(func.count(Draft.id))) == 0


def test_claimed_words_are_kept_as_long_as_any_draft(post, cast):
    keeping.claim(keep(post), cast.alice)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        keeping.forget_old()
        drafts.forget_old()
        assert drafts.at(cast.alice, post.id).body == "Kept."


def test_fresh_words_are_not_forgotten(post):
    keep(post)
    keeping.forget_old()
    assert db.session.scalar(select(func.count(Draft.id))) == 1


@pytest.mark.parametrize(("body", "words"), [("  ", "Write something"), ("x" * 100_001, "by 1 character")])
def test_words_that_cannot_be_kept_are_refused(body, words, post):
    with pytest.raises(Refused, match=words):
        keeping.keep(post, None, body, "en")


def test_words_too_long_to_post_are_kept_all_the_same(post):
    assert len(keeping.find(keep(post, "x" * 50_000)).body) == 50_000
