"""What became of somebody's flags: on a page of their own, and for the letter when a decision lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from forum.accounts.models import User
from forum.comments.models import Comment
from forum.foundation import clock, paging
from forum.foundation.db import db
from forum.moderation import queries
from forum.moderation.actions import APPROVE, DISMISS, MARK_SPAM, REJECT, REMOVE, UNDO_FOR
from forum.moderation.models import Case, Decision, Signal

PAGE = 30

# Decisions that answer flags.
ANSWERED_BY = (APPROVE, REJECT, REMOVE, MARK_SPAM, DISMISS)


@dataclass(frozen=True)
class Mine:
    """A flag of somebody's, and what became of it: nothing is told that may still be undone."""

    signal: Signal
    comment: Comment
    # None while it waits; then whether a moderator agreed, which is None where the writer was first.
    answered_at: datetime | None
    is_upheld: bool | None


def flags_by(person: User, after: str = "", limit: int = PAGE) -> tuple[list[Mine], str | None]:
    """A page of this person's flags, the newest first, and the cursor of the next. Two queries."""
    found = (
        select(Signal, Case, Comment)
        .join(Case, Case.id == Signal.case_id)
        .join(Comment, Comment.id == Case.comment_id)
        .join(Comment.post)
        .where(Signal.by_id == person.id)
        .options(contains_eager(Comment.post))
    )
    place = paging.read(after, int)
    if place is not None:
        found = found.where(Signal.id < place[0])
    rows = db.session.execute(found.order_by(Signal.id.desc()).limit(limit + 1)).tuples().all()
    shown = rows[:limit]
    decided = _last_decisions([case.id for _signal, case, _comment in shown])
    mine = [_mine(signal, case, comment, decided.get(case.id)) for signal, case, comment in shown]
    return mine, paging.cursor(shown[-1][0].id) if len(rows) > limit else None


def answered_by(decision: Decision) -> Sequence[Signal]:
    """The flags that this decision answers, with who gave them. One query."""
    return db.session.scalars(
        select(Signal)
        .where(Signal.case_id == decision.case_id, Signal.by_id.is_not(None), Signal.was_upheld.is_not(None))
        .options(joinedload(Signal.by))
        .order_by(Signal.id)
    ).all()


def _mine(signal: Signal, case: Case, comment: Comment, decision: Decision | None) -> Mine:
    if decision is not None:
        is_final = decision.created_at <= clock.now() - UNDO_FOR and signal.was_upheld is not None
        return Mine(signal, comment, decision.created_at if is_final else None, signal.was_upheld if is_final else None)
    return Mine(signal, comment, case.closed_at, None)


def _last_decisions(case_ids: Sequence[int]) -> dict[int, Decision]:
    """The last decision on each case that stands."""
    rows = db.session.scalars(
        select(Decision).where(Decision.case_id.in_(case_ids), queries.in_force()).order_by(Decision.id)
    )
    return {row.case_id: row for row in rows}
