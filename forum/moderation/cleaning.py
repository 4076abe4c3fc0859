"""Cleaning up after a spammer in one act: all they wrote goes, they are suspended, nobody joins with their address."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Update, insert, literal, select, update
from sqlalchemy.orm import aliased

from forum.accounts import blocking
from forum.accounts.models import User
from forum.comments import clearing
from forum.comments.clearing import Taken
from forum.comments.models import PUBLISHED, REJECTED, REMOVED, Comment
from forum.events import catalog
from forum.events.publish import publish_all
from forum.foundation import clock
from forum.foundation.access import require
from forum.foundation.db import UtcDateTime, among, db
from forum.moderation import decisions, queries, rules, sanctions, standing
from forum.moderation.actions import CLEAN_UP, MARK_SPAM, SUSPEND, UNDO
from forum.moderation.models import Case, Decision, Notice, Sanction, Signal
from forum.moderation.permissions import may_clean_up

# Rows to a statement: below what either database takes.
AT_ONCE = 1_000
# A thousand copies of one text teach no more than a few, and would outweigh all else that was learned.
MOST_EXAMPLES = 20


@dataclass(frozen=True)
class Effect:
    """What cleaning up would do, to be shown before it is done."""

    public: int
    waiting: int
    discussions: int
    has_address: bool
    # There is more than one turn takes away.
    is_cut: bool


def effect_on(person: User) -> Effect:
    """One query."""
    found = clearing.of(person, clearing.MOST + 1)
    taken = found[: clearing.MOST]
    public = sum(one.state == PUBLISHED for one in taken)
    return Effect(
        public=public,
        waiting=len(taken) - public,
        discussions=len({one.post_id for one in taken}),
        has_address=person.email is not None,
        is_cut=len(found) > len(taken),
    )


def clean_up(person: User, by: User, *, seen: int | None = None) -> Decision:
    """Remove or reject every comment of theirs as spam, suspend them until it is lifted, and remember their address.

    A fixed number of statements and one for each discussion and thousand comments. Raises Forbidden, and
    AlreadyDecided when there is a newer decision on the person than `seen`.
    """
    require(may_clean_up(by, person))
    # In the order in which whoever decides on one of the comments takes them: the case, its discussion, the person.
    _lock_cases(person)
    clearing.lock(person)
    sanctions.take_turn(person, seen)
    was = standing.of(person)
    taken = clearing.take_away(person)
    case = sanctions.closed_case(person)
    closed = _close_cases(taken)
    decision = decisions.add(
        case, CLEAN_UP, by, user=person, reason=rules.SPAM, from_state=was, to_state=standing.SUSPENDED,
        before={
            "taken": [_row(one) for one in taken],
            "cases": list(closed.values()),
            "blocked": blocking.block(person.email) if person.email else None,
        },
    )  # fmt: skip
    _write_down(decision, taken, closed)
    if person.is_claimed:
        db.session.add(
            Sanction(user_id=person.id, decision_id=decision.id, kind=SUSPEND, hours=None, begins_at=clock.now())
        )
        standing.settle(person)
    return decision


def examples_of(decision: Decision) -> Sequence[Comment]:
    """Some of the comments it took away, for the site to learn what spam looks like. One query."""
    return db.session.scalars(
        select(Comment)
        .join(Decision, Decision.comment_id == Comment.id)
        .where(Decision.on_id == decision.id, Decision.action == MARK_SPAM, queries.in_force())
        .order_by(Comment.id.desc())
        .limit(MOST_EXAMPLES)
    ).all()


def put_back(decision: Decision, by: User) -> None:
    """Undo all of it, but for what somebody changed since."""
    if decision.user is not None and decision.user.is_claimed:
        sanctions.put_back_imposed(decision, by)
    bring_back(decision)
    _undo_parts(decision, by)


def bring_back(decision: Decision) -> list[list[Any]]:
    """The comments and their cases as they were, and the address is free; which comments came back."""
    if decision.user is None:
        return []
    brought = clearing.bring_back(decision.user, [Taken(*one) for one in decision.before["taken"]])
    if decision.before["blocked"]:
        blocking.forget(decision.before["blocked"])
    _reopen_cases(decision.before["cases"])
    return [_row(one) for one in brought]


def take_again(decision: Decision, brought: Sequence[Sequence[Any]]) -> None:
    """Undo `bring_back`."""
    if decision.user is None:
        return
    taken = [Taken(*one) for one in brought]
    clearing.take_again(decision.user, taken)
    if decision.user.email:
        blocking.block(decision.user.email)
    _close_cases(taken)


def _row(one: Taken) -> list[Any]:
    return [one.id, one.post_id, one.path, one.state]


def _write_down(decision: Decision, taken: Sequence[Taken], closed: dict[int, int]) -> None:
    """A decision for each comment, so that each has its line, its statement of reasons and its appeal.

    People hear of all of them at once, by the one decision.
    """
    common: dict[str, Any] = {
        "user_id": decision.user_id, "action": MARK_SPAM, "reason": rules.SPAM, "message": "", "may_send_again": False,
        "before": {}, "on_id": decision.id, "by_id": decision.by_id, "created_at": decision.created_at,
    }  # fmt: skip
    rows = [
        common
        | {
            "case_id": closed.get(one.id, decision.case_id),
            "comment_id": one.id,
            "from_state": one.state,
            "to_state": REMOVED if one.state == PUBLISHED else REJECTED,
        }
        for one in taken
    ]
    for start in range(0, len(rows), AT_ONCE):
        numbers = db.session.scalars(insert(Decision).returning(Decision.id), rows[start : start + AT_ONCE]).all()
        told = [{"decision_id": number, "told_at": decision.created_at} for number in numbers]
        db.session.execute(insert(Notice), told)


def _lock_cases(person: User) -> None:
    theirs = select(Comment.id).where(Comment.author_id == person.id)
    waiting = update(Case).where(Case.comment_id.in_(theirs), Case.closed_at.is_(None))
    _run(waiting.values(version=Case.version), {})


def _close_cases(taken: Sequence[Taken]) -> dict[int, int]:
    """Nobody need decide on these comments any more; the number of each open case, by its comment."""
    where = (among(Case.comment_id, "comments"), Case.closed_at.is_(None))
    numbers = {"comments": [one.id for one in taken]}
    found = dict(db.session.execute(select(Case.comment_id, Case.id).where(*where), numbers).tuples().all())
    _run(
        update(Case)
        .where(*where)
        .values(closed_at=clock.now(), version=Case.version + 1, claimed_by_id=None, claimed_until=None),
        numbers,
    )
    _answer_flags(found.values(), is_upheld=True)
    return {comment_id: case_id for comment_id, case_id in found.items() if comment_id is not None}


def _reopen_cases(case_ids: Sequence[int]) -> None:
    """What came of the same comments since stays where it is: a comment has one open case."""
    newer = select(Case.comment_id).where(Case.closed_at.is_(None), Case.comment_id.is_not(None))
    _run(
        update(Case)
        .where(among(Case.id, "cases"), Case.comment_id.not_in(newer))
        .values(closed_at=None, version=Case.version + 1),
        {"cases": case_ids},
    )
    _answer_flags(case_ids, is_upheld=None)


def _answer_flags(case_ids: Collection[int], is_upheld: bool | None) -> None:
    answered = update(Signal).where(among(Signal.case_id, "cases"), Signal.by_id.is_not(None))
    _run(answered.values(was_upheld=is_upheld), {"cases": case_ids})
    publish_all(catalog.CaseChanged(case_id) for case_id in case_ids)


def _run(statement: Update, numbers: Mapping[str, Collection[int]]) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False), numbers)


def _undo_parts(decision: Decision, by: User) -> None:
    """The decisions on single comments count no more, either."""
    part = aliased(Decision)
    columns = ("case_id", "comment_id", "user_id", "from_state", "to_state", "on_id", "action", "by_id", "created_at")
    parts = select(
        part.case_id, part.comment_id, part.user_id, part.to_state, part.from_state, part.id, literal(UNDO),
        literal(by.id), literal(clock.now(), UtcDateTime()),
    ).where(part.on_id == decision.id, part.action == MARK_SPAM)  # fmt: skip
    rows = [dict(zip(columns, row, strict=True)) for row in db.session.execute(parts)]
    for start in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(Decision), rows[start : start + AT_ONCE])
