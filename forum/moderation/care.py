"""What moderators are told by the clock: what waits, and what has waited longer than was promised.

Nobody is hurried into a decision by this, and nothing is ever decided by the clock. Each function is one statement that
changes a row only once, so that of several workers one tells, and a restart tells nobody again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select, update

from forum.accounts.models import User
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.moderation.models import Case

# What a moderator may choose to be mailed. Whoever chose nothing hears only of what has waited too long.
LATE_ONLY, HOURLY, DAILY, NEVER = "", "hourly", "daily", "never"
RHYTHMS = (LATE_ONLY, HOURLY, DAILY, NEVER)
# The hour of UTC after which the daily letter is written: before the working day of whoever reads it begins.
DAILY_AT = 7


def choose(moderator: User, rhythm: str) -> None:
    """Save what this moderator is mailed; the next digest is that of the next hour or day. Raises Refused."""
    if rhythm not in RHYTHMS:
        raise Refused(_("Choose when you want a letter"), "queue_mail")
    moderator.queue_mail, moderator.queue_mailed_at = rhythm, clock.now()


def escalate() -> None:
    """Mark the open cases that have waited longer than was promised, and ask for one letter about all of them."""
    moment = clock.now()
    marked = db.session.execute(
        update(Case)
        .where(Case.closed_at.is_(None), Case.escalated_at.is_(None), Case.opened_at <= moment - promise())
        .values(escalated_at=moment)
        .execution_options(synchronize_session=False)
    )
    if marked.rowcount:  # type: ignore[attr-defined]
        for number in _staff_with_mail():
            publish(catalog.CasesOverdue(number))


def ask_for_digests() -> None:
    """Ask for the digests that are due: one for each moderator who wants one, and for each hour or day."""
    moment = clock.now()
    hour = moment.replace(minute=0, second=0, microsecond=0)
    day = hour.replace(hour=DAILY_AT)
    for rhythm, due in ((HOURLY, hour), (DAILY, day if day <= moment else day - timedelta(days=1))):
        for number in _take_due(rhythm, due, moment):
            publish(catalog.QueueDigestDue(number))


def promise() -> timedelta:
    """How long a comment waits at most, as readers are told."""
    return timedelta(hours=current_app.config["FORUM"].promised_hours)


def _take_due(rhythm: str, due: datetime, moment: datetime) -> Sequence[int]:
    """Whose letter is due, and now no longer."""
    is_due = or_(User.queue_mailed_at.is_(None), User.queue_mailed_at < due)
    return db.session.scalars(
        update(User)
        .where(_is_staff_with_address(), User.queue_mail == rhythm, is_due)
        .values(queue_mailed_at=moment)
        .returning(User.id)
        .execution_options(synchronize_session=False)
    ).all()


def _staff_with_mail() -> Sequence[int]:
    return db.session.scalars(select(User.id).where(_is_staff_with_address(), User.queue_mail != NEVER)).all()


def _is_staff_with_address() -> ColumnElement[bool]:
    return and_(or_(User.is_moderator, User.is_admin), User.email.is_not(None), User.confirmed_at.is_not(None))
