"""Changing one's own words, and taking them back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from forum.accounts.models import TRUSTED
from forum.comments import counting, editing, queries, withdrawing
from forum.comments.models import Comment
from forum.comments.permissions import may_edit, may_withdraw
from forum.events.log import EventRow
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Conflict, IllegalStep, Refused
from forum.posts.models import CLOSED
from tests import makers
from tests.comments.test_posting import in_threads

LINKS = "https://a.example https://b.example https://c.example"


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur)


def events() -> list[str]:
    return list(db.session.scalars(select(EventRow.name).order_by(EventRow.id)))


def test_an_edit_keeps_what_readers_read_before(post, cast):
    comment = makers.make_comment(cast.alice, post, "First.")
    editing.edit(comment, cast.alice, "Second.", "en")
    db.session.commit()
    assert comment.body == "Second."
    assert comment.edited_at is not None
    assert [row.body for row in queries.revisions_of(comment)] == ["First."]
    assert events()[-1] == "CommentEdited"


def test_the_same_words_again_are_no_edit(post, cast):
    comment = makers.make_comment(cast.alice, post, "First.")
    editing.edit(comment, cast.alice, "  First.\r\n", "en")
    db.session.commit()
    assert comment.edited_at is None
    assert queries.revisions_of(comment) == []
    assert "CommentEdited" not in events()


def test_an_edit_makes_readers_pages_out_of_date(post, cast):
    comment = makers.make_comment(cast.alice, post)
    db.session.refresh(post)
    before = post.thread_version
    editing.edit(comment, cast.alice, "Other words.", "en")
    db.session.commit()
    db.session.refresh(post)
    assert post.thread_version > before


def test_an_edit_that_screening_stops_goes_back_to_a_moderator(post, cast):
    comment = makers.make_comment(cast.alice, post)
    editing.edit(comment, cast.alice, LINKS, "en")
    db.session.commit()
    assert comment.state == "held"
    assert [finding["reason"] for finding in comment.held_for] == ["links"]
    assert counting.differences() == []


def test_words_that_readers_never_saw_are_not_in_the_history(post, cast):
    """A rejected text must not come to light when a better one is approved."""
    comment = makers.make_rejected(cast.nora, post, cast.mona, "Her address is 7 Quay Street.")
    editing.edit(comment, cast.nora, "She lives near the quay.", "en")
    db.session.commit()
    assert comment.state == "held"
    assert queries.revisions_of(comment) == []
    assert comment.edited_at is None


def test_a_rejected_comment_may_be_sent_again_unchanged(post, cast):
    comment = makers.make_rejected(cast.nora, post, cast.mona, "As it is.")
    editing.edit(comment, cast.nora, "As it is.", "en")
    assert comment.state == "held"


def test_an_empty_edit_is_refused_and_changes_nothing(post, cast):
    comment = makers.make_comment(cast.alice, post, "Words.")
    with pytest.raises(Refused, match="Write something first"):
        editing.edit(comment, cast.alice, " ", "en")
    assert comment.body == "Words."


@pytest.mark.parametrize("act", ["edit", "withdraw"])
def test_of_two_changes_at_once_the_second_is_told(act, app, post, cast):
    comment = makers.make_comment(cast.alice, post, "Words.")
    comment_id = comment.id
    assert comment.version, "read before the other one changes it"

    def other(_number: int) -> None:
        withdrawing.withdraw(db.session.get(Comment, comment_id))
        db.session.commit()

    db.session.rollback()
    assert comment.body == "Words."
    assert in_threads(app, 1, other) == []
    with pytest.raises(Conflict, match="at the same moment"):
        withdrawing.withdraw(comment) if act == "withdraw" else editing.edit(comment, cast.alice, "Late.", "en")
    db.session.rollback()
    assert comment.state == "withdrawn"
    assert comment.body == "Words."
    assert counting.differences() == []


def test_withdrawing_a_public_comment_leaves_its_replies_counted(post, cast):
    comment = makers.make_comment(cast.alice, post)
    makers.make_comment(cast.bob, post, parent=comment)
    withdrawing.withdraw(comment)
    db.session.commit()
    db.session.refresh(comment)
    db.session.refresh(post)
    assert (comment.state, comment.descendant_count, post.comment_count) == ("withdrawn", 1, 1)
    assert events()[-2:] == ["CommentHidden", "CommentWithdrawn"]


def test_withdrawing_a_held_comment_closes_its_case(post, cast, work):
    comment, case = makers.make_held(cast.nora, post)
    withdrawing.withdraw(comment)
    work()
    db.session.refresh(case)
    assert case.closed_at is not None
    assert "CommentHidden" not in events(), "nobody had seen it"


def test_withdrawing_twice_is_refused(post, cast):
    comment = makers.make_withdrawn(cast.alice, post)
    with pytest.raises(IllegalStep, match="withdrawn"):
        withdrawing.withdraw(comment)


MAY_EDIT = [
    ("a fresh comment by its writer", "alice", "published", 1, None),
    ("after a day", "alice", "published", 25, "24 hours"),
    ("by somebody trusted after a week", "trusted", "published", 24 * 7, None),
    ("by somebody trusted after a month", "trusted", "published", 24 * 31, "720 hours"),
    ("somebody else's", "bob", "published", 1, "Only its writer"),
    ("by a moderator", "mona", "published", 1, "Only its writer"),
    ("by a guest", None, "published", 1, "Only its writer"),
    ("a removed one", "alice", "removed", 1, "taken away"),
    ("a withdrawn one", "alice", "withdrawn", 1, "taken away"),
    ("a held one after a week", "alice", "held", 24 * 7, None),
    ("a rejected one after a week", "alice", "rejected", 24 * 7, None),
]


@pytest.mark.parametrize(
    ("who", "state", "hours", "refusal"), [row[1:] for row in MAY_EDIT], ids=[r[0] for r in MAY_EDIT]
)
def test_who_may_edit(who, state, hours, refusal, post, cast):
    comment = makers.make_comment(cast.alice, post)
    comment.state = state
    person = cast.alice if who == "trusted" else getattr(cast, who) if who else None
    if who == "trusted":
        person.trust = TRUSTED
    with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False):
        verdict = may_edit(person, comment)
    assert bool(verdict) == (refusal is None)
    assert refusal is None or refusal in verdict.reason


def test_nobody_edits_in_a_closed_discussion_but_may_withdraw(post, cast):
    comment = makers.make_comment(cast.alice, post)
    post.policy = CLOSED
    assert "closed" in may_edit(cast.alice, comment).reason
    assert may_withdraw(cast.alice, comment)
    assert not may_withdraw(cast.mona, comment)
