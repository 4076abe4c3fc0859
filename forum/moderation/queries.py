"""The queue, one case, and what was decided before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, contains_eager, joinedload

from forum.accounts.models import User
from forum.comments.models import REMOVED, Comment
from forum.comments.queries import writer_and_post
from forum.foundation.db import db
from forum.moderation.actions import UNDO
from forum.moderation.models import Case, Decision, Notice, Signal
from forum.moderation.permissions import decided_by_author
from forum.posts.models import Post
from forum.posts.permissions import authored_by

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
            joinedload(Case.comment).options(*writer_and_post()),
            joinedload(Case.user),
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
            comment.options(*writer_and_post()),
            comment.joinedload(Comment.parent).joinedload(Comment.author, innerjoin="unnested"),  # type: ignore[arg-type]
            joinedload(Case.user),
            joinedload(Case.claimed_by),
            joinedload(Case.assigned_to),
        )
    )


def cases_by_id(case_ids: Sequence[int]) -> Sequence[Case]:
    """These cases with their comments, writers and what they answer. One query."""
    comment = joinedload(Case.comment)
    return db.session.scalars(
        select(Case)
        .where(Case.id.in_(case_ids))
        .options(
            comment.options(*writer_and_post()),
            comment.joinedload(Comment.parent).joinedload(Comment.author, innerjoin="unnested"),  # type: ignore[arg-type]
            comment.joinedload(Comment.answers).joinedload(Comment.author, innerjoin="unnested"),  # type: ignore[arg-type]
            joinedload(Case.user),
            joinedload(Case.claimed_by),
            joinedload(Case.assigned_to),
        )
    ).all()


def open_case_of(comment: Comment) -> Case | None:
    return open_case_about(Case.comment_id, comment.id)


def open_case_on(user: User) -> Case | None:
    """The open case about this person."""
    return open_case_about(Case.user_id, user.id)


def open_case_about(column: InstrumentedAttribute[Any], number: int) -> Case | None:
    return db.session.scalar(select(Case).where(column == number, Case.closed_at.is_(None)))


def has_case(comment: Comment) -> bool:
    """Whether a moderator was ever asked about it, by screening or by a reader."""
    return bool(db.session.scalar(select(exists().where(Case.comment_id == comment.id))))


def in_force(decision: type[Decision] = Decision) -> ColumnElement[bool]:
    """Of decisions: not undone, and not an undoing itself. Readers and people hear of no others."""
    undoing = aliased(Decision)
    is_undone = exists().where(undoing.on_id == decision.id, undoing.action == UNDO)
    return and_(decision.action != UNDO, ~is_undone)


def undone_ids(decisions: Sequence[Decision]) -> set[int]:
    """Which of these were undone, for lists that show them. One query."""
    numbers = [decision.id for decision in decisions]
    return set(db.session.scalars(select(Decision.on_id).where(Decision.action == UNDO, Decision.on_id.in_(numbers))))


def is_in_force(decision: Decision) -> bool:
    return bool(db.session.scalar(select(exists().where(Decision.id == decision.id, in_force()))))


def was_told(decision: Decision) -> bool:
    return db.session.get(Notice, decision.id) is not None


def later_on_comment(decision: Decision) -> Decision | None:
    """The newest decision on the same comment that came after this one and stands."""
    return db.session.scalar(
        select(Decision)
        .where(Decision.comment_id == decision.comment_id, Decision.id > decision.id, in_force())
        .options(joinedload(Decision.by))
        .order_by(Decision.id.desc())
        .limit(1)
    )


def decision_by_id(decision_id: int) -> Decision | None:
    """One decision with its people and its comment. One query."""
    comment = joinedload(Decision.comment)
    return db.session.scalar(
        select(Decision)
        .where(Decision.id == decision_id)
        .options(
            joinedload(Decision.by),
            joinedload(Decision.user),
            joinedload(Decision.on),
            joinedload(Decision.case),
            comment.options(*writer_and_post()),
        )
    )


def last_decision(case: Case) -> Decision | None:
    """What closed the case, if it stands."""
    return db.session.scalar(
        select(Decision)
        .where(Decision.case_id == case.id, in_force())
        .options(joinedload(Decision.by))
        .order_by(Decision.id.desc())
        .limit(1)
    )


def decisions_on(comment_ids: Sequence[int]) -> dict[int, list[Decision]]:
    """What was decided on each of these comments and stands, oldest first. One query."""
    return _by_comment(comment_ids, in_force())


def history_of(comment_ids: Sequence[int]) -> dict[int, list[Decision]]:
    """The same with what was undone, and the undoing, for moderators. One query."""
    return _by_comment(comment_ids)


def _by_comment(comment_ids: Sequence[int], *which: ColumnElement[bool]) -> dict[int, list[Decision]]:
    found: dict[int, list[Decision]] = {}
    if comment_ids:
        rows = db.session.scalars(
            select(Decision)
            .where(Decision.comment_id.in_(comment_ids), *which)
            .options(joinedload(Decision.by))
            .order_by(Decision.id)
        )
        for row in rows:
            found.setdefault(row.comment_id or 0, []).append(row)
    return found


def removals_of(comment_ids: Sequence[int]) -> dict[int, Decision]:
    """The decision behind each removed comment. One query, none without removed comments."""
    if not comment_ids:
        return {}
    rows = db.session.scalars(
        select(Decision)
        .where(Decision.comment_id.in_(comment_ids), Decision.to_state == REMOVED, in_force())
        .order_by(Decision.id)
    )
    return {row.comment_id: row for row in rows if row.comment_id is not None}


def log(limit: int = PAGE, before: int | None = None) -> tuple[Sequence[Decision], int | None]:
    """All decisions, also what was undone and the undoing, the newest first, and the number the next page comes before.

    One query.
    """
    found = select(Decision).options(
        joinedload(Decision.by),
        joinedload(Decision.user),
        joinedload(Decision.on),
        joinedload(Decision.comment).options(*writer_and_post()),
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


def waiting_below_posts_of(author: User, limit: int = PAGE) -> Sequence[Case]:
    """Open cases that this author may decide, the longest wait first, with comment, writer and post. One query."""
    return db.session.scalars(
        select(Case)
        .join(Comment, Comment.id == Case.comment_id)
        .join(Post, Post.id == Comment.post_id)
        .where(decided_by_author(author))
        .options(
            contains_eager(Case.comment).joinedload(Comment.author),
            contains_eager(Case.comment).contains_eager(Comment.post),
            joinedload(Case.claimed_by),
        )
        .order_by(Case.opened_at, Case.id)
        .limit(limit)
    ).all()


def has_posts_to_check(author: User) -> bool:
    """Whether an administrator let this author decide below any post."""
    return bool(db.session.scalar(select(exists().where(Post.authors_moderate, authored_by(author)))))


def late_counts() -> dict[str, int]:
    """Open cases by kind that have waited longer than was promised, as marked by `care`. One query."""
    rows = db.session.execute(
        select(Case.kind, func.count())
        .where(Case.closed_at.is_(None), Case.escalated_at.is_not(None))
        .group_by(Case.kind)
    )
    return dict(rows.tuples().all())
