"""Branches: further replies as a page and in place, and links to comments with what stands above them."""

from __future__ import annotations

import pytest

from forum.comments import tree
from forum.comments.models import Comment
from forum.foundation.db import db
from forum.marks import marking
from forum.reading import thread
from tests import makers
from tests.comments.crowds import fill
from tests.reading.test_threads import anchors, links

REPLIES = {"X-Fragment": "replies"}


def more(page) -> str:
    return links(page, 'class="thread__more"')[0]


def test_further_replies_come_as_items_and_as_a_page_of_the_same(post, cast, visit):
    ids = fill(post, [None] + [0] * 8, [cast.alice])
    address = more(visit().get(f"/posts/{post.slug}"))
    items = visit().get(address, headers=REPLIES)
    assert anchors(items) == ids[4:]
    assert items.html.startswith("<li")
    assert "<!--slot" not in items.html
    assert anchors(visit().get(address)) == [ids[0], *ids[4:]]


def test_items_go_on_while_there_are_more(post, cast, visit):
    ids = fill(post, [None] + [0] * 130, [cast.alice])
    address, found = more(visit().get(f"/posts/{post.slug}")), []
    while address:
        items = visit().get(address, headers=REPLIES)
        found += anchors(items)
        address = next(iter(links(items, 'class="thread__more"')), None)
    assert found == ids[4:]


def test_items_are_dressed_for_their_reader(post, cast, visit):
    ids = fill(post, [None] + [0] * 4, [cast.alice])
    marking.like(db.session.get(Comment, ids[4]), cast.bob)
    db.session.commit()
    address = more(visit().get(f"/posts/{post.slug}"))
    assert f"/comments/{ids[4]}/unlike" in visit(cast.bob).get(address, headers=REPLIES).html
    assert f"/comments/{ids[4]}/unlike" not in visit().get(address, headers=REPLIES).html


def test_deeper_than_is_drawn_each_item_names_what_it_answers(post, cast, visit):
    fill(post, [None, 0, 1, 2, 3, 4, 5, 6], [cast.alice, cast.bob])
    items = visit().get(more(visit().get(f"/posts/{post.slug}")), headers=REPLIES)
    assert items.text.count("In reply to") == len(anchors(items)) == 2


@pytest.mark.parametrize("depth", [7, 60, 200])
def test_a_deep_comment_is_shown_with_where_its_branch_begins_and_what_it_answers(depth, post, cast, visit):
    ids = fill(post, [(number - 1 if number else None) for number in range(depth + 1)], [cast.alice, cast.bob])
    page = visit().follow(visit().get(f"/comments/{ids[depth]}"))
    assert anchors(page)[:2] == [ids[depth - 1], ids[depth]]
    for number in (ids[0], ids[depth - 2]):
        assert f'href="/comments/{number}"' in page.html
    assert f"{depth - 6} comment" in page, "how many are left out between"


def test_a_gone_comment_on_the_way_is_not_named(post, cast, visit):
    ids = fill(post, [None, 0, 1, 2, 3, 4, 5, 6], [cast.mallory, cast.bob], {0: "removed"})
    page = visit().follow(visit().get(f"/comments/{ids[7]}"))
    trail = page.html.split('class="trail"')[1].split("</nav>")[0]
    assert "a comment that is gone" in trail


def test_a_reply_below_the_deepest_names_what_it_answers(post, cast, visit):
    rows = fill(post, [(number - 1 if number else None) for number in range(tree.DEEPEST + 1)], [cast.alice])
    reply = makers.make_comment(cast.bob, post, parent=db.session.get(Comment, rows[-1]))
    answer = makers.make_comment(cast.mona, post, parent=reply)
    page = visit().follow(visit().get(f"/comments/{answer.id}"))
    assert "In reply to Bob Barker" in page


def test_one_comment_can_be_made_without_a_request(post, cast):
    comment = makers.make_comment(cast.alice, post, "Alone.")
    html = thread.single(post, comment, "en")
    assert html.startswith('<li class="thread__item"')
    assert "Alone." in html
    gone = makers.make_removed(cast.mallory, post, cast.mona)
    assert "Mallory" not in thread.single(post, gone, "en")
