"""Letters to moderators about the queue: how much waits and for how long, never a word of a comment."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, url_for
from flask_babel import ngettext

from forum.accounts.models import User
from forum.events import catalog
from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation import care, queries
from forum.moderation.actions import FLAGGED, HELD, KINDS, SPAM
from forum.notifications import letters


def send_digest(event: catalog.QueueDigestDue) -> None:
    """What waits, to a moderator who wants to know; no letter when nothing does."""
    counts = queries.open_counts()
    person = _moderator(event.user_id)
    if person is None or person.queue_mail not in (care.HOURLY, care.DAILY) or not counts:
        return
    total = sum(counts.values())
    with letters.in_language_of(person):
        subject = ngettext("%(num)d case waits in the queue", "%(num)d cases wait in the queue", total)
        _send(person, subject, counts, is_alert=False)


def send_overdue(event: catalog.CasesOverdue) -> None:
    """That cases have waited longer than was promised; no letter when they were decided meanwhile."""
    late = queries.late_counts()
    person = _moderator(event.user_id)
    if person is None or person.queue_mail == care.NEVER or not late:
        return
    with letters.in_language_of(person):
        subject = ngettext(
            "%(num)d case has waited longer than promised",
            "%(num)d cases have waited longer than promised",
            sum(late.values()),
        )
        _send(person, subject, late, is_alert=True)


def _send(person: User, subject: str, counts: dict[str, int], *, is_alert: bool) -> None:
    letters.send(
        person, "queue", subject,
        is_alert=is_alert,
        lines=[
            (_counted(kind, counts[kind]), url_for("queue.index", tab=kind, _external=True))
            for kind in KINDS if counts.get(kind)
        ],
        minutes=_minutes(queries.oldest_open()),
        late=0 if is_alert else sum(queries.late_counts().values()),
        hours=current_app.config["FORUM"].promised_hours,
        link=url_for("queue.index", _external=True),
        settings=url_for("queue_mail.show", _external=True),
    )  # fmt: skip


def _moderator(number: int) -> User | None:
    """The person, if they still moderate: the letter may have waited for a mail server."""
    person = db.session.get(User, number)
    return person if person is not None and person.is_staff else None


def _counted(kind: str, number: int) -> str:
    if kind == HELD:
        return ngettext("%(num)d comment is held", "%(num)d comments are held", number)
    if kind == FLAGGED:
        return ngettext("%(num)d comment is flagged", "%(num)d comments are flagged", number)
    if kind == SPAM:
        return ngettext("%(num)d comment may be spam", "%(num)d comments may be spam", number)
    return ngettext("%(num)d person appeals", "%(num)d people appeal", number)


def _minutes(oldest: datetime | None) -> int:
    return int((clock.now() - oldest).total_seconds() // 60) if oldest else 0
