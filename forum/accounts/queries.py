"""Who is who."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from forum.accounts import usernames
from forum.accounts.models import User
from forum.foundation.db import db
from forum.text import references


def email_key(email: str) -> str:
    """What two spellings of one address have in common."""
    return email.strip().casefold()


def by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email_key == email_key(email)))


def by_username(username: str) -> User | None:
    return db.session.scalar(select(User).where(User.username_key == usernames.key(username)))


def by_id(user_id: int) -> User | None:
    return db.session.get(User, user_id)


def usernames_among(names: Iterable[str]) -> set[str]:
    """The usernames among these words, spelt as they are stored; a look-alike is not meant. One query at most."""
    wanted = {references.fold(name) for name in names}
    if not wanted:
        return set()
    keys = {usernames.key(name) for name in wanted}
    return wanted & set(db.session.scalars(select(User.username).where(User.username_key.in_(keys))))


def is_known(person: User) -> bool:
    """Whether readers may know of this account: confirmed here, or brought in with its comments."""
    return person.is_confirmed or not person.is_claimed


def beginning_with(typed: str, limit: int) -> list[User]:
    """Known accounts whose username or name begins like this, but for capitals. Two queries, each by an index."""
    found: dict[int, User] = {}
    for begins in (
        _begins(User.username, {typed.lower()}),
        # Capitals as people write their names; what is left finds its person by the username.
        _begins(User.name, {typed, typed.lower(), typed.title(), typed.upper()}),
    ):
        people = select(User).where(begins, known()).order_by(User.username).limit(limit)
        found |= {person.id: person for person in db.session.scalars(people)}
    return sorted(found.values(), key=lambda person: person.username)[:limit]


def known() -> ColumnElement[bool]:
    """The same as `is_known`, for lists."""
    return or_(User.confirmed_at.is_not(None), User.email.is_(None))


def _begins(column: InstrumentedAttribute[str], starts: set[str]) -> ColumnElement[bool]:
    if db.session.get_bind().dialect.name == "postgresql":
        # In the way that its indexes for patterns can be asked.
        return or_(*(column.like(re.sub(r"([\\%_])", r"\\\1", start) + "%") for start in starts))
    return or_(*(and_(column >= start, column < start + "\U0010ffff") for start in starts))
