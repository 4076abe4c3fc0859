"""A discussion as threads and flat, in each order, and the authors' part of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.marks import marking
from tests import makers
from tests.cast import make_user
from tests.comments.crowds import fill
from tests.reading.test_threads import anchors, beside, walk


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur, "Slow buses")


def url(post, query: str = "") -> str:
    return f"/posts/{post.slug}{query}"


def current(page) -> list[str]:
    return re.findall(r'aria-current="page">\s*([^<]+?)\s*</a>', page.html)


def tab(page, words: str) -> str:
    """The address of a link among the tabs of the discussion."""
    found = re.search(rf'href="([^"#]+)[^"]*"[^>]*>\s*{words}\s*<', page.html)
    assert found, words
    return found[1].replace("&amp;", "&")


# Orders


def test_the_most_liked_comes_first_once_the_worker_has_counted(post, cast, visit, work):
    comments = [makers.make_comment(cast.alice, post) for _number in range(3)]
    for number in range(2):
        marking.like(comments[2], make_user(f"reader{number}"))
    marking.like(comments[1], cast.bob)
    work()
    page = visit().get(url(post, "?order=liked"))
    assert anchors(page) == [comments[2].id, comments[1].id, comments[0].id]
    assert "Most liked" in current(page)


def test_liked_replies_stay_in_their_order(post, cast, visit, work):
    top = makers.make_comment(cast.alice, post)
    first, second = (makers.make_comment(cast.alice, post, parent=top) for _number in range(2))
    marking.like(second, cast.bob)
    work()
    assert anchors(visit().get(url(post, "?order=liked"))) == [top.id, first.id, second.id]


def test_the_tabs_always_name_the_order(post, cast, visit):
    fill(post, [None, None], [cast.alice])
    page = visit().get(url(post))
    for words, order in (("Oldest", "oldest"), ("Newest", "newest"), ("Most liked", "liked")):
        assert f"order={order}" in tab(page, words)
        assert words in current(visit().get(tab(page, words)))


def test_a_member_reads_in_the_order_they_chose_unless_the_address_says_otherwise(post, cast, visit):
    ids = fill(post, [None, None, None], [cast.bob])
    cast.alice.reading_order = "newest"
    db.session.commit()
    alice = visit(cast.alice)
    assert anchors(alice.get(url(post))) == ids[::-1]
    assert anchors(alice.get(url(post, "?order=oldest"))) == ids
    assert anchors(visit(cast.bob).get(url(post))) == ids


def test_an_order_that_is_none_is_the_oldest_first(post, cast, visit):
    ids = fill(post, [None, None], [cast.bob])
    assert anchors(visit().get(url(post, "?order=zigzag&view=round&by=nobody"))) == ids


@pytest.mark.parametrize("order", ["oldest", "newest", "liked"])
@pytest.mark.parametrize("view", ["", "&view=flat"])
def test_pages_of_each_view_lead_to_all_of_it_and_back(order, view, app, cast, visit):
    post = makers.make_post(cast.arthur)
    ids = fill(post, [None] * 130, [cast.alice, cast.bob])
    for place, number in enumerate(ids):
        db.session.execute(update(Comment).where(Comment.id == number).values(like_score=place % 4))
    db.session.commit()
    guest = visit()
    onward = walk(guest, url(post, f"?order={order}{view}"), "next")
    assert len(onward) > 2
    assert sorted(number for page in onward for number in page) == ids
    last = guest.get(url(post, f"?order={order}{view}"))
    while beside(last, "next"):
        last = guest.get(beside(last, "next"))
    back = [anchors(last), *walk(guest, beside(last, "prev"), "prev")]
    assert sorted(number for page in back for number in page) == ids


# The flat view


def test_the_flat_view_shows_all_by_time_and_whom_each_answers(post, cast, visit):
    first = makers.make_comment(cast.alice, post, "First of all.")
    other = makers.make_comment(cast.bob, post, "Something else.")
    reply = makers.make_comment(cast.bob, post, "To the first.", parent=first)
    page = visit().get(tab(visit().get(url(post)), "Flat"))
    assert anchors(page) == [first.id, other.id, reply.id]
    assert "In reply to Alice Archer" in page
    assert f'<a href="#comment-{first.id}" dir="auto">Alice Archer</a>' in page.html
    assert "<details" not in page.html.split('id="comments"')[1].split("composer-section")[0]
    assert anchors(visit().get(tab(page, "Newest"))) == [reply.id, other.id, first.id]
    assert anchors(visit().get(tab(page, "Threads"))) == [first.id, reply.id, other.id]


def test_what_stands_on_another_page_is_linked_there(post, cast, visit):
    ids = fill(post, [None] + [0] * 60, [cast.alice])
    second = visit().get(beside(visit().get(url(post, "?view=flat")), "next"))
    assert ids[0] not in anchors(second)
    assert f'<a href="/comments/{ids[0]}" dir="auto">Alice Archer</a>' in second.html


def test_nobody_is_named_for_a_comment_that_is_gone(post, cast, visit):
    nasty = makers.make_comment(cast.mallory, post)
    makers.make_comment(cast.bob, post, "Please stay kind.", parent=nasty)
    from_queue = makers.decisions.remove_public(nasty, cast.mona, "unkind", "")
    assert from_queue is not None
    db.session.commit()
    page = visit().get(url(post, "?view=flat"))
    assert "In reply to a comment that is gone" in page
    assert "A moderator removed this comment" in page
    assert "Mallory" not in page.html


def test_a_comment_is_placed_by_when_it_became_public(post, cast, visit):
    early, late = fill(post, [None, None], [cast.alice])
    db.session.execute(update(Comment).where(Comment.id == early).values(published_at=clock.now() + timedelta(1)))
    db.session.commit()
    assert anchors(visit().get(url(post, "?view=flat"))) == [late, early]


def test_ones_own_waiting_comments_stand_at_the_end_of_the_flat_view(post, cast, visit):
    top = makers.make_comment(cast.alice, post)
    makers.make_comment(cast.bob, post)
    held, _case = makers.make_held(cast.nora, post, "Mine, and waiting.", parent=top)
    page = visit(cast.nora).get(url(post, "?view=flat"))
    assert anchors(page)[-1] == held.id
    assert "Mine, and waiting." not in visit(cast.alice).get(url(post, "?view=flat")).html


def test_a_member_finds_their_likes_in_the_flat_view(post, cast, visit):
    comment = makers.make_comment(cast.alice, post)
    marking.like(comment, cast.bob)
    db.session.commit()
    assert f"/comments/{comment.id}/unlike" in visit(cast.bob).get(url(post, "?view=flat")).html
    assert f"/comments/{comment.id}/unlike" not in visit(cast.mona).get(url(post, "?view=flat")).html


def test_a_reply_is_written_on_the_page_one_reads(post, cast, visit):
    """The link below a comment leads to the same page with a box below that comment."""
    ids = fill(post, [None] * 60, [cast.alice])
    bob = visit(cast.bob)
    for address in ("?view=flat&order=newest", "?view=flat", "?order=newest", ""):
        page = bob.get(url(post, address))
        link = re.search(rf'href="([^"#]+)#reply"[^>]*data-reply="{anchors(page)[3]}"', page.html)[1]
        again = bob.get(link.replace("&amp;", "&"))
        assert anchors(again) == anchors(page)
        box = again.html.index("thread__item--composer")
        assert again.html.index(f'id="comment-{anchors(page)[3]}"') < box
        assert box < again.html.index(f'id="comment-{anchors(page)[4]}"')
    assert len(ids) == 60


def test_an_answer_to_what_is_on_no_first_page_is_written_where_it_stands(post, cast, visit):
    ids = fill(post, [None, 0, 1, 2, 3, 4, 5, 6], [cast.alice])
    page = visit(cast.bob).get(url(post, f"?reply={ids[7]}"))
    assert page.status == 303
    there = visit(cast.bob).follow(page)
    assert f'id="comment-{ids[7]}"' in there.html
    assert "thread__item--composer" in there.html
    assert f'name="parent" value="{ids[7]}"' in there.html


# The authors


def test_the_authors_part_is_one_link_away_with_its_number(post, cast, visit):
    top = makers.make_comment(cast.alice, post)
    makers.make_comment(cast.bob, post)
    answer = makers.make_comment(cast.arthur, post, "You are right.", parent=top)
    page = visit().get(url(post))
    assert "The author’s replies (1)" in page
    theirs = visit().get(tab(page, r"The author’s replies \(1\)"))
    assert anchors(theirs) == [answer.id]
    assert "In reply to Alice Archer" in theirs
    assert "Only what the author wrote." in theirs
    assert anchors(visit().get(tab(theirs, "Newest"))) == [answer.id], "another order is of the same comments"
    assert len(anchors(visit().get(tab(theirs, "All comments")))) == 3


def test_where_the_author_wrote_nothing_no_link_says_so(post, cast, visit):
    makers.make_comment(cast.alice, post)
    makers.make_removed(cast.arthur, post, cast.mona)
    assert "author’s replies" not in visit().get(url(post))


def test_a_removed_comment_of_an_author_is_not_among_what_they_wrote(post, cast, visit):
    makers.make_removed(cast.arthur, post, cast.mona)
    kept = makers.make_comment(cast.arthur, post)
    assert anchors(visit().get(url(post, "?view=flat&by=author"))) == [kept.id]


# Kept for all guests


@pytest.mark.parametrize("query", ["?view=flat", "?order=liked", "?view=flat&by=author"])
def test_each_view_is_kept_for_guests_under_its_own_tag(query, post, cast, visit):
    makers.make_comment(cast.arthur, post)
    plain, other = visit().get(url(post)), visit().get(url(post, query))
    tags = [page.response.headers["ETag"] for page in (plain, other)]
    assert len(set(tags)) == 2
    assert "Set-Cookie" not in other.response.headers
    assert visit().get(url(post, query), headers={"If-None-Match": tags[1]}).status == 304


@pytest.mark.parametrize("name", ["from", "after", "before"])
@pytest.mark.parametrize("view", ["order=liked", "view=flat", "view=flat&order=liked"])
@pytest.mark.parametrize("word", ["nonsense", "WyIwMDAxIl0", "Wyl0", "WzEsMiwzXQ", "WyIwMDAxIiwxXQ"])
def test_a_damaged_address_of_a_view_is_refused(name, view, word, post, visit):
    assert visit().get(url(post, f"?{view}&{name}={word}")).status == 400
