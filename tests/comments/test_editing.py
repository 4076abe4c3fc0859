"""Changing one's own words, and taking them back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from forum.accounts.models import TRUSTED
from forum.comments import counting, editing, queries, withdrawing
from forum.comments.models import Comment
from forum.comments.permissions import EditHours, may_edit, may_withdraw
from forum.events.log import EventRow
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Conflict, IllegalStep, Refused
from forum.marks import marking
from forum.moderation import decisions, flagging
from forum.moderation import queries as moderation_queries
from forum.posts.models import CLOSED
from tests import makers
from tests.comments.test_posting import in_threads

HOURS = EditHours(everybody=24, trusted=720)
LINKS = "https://a.example https://b.example https://c.example"


def edit(comment, by, body, lang="en", *, minutes=10, has_case=False):
    """Edited some minutes after it was published, when readers have had time to read it."""
    with time_machine.travel((comment.published_at or comment.created_at) + timedelta(minutes=minutes), tick=False):
        editing.edit(comment, by, body, lang, has_case=has_case, screen=makers.screen)


def earlier_words(comment) -> list[str]:
    return [row.body for row in queries.revisions_of(comment)]


def events() -> list[str]:
    return list(db.session.scalars(select(EventRow.name).order_by(EventRow.id)))


def test_an_edit_keeps_what_readers_read_before(post, cast):
    comment = makers.make_comment(cast.alice, post, "First.")
    edit(comment, cast.alice, "Second.")
    db.session.commit()
    assert comment.body == "Second."
    assert comment.edited_at is not None
    assert earlier_words(comment) == ["First."]
    assert events()[-1] == "CommentEdited"


@pytest.mark.parametrize(("minutes", "is_marked"), [(0, False), (4, False), (6, True)])
def test_a_slip_mended_in_the_first_minutes_leaves_no_mark(minutes, is_marked, post, cast):
    comment = makers.make_comment(cast.alice, post, "Frist.")
    edit(comment, cast.alice, "First.", minutes=minutes)
    db.session.commit()
    assert comment.body == "First."
    assert (comment.edited_at is not None) == is_marked
    assert earlier_words(comment) == (["Frist."] if is_marked else [])
    assert events()[-1] == "CommentEdited", "pages and the index learn of it either way"


def test_the_first_minutes_are_counted_from_publication(post, cast):
    """Nobody could read it while it was held; but a moderator has, and judged those words."""
    comment, case = makers.make_held(cast.nora, post, "Frist.")
    decisions.approve(case, cast.mona, case.version)
    db.session.commit()
    edit(comment, cast.nora, "First.", minutes=1, has_case=moderation_queries.has_case(comment))
    assert earlier_words(comment) == ["Frist."]


def answered(comment, bob):
    makers.make_comment(bob, comment.post, parent=comment)


def answered_from_beside(comment, bob):
    """The deepest comments are answered by comments that hang where they hang."""
    makers.make_comment(bob, comment.post, parent=comment.parent).answers_id = comment.id


def liked(comment, bob):
    marking.like(comment, bob)


def flagged(comment, bob):
    assert not moderation_queries.has_case(comment)
    flagging.flag(comment, bob, "unkind", "")


@pytest.mark.parametrize("done", [answered, answered_from_beside, liked, flagged])
def test_words_that_somebody_did_something_about_stay_to_be_read(done, post, cast):
    top = makers.make_comment(cast.bob, post)
    comment = makers.make_comment(cast.alice, post, "Cats are best.", parent=top)
    done(comment, cast.bob)
    db.session.commit()
    edit(comment, cast.alice, "Dogs are best.", minutes=1, has_case=moderation_queries.has_case(comment))
    assert earlier_words(comment) == ["Cats are best."]


def test_an_answer_of_ones_own_is_nobody_elses(post, cast):
    comment = makers.make_comment(cast.alice, post, "Frist.")
    makers.make_comment(cast.alice, post, "I mean: first.", parent=comment)
    edit(comment, cast.alice, "First.", minutes=1)
    assert comment.edited_at is None


def test_a_marked_comment_hides_no_later_version(post, cast):
    comment = makers.make_comment(cast.alice, post, "One.")
    makers.make_comment(cast.bob, post, parent=comment)
    edit(comment, cast.alice, "Two.", minutes=1)
    db.session.commit()
    edit(comment, cast.alice, "Three.", minutes=2)
    assert earlier_words(comment) == ["One.", "Two."]


def test_a_held_comment_is_edited_without_a_mark(post, cast):
    comment, _case = makers.make_held(cast.nora, post, "Frist.")
    edit(comment, cast.nora, "First.", minutes=60, has_case=True)
    assert (comment.state, comment.edited_at, earlier_words(comment)) == ("held", None, [])


def test_the_same_words_again_are_no_edit(post, cast):
    comment = makers.make_comment(cast.alice, post, "First.")
    edit(comment, cast.alice, "  First.\r\n")
    db.session.commit()
    assert comment.edited_at is None
    assert queries.revisions_of(comment) == []
    assert "CommentEdited" not in events()


def test_an_edit_makes_readers_pages_out_of_date(post, cast):
    comment = makers.make_comment(cast.alice, post)
    db.session.refresh(post)
    before = post.thread_version
    edit(comment, cast.alice, "Other words.")
    db.session.commit()
    db.session.refresh(post)
    assert post.thread_version > before


def test_an_edit_that_screening_stops_waits_and_readers_read_the_old_words(post, cast):
    comment = makers.make_comment(cast.alice, post, "First.")
    version = comment.version
    edit(comment, cast.alice, LINKS)
    db.session.commit()
    assert (comment.state, comment.body, comment.edited_at) == ("published", "First.", None)
    waiting = editing.waiting_of(comment)
    assert waiting is not None
    assert waiting.body == LINKS
    assert [finding["reason"] for finding in waiting.held_for] == ["links"]
    assert comment.version > version, "whoever looks at it elsewhere has seen other words"
    assert "CommentEdited" not in events()
    assert events()[-1] == "EditHeld"


def test_an_edit_that_waited_is_applied_with_what_readers_read_before(post, cast):
    comment = makers.make_comment(cast.alice, post, "First.")
    edit(comment, cast.alice, LINKS)
    editing.apply_waiting(comment)
    db.session.commit()
    assert comment.body == LINKS
    assert comment.edited_at is not None
    assert earlier_words(comment) == ["First."]
    assert editing.waiting_of(comment) is None
    assert events()[-1] == "CommentEdited"


def test_an_edit_that_waited_is_dropped_and_nothing_else_changes(post, cast):
    comment = makers.make_comment(cast.alice, post, "First.")
    edit(comment, cast.alice, LINKS)
    editing.drop_waiting(comment)
    db.session.commit()
    assert (comment.state, comment.body, comment.edited_at) == ("published", "First.", None)
    assert editing.waiting_of(comment) is None
    assert events()[-1] == "EditDropped"


def test_better_words_take_the_place_of_words_that_waited(post, cast, work):
    comment = makers.make_comment(cast.alice, post, "First.")
    edit(comment, cast.alice, LINKS)
    work()
    assert moderation_queries.open_case_of(comment) is not None
    edit(comment, cast.alice, "Second.", has_case=True)
    db.session.commit()
    work()
    assert (comment.body, earlier_words(comment)) == ("Second.", ["First."])
    assert editing.waiting_of(comment) is None
    assert moderation_queries.open_case_of(comment) is None, "there is nothing left to decide"


def test_the_public_words_again_take_back_what_waited(post, cast):
    comment = makers.make_comment(cast.alice, post, "First.")
    edit(comment, cast.alice, LINKS)
    edit(comment, cast.alice, "First.")
    db.session.commit()
    assert editing.waiting_of(comment) is None
    assert comment.edited_at is None


def test_withdrawing_takes_words_that_wait_along(post, cast):
    comment = makers.make_comment(cast.alice, post, "First.")
    edit(comment, cast.alice, LINKS)
    withdrawing.withdraw(comment)
    db.session.commit()
    assert editing.waiting_of(comment) is None


def test_words_that_readers_never_saw_are_not_in_the_history(post, cast):
    """A rejected text must not come to light when a better one is approved."""
    comment = makers.make_rejected(cast.nora, post, cast.mona, "Her address is 7 Quay Street.")
    edit(comment, cast.nora, "She lives near the quay.")
    db.session.commit()
    assert comment.state == "held"
    assert queries.revisions_of(comment) == []
    assert comment.edited_at is None


def test_a_rejected_comment_may_be_sent_again_unchanged(post, cast):
    comment = makers.make_rejected(cast.nora, post, cast.mona, "As it is.")
    edit(comment, cast.nora, "As it is.")
    assert comment.state == "held"


def test_an_empty_edit_is_refused_and_changes_nothing(post, cast):
    comment = makers.make_comment(cast.alice, post, "Words.")
    with pytest.raises(Refused, match="Write something first"):
        edit(comment, cast.alice, " ")
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
        withdrawing.withdraw(comment) if act == "withdraw" else edit(comment, cast.alice, "Late.")
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
    ("by somebody trusted after a month", "trusted", "published", 24 * 31, "30 days"),
    ("somebody else's", "bob", "published", 1, "Only its writer"),
    ("by a moderator", "mona", "published", 1, "Only its writer"),
    ("by a guest", None, "published", 1, "Only its writer"),
    ("a removed one", "alice", "removed", 1, "taken away"),
    ("a withdrawn one", "alice", "withdrawn", 1, "taken away"),
    ("a held one after a week", "alice", "held", 24 * 7, None),
    ("a rejected one after a week", "alice", "rejected", 24 * 7, None),
]


OTHER_HOURS = [
    ("none at all", EditHours(0, 0), 0.1, "alice", "stay as they were published"),
    ("none but for the trusted", EditHours(0, 48), 47, "trusted", None),
    ("one", EditHours(1, 1), 2, "alice", "for 1 hour."),
    ("two days", EditHours(48, 48), 49, "alice", "for 2 days."),
    ("fewer for the trusted", EditHours(24, 2), 23, "trusted", None),
]


@pytest.mark.parametrize(
    ("allowed", "hours", "who", "refusal"), [row[1:] for row in OTHER_HOURS], ids=[row[0] for row in OTHER_HOURS]
)
def test_a_site_says_for_how_long(allowed, hours, who, refusal, post, cast):
    if who == "trusted":
        cast.alice.trust = TRUSTED
    comment = makers.make_comment(cast.alice, post)
    with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False):
        verdict = may_edit(cast.alice, comment, allowed)
    assert bool(verdict) == (refusal is None)
    assert refusal is None or refusal in verdict.reason


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
        verdict = may_edit(person, comment, HOURS)
    assert bool(verdict) == (refusal is None)
    assert refusal is None or refusal in verdict.reason


def test_nobody_edits_in_a_closed_discussion_but_may_withdraw(post, cast):
    comment = makers.make_comment(cast.alice, post)
    post.policy = CLOSED
    assert "closed" in may_edit(cast.alice, comment, HOURS).reason
    assert may_withdraw(cast.alice, comment)
    assert not may_withdraw(cast.mona, comment)
