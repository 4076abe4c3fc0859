"""The numbers of the transparency report, a month at a time.

All are counted from the log and the rows it is about, of what stands: undone decisions are left out. A month that is
over is counted once, a day later, and kept, because nothing about it changes any more: appeals, answers to flags and
reversals count in the month they happen in. The present month is counted when somebody looks: its rows are found by
indexes on their times, so it costs what a month of this site costs, whatever lies behind it.

A percentile is the nearest rank: the smallest time that at least so many percent were not above. It is read from how
often each time occurred: to the minute below a day, to the hour below thirty days, to the day above. Sums of that over
months give the percentiles of all time from what is kept.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, exists, func, select

from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.cache import cache
from forum.foundation.db import db
from forum.moderation import queries
from forum.moderation.actions import APPROVE, DISMISS, MARK_SPAM, OVERTURN, REJECT, REMOVE, UPHOLD
from forum.moderation.models import Appeal, Case, Decision, MonthFigures, Report, Signal
from forum.moderation.openness import month_bounds
from forum.moderation.reopening import REOPENED

# Answers to the question whether a comment may be read.
ANSWERS = (APPROVE, REJECT, REMOVE, MARK_SPAM, DISMISS)
AGAINST = (REJECT, REMOVE, MARK_SPAM)
# After this nothing of a month changes: decisions can be undone for ten minutes, and a day is easy to say.
OVER_AFTER = timedelta(days=1)
# Of fewer, a median says how long one or two people waited, and little about the site.
FEWEST = 5
# A job that was away for long does not keep others from writing.
AT_ONCE = 24

DAY, MONTH = 24 * 60, 30 * 24 * 60


@dataclass
class Figures:
    """The numbers of a month, or of several together. Waits are {minutes: how often}."""

    comments: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    waits: Counter[int] = field(default_factory=Counter)
    flags: int = 0
    flags_answered: int = 0
    flags_upheld: int = 0
    reports: int = 0
    appeals: int = 0
    appeals_answered: int = 0
    appeals_overturned: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(**{name: value + getattr(other, name) for name, value in vars(self).items()})

    @property
    def against(self) -> int:
        return sum(self.actions[action] for action in AGAINST)

    @property
    def decided(self) -> int:
        """How many questions were answered, for each of which the wait is known."""
        return self.waits.total()

    def wait(self, percent: int) -> int | None:
        """Minutes within which so many percent were decided; None of too few to say."""
        return percentile(self.waits, percent) if self.decided >= FEWEST else None

    def row(self) -> dict[str, Any]:
        """As it is kept; JSON knows only words as keys."""
        plain = {name: dict(value) if isinstance(value, Counter) else value for name, value in vars(self).items()}
        return plain | {"waits": {str(minutes): count for minutes, count in self.waits.items()}}

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Figures:
        values: dict[str, Any] = {name: value for name, value in row.items() if name in vars(cls())}
        for name in ("actions", "reasons", "held"):
            values[name] = Counter(values.get(name, {}))
        values["waits"] = Counter({int(minutes): count for minutes, count in row.get("waits", {}).items()})
        return cls(**values)


def percentile(waits: Mapping[int, int], percent: int) -> int:
    """The nearest rank among these times, each with how often it occurred; there is one at least."""
    rank = math.ceil(sum(waits.values()) * percent / 100)
    seen = 0
    for minutes in sorted(waits):
        seen += waits[minutes]
        if seen >= rank:
            return minutes
    raise ValueError("no times")


def by_month() -> dict[str, Figures]:
    """Every month that is kept, and the present one; the one before where it is not kept yet. The newest first."""
    found = {row.month: Figures.read(row.numbers) for row in db.session.scalars(select(MonthFigures))}
    now = month_of(clock.now())
    before = month_before(now)
    if before not in found and _first() <= before:
        found[before] = count(before)
    found[now] = present()
    return dict(sorted(found.items(), reverse=True))


def total(months: Iterable[Figures]) -> Figures:
    return sum(months, Figures())


def present() -> Figures:
    """The figures of this month, counted anew when something was decided, and each minute."""
    now = clock.now()
    last = db.session.scalar(select(func.max(Decision.id)))
    counted = cache.get(
        ("figures", last, now.isoformat(timespec="minutes")), lambda: json.dumps(count(month_of(now)).row())
    )
    return Figures.read(json.loads(counted))


def keep_finished() -> int:
    """Count the months that are over and keep them; how many were not kept before. Due every hour."""
    kept, missing, month = set(db.session.scalars(select(MonthFigures.month))), [], _first()
    while month_bounds(month)[1] <= clock.now() - OVER_AFTER:
        if month not in kept:
            missing.append(month)
        month = month_of(month_bounds(month)[1])
    # Counted first: others write meanwhile.
    made = [MonthFigures(month=month, numbers=count(month).row()) for month in missing[:AT_ONCE]]
    db.session.add_all(made)
    return len(made)


def forget_kept() -> None:
    """Count all months again when they are asked for next, as after comments of the past were brought in."""
    db.session.execute(delete(MonthFigures))


def count(month: str) -> Figures:
    """Count a month. Eight queries."""
    begin, end = month_bounds(month)
    in_month = (Decision.created_at >= begin, Decision.created_at < end, queries.in_force())
    found = Figures(
        comments=_one(select(func.count(Comment.id)).where(Comment.created_at >= begin, Comment.created_at < end)),
        held=_held(begin, end),
        flags=_one(
            select(func.count(Signal.id)).where(
                Signal.created_at >= begin, Signal.created_at < end, Signal.by_id.is_not(None)
            )
        ),
        reports=_one(select(func.count(Report.id)).where(Report.created_at >= begin, Report.created_at < end)),
        appeals=_one(select(func.count(Appeal.id)).where(Appeal.created_at >= begin, Appeal.created_at < end)),
    )
    was_asked = exists().where(Signal.case_id == Decision.case_id, Signal.created_at <= Decision.created_at)
    rows = db.session.execute(
        select(Decision.action, Decision.reason, Decision.created_at, Case.opened_at, was_asked)
        .join(Case, Case.id == Decision.case_id)
        .where(*in_month)
    )
    for action, reason, decided_at, opened_at, is_asked in rows:
        found.actions[action] += 1
        if reason and action in AGAINST:
            found.reasons[reason] += 1
        # A moderator who removes what nobody pointed at has kept nobody waiting.
        if is_asked and action in ANSWERS:
            found.waits[_rounded(decided_at - opened_at)] += 1
    found.appeals_overturned = found.actions[OVERTURN]
    found.appeals_answered = found.actions[OVERTURN] + found.actions[UPHOLD]
    answered = select(Decision.case_id).where(*in_month, Decision.action.in_(ANSWERS))
    flags = (
        select(func.count(), func.count().filter(Signal.was_upheld.is_(True)))
        .where(Signal.case_id.in_(answered), Signal.by_id.is_not(None), Signal.was_upheld.is_not(None))
    )  # fmt: skip
    found.flags_answered, found.flags_upheld = db.session.execute(flags).tuples().one()
    return found


def month_of(moment: datetime) -> str:
    return moment.strftime("%Y-%m")


def month_before(month: str) -> str:
    return month_of(month_bounds(month)[0] - timedelta(days=1))


def _first() -> str:
    """The month of the first decision: the report begins with it."""
    return month_of(db.session.scalar(select(func.min(Decision.created_at))) or clock.now())


def _held(begin: datetime, end: datetime) -> Counter[str]:
    """How often each check held or marked a comment."""
    is_report = exists().where(Report.signal_id == Signal.id)
    rows = db.session.execute(
        select(Signal.reason, func.count())
        .where(Signal.created_at >= begin, Signal.created_at < end, Signal.by_id.is_(None))
        .where(~is_report, Signal.reason != REOPENED)
        .group_by(Signal.reason)
    )
    return Counter(dict(rows.tuples().all()))


def _one(found: Select[int]) -> int:
    return db.session.scalar(found) or 0


def _rounded(wait: timedelta) -> int:
    minutes = max(0, int(wait.total_seconds() // 60))
    step = 1 if minutes < DAY else 60 if minutes < MONTH else DAY
    return minutes // step * step
