"""Closed branches, remembered for one person."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from forum.foundation.db import db
from forum.marks import folding
from forum.marks.models import Fold
from tests import makers


@pytest.fixture
def comments(cast):
    post = makers.make_post(cast.arthur)
    return [makers.make_comment(cast.bob, post) for _number in range(4)]


def folded(user) -> set[int]:
    db.session.commit()
    return set(db.session.scalars(select(Fold.comment_id).where(Fold.user_id == user.id)))


def test_a_branch_is_closed_once_and_opened_again(cast, comments):
    first, second = comments[:2]
    for comment in (first, first, second):
        folding.fold(comment, cast.alice)
    assert folded(cast.alice) == {first.id, second.id}
    assert folded(cast.bob) == set()
    folding.unfold(first, cast.alice)
    folding.unfold(first, cast.alice)
    assert folded(cast.alice) == {second.id}


def test_the_branch_that_was_closed_first_is_forgotten_first(cast, comments, monkeypatch):
    monkeypatch.setattr(folding, "MOST", 2)
    last, *others = comments
    folding.fold(last, cast.bob)
    for comment in [*others, last]:
        folding.fold(comment, cast.alice)
        db.session.commit()
    assert folded(cast.alice) == {others[-1].id, last.id}
    assert folded(cast.bob) == {last.id}, "another’s stay"
