"""A post with its discussion, as a page: for whom it is kept, and what only some readers see."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from forum.comments import editing
from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation import decisions
from forum.posts import writing
from forum.posts.models import CHECKED, CLOSED, Post
from tests import makers
from tests.comments.crowds import fill


@pytest.fixture
def post(app, cast):
    return makers.make_post(
        cast.arthur, "Slow buses", body="Why are **buses** slow?", question="What would you change?"
    )


def url(post: Post) -> str:
    return f"/posts/{post.slug}"


def save(post: Post, **values) -> None:
    text = {"title": post.title, "body": post.body, "is_published": True} | values
    writing.change(post, writing.PostText(**text), post.version)
    db.session.commit()


def test_a_guest_reads_the_post_and_its_discussion(post, cast, visit):
    comment = makers.make_comment(cast.alice, post, "Too many stops.")
    makers.make_comment(cast.bob, post, "And *traffic*.", parent=comment)
    page = visit().get(url(post))
    assert page.status == 200
    for words in ("Slow buses", "What would you change?", "Too many stops.", "traffic", "Alice Archer", "Bob Barker"):
        assert words in page
    assert "2 comments" in page
    assert "2 people" in page


def test_an_unknown_address_is_404(app, visit):
    assert visit().get("/posts/nothing").status == 404
    assert visit().get("/posts/nothing/branch/1").status == 404


@pytest.mark.parametrize(("who", "status"), [(None, 404), ("alice", 404), ("arthur", 200), ("mona", 200), ("ada", 200)])
def test_a_draft_is_seen_by_its_author_and_moderators_only(who, status, post, cast, visit):
    comment = makers.make_comment(cast.alice, post)
    db.session.execute(update(Post).values(state="draft"))
    db.session.commit()
    person = visit(getattr(cast, who) if who else None)
    assert person.get(url(post)).status == status
    assert person.get(f"{url(post)}/branch/{comment.id}").status == status
    assert person.get(f"/comments/{comment.id}").status == 404


def test_a_series_shows_the_part_and_the_ways_on(app, cast, visit):
    for part in (1, 2, 3):
        makers.make_post(cast.arthur, f"Part number {part}", series="Buses", part=part, total=9)
    page = visit().get("/posts/part-number-2")
    assert re.search(r"[Pp]art 2 of 9", page.text)
    assert "/posts/part-number-1" in page.html
    assert "/posts/part-number-3" in page.html


def test_a_post_in_a_series_without_a_number_can_be_read(app, cast, visit):
    makers.make_post(cast.arthur, "No number", series="Buses")
    assert visit().get("/posts/no-number").status == 200
    assert visit().get("/").status == 200


def test_the_first_published_part_may_not_be_the_first(app, cast, visit):
    makers.make_post(cast.arthur, "Number three", series="Buses", part=3, total=4)
    page = visit().get("/posts/number-three")
    assert page.status == 200
    assert 'href="None"' not in page.html


# Kept for all guests


def test_a_guests_page_sets_no_cookie_and_carries_no_token(post, visit):
    page = visit().get(url(post))
    assert "Set-Cookie" not in page.response.headers
    assert "csrf_token" not in page.html
    assert page.response.headers["ETag"]
    assert page.response.headers["Cache-Control"] == "no-cache"


def test_a_members_page_is_kept_by_nobody(post, cast, visit):
    page = visit(cast.alice).get(url(post))
    assert "ETag" not in page.response.headers
    assert page.response.headers["Cache-Control"] == "private, no-store"
    tag = visit().get(url(post)).response.headers["ETag"]
    assert visit(cast.alice).get(url(post), headers={"If-None-Match": tag}).status == 200


def test_an_unchanged_page_is_not_sent_again(post, cast, visit):
    makers.make_comment(cast.alice, post)
    tag = visit().get(url(post)).response.headers["ETag"]
    again = visit().get(url(post), headers={"If-None-Match": tag})
    assert (again.status, again.html) == (304, "")
    assert again.response.headers["ETag"] == tag


def _comment(post, cast):
    makers.make_comment(cast.bob, post)


def _edit(post, cast):
    comment = db.session.get(Comment, 1)
    editing.edit(comment, cast.alice, "Edited.", "en", has_case=False, screen=makers.screen)


def _remove(post, cast):
    decisions.remove_public(db.session.get(Comment, 1), cast.mona, "spam", "")


def _close(post, cast):
    save(post, series="Buses", part=2, total=3, policy=CLOSED)


def _retitle(post, cast):
    save(post, series="Buses", part=2, total=3, title="Quick buses")


def _sibling(post, cast):
    makers.make_post(cast.arthur, "The next part", series="Buses", part=3)


def _total(post, cast):
    makers.make_post(cast.arthur, "A draft", is_published=False, series="Buses", part=3, total=8)


def _sibling_renamed(post, cast):
    first = db.session.scalar(db.select(Post).where(Post.title == "The first part"))
    save(first, series="Buses", part=1, title="Another name")


CHANGES = [_comment, _edit, _remove, _close, _retitle, _sibling, _total, _sibling_renamed]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_a_changed_page_is_sent_again(change, app, cast, visit):
    makers.make_post(cast.arthur, "The first part", series="Buses", part=1, total=3)
    post = makers.make_post(cast.arthur, "Slow buses", series="Buses", part=2, total=3)
    makers.make_comment(cast.alice, post)
    before = visit().get(url(post))
    change(post, cast)
    db.session.commit()
    after = visit().get(f"/posts/{post.slug}", headers={"If-None-Match": before.response.headers["ETag"]})
    assert after.status == 200
    assert after.html != before.html


def test_a_held_comment_changes_nothing_for_guests(post, cast, visit):
    tag = visit().get(url(post)).response.headers["ETag"]
    makers.make_held(cast.nora, post)
    assert visit().get(url(post), headers={"If-None-Match": tag}).status == 304


def test_the_moment_of_closing_changes_the_page(app, cast, visit):
    now = clock.now()
    post = makers.make_post(cast.arthur, closes_at=now + timedelta(hours=1))
    makers.make_comment(cast.alice, post)
    with time_machine.travel(now, tick=False):
        before = visit().get(url(post))
    assert "composer" in before.html
    with time_machine.travel(now + timedelta(hours=2), tick=False):
        after = visit().get(url(post), headers={"If-None-Match": before.response.headers["ETag"]})
    assert after.status == 200
    assert "This discussion is closed" in after
    assert "?reply=" not in after.html


@pytest.mark.parametrize("other", ["?order=newest", "?from=WyIwMDAyIl0"])
def test_another_page_of_the_discussion_has_another_tag(other, post, cast, visit):
    makers.make_comment(cast.alice, post)
    makers.make_comment(cast.bob, post)
    assert visit().get(url(post) + other).response.headers["ETag"] != visit().get(url(post)).response.headers["ETag"]


def test_an_error_page_is_not_mistaken_for_the_page(post, cast, visit):
    tag = visit().get(url(post)).response.headers["ETag"]
    answer = visit().client.post(f"{url(post)}/comments", data={"body": ""}, headers={"If-None-Match": tag})
    assert answer.status_code == 422


# What is one reader's


def test_only_what_is_theirs_is_shown_to_a_reader(post, cast, visit):
    makers.make_comment(cast.alice, post)
    alices, guests = visit(cast.alice).get(url(post)), visit().get(url(post))
    assert f'[data-author="{cast.alice.id}"] .only-writer' in alices.html
    assert ".only-moderator" not in re.search(r"<style.*?</style>", alices.html, re.S).group()
    assert "<style" not in guests.html
    assert ".only-moderator" in re.search(r"<style.*?</style>", visit(cast.mona).get(url(post)).html, re.S).group()


def test_no_slot_is_left_in_a_page(post, cast, visit):
    comment = makers.make_comment(cast.alice, post)
    for person in (None, cast.alice, cast.mona):
        assert "<!--slot" not in visit(person).get(url(post)).html
        assert "<!--slot" not in visit(person).get(f"{url(post)}/branch/{comment.id}").html


def test_an_edit_link_is_shown_to_who_may_edit_the_post(post, cast, visit):
    for person, may in ((None, False), (cast.alice, False), (cast.arthur, True), (cast.ada, True)):
        assert (f"/desk/posts/{post.id}" in visit(person).get(url(post)).html) is may


def test_a_discussion_checked_first_says_so(app, cast, visit):
    post = makers.make_post(cast.arthur, policy=CHECKED)
    assert "A moderator reads each comment before others do" in visit().get(url(post))


def test_a_removed_comment_leaves_a_line_with_the_reason_and_its_replies(post, cast, visit):
    comment = makers.make_comment(cast.mallory, post, "Nasty words.")
    makers.make_comment(cast.bob, post, "Please stay kind.", parent=comment)
    decisions.remove_public(comment, cast.mona, "unkind", "")
    db.session.commit()
    page = visit().get(url(post))
    assert "A moderator removed this comment: it was unkind to a person" in page
    assert "Nasty words." not in page.html
    assert "Mallory" not in page.html
    assert "Please stay kind." in page


@pytest.mark.parametrize("kind", ["removed", "withdrawn"])
def test_a_line_without_replies_goes_after_a_month(kind, post, cast, visit):
    if kind == "removed":
        makers.make_removed(cast.bob, post, cast.mona)
        line = "A moderator removed this comment"
    else:
        makers.make_withdrawn(cast.bob, post)
        line = "The writer withdrew this comment"
    assert line in visit().get(url(post))
    now = clock.now()
    for days, is_there in ((29, True), (31, False)):
        db.session.execute(update(Comment).values(hidden_at=now - timedelta(days=days)))
        db.session.execute(update(Post).values(thread_version=Post.thread_version + 1))
        db.session.commit()
        assert (line in visit().get(url(post))) is is_there, days


def test_a_line_with_replies_stays(post, cast, visit):
    comment = makers.make_comment(cast.bob, post)
    makers.make_comment(cast.alice, post, "Still here.", parent=comment)
    decisions.remove_public(comment, cast.mona, "spam", "")
    db.session.execute(
        update(Comment).where(Comment.id == comment.id).values(hidden_at=clock.now() - timedelta(days=400))
    )
    db.session.commit()
    page = visit().get(url(post))
    assert "A moderator removed this comment" in page
    assert "Still here." in page


def test_the_newest_order_turns_the_branches_and_not_the_replies(post, cast, visit):
    fill(post, [None, 0, 0, None], [cast.alice])
    oldest = re.findall(r'id="(comment-\d+)"', visit().get(url(post)).html)
    newest = re.findall(r'id="(comment-\d+)"', visit().get(f"{url(post)}?order=newest").html)
    assert newest == [oldest[3], *oldest[:3]]


def test_a_branch_has_a_page_with_what_stands_above_it(post, cast, visit):
    fill(post, [None, 0, 1, 2], [cast.alice, cast.bob])
    second = db.session.scalar(db.select(Comment.id).where(Comment.depth == 2))
    page = visit().get(f"{url(post)}/branch/{second}")
    assert page.status == 200
    assert "Words 3." in page
    assert "Words 2." in page, "the comment whose branch it is"
    assert visit().get(f"/posts/{makers.make_post(cast.arthur).slug}/branch/{second}").status == 404


def test_on_a_branchs_page_ones_own_held_reply_stands_and_other_held_comments_do_not(post, cast, visit):
    top = makers.make_comment(cast.alice, post)
    makers.make_comment(cast.bob, post, parent=top)
    makers.make_held(cast.nora, post, "Held below the post.")
    makers.make_held(cast.nora, post, "Held below the branch.", parent=top)
    page = visit(cast.nora).get(f"{url(post)}/branch/{top.id}")
    assert "Held below the branch." in page
    assert "Held below the post." not in page
