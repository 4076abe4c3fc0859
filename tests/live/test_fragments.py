"""The comments that an open page fetches when it was told of them."""

from __future__ import annotations

import re

import pytest

from forum.comments import publication, withdrawing
from forum.comments.models import HELD
from forum.foundation.db import db
from forum.live import fragments
from forum.marks import marking, muting
from tests.apart import apart
from tests.live.steps import remove, unpublish
from tests.makers import make_comment, make_held, make_post, make_rejected
from tests.queries import counted_queries


def address(post, *comments, new: bool = False) -> str:
    numbers = ",".join(str(getattr(one, "id", one)) for one in comments)
    return f"/posts/{post.slug}/live/comments?ids={numbers}{'&new' if new else ''}"


def part(page, comment) -> str:
    """The HTML of one comment in the answer; empty when it is not there."""
    found = re.search(rf'<template data-id="{comment.id}"([^>]*)>(.*?)</template>', page.html, re.S)
    return found[1] + found[2] if found else ""


def test_a_comment_comes_as_the_server_makes_it_with_where_it_belongs(cast, visit):
    post = make_post(cast.arthur)
    first = make_comment(cast.bob, post)
    reply = make_comment(cast.alice, post, "A *short* reply.", first)
    page = visit().get(address(post, first, reply))
    assert page.status == 200
    assert "<em>short</em>" in part(page, reply)
    assert f'data-parent="{first.id}"' in part(page, reply)
    assert 'data-parent="0"' in part(page, first)
    assert f'id="comment-{reply.id}"' in part(page, reply)


def test_only_what_is_asked_for_comes(cast, visit):
    post = make_post(cast.arthur)
    wanted, other = make_comment(cast.bob, post), make_comment(cast.alice, post)
    page = visit().get(address(post, wanted))
    assert part(page, wanted)
    assert not part(page, other)


def test_the_toggle_of_the_replies_above_comes_along_and_the_counts(cast, visit):
    post = make_post(cast.arthur)
    first = make_comment(cast.bob, post)
    reply = make_comment(cast.alice, post, parent=first)
    page = visit().get(address(post, reply))
    branch = re.search(rf'<template data-branch="{first.id}">(.*?)</template>', page.html, re.S)[1]
    assert "Hide 1 reply" in branch
    assert "2 comments from 2 people." in page


def test_new_ones_have_the_mark_of_it_and_changed_ones_have_not(cast, visit):
    post = make_post(cast.arthur)
    comment = make_comment(cast.bob, post)
    assert ">New<" in part(visit().get(address(post, comment, new=True)), comment)
    assert ">New<" not in part(visit().get(address(post, comment)), comment)


def test_what_nobody_may_read_is_not_there(cast, visit):
    post = make_post(cast.arthur)
    held, _case = make_held(cast.nora, post, "Held words.")
    rejected = make_rejected(cast.nora, post, cast.mona, "Rejected words.")
    for person in (None, cast.nora, cast.mona, cast.ada):
        page = visit(person).get(address(post, held, rejected))
        assert "words." not in page.html
        assert "data-id" not in page.html


def test_what_is_gone_leaves_what_the_page_leaves(cast, visit):
    post = make_post(cast.arthur)
    removed, withdrawn, held = (make_comment(cast.bob, post, f"Words of {what}.") for what in ("one", "two", "three"))
    remove(removed, cast.mona)
    withdrawing.withdraw(withdrawn)
    publication.hold(held, [])
    db.session.commit()
    assert held.state == HELD
    page = visit().get(address(post, removed, withdrawn, held))
    assert "Words of" not in page.html
    assert "A moderator removed this comment" in part(page, removed)
    assert "The writer withdrew this comment." in part(page, withdrawn)
    assert not part(page, held), "it has no replies, so the page shows no line in its place"


def test_comments_of_another_discussion_do_not_come(cast, visit):
    here, there = make_post(cast.arthur), make_post(cast.arthur)
    elsewhere = make_comment(cast.bob, there)
    assert "data-id" not in visit().get(address(here, elsewhere)).html


def test_nothing_of_a_post_that_is_not_public(cast, visit):
    post = make_post(cast.arthur)
    comment = make_comment(cast.bob, post)
    unpublish(post)
    for person in (None, cast.bob, cast.arthur, cast.ada):
        assert visit(person).get(address(post, comment)).status == 404


@pytest.mark.parametrize("ids", ["", "x", "1,", "1,x", "-1", "1;2", "9" * 30, ",".join(map(str, range(1, 60)))])
def test_a_damaged_list_is_refused(cast, visit, ids):
    assert visit().get(f"/posts/{make_post(cast.arthur).slug}/live/comments?ids={ids}").status == 400


def test_a_members_own_heart_is_pressed(cast, visit):
    post = make_post(cast.arthur)
    comment = make_comment(cast.bob, post)
    marking.like(comment, cast.alice)
    db.session.commit()
    assert f"/comments/{comment.id}/unlike" in part(visit(cast.alice).get(address(post, comment)), comment)
    assert f"/comments/{comment.id}/unlike" not in part(visit().get(address(post, comment)), comment)


def test_a_new_comment_by_somebody_muted_is_named_and_not_shown(cast, visit):
    post = make_post(cast.arthur)
    quiet, heard = make_comment(cast.mallory, post, "Muted words."), make_comment(cast.bob, post, "Other words.")
    muting.mute(cast.mallory, cast.alice)
    db.session.commit()
    page = visit(cast.alice).get(address(post, quiet, heard, new=True))
    assert "data-quiet" in part(page, quiet)
    assert "Muted words." not in page
    assert "Other words." in page
    assert "data-sifts" in page.html
    assert "Muted words." in visit(cast.bob).get(address(post, quiet, heard, new=True))


def test_a_reader_who_muted_nobody_need_not_ask_first(cast, visit):
    post = make_post(cast.arthur)
    comment = make_comment(cast.bob, post)
    assert "data-sifts" not in visit(cast.alice).get(address(post, comment, new=True)).html


def test_a_guests_answer_sets_no_cookie_and_is_kept_by_nobody(cast, visit):
    post = make_post(cast.arthur)
    headers = visit().get(address(post, make_comment(cast.bob, post))).response.headers
    assert "Set-Cookie" not in headers
    assert "no-store" in headers["Cache-Control"]


def test_fifty_comments_cost_as_many_queries_as_one(app, cast, visit):
    post = make_post(cast.arthur)
    line = [make_comment(cast.bob, post)]
    for _number in range(fragments.MOST - 1):
        line.append(make_comment(cast.bob, post, parent=line[-1] if len(line) < 9 else line[3]))
    remove(line[0], cast.mona)
    alice, counts = visit(cast.alice), []
    for url in [address(post, *line[1:2], new=True), address(post, *line, new=True)]:
        with counted_queries() as said:
            apart(alice.client.get, url)
        counts.append(len(said))
    assert counts[1] <= counts[0] + 1, "one more, for what a moderator removed"
