"""Which part of a series a post is, and who plans how many there are."""

from __future__ import annotations

import pytest

from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.posts import writing
from forum.posts.models import Post
from forum.posts.writing import PostText
from tests.cast import make_user


@pytest.fixture
def adaeze(cast):
    return make_user("adaeze", is_author=True)


def text(**values) -> PostText:
    return PostText(**({"title": "Warm streets", "body": "Words.", "series": "Warm Streets"} | values))


def write(owner, **values) -> Post:
    post = writing.write(owner, text(**values))
    db.session.commit()
    return post


def change(post: Post, by, **values) -> Post:
    writing.change(post, text(is_published=post.is_public, **values), post.version, by)
    db.session.commit()
    return post


@pytest.fixture
def first(cast) -> Post:
    return write(cast.arthur, part=1, total=2, is_published=True)


@pytest.mark.parametrize("is_published", [False, True], ids=["a draft", "public"])
def test_another_author_does_not_change_how_many_are_planned(is_published, first, adaeze):
    with pytest.raises(Refused, match="Only the authors of this series") as refusal:
        write(adaeze, part=2, total=5, is_published=is_published)
    assert refusal.value.field == "total"
    db.session.rollback()
    assert first.series.total == 2
    for total in (None, 2):
        assert write(adaeze, part=2, total=total).series.total == 2


def test_its_authors_and_administrators_do(first, cast, adaeze):
    assert change(first, cast.arthur, part=1, total=3).series.total == 3
    assert change(first, cast.ada, part=1, total=4).series.total == 4
    write(adaeze, part=2, is_published=True)
    assert write(adaeze, part=3, total=6).series.total == 6, "a part of it is hers"


def test_of_a_series_without_public_parts_whoever_writes_plans_it(cast, adaeze):
    draft = write(cast.arthur, part=1, total=2)
    assert write(adaeze, part=2, total=3).series.total == 3
    assert draft.series.total == 3


def test_two_public_posts_are_not_the_same_part(first, cast):
    with pytest.raises(Refused, match="Part 1 is “Warm streets” already; the next one is 2") as refusal:
        write(cast.arthur, part=1, is_published=True)
    assert refusal.value.field == "part"
    db.session.rollback()
    draft = write(cast.arthur, part=1)
    with pytest.raises(Refused, match="Part 1 is"):
        writing.change(draft, text(part=1, is_published=True), draft.version, cast.arthur)
    db.session.rollback()
    assert change(first, cast.arthur, part=1, title="Warmer streets").title == "Warmer streets"


def test_what_came_with_the_same_part_from_elsewhere_can_be_edited(first, cast):
    second = write(cast.arthur, part=2, is_published=True)
    second.part = 1
    db.session.commit()
    assert change(second, cast.arthur, part=1, title="Also first").title == "Also first"


def test_a_part_past_the_plan_makes_it_longer_once_it_is_public(first, adaeze):
    third = write(adaeze, part=3)
    assert first.series.total == 2
    writing.change(third, text(part=3, is_published=True), third.version, adaeze)
    db.session.commit()
    assert first.series.total == 3
