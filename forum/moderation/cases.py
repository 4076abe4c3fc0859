"""Opening and claiming cases."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import or_, update
from sqlalchemy.dialects import postgresql, sqlite

from forum.accounts.models import User
from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Conflict
from forum.moderation import queries
from forum.moderation.models import Case

# Long enough to read the thread around a comment; a forgotten claim does not block the queue.
CLAIM_LASTS = timedelta(minutes=15)


def open_for(comment: Comment, kind: str) -> Case:
    """The open case of this comment, opened now if there is none. Two at once get the same one."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    db.session.execute(
        dialect.insert(Case)
        .values(comment_id=comment.id, kind=kind, opened_at=clock.now(), version=1)
        .on_conflict_do_nothing(index_elements=["comment_id"], index_where=Case.closed_at.is_(None))
    )
    case = queries.open_case_of(comment)
    if case is None:
        raise Conflict(_("A moderator decided on this comment at this moment. Look at it again."))
    return case


def touch(case: Case) -> None:
    """There is something new about an open case: what was seen of it before is out of date."""
    db.session.execute(
        update(Case)
        .where(Case.id == case.id)
        .values(version=Case.version + 1)
        .execution_options(synchronize_session="fetch")
    )


def claim(case: Case, by: User) -> bool:
    """Take or renew the claim on an open case; False when somebody else has it."""
    moment = clock.now()
    taken = db.session.execute(
        update(Case)
        .where(
            Case.id == case.id,
            Case.closed_at.is_(None),
            or_(Case.claimed_by_id.is_(None), Case.claimed_by_id == by.id, Case.claimed_until <= moment),
        )
        .values(claimed_by_id=by.id, claimed_until=moment + CLAIM_LASTS)
        .execution_options(synchronize_session="fetch")
    )
    db.session.expire(case, ["claimed_by"])
    db.session.expire(case, ["claimed_by"])
    return taken.rowcount == 1  # type: ignore[attr-defined]


def release(case: Case, by: User) -> None:
    db.session.execute(
        update(Case)
        .where(Case.id == case.id, Case.claimed_by_id == by.id)
        .values(claimed_by_id=None, claimed_until=None)
        .execution_options(synchronize_session="fetch")
    )


def close(case: Case, version: int) -> bool:
    """Close the case if it is still as `version` was; of two at once, one succeeds."""
    closed = db.session.execute(
        update(Case)
        .where(Case.id == case.id, Case.version == version, Case.closed_at.is_(None))
        .values(closed_at=clock.now(), version=version + 1, claimed_by_id=None, claimed_until=None)
        .execution_options(synchronize_session="fetch")
    )
    return closed.rowcount == 1  # type: ignore[attr-defined]
