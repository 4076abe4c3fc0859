"""Stored counters agree with the rows, whatever happened."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from forum.comments import counting, editing, posting, withdrawing
from forum.comments.models import Comment
from forum.foundation.db import db
from forum.foundation.errors import IllegalStep
from forum.moderation import cases, decisions
from forum.moderation.actions import FLAGGED, HELD
from forum.posts.models import Post
from tests import makers
from tests.comments.crowds import fill, random_shape

ACTS = ["post", "post", "reply", "reply", "newcomer replies", "withdraw", "remove", "approve", "reject", "edit to held"]
SPAM = "https://a.example https://b.example https://c.example"


class Discussion:
    """A discussion things happen to."""

    def __init__(self, cast) -> None:
        self.cast = cast
        self.people = [cast.alice, cast.bob]
        self.post = makers.make_post(cast.arthur)
        self.comments: list[Comment] = []

    def act(self, name: str, pick: int) -> None:
        comment = self.comments[pick % len(self.comments)] if self.comments else None
        if name == "post" or comment is None:
            self._write(self.people[pick % 2], None)
        elif name in ("reply", "newcomer replies"):
            writer = self.cast.nora if name == "newcomer replies" else self.people[pick % 2]
            self._write(writer, comment if comment.is_public else None)
        else:
            try:
                self._change(name, comment)
                db.session.commit()
            except IllegalStep:
                db.session.rollback()

    def _write(self, writer, parent) -> None:
        self.comments.append(posting.write(writer, self.post, parent, "Some words.", "en", "", screen=makers.screen))
        db.session.commit()

    def _change(self, name: str, comment: Comment) -> None:
        if name == "withdraw":
            withdrawing.withdraw(comment)
        elif name == "edit to held":
            if comment.state in ("held", "published", "rejected"):
                editing.edit(
                    comment, comment.author, f"{SPAM} {comment.version}", "en", has_case=False, screen=makers.screen
                )
        else:
            case = cases.open_for(comment, HELD if name in ("approve", "reject") else FLAGGED)
            reason = () if name == "approve" else ("spam",)
            getattr(decisions, name)(case, self.cast.mona, case.version, *reason)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 9)), min_size=3, max_size=14))
def test_counters_agree_with_a_recount_after_any_sequence_of_acts(steps, app, cast):
    # Found again each time: a new example is a new discussion on the same site.
    discussion = Discussion(cast)
    for name, pick in steps:
        discussion.act(name, pick)
    db.session.expire_all()
    assert counting.differences() == []
    newest = db.session.scalars(
        select(Comment)
        .where(Comment.post_id == discussion.post.id, Comment.state == "published")
        .order_by(Comment.published_at.desc(), Comment.id.desc())
    ).first()
    assert discussion.post.last_comment_by_id is None or newest is not None
    assert (newest is None) == (discussion.post.last_comment_at is None)


def test_the_last_writer_on_a_row_is_somebody_whose_words_are_there(app, cast):
    post = makers.make_post(cast.arthur)
    makers.make_comment(cast.alice, post)
    makers.make_removed(cast.mallory, post, cast.mona)
    db.session.refresh(post)
    assert post.last_comment_by_id == cast.alice.id


def test_one_person_counts_once_until_their_last_comment_goes(app, cast):
    post = makers.make_post(cast.arthur)
    one, two = makers.make_comment(cast.alice, post), makers.make_comment(cast.alice, post)
    counts = []
    for comment in (one, two):
        db.session.refresh(post)
        counts.append((post.comment_count, post.people_count))
        withdrawing.withdraw(comment)
        db.session.commit()
    db.session.refresh(post)
    assert [*counts, (post.comment_count, post.people_count)] == [(2, 1), (1, 1), (0, 0)]


def test_a_big_discussion_made_in_bulk_counts_as_if_posted(app, cast):
    fill(
        makers.make_post(cast.arthur), random_shape(300, seed=5), [cast.alice, cast.bob], {7: "removed", 9: "withdrawn"}
    )
    assert counting.differences() == []


def _spoil(post: Post, comment: Comment) -> None:
    db.session.execute(update(Post).where(Post.id == post.id).values(comment_count=9, people_count=7))
    db.session.execute(update(Comment).where(Comment.id == comment.id).values(descendant_count=4))
    db.session.commit()


@pytest.fixture
def spoiled(app, cast):
    post = makers.make_post(cast.arthur)
    comment = makers.make_comment(cast.alice, post)
    makers.make_comment(cast.bob, post, parent=comment)
    _spoil(post, comment)
    return post, comment


def test_a_recount_finds_each_wrong_counter(spoiled):
    post, comment = spoiled
    found = {(row.what, row.number, row.stored, row.counted) for row in counting.differences()}
    assert found == {
        ("posts.comment_count", post.id, 9, 2),
        ("posts.people_count", post.id, 7, 2),
        ("comments.descendant_count", comment.id, 4, 1),
    }


def test_the_command_reports_and_fails_and_with_mend_it_mends(app, spoiled):
    post, _comment = spoiled
    version = post.thread_version
    runner = app.test_cli_runner()
    report = runner.invoke(args=["comments", "recount"])
    assert report.exit_code == 1
    assert "3 differences." in report.output
    mended = runner.invoke(args=["comments", "recount", "--mend"])
    assert mended.exit_code == 0, mended.output
    assert "3 differences mended." in mended.output
    clean = runner.invoke(args=["comments", "recount"])
    assert (clean.exit_code, clean.output) == (0, "0 differences.\n")
    db.session.expire_all()
    assert post.thread_version > version, "pages with the wrong numbers are out of date"
