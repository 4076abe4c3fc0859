"""The list of what waits, as a moderator asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from forum.accounts import usernames
from forum.accounts.models import User
from forum.comments.models import Comment
from forum.comments.queries import writer_and_post
from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation.actions import HELD
from forum.moderation.models import Case, Signal
from forum.posts.models import Post

LONGEST_WAIT, MOST_URGENT = "wait", "priority"
ORDERS = (LONGEST_WAIT, MOST_URGENT)
# More discussions in a list to choose from than anybody reads.
MOST_DISCUSSIONS = 200


@dataclass(frozen=True)
class Wanted:
    """Which open cases, in which order. Empty values ask for all."""

    kind: str = HELD
    post_id: int = 0
    author: str = ""
    reason: str = ""
    # Those that have waited for so many hours.
    hours: int = 0
    lang: str = ""
    # Those this moderator has claimed or was asked about.
    is_mine: bool = False
    order: str = LONGEST_WAIT

    @property
    def is_filtered(self) -> bool:
        return bool(self.post_id or self.author or self.reason or self.hours or self.lang or self.is_mine)


def cases(wanted: Wanted, viewer: User, limit: int) -> Sequence[Case]:
    """The first of them with all that a row shows. One query."""
    return db.session.scalars(_found(wanted, viewer).options(*_row()).order_by(*_order(wanted)).limit(limit)).all()


def count(wanted: Wanted, viewer: User) -> int:
    return db.session.scalar(select(func.count()).select_from(_found(wanted, viewer).subquery())) or 0


def following(wanted: Wanted, viewer: User, case: Case) -> Case | None:
    """The case to look at after this one: the next that no colleague has, or else the first of the list. Two
    queries at most."""
    free = _found(wanted, viewer).where(Case.id != case.id, _is_free(viewer)).order_by(*_order(wanted)).limit(1)
    return db.session.scalar(free.where(_comes_after(wanted, case))) or db.session.scalar(free)


def among(case_ids: Sequence[int], wanted: Wanted, viewer: User) -> Sequence[Case]:
    """Those of these cases that the list shows, with all that a row shows. One query."""
    found = _found(wanted, viewer).where(Case.id.in_(case_ids)).options(*_row())
    return db.session.scalars(found.order_by(*_order(wanted))).all()


def discussions(kind: str) -> list[tuple[int, str]]:
    """Discussions in which something waits, by title. One query."""
    rows = db.session.execute(
        select(Post.id, Post.title)
        .where(
            Post.id.in_(
                select(Comment.post_id)
                .join(Case, Case.comment_id == Comment.id)
                .where(Case.closed_at.is_(None), Case.kind == kind)
            )
        )
        .order_by(func.lower(Post.title))
        .limit(MOST_DISCUSSIONS)
    )
    return [(row.id, row.title) for row in rows]


def reasons(kind: str) -> list[str]:
    """Why cases of this kind are open, as codes. One query."""
    open_ones = select(Case.id).where(Case.closed_at.is_(None), Case.kind == kind)
    found = select(Signal.reason).where(Signal.case_id.in_(open_ones)).distinct().order_by(Signal.reason)
    return list(db.session.scalars(found))


def _found(wanted: Wanted, viewer: User) -> Select[Case]:
    found = select(Case).where(Case.closed_at.is_(None), Case.kind == wanted.kind)
    if wanted.post_id or wanted.lang or wanted.author:
        found = found.outerjoin(Comment, Comment.id == Case.comment_id)
    return found.where(*_filters(wanted, viewer))


def _filters(wanted: Wanted, viewer: User) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if wanted.post_id:
        filters.append(Comment.post_id == wanted.post_id)
    if wanted.lang:
        filters.append(Comment.lang == wanted.lang)
    if wanted.author:
        key = usernames.key(wanted.author.removeprefix("@"))
        who = select(User.id).where(User.username_key == key).scalar_subquery()
        filters.append(or_(Comment.author_id == who, Case.user_id == who))
    if wanted.reason:
        filters.append(exists().where(Signal.case_id == Case.id, Signal.reason == wanted.reason))
    if wanted.hours:
        filters.append(Case.opened_at <= clock.now() - timedelta(hours=wanted.hours))
    if wanted.is_mine:
        holds = and_(Case.claimed_by_id == viewer.id, Case.claimed_until > clock.now())
        filters.append(or_(holds, Case.assigned_to_id == viewer.id))
    return filters


def _order(wanted: Wanted) -> tuple[Any, ...]:
    if wanted.order == MOST_URGENT:
        return Case.priority.desc(), Case.opened_at, Case.id
    return Case.opened_at, Case.id


def _comes_after(wanted: Wanted, case: Case) -> ColumnElement[bool]:
    later = or_(Case.opened_at > case.opened_at, and_(Case.opened_at == case.opened_at, Case.id > case.id))
    if wanted.order == MOST_URGENT:
        return or_(Case.priority < case.priority, and_(Case.priority == case.priority, later))
    return later


def _is_free(viewer: User) -> ColumnElement[bool]:
    """Nobody else looks at it, and nobody else was asked to."""
    return and_(
        or_(Case.claimed_by_id.is_(None), Case.claimed_by_id == viewer.id, Case.claimed_until <= clock.now()),
        or_(Case.assigned_to_id.is_(None), Case.assigned_to_id == viewer.id),
    )


def _row() -> tuple[Any, ...]:
    comment = joinedload(Case.comment)
    return (
        comment.options(*writer_and_post()),
        joinedload(Case.user),
        joinedload(Case.claimed_by),
        joinedload(Case.assigned_to),
    )
