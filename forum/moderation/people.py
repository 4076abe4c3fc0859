"""Accounts as moderators list and find them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, or_, select

from forum.accounts import usernames
from forum.accounts.models import User
from forum.comments.models import PUBLISHED, REJECTED, REMOVED, Comment
from forum.foundation import clock
from forum.foundation.db import db

PAGE = 30
# What the list can be narrowed to.
STATES = ("warned", "silenced", "suspended", "staff")
# A name has at most so many characters, and so has what is typed to find it.
LONGEST = 80


def people(typed: str = "", state: str = "", before: int = 0) -> tuple[Sequence[User], int]:
    """Who has this in their name or username, the newest first, and the number the next page comes before. One query,
    which reads every account."""
    found = select(User)
    typed = typed.strip()[:LONGEST]
    if typed:
        found = found.where(
            or_(
                User.name.icontains(typed, autoescape=True),
                User.username.icontains(typed.removeprefix("@"), autoescape=True),
                User.username_key == usernames.key(typed.removeprefix("@")),
            )
        )
    if state in STATES:
        found = found.where(_is(state))
    if before:
        found = found.where(User.id < before)
    rows = db.session.scalars(found.order_by(User.id.desc()).limit(PAGE + 1)).all()
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else 0


def comments_by(user_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """How many public comments each of these people has, and how many that moderators kept from readers. One query."""
    public = func.count().filter(Comment.state == PUBLISHED)
    against = func.count().filter(Comment.state.in_([REJECTED, REMOVED]))
    rows = db.session.execute(
        select(Comment.author_id, public, against).where(Comment.author_id.in_(user_ids)).group_by(Comment.author_id)
    )
    return {number: (shown, taken) for number, shown, taken in rows}


def count() -> int:
    return db.session.scalar(select(func.count(User.id))) or 0


def _is(state: str) -> ColumnElement[bool]:
    return {
        "warned": User.has_warning.is_(True),
        "silenced": User.silenced_until > clock.now(),
        "suspended": User.suspended_until > clock.now(),
        "staff": or_(User.is_moderator, User.is_admin),
    }[state]
