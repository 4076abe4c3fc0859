"""Opening cases, collecting what speaks for them, holding one while one looks at it, closing and opening again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from forum.accounts.models import User
from forum.comments.models import Comment
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Conflict
from forum.moderation import joining, priorities, queries
from forum.moderation.actions import KINDS
from forum.moderation.models import Case, Seen, Signal

# Long enough to read the thread around a comment; a forgotten claim does not block the queue.
CLAIM_LASTS = timedelta(minutes=15)


def open_for(comment: Comment, kind: str) -> Case:
    """The open case of this comment, opened now if there is none. Two at once get the same one.

    A case that is open for another kind becomes of the later one; see actions.KINDS.
    """
    return _open(Case.comment_id, comment.id, kind)


def open_about(user: User, kind: str) -> Case:
    """The same about a person."""
    return _open(Case.user_id, user.id, kind)


def _open(column: Any, number: int, kind: str) -> Case:
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    made = db.session.execute(
        dialect.insert(Case)
        .values({column.key: number, "kind": kind, "opened_at": clock.now(), "version": 1})
        .on_conflict_do_nothing(index_elements=[column.key], index_where=Case.closed_at.is_(None))
        .returning(Case.id)
    ).scalar()
    case = queries.open_case_about(column, number)
    if case is None:
        raise Conflict(_("A moderator decided on this comment at this moment. Look at it again."))
    if made is not None:
        publish(catalog.CaseChanged(case.id))
    elif KINDS.index(kind) > KINDS.index(case.kind):
        _change(case, kind=kind)
    return case


def add_signal(case: Case, reason: str, detail: dict[str, Any], by: User | None = None, weight: int = 0) -> Signal:
    """One more reason to look. Whoever is looking at the case learns of it.

    A flag has somebody who gave it and weighs what moderation/flagging says; a check's finding without a weight weighs
    what moderation/priorities says.
    """
    touch(case)
    signal = Signal(
        case_id=case.id, reason=reason, detail=detail, by_id=by.id if by else None,
        weight=weight or priorities.of_finding(reason),
    )  # fmt: skip
    db.session.add(signal)
    db.session.flush()
    weigh(case)
    return signal


def weigh(case: Case) -> None:
    """Sum up what its signals weigh: the place of the case in the queue, and of the flags on its comment. Two
    statements."""
    of_case = Signal.case_id == case.id
    _change(case, priority=select(priorities.of_signals()).where(of_case).scalar_subquery())
    if case.comment_id is not None:
        flags = select(func.coalesce(func.sum(Signal.weight), 0)).where(of_case, Signal.by_id.is_not(None))
        set_flag_weight(case.comment_id, flags.scalar_subquery())


def set_flag_weight(comment_id: int, weight: Any) -> None:
    """Its version stays: its words are the same, and whoever reads them has missed nothing. So does the number of
    what guests see, which watches every column that a statement names."""
    comments = Comment.metadata.tables[Comment.__tablename__]
    db.session.execute(update(comments).where(comments.c.id == comment_id).values(flag_weight=weight))
    known = db.session.identity_map.get(db.session.identity_key(Comment, comment_id))
    if known is not None:
        db.session.expire(known, ["flag_weight"])


def touch(case: Case) -> None:
    """There is something new about an open case: what was seen of it before is out of date."""
    _change(case, version=Case.version + 1)
    publish(catalog.CaseChanged(case.id))


def claim(case: Case, by: User) -> bool:
    """Take or renew the claim on an open case; False when somebody else has it."""
    moment = clock.now()
    is_free = or_(Case.claimed_by_id.is_(None), Case.claimed_by_id == by.id, Case.claimed_until <= moment)
    return _hold(case, by, is_free)


def renew(case: Case, by: User) -> bool:
    """Somebody still looks at a case: the claim lasts longer. False when they have it no more."""
    return _hold(case, by, Case.claimed_by_id == by.id)


def take_over(case: Case, by: User) -> bool:
    """Take a case from whoever has it, who is told. The caller has asked. False when it is closed."""
    return _hold(case, by, Case.closed_at.is_(None))


def _hold(case: Case, by: User, is_free: ColumnElement[bool]) -> bool:
    before = case.holder()
    taken = _change(
        case, Case.closed_at.is_(None), is_free, claimed_by_id=by.id, claimed_until=clock.now() + CLAIM_LASTS
    )
    if taken and (before is None or before.id != by.id):
        publish(catalog.CaseChanged(case.id))
    return taken


def release(case: Case, by: User) -> None:
    if _change(case, Case.claimed_by_id == by.id, claimed_by_id=None, claimed_until=None):
        publish(catalog.CaseChanged(case.id))


def assign(case: Case, to: User | None, by: User) -> None:
    """Ask a colleague to look at an open case, or nobody any more; whoever asks lets it go."""
    if _change(case, Case.closed_at.is_(None), assigned_to_id=to.id if to else None):
        _change(case, Case.claimed_by_id == by.id, claimed_by_id=None, claimed_until=None)
        publish(catalog.CaseChanged(case.id))


def close(case: Case, version: int | Seen) -> bool:
    """Close the case if it is still as `version` was; of two at once, one succeeds."""
    number = version.case if isinstance(version, Seen) else version
    is_as_seen = (Case.version == number, Case.closed_at.is_(None))
    closed = _change(
        case, *is_as_seen, closed_at=clock.now(), version=number + 1, claimed_by_id=None, claimed_until=None
    )
    if closed:
        publish(catalog.CaseChanged(case.id))
    return closed


def reopen(case: Case) -> None:
    """Open a closed case again. What came of the same comment or person since, in a newer case, comes into this one."""
    newer = _open_beside(case)
    if newer is None and not _open_again(case):
        # Somebody has opened the newer one at this moment.
        newer = _open_beside(case)
    if newer is not None and newer.id != case.id:
        take_turn(newer)
        close(newer, newer.version)
        kind = max(case.kind, newer.kind, key=KINDS.index)
        _change(case, kind=kind, assigned_to_id=newer.assigned_to_id or case.assigned_to_id)
        _open_again(case)
        joining.bring_over(newer, case)
    publish(catalog.CaseChanged(case.id))


def _open_beside(case: Case) -> Case | None:
    if case.comment_id is not None:
        return queries.open_case_about(Case.comment_id, case.comment_id)
    return queries.open_case_about(Case.user_id, case.user_id or 0)


def _open_again(case: Case) -> bool:
    try:
        with db.session.begin_nested():
            return _change(case, Case.closed_at.is_not(None), closed_at=None, version=Case.version + 1)
    except IntegrityError:
        return False


def take_turn(case: Case) -> None:
    """Let one change of a case happen at a time, until the transaction ends; of a case that is closed, too."""
    # Written as it is, because SQLite knows no other way to wait for its turn.
    _change(case, version=Case.version)


def _change(case: Case, *only_if: ColumnElement[bool], **values: Any) -> bool:
    """Change the row where this holds of it; whether it did. What the session holds of it is as new as the row."""
    changed = db.session.execute(
        update(Case).where(Case.id == case.id, *only_if).values(**values).execution_options(synchronize_session=False)
    )
    db.session.expire(case, [*values, "version", "closed_at", "claimed_by", "assigned_to"])
    return changed.rowcount == 1  # type: ignore[attr-defined]
