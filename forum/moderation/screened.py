"""What became of what the checks found: how often moderators let it through."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select

from forum.foundation.db import db
from forum.moderation import queries
from forum.moderation.actions import AGAINST, APPROVE, DISMISS, RESTORE
from forum.moderation.models import Decision, Signal
from forum.screening.names import WORDS

# A moderator has read it and let it stand.
LET_THROUGH = (APPROVE, DISMISS, RESTORE)
# Of the findings of words so many are counted, the newest.
MOST_COUNTED = 5_000


@dataclass
class Outcome:
    """How often something was found, how often moderators decided on it, and how often they let it through."""

    found: int = 0
    decided: int = 0
    let_through: int = 0

    @property
    def share_let_through(self) -> int | None:
        """In percent; none before anything was decided."""
        return round(100 * self.let_through / self.decided) if self.decided else None


def by_check(since: datetime) -> dict[str, Outcome]:
    """By the names of checks. One query."""
    let, decided = _decided(LET_THROUGH), _decided((*LET_THROUGH, *AGAINST))
    rows = db.session.execute(
        select(
            Signal.reason,
            func.count(),
            func.sum(case((decided, 1), else_=0)),
            func.sum(case((let, 1), else_=0)),
        )
        .where(Signal.by_id.is_(None), Signal.created_at >= since)
        .group_by(Signal.reason)
    )
    return {reason: Outcome(found, int(of_them or 0), int(through or 0)) for reason, found, of_them, through in rows}


def by_word(since: datetime) -> dict[int, Outcome]:
    """By the numbers of watched words. One query."""
    let, decided = _decided(LET_THROUGH), _decided((*LET_THROUGH, *AGAINST))
    rows = db.session.execute(
        select(Signal.detail, decided, let)
        .where(Signal.by_id.is_(None), Signal.reason == WORDS, Signal.created_at >= since)
        .order_by(Signal.id.desc())
        .limit(MOST_COUNTED)
    )
    found: dict[int, Outcome] = {}
    for detail, is_decided, is_let in rows:
        for word in detail.get("words", ()):
            outcome = found.setdefault(word["id"], Outcome())
            outcome.found += 1
            outcome.decided += bool(is_decided)
            outcome.let_through += bool(is_let)
    return found


def let_through(comment_ids: Collection[int]) -> set[int]:
    """Those of these comments that moderators read and let stand. One query."""
    rows = db.session.scalars(
        select(Decision.comment_id).where(
            Decision.comment_id.in_(comment_ids), Decision.action.in_(LET_THROUGH), queries.in_force()
        )
    )
    return {number for number in rows if number is not None}


def _decided(actions: Collection[str]) -> ColumnElement[bool]:
    of_the_case = select(Decision.id).where(
        Decision.case_id == Signal.case_id, Decision.action.in_(actions), queries.in_force()
    )
    return of_the_case.exists()
