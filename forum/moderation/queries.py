"""The queue, one case, and what was decided before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.comments.models import Comment
from forum.foundation.db import db
from forum.moderation.models import REMOVE, Case, Decision, Signal

PAGE = 50


def open_counts() -> dict[str, int]:
    """Open cases by kind. One query."""
    rows = db.session.execute(select(Case.kind, func.count()).where(Case.closed_at.is_(None)).group_by(Case.kind))
    return dict(rows.tuples().all())


def oldest_open() -> datetime | None:
    return db.session.scalar(select(func.min(Case.opened_at)).where(Case.closed_at.is_(None)))


def waiting(kind: str, limit: int = PAGE) -> Sequence[Case]:
    """Open cases of a kind, the longest wait first, with comment, writer and holder. One query."""
    return db.session.scalars(
        select(Case)
        .where(Case.closed_at.is_(None), Case.kind == kind)
        .options(
            joinedload(Case.comment).joinedload(Comment.author),
            joinedload(Case.comment).joinedload(Comment.post),
            joinedload(Case.claimed_by),
        )
        .order_by(Case.opened_at, Case.id)
        .limit(limit)
    ).all()


def signals_of(case_ids: Sequence[int]) -> dict[int, list[Signal]]:
    """Why each of these cases is open. One query."""
    found: dict[int, list[Signal]] = {}
    if case_ids:
        rows = db.session.scalars(
            select(Signal).where(Signal.case_id.in_(case_ids)).options(joinedload(Signal.by)).order_by(Signal.id)
        )
        for row in rows:
            found.setdefault(row.case_id, []).append(row)
    return found


def case_by_id(case_id: int) -> Case | None:
    comment = joinedload(Case.comment)
    return db.session.scalar(
        select(Case)
        .where(Case.id == case_id)
        .options(
            comment.joinedload(Comment.author),
            comment.joinedload(Comment.post),
            comment.joinedload(Comment.parent).joinedload(Comment.author, innerjoin="unnested"),  # type: ignore[arg-type]
            joinedload(Case.claimed_by),
        )
    )


def open_case_of(comment: Comment) -> Case | None:
    return db.session.scalar(select(Case).where(Case.comment_id == comment.id, Case.closed_at.is_(None)))


def has_case(comment: Comment) -> bool:
    """Whether a moderator was ever asked about it, by screening or by a reader."""
    return bool(db.session.scalar(select(exists().where(Case.comment_id == comment.id))))


def last_decision(case: Case) -> Decision | None:
    return db.session.scalar(
        select(Decision)
        .where(Decision.case_id == case.id)
        .options(joinedload(Decision.by))
        .order_by(Decision.id.desc())
        .limit(1)
    )


def decisions_on(comment_ids: Sequence[int]) -> dict[int, list[Decision]]:
    """What was decided on each of these comments, oldest first. One query."""
    found: dict[int, list[Decision]] = {}
    if comment_ids:
        rows = db.session.scalars(
            select(Decision)
            .where(Decision.comment_id.in_(comment_ids))
            .options(joinedload(Decision.by))
            .order_by(Decision.id)
        )
        for row in rows:
            found.setdefault(row.comment_id, []).append(row)
    return found


def removals_of(comment_ids: Sequence[int]) -> dict[int, Decision]:
    """The decision behind each removed comment. One query, none without removed comments."""
    if not comment_ids:
        return {}
    rows = db.session.scalars(
        select(Decision).where(Decision.comment_id.in_(comment_ids), Decision.action == REMOVE).order_by(Decision.id)
    )
    return {row.comment_id: row for row in rows}


def log(limit: int = PAGE, before: int | None = None) -> tuple[Sequence[Decision], int | None]:
    """All decisions, the newest first, and the number the next page comes before. One query."""
    found = select(Decision).options(
        joinedload(Decision.by),
        joinedload(Decision.comment).joinedload(Comment.author),
        joinedload(Decision.comment).joinedload(Comment.post),
    )
    if before is not None:
        found = found.where(Decision.id < before)
    rows = db.session.scalars(found.order_by(Decision.id.desc()).limit(limit + 1)).all()
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def flag_record(user: User) -> tuple[int, int]:
    """How many of this person's decided flags were upheld, and how many there were."""
    upheld = func.count().filter(Signal.was_upheld.is_(True))
    row = db.session.execute(
        select(upheld, func.count()).where(Signal.by_id == user.id, Signal.was_upheld.is_not(None))
    ).one()
    return row[0], row[1]
