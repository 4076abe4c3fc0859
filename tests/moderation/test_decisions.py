"""What moderators decide, and that each decision is made once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from forum.comments import counting, editing
from forum.comments.models import Comment
from forum.comments.permissions import EditHours, may_edit, may_see, visible_to
from forum.events.log import EventRow
from forum.foundation.db import db
from forum.foundation.errors import Conflict, IllegalStep, Refused
from forum.moderation import cases, decisions, flagging, queries
from forum.moderation.decisions import AlreadyDecided
from forum.moderation.models import Case, Decision
from forum.moderation.permissions import may_moderate
from forum.posts.models import Post
from tests import makers
from tests.comments.test_posting import in_threads


@pytest.fixture
def held(post, cast):
    return makers.make_held(cast.nora, post)


def events() -> list[str]:
    return list(db.session.scalars(select(EventRow.name).order_by(EventRow.id)))


def test_approving_publishes_counts_and_earns_trust(held, post, cast):
    comment, case = held
    decisions.approve(case, cast.mona, case.version)
    db.session.commit()
    assert comment.state == "published"
    assert cast.nora.is_newcomer is False
    db.session.refresh(post)
    assert (post.comment_count, post.last_comment_by_id) == (1, cast.nora.id)
    assert events()[-2:] == ["CommentPublished", "CommentDecided"]
    assert makers.make_comment(cast.nora, post).state == "published"
    assert counting.differences() == []


def test_rejecting_keeps_it_from_readers_and_trust_unearned(held, post, cast):
    comment, case = held
    decisions.reject(case, cast.mona, case.version, "unkind", "Say it about the service.")
    db.session.commit()
    assert comment.state == "rejected"
    assert cast.nora.is_newcomer is True
    assert "CommentPublished" not in events()
    assert counting.differences() == []


def test_a_rejected_comment_sent_again_comes_back_to_the_queue(held, cast, work):
    comment, case = held
    decisions.reject(case, cast.mona, case.version, "unkind")
    db.session.commit()
    editing.edit(comment, cast.nora, "More kindly said.", "en", has_case=True, screen=makers.screen)
    work()
    db.session.expire_all()
    again = queries.open_case_of(comment)
    assert again.id != case.id
    assert [signal.reason for signal in queries.signals_of([again.id])[again.id]] == ["first_comment"]
    decisions.approve(again, cast.mona, again.version)
    db.session.commit()
    assert comment.state == "published"


def test_a_comment_rejected_for_good_is_not_sent_again(held, cast):
    comment, case = held
    decision = decisions.reject(case, cast.mona, case.version, "unkind", may_send_again=False)
    db.session.commit()
    verdict = may_edit(cast.nora, comment, EditHours(24, 720))
    assert "cannot be sent again" in verdict.reason
    assert not decision.may_send_again


def test_who_is_trusted_by_a_moderator_is_trusted_at_once(held, post, cast):
    _comment, case = held
    decisions.approve(case, cast.mona, case.version, trusts=True)
    db.session.commit()
    assert cast.nora.is_trusted
    links = " ".join(f"https://example.org/{number}" for number in range(4))
    assert makers.make_comment(cast.nora, post, links).state == "published"


def test_approving_somebody_trusted_takes_no_trust_from_them(post, cast):
    comment = makers.make_comment(cast.alice, post)
    cast.alice.trust = 3
    db.session.execute(update(Comment).values(state="held"))
    case = cases.open_for(comment, "held")
    db.session.commit()
    decisions.approve(case, cast.mona, case.version)
    assert cast.alice.trust == 3


SPAM = [("held", "rejected"), ("published", "removed")]


@pytest.mark.parametrize(("before", "after"), SPAM)
def test_marking_spam_takes_it_away_and_gives_the_rule(before, after, post, cast):
    comment = makers.make_held(cast.nora, post)[0] if before == "held" else makers.make_comment(cast.alice, post)
    case = cases.open_for(comment, "spam")
    decision = decisions.mark_spam(case, cast.mona, case.version)
    db.session.commit()
    assert (comment.state, decision.reason, comment.may_send_again) == (after, "spam", False)
    assert counting.differences() == []


@pytest.mark.parametrize("before", ["rejected", "removed"])
def test_restoring_lets_everybody_read_it_again(before, post, cast, visit):
    if before == "removed":
        comment = makers.make_removed(cast.alice, post, cast.mona, "Words that came back.")
    else:
        comment = makers.make_rejected(cast.nora, post, cast.mona, "Words that came back.")
    decisions.restore_hidden(comment, cast.max, "I was wrong.")
    db.session.commit()
    assert comment.state == "published"
    assert "Words that came back." in visit().get(f"/posts/{post.slug}")
    assert counting.differences() == []


def test_the_reason_in_place_of_a_comment_is_that_of_the_last_removal(post, cast):
    comment = makers.make_removed(cast.alice, post, cast.mona, reason="spam")
    decisions.restore_hidden(comment, cast.max)
    db.session.commit()
    decisions.remove_public(comment, cast.mona, "personal", "")
    db.session.commit()
    assert queries.removals_of([comment.id])[comment.id].reason == "personal"


def test_a_decision_is_on_the_words_that_were_read(held, cast):
    comment, case = held
    seen = case.seen()
    editing.edit(comment, cast.nora, "Other words.", "en", has_case=True, screen=makers.screen)
    db.session.commit()
    for act in (decisions.approve, decisions.mark_spam):
        with pytest.raises(Conflict, match="changed this comment while you were reading"):
            act(case, cast.mona, seen)
        db.session.rollback()
    assert (comment.state, case.is_open) == ("held", True)


def test_removing_keeps_the_replies(post, cast):
    comment = makers.make_comment(cast.alice, post)
    reply = makers.make_comment(cast.bob, post, parent=comment)
    decisions.remove_public(comment, cast.mona, "spam", "")
    db.session.commit()
    db.session.refresh(comment)
    assert (comment.state, reply.state, comment.descendant_count) == ("removed", "published", 1)
    assert counting.differences() == []


def test_every_decision_is_a_row_in_the_log(held, post, cast):
    comment, case = held
    decisions.reject(case, cast.mona, case.version, "unkind", "Please say it kindly.")
    public = makers.make_comment(cast.alice, post)
    flagging.flag(public, cast.bob, "spam", "")
    flagged = queries.open_case_of(public)
    decisions.dismiss(flagged, cast.max, flagged.version)
    decisions.remove_public(public, cast.mona, "spam", "")
    db.session.commit()
    rows, older = queries.log()
    assert older is None
    assert [(row.action, row.by.name, row.reason, row.message, row.from_state, row.to_state) for row in rows] == [
        ("remove", "Mona Mild", "spam", "", "published", "removed"),
        ("dismiss", "Max Moss", None, "", "published", "published"),
        ("reject", "Mona Mild", "unkind", "Please say it kindly.", "held", "rejected"),
    ]
    assert rows[-1].comment_id == comment.id


def test_the_log_is_paged_without_gaps(post, cast):
    numbers = []
    for _turn in range(7):
        numbers.append(decisions.remove_public(makers.make_comment(cast.alice, post), cast.mona, "spam", "").id)
    db.session.commit()
    seen, before = [], None
    while True:
        rows, before = queries.log(limit=3, before=before)
        seen += [row.id for row in rows]
        if before is None:
            break
    assert seen == numbers[::-1]


ILLEGAL = [
    ("approve what is public", "approve", "published"),
    ("reject what is public", "reject", "published"),
    ("remove what is held", "remove", "held"),
    ("dismiss what is held", "dismiss", "held"),
    ("approve what was withdrawn", "approve", "withdrawn"),
    ("remove what was withdrawn", "remove", "withdrawn"),
    ("remove what is removed", "remove", "removed"),
    ("restore what is public", "restore", "published"),
    ("restore what waits", "restore", "held"),
    ("restore what was withdrawn", "restore", "withdrawn"),
    ("approve what was rejected", "approve", "rejected"),
    ("mark as spam what was withdrawn", "mark_spam", "withdrawn"),
    ("mark as spam what is removed", "mark_spam", "removed"),
]


@pytest.mark.parametrize(("act", "state"), [row[1:] for row in ILLEGAL], ids=[row[0] for row in ILLEGAL])
def test_a_moderator_cannot(act, state, held, cast):
    comment, case = held
    db.session.execute(update(Comment).where(Comment.id == comment.id).values(state=state))
    db.session.commit()
    reason = ["unkind"] if act in ("reject", "remove") else []
    with pytest.raises(IllegalStep):
        getattr(decisions, act)(case, cast.mona, case.version, *reason)
    db.session.rollback()
    assert comment.state == state
    assert db.session.scalar(select(func.count(Decision.id))) == 0


@pytest.mark.parametrize("reason", ["", "boring", "Unkind"])
def test_a_reason_must_be_one_of_the_house(reason, held, cast):
    comment, case = held
    with pytest.raises(Refused, match="Give the reason"):
        decisions.reject(case, cast.mona, case.version, reason)
    with pytest.raises(Refused, match="Give the reason"):
        decisions.remove_public(comment, cast.mona, reason, "")


def test_a_message_has_an_end(held, cast):
    _comment, case = held
    with pytest.raises(Refused, match="by 5 characters") as refusal:
        decisions.reject(case, cast.mona, case.version, "spam", "x" * 2_005)
    assert refusal.value.field == "message"
    assert case.closed_at is None


# Two at once


def test_the_second_of_two_decisions_is_told_who_did_what(held, cast):
    comment, case = held
    seen = case.version
    decisions.approve(case, cast.mona, seen)
    db.session.commit()
    with pytest.raises(AlreadyDecided) as lost:
        decisions.reject(case, cast.max, seen, "unkind")
    db.session.rollback()
    assert lost.value.decision.by.name == "Mona Mild"
    assert lost.value.decision.action == "approve"
    assert comment.state == "published"
    assert db.session.scalar(select(func.count(Decision.id))) == 1


def _two_at_once(app, cast, case_id: int, acts):
    """mona and max decide in the same moment; who won, and what the other heard."""
    people, won, lost = [cast.mona.id, cast.max.id], [], []
    db.session.commit()

    def decide(number: int) -> None:
        person = db.session.get(type(cast.mona), people[number])
        try:
            won.append(acts[number](case_id, person).by_id)
            db.session.commit()
        except Conflict as conflict:
            lost.append((person.id, conflict, getattr(conflict, "decision", None) and conflict.decision.by_id))
            db.session.rollback()

    assert in_threads(app, 2, decide) == []
    db.session.expire_all()
    return won, lost


@pytest.mark.parametrize("turn", range(3))
def test_of_two_moderators_in_two_threads_one_wins(turn, app, held, cast):
    comment, case = held
    version = case.version

    def approve(case_id, person):
        return decisions.approve(db.session.get(Case, case_id), person, version)

    def reject(case_id, person):
        return decisions.reject(db.session.get(Case, case_id), person, version, "unkind")

    won, lost = _two_at_once(app, cast, case.id, [approve, reject])
    assert len(won) == len(lost) == 1
    ((_loser, conflict, named),) = lost
    assert isinstance(conflict, AlreadyDecided)
    assert named == won[0], "the loser is told who was first"
    assert comment.state == ("published" if won == [cast.mona.id] else "rejected")
    assert db.session.scalar(select(func.count(Decision.id))) == 1
    assert counting.differences() == []


@pytest.mark.parametrize("turn", range(3))
def test_of_two_moderators_removing_from_the_page_one_wins(turn, app, post, cast):
    comment = makers.make_comment(cast.alice, post)

    def remove(comment_id, person):
        return decisions.remove_public(db.session.get(Comment, comment_id), person, "spam", "")

    won, lost = _two_at_once(app, cast, comment.id, [remove, remove])
    assert len(won) == len(lost) == 1
    assert lost[0][2] == won[0]
    assert comment.state == "removed"
    assert db.session.scalar(select(func.count(Decision.id))) == 1
    assert counting.differences() == []


# Who may


@pytest.mark.parametrize(("who", "may"), [("mona", True), ("ada", True), ("alice", False), ("arthur", False)])
def test_who_may_see_the_queue(who, may, app, cast):
    assert bool(may_moderate(getattr(cast, who))) is may
    assert not may_moderate(None)


# Sight

SIGHT = {
    "published": {None, "alice", "bob", "mona", "ada", "arthur"},
    "held": {"alice", "mona", "ada"},
    "rejected": {"alice", "mona", "ada"},
    "removed": {"alice", "mona", "ada"},
    "withdrawn": {"alice", "mona", "ada"},
}


@pytest.mark.parametrize("is_draft", [False, True], ids=["public post", "draft"])
@pytest.mark.parametrize("state", SIGHT)
def test_who_sees_a_comment_asked_one_by_one_and_as_a_list(state, is_draft, post, cast):
    comment = makers.make_comment(cast.alice, post)
    db.session.execute(update(Comment).values(state=state))
    db.session.execute(update(Post).values(state="draft" if is_draft else "published"))
    db.session.commit()
    staff = {"mona", "ada"}
    expected = SIGHT[state] & staff if is_draft else SIGHT[state]
    seen, listed = set(), set()
    for who in (None, "alice", "bob", "mona", "ada", "arthur"):
        person = getattr(cast, who) if who else None
        if may_see(person, comment):
            seen.add(who)
        if db.session.scalar(select(Comment.id).join(Post).where(visible_to(person))):
            listed.add(who)
    assert seen == listed == expected


def test_a_reaction_run_twice_opens_one_case_with_each_reason_once(app, cast, work):
    post = makers.make_post(cast.arthur, policy="checked")
    comment, case = makers.make_held(cast.nora, post)
    db.session.execute(update(EventRow).values(relayed_at=None))
    work()
    assert db.session.scalar(select(func.count(Case.id))) == 1
    reasons = [signal.reason for signal in queries.signals_of([case.id])[case.id]]
    assert reasons == ["first_comment", "checked_first"]
    assert comment.state == "held"
