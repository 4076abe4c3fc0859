"""Asking now and then, where there is no stream."""

from __future__ import annotations

import pytest

from forum.live import news
from forum.live.door import PLACE_HEADER
from tests.apart import apart
from tests.live.steps import newest, unpublish
from tests.makers import make_comment, make_held, make_post
from tests.queries import counted_queries


def address(post, after: int | str, version: int = 0) -> str:
    return f"/posts/{post.slug}/live/since?after={after}&version={version}"


def test_nothing_new_is_an_empty_answer_that_says_where_to_go_on(cast, visit):
    post = make_post(cast.arthur)
    after = newest()
    make_comment(cast.bob, make_post(cast.arthur))
    answer = visit().get(address(post, after))
    assert (answer.status, answer.html) == (204, "")
    assert int(answer.response.headers[PLACE_HEADER]) == newest()


def test_what_is_new_is_told_once(cast, visit):
    post = make_post(cast.arthur)
    after = newest()
    comment = make_comment(cast.bob, post)
    answer = visit().get(address(post, after)).response
    assert answer.json == {"news": [{"event": newest(), "kind": "published", "comment": comment.id, "parent": None}]}
    assert visit().get(address(post, answer.headers[PLACE_HEADER])).status == 204


def test_what_waits_is_not_told(cast, visit):
    post = make_post(cast.arthur)
    after = newest()
    make_held(cast.nora, post)
    for person in (None, cast.nora, cast.mona):
        assert visit(person).get(address(post, after)).status == 204


def test_too_much_is_not_told_but_said(cast, visit, monkeypatch):
    monkeypatch.setattr(news, "MOST_MISSED", 1)
    post = make_post(cast.arthur)
    after = newest()
    for _number in range(2):
        make_comment(cast.bob, post)
    assert visit().get(address(post, after)).response.json == {"reload": True}


def test_an_unchanged_discussion_missed_nothing_however_old_the_page(cast, visit, monkeypatch):
    monkeypatch.setattr(news, "MOST_LOOKED_THROUGH", 1)
    post = make_post(cast.arthur)
    after = newest()
    for _number in range(3):
        make_comment(cast.bob, make_post(cast.arthur))
    assert visit().get(address(post, after, post.thread_version)).status == 204


def test_a_post_that_is_not_public_has_no_news(cast, visit):
    post = make_post(cast.arthur)
    unpublish(post)
    assert visit().get(address(post, 0)).status == 404
    assert visit(cast.arthur).get(address(post, 0)).status == 404


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 40])
def test_a_damaged_address_is_refused(cast, visit, after):
    assert visit().get(address(make_post(cast.arthur), after)).status == 400


def test_it_is_cheap_and_kept_by_nobody(app, cast, visit):
    url, guest = address(make_post(cast.arthur), newest()), visit()
    with counted_queries() as said:
        answer = apart(guest.client.get, url)
    assert len(said) <= 3
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
