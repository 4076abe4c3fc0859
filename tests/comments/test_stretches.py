"""Pages of a discussion in each order: every comment once, in both directions, from any place, whatever is equal."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from forum.comments import hanging, queries, stretches
from forum.comments.models import Comment
from forum.comments.queries import LIKED, NEWEST, OLDEST, ORDERS
from forum.comments.stretches import FIRST_PAGE, FLAT, REPLIES, TREE, Stretch
from forum.foundation import clock, paging
from forum.foundation.db import db
from forum.foundation.errors import Refused
from tests import makers
from tests.comments.crowds import fill, random_shape
from tests.queries import counted_queries


@pytest.fixture
def post(app, cast):
    """Many comments with few scores and few moments, so that most have equals."""
    post = makers.make_post(cast.arthur)
    dice = random.Random(4)
    ids = fill(post, random_shape(330, seed=4, roots=170), [cast.alice, cast.bob], {3: "removed", 40: "withdrawn"})
    begin = clock.now() - timedelta(days=9)
    for number in ids:
        moment = begin + timedelta(minutes=dice.randrange(6))
        score = dice.choice([0, 0, 0, 5, 5, 900])
        db.session.execute(update(Comment).where(Comment.id == number).values(published_at=moment, like_score=score))
    db.session.commit()
    return post


def roots(post, order):
    """The comments on the post, sorted here and not by the database."""
    rows = db.session.scalars(select(Comment).where(Comment.post_id == post.id, Comment.depth == 0)).all()
    return [row.id for row in sorted(rows, key=SORTS[order])]


SORTS = {
    OLDEST: lambda row: row.path,
    NEWEST: lambda row: [-ord(letter) for letter in row.path],
    LIKED: lambda row: (-row.like_score, row.path),
}
FLAT_SORTS = {
    OLDEST: lambda row: (row.published_at, row.id),
    NEWEST: lambda row: (-row.published_at.timestamp(), -row.id),
    LIKED: lambda row: (-row.like_score, row.id),
}


def onward(cut_of, keys):
    """The pages from the first to the last."""
    cut = cut_of(FIRST_PAGE)
    assert not cut.has_earlier
    pages = [cut]
    while cut.has_later:
        cut = cut_of(Stretch(after=stretches.place_of(cut.rows[-1], keys)))
        assert cut.has_earlier
        pages.append(cut)
    return pages


def back(cut_of, keys, last):
    pages = [last]
    while pages[0].has_earlier:
        pages.insert(0, cut_of(Stretch(before=stretches.place_of(pages[0].rows[0], keys))))
        assert pages[0].has_later
    return pages


def numbers(pages):
    return [row.id for page in pages for row in page.rows]


def there_and_back(cut_of, keys):
    """What the pages show from the first to the last, which is what they show from the last to the first."""
    pages = onward(cut_of, keys)
    assert len(pages) > 3
    assert numbers(back(cut_of, keys, pages[-1])) == numbers(pages)
    return numbers(pages)


@pytest.mark.parametrize("order", ORDERS)
def test_the_tree_shows_every_branch_once_there_and_back(order, post):
    shown = there_and_back(lambda stretch: stretches.branches(post.id, order, stretch), TREE[order])
    assert shown == roots(post, order)


@pytest.mark.parametrize("order", ORDERS)
def test_the_flat_view_shows_every_comment_once_there_and_back(order, post):
    shown = there_and_back(lambda stretch: stretches.flat(post.id, order, stretch), FLAT[order])
    rows = db.session.scalars(select(Comment).where(Comment.post_id == post.id, queries.shown())).all()
    assert shown == [row.id for row in sorted(rows, key=FLAT_SORTS[order])]


@pytest.mark.parametrize("order", ORDERS)
def test_a_page_can_begin_with_any_branch(order, post):
    expected = roots(post, order)
    for place in (0, 1, 60, len(expected) - 1):
        root = db.session.get(Comment, expected[place])
        page = stretches.branches(post.id, order, Stretch(first=stretches.place_of(root, TREE[order])))
        assert page.rows[0].id == root.id
        assert page.has_earlier == (place > 0)
        assert numbers([page]) == expected[place : place + len(page.rows)]


@pytest.mark.parametrize("order", ORDERS)
def test_a_place_is_read_back_from_an_address(order, post):
    comment = db.session.scalar(select(Comment).where(Comment.depth == 0).limit(1))
    for keys in (TREE[order], FLAT[order]):
        place = stretches.place_of(comment, keys)
        assert stretches.read(paging.cursor(*place), keys) == place


def test_replies_stand_as_readers_first_saw_them_and_a_page_may_skip_the_first(app, cast):
    post = makers.make_post(cast.arthur)
    ids = fill(post, [None] + [0] * 120, [cast.alice])
    top = db.session.get(Comment, ids[0])
    # The second reply waited for a moderator until all the others were there.
    db.session.execute(update(Comment).where(Comment.id == ids[2]).values(rank=200))
    db.session.commit()
    expected = [ids[1], *ids[3:], ids[2]]
    pages = onward(lambda stretch: stretches.replies(top, stretch), REPLIES)
    assert len(pages) > 1
    assert numbers(pages) == expected
    rest = onward(lambda stretch: stretches.replies(top, stretch, 3), REPLIES)
    assert numbers(rest) == expected[2:], "the second of them has no number three"


def test_a_place_of_another_order_is_refused(post):
    comment = db.session.scalar(select(Comment).limit(1))
    word = paging.cursor(*stretches.place_of(comment, TREE[LIKED]))
    for keys in (TREE[OLDEST], FLAT[LIKED], FLAT[NEWEST]):
        with pytest.raises(Refused):
            stretches.read(word, keys)


def test_only_what_the_authors_wrote_and_readers_may_read(app, cast):
    post = makers.make_post(cast.arthur)
    first = makers.make_comment(cast.alice, post)
    answer = makers.make_comment(cast.arthur, post, parent=first)
    makers.make_removed(cast.arthur, post, cast.mona)
    cut = stretches.flat(post.id, OLDEST, FIRST_PAGE, [cast.arthur.id])
    assert numbers([cut]) == [answer.id]
    assert queries.count_by(post.id, [cast.arthur.id]) == 1


def test_a_page_of_the_flat_view_takes_one_query_and_later_ones_two(post):
    number = post.id
    for stretch, most in ((FIRST_PAGE, 1), (Stretch(after=(900, 3)), 2), (Stretch(before=(5, 200)), 1)):
        with counted_queries() as sent:
            assert stretches.flat(number, LIKED, stretch).rows
        assert len(sent) == most


# What is shown below branches


def tops_of(post):
    return stretches.branches(post.id, OLDEST, FIRST_PAGE).rows


def test_the_first_three_replies_are_shown_and_all_by_the_authors(app, cast):
    post = makers.make_post(cast.arthur)
    authors = [cast.alice, cast.arthur]
    # Of ten replies the authors' are the second, the fourth and so on.
    ids = fill(post, [None] + [0] * 10, authors)
    shown = hanging.below(tops_of(post), {cast.arthur.id})
    assert [row.id for row in shown] == [ids[1], ids[2], ids[3], ids[5], ids[7], ids[9]]


def test_a_page_stays_within_its_bound_however_many_replies_there_are(app, cast):
    """Three replies to each comment down to the last level drawn would be 363 below one comment alone."""
    post = makers.make_post(cast.arthur)
    shape: list[int | None] = [None]
    level = [0]
    for _depth in range(5):
        below = []
        for place in level:
            for _reply in range(4):
                shape.append(place)
                below.append(len(shape) - 1)
        level = below[:120]
    fill(post, shape, [cast.alice, cast.arthur])
    shown = hanging.below(tops_of(post), {cast.arthur.id})
    assert 60 < len(shown) <= hanging.MOST_BELOW
    # Of each comment all the first replies, or none.
    groups: dict[int, int] = {}
    for row in shown:
        if row.rank <= queries.FIRST_REPLIES:
            groups[row.parent_id] = groups.get(row.parent_id, 0) + 1
    assert set(groups.values()) == {queries.FIRST_REPLIES}
    # What is shown hangs on something shown.
    numbers = {row.id for row in [*tops_of(post), *shown]}
    assert all(row.parent_id in numbers for row in shown)


def test_the_authors_replies_are_bounded_too(app, cast):
    post = makers.make_post(cast.arthur)
    fill(post, [None] + [0] * 200, [cast.arthur])
    shown = hanging.below(tops_of(post), {cast.arthur.id})
    assert len(shown) == queries.FIRST_REPLIES + hanging.MOST_BY_AUTHORS


@pytest.mark.parametrize("seed", range(6))
def test_whether_a_page_shows_a_comment_is_known_without_making_it(seed, app, cast):
    post = makers.make_post(cast.arthur)
    ids = fill(post, random_shape(260, seed, roots=12), [cast.alice, cast.arthur, cast.bob])
    stretch = Stretch(first=(db.session.get(Comment, ids[0]).path,))
    tops = stretches.branches(post.id, OLDEST, stretch).rows
    shown = {row.id for row in [*tops, *hanging.below(tops, {cast.arthur.id})]}
    for number in ids:
        comment = db.session.get(Comment, number)
        assert hanging.shows(comment, stretch, {cast.arthur.id}) == (number in shown), comment.path


@pytest.mark.parametrize("seed", range(6))
def test_what_is_shown_is_the_same_whether_it_was_read_at_once_or_level_by_level(seed, app, cast, monkeypatch):
    post = makers.make_post(cast.arthur)
    fill(post, random_shape(260, seed, roots=12), [cast.alice, cast.arthur, cast.bob], {5: "removed", 40: "withdrawn"})
    tops, authors = tops_of(post), {cast.arthur.id}
    with counted_queries() as sent:
        at_once = hanging.below(tops, authors)
    assert len(sent) == 1
    monkeypatch.setattr(hanging, "MOST_AT_ONCE", 0)
    assert hanging.below(tops, authors) == at_once
