"""Lists of posts: what is in them, in which order, a page at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.posts import queries
from forum.posts.models import Post
from tests import makers


@pytest.fixture
def posts(app, cast):
    """Twelve posts of which several share a moment and a number of comments, and a draft."""
    made = [
        makers.make_post(cast.arthur, f"Post {n}", tags=["even"] if n % 2 == 0 else [], series="Odd" if n % 2 else "",
                         part=n if n % 2 else None)
        for n in range(12)
    ]  # fmt: skip
    makers.make_post(cast.arthur, "A draft", is_published=False, tags=["even"], series="Odd", part=50)
    moment = clock.now()
    for number, post in enumerate(made):
        db.session.execute(
            update(Post)
            .where(Post.id == post.id)
            .values(published_at=moment - timedelta(days=number // 3), comment_count=number % 4)
        )
    db.session.commit()
    return made


def everything(order: str, limit: int, **filters) -> list[str]:
    titles, after = [], ""
    while True:
        rows, after = queries.page(None, order, after or "", limit=limit, **filters)
        titles += [row.title for row in rows]
        assert len(rows) <= limit
        if after is None:
            return titles


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 12, 20])
@pytest.mark.parametrize("order", ["latest", "discussed"])
def test_the_pages_of_a_list_have_every_public_post_once(order, limit, posts):
    found = everything(order, limit)
    assert sorted(found) == sorted(post.title for post in posts)
    assert found == everything(order, 100)


def test_the_latest_come_first(posts):
    rows, _after = queries.page(None)
    assert [row.published_at for row in rows] == sorted((row.published_at for row in rows), reverse=True)


def test_the_most_discussed_come_first(posts):
    rows, _after = queries.page(None, "discussed")
    assert [row.comment_count for row in rows] == [3, 3, 3, 2, 2, 2, 1, 1, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [({"tag": "even"}, range(0, 12, 2)), ({"series": "odd"}, range(1, 12, 2)), ({"tag": "even", "series": "odd"}, [])],
)
def test_filters_choose(filters, numbers, posts):
    assert sorted(everything("latest", 4, **filters)) == sorted(f"Post {n}" for n in numbers)


@pytest.mark.parametrize("filters", [{"tag": "nothing"}, {"series": "nothing"}])
def test_an_unknown_tag_or_series_has_no_posts(filters, posts):
    assert everything("latest", 4, **filters) == []


def test_a_post_that_appears_between_two_pages_makes_no_gap_and_no_double(posts, cast):
    first, after = queries.page(None, limit=5)
    makers.make_post(cast.arthur, "Brand new")
    rest, _after = queries.page(None, after=after, limit=50)
    titles = [row.title for row in [*first, *rest]]
    assert sorted(titles) == sorted(post.title for post in posts)


@pytest.mark.parametrize("word", ["nonsense", "e30", "WyIyMDMxLTA3LTAxIiwgMV0", "x" * 400])
def test_a_damaged_page_address_is_refused(word, posts):
    with pytest.raises(Refused, match="damaged"):
        queries.page(None, after=word)


def test_a_series_lists_its_public_parts_in_order(posts):
    series = queries.series_by_slug("odd")
    assert [post.part for post in queries.parts_of([series.id])[series.id]] == [1, 3, 5, 7, 9, 11]


def test_tags_count_public_posts_only(posts):
    assert [(tag.name, count) for tag, count in queries.tags_with_counts()] == [("even", 6)]


def test_a_series_of_drafts_only_is_not_listed(app, cast):
    makers.make_post(cast.arthur, is_published=False, series="Secret", part=1)
    assert queries.all_series() == []
