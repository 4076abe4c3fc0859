"""How people stand with the moderators: what was decided on them, what is in force, who else could look at it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from forum.accounts.models import UNTIL_LIFTED, User
from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation import queries
from forum.moderation.actions import SILENCE, SUSPEND, WARN
from forum.moderation.models import Decision, Sanction

# What may be said of a person in `Decision.from_state` and `to_state`.
FREE, WARNED, SILENCED, SUSPENDED, PROPOSED = "free", "warned", "silenced", "suspended", "proposed"
AFTER = {WARN: WARNED, SILENCE: SILENCED, SUSPEND: SUSPENDED}


def of(person: User) -> str:
    """The gravest of what is in force."""
    if person.is_suspended:
        return SUSPENDED
    if person.is_silenced:
        return SILENCED
    return WARNED if person.has_warning else FREE


def settle(person: User) -> None:
    """Write to the account what its sanctions say now. One query; called after every change of one."""
    db.session.flush()
    begun = db.session.scalars(select(Sanction).where(Sanction.user_id == person.id, _is_begun())).all()
    person.silenced_until = _latest(row for row in begun if row.kind == SILENCE)
    person.suspended_until = _latest(row for row in begun if row.kind == SUSPEND)
    person.has_warning = any(row.kind == WARN and row.acknowledged_at is None for row in begun)
    db.session.flush()


def _latest(rows) -> datetime | None:
    ends = [row.ends_at or UNTIL_LIFTED for row in rows]
    return max((end for end in ends if end > clock.now()), default=None)


def _is_begun() -> ColumnElement[bool]:
    return and_(Sanction.begins_at.is_not(None), Sanction.lifted_at.is_(None))


def sanctions_of(person: User) -> Sequence[Sanction]:
    """All there were and are, the newest first, with their decisions. One query."""
    return db.session.scalars(
        select(Sanction).where(Sanction.user_id == person.id).options(*_with_decision()).order_by(Sanction.id.desc())
    ).all()


def in_force_on(person: User) -> Sequence[Sanction]:
    """What holds now, the gravest and longest first. One query."""
    rows = db.session.scalars(
        select(Sanction).where(Sanction.user_id == person.id, _is_begun()).options(*_with_decision())
    )
    grave = (SUSPEND, SILENCE, WARN)
    return sorted(
        (row for row in rows if is_in_force(row)),
        key=lambda row: (grave.index(row.kind), -(row.ends_at or UNTIL_LIFTED).timestamp()),
    )


def is_in_force(sanction: Sanction) -> bool:
    if sanction.begins_at is None or sanction.lifted_at is not None:
        return False
    if sanction.kind == WARN:
        return sanction.acknowledged_at is None
    return sanction.ends_at is None or sanction.ends_at > clock.now()


def is_waiting(sanction: Sanction) -> bool:
    """Whether a second moderator has still to agree."""
    return sanction.begins_at is None and sanction.lifted_at is None


def waiting_on(person: User) -> Sanction | None:
    """The suspension that waits for a second moderator."""
    return db.session.scalar(
        select(Sanction)
        .where(Sanction.user_id == person.id, Sanction.begins_at.is_(None), Sanction.lifted_at.is_(None))
        .options(*_with_decision())
    )


def by_id(sanction_id: int) -> Sanction | None:
    return db.session.scalar(select(Sanction).where(Sanction.id == sanction_id).options(*_with_decision()))


def made_by(decision: Decision) -> Sanction | None:
    """What this decision laid on a person, if it did."""
    return db.session.scalar(select(Sanction).where(Sanction.decision_id == decision.id).options(*_with_decision()))


def _with_decision() -> tuple[ORMOption, ...]:
    decision = joinedload(Sanction.decision)
    return (
        joinedload(Sanction.user),
        joinedload(Sanction.agreed_by),
        joinedload(Sanction.lifted_by),
        decision.joinedload(Decision.by),
        decision.joinedload(Decision.on).joinedload(Decision.by),
        decision.joinedload(Decision.case),
    )


def last_on(person: User) -> Decision | None:
    """The newest decision on the person, not on a comment of theirs."""
    return db.session.scalar(
        select(Decision)
        .where(Decision.user_id == person.id, Decision.comment_id.is_(None), queries.in_force())
        .options(joinedload(Decision.by), joinedload(Decision.case))
        .order_by(Decision.id.desc())
        .limit(1)
    )


def decisions_on(person: User, limit: int = 20) -> Sequence[Decision]:
    """What was decided on the person, not on a comment of theirs, the newest first. One query."""
    return db.session.scalars(
        select(Decision)
        .where(Decision.user_id == person.id, Decision.comment_id.is_(None), queries.in_force())
        .options(joinedload(Decision.by), joinedload(Decision.user), joinedload(Decision.on))
        .order_by(Decision.id.desc())
        .limit(limit)
    ).all()


def has_other_staff(but: Collection[int]) -> bool:
    """Whether anybody else moderates here."""
    is_staff = and_(or_(User.is_moderator, User.is_admin), User.confirmed_at.is_not(None))
    return bool(db.session.scalar(select(exists().where(is_staff, User.id.not_in(but)))))
