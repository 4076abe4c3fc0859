"""A page that was drawn for one reader and filled for another: each sees what is theirs, and the rest is the same."""

from __future__ import annotations

import re
from itertools import permutations

import pytest
from markupsafe import Markup

from forum.foundation.cache import cache
from forum.foundation.db import db
from forum.marks import marking
from forum.pages.drawn import Form, hole
from forum.posts import writing
from tests import makers
from tests.comments.crowds import fill

# Another one on every page: of its forms, of its style, of its composer.
RANDOM = re.compile(r'(name="csrf_token" value|nonce|data-token|name="token" value)="[^"]*"')


@pytest.fixture
def url(cast, post):
    fill(post, [None, 0, 0, None], [cast.alice, cast.bob])
    return f"/posts/{post.slug}"


def words(page) -> str:
    assert page.status == 200
    return RANDOM.sub(r"\1", page.html)


def alone(visit, person, url) -> str:
    """The page as it is for somebody for whom it was drawn."""
    cache.clear()
    return words(visit(person).get(url))


@pytest.mark.parametrize("order", list(permutations(["alice", "bob", "nora", "arthur", "mona", "ada"], 2)))
def test_a_page_is_the_same_whoever_it_was_drawn_for(order, cast, url, visit):
    first, second = (getattr(cast, name) for name in order)
    own = alone(visit, second, url)
    cache.clear()
    visit(first).get(url)
    assert words(visit(second).get(url)) == own
    if first.id != second.id:
        assert first.email not in own


def test_a_guest_gets_nothing_of_the_member_before(cast, url, visit):
    own = alone(visit, None, url)
    cache.clear()
    visit(cast.alice).get(url)
    after = words(visit().get(url))
    assert after == own
    assert "csrf_token" not in after


def test_each_page_has_a_token_and_a_composer_of_its_own(cast, url, visit):
    pages = [visit(person).get(url).html for person in (cast.alice, cast.bob, cast.alice)]
    for name in ('name="csrf_token" value', "data-token", "nonce"):
        assert len({re.search(rf'{name}="([^"]+)"', page)[1] for page in pages}) == 3


def test_what_a_page_is_drawn_of_is_on_the_next_one(cast, post, url, visit):
    reader = visit(cast.alice)
    reader.get(url)
    writing.change(post, writing.PostText(title="Slower buses", body="Still.", is_published=True), post.version)
    db.session.commit()
    assert "Slower buses" in reader.get(url).text
    cast.alice.theme = "dark"
    db.session.commit()
    assert 'data-theme="dark"' in reader.get(url).html
    comment = makers.make_comment(cast.bob, post, "One more.")
    page = reader.get(url)
    assert "One more." in page.text
    assert "5 comments" in page.text
    marking.like(comment, cast.alice)
    db.session.commit()
    assert f'formaction="/comments/{comment.id}/unlike"' in reader.get(url).html


def test_what_fills_a_hole_is_escaped_and_html_is_not():
    form = Form.of(f"<b title={hole('title')}>{hole('body')}</b>{hole('title')}")
    assert form.filled({"title": "<i>", "body": Markup("<p>")}) == "<b title=&lt;i&gt;><p></b>&lt;i&gt;"


def test_nobody_can_write_a_hole(cast, post, visit):
    name = str(hole("thread")).partition("-")[0]
    assert len(name) >= 16
    makers.make_comment(cast.mallory, post, "csrf_token; -csrf_token; x-csrf_token;")
    assert "csrf_token; -csrf_token; x-csrf_token;" in visit(cast.alice).get(f"/posts/{post.slug}").text
