"""How much waits and for how long, who decided how much, and how long people waited for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import and_, case, func, select

from forum.accounts.models import User
from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation.models import Case, Decision
from forum.moderation.queries import in_force

# Hours at which one group of waiting cases ends and the next begins.
AGES = (1, 4, 24, 72)
# Of more decisions than these the newest stand for all: a site that decides so many has long become used to its pace.
MOST_COUNTED = 20_000


@dataclass(frozen=True)
class Share:
    """What one moderator decided in a time, and in how many minutes from the opening of the case."""

    name: str
    decisions: int
    median_minutes: int


@dataclass(frozen=True)
class Pace:
    """Decisions of a time: how many, how long half of the people waited at most, and nine in ten."""

    decisions: int
    median_minutes: int
    most_minutes: int
    shares: list[Share]


def open_by_age() -> dict[str, list[int]]:
    """Open cases of each kind: younger than an hour, than four …, and all that are older. One query."""
    now = clock.now()
    limits = [now - timedelta(hours=hours) for hours in AGES]
    group = case(*((Case.opened_at > limit, number) for number, limit in enumerate(limits)), else_=len(AGES))
    found: dict[str, list[int]] = {}
    for kind, number, count in db.session.execute(
        select(Case.kind, group, func.count()).where(Case.closed_at.is_(None)).group_by(Case.kind, group)
    ):
        found.setdefault(kind, [0] * (len(AGES) + 1))[number] = count
    return found


def pace(days: int) -> Pace:
    """What was decided in the last days and stands. One query."""
    waits: dict[str, list[int]] = {}
    for name, opened, decided in _decided(clock.now() - timedelta(days=days)):
        waits.setdefault(name or "", []).append(_minutes(opened, decided))
    everything = sorted(minutes for of_one in waits.values() for minutes in of_one)
    shares = [Share(name, len(of_one), int(median(of_one))) for name, of_one in waits.items()]
    return Pace(
        decisions=len(everything),
        median_minutes=int(median(everything)) if everything else 0,
        most_minutes=percentile(everything, 90),
        shares=sorted(shares, key=lambda share: (-share.decisions, share.name)),
    )


def today() -> Pace:
    """The same for the last day."""
    return pace(1)


def percentile(ordered: Sequence[int], share: int) -> int:
    """The smallest of these at or below which so many in a hundred lie (nearest rank); 0 of none."""
    return ordered[-(-len(ordered) * share // 100) - 1] if ordered else 0


def _minutes(opened: datetime, decided: datetime) -> int:
    return max(0, int((decided - opened).total_seconds() // 60))


def _decided(since: datetime) -> Sequence[tuple[str | None, datetime, datetime]]:
    """Who decided, when the case was opened, and when it was decided."""
    return (
        db.session.execute(
            select(User.name, Case.opened_at, Decision.created_at)
            .join(Case, Case.id == Decision.case_id)
            .outerjoin(User, User.id == Decision.by_id)
            .where(and_(Decision.created_at > since, in_force()))
            .order_by(Decision.created_at.desc())
            .limit(MOST_COUNTED)
        )
        .tuples()
        .all()
    )
