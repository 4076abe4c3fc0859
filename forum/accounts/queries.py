"""Who is who."""

from __future__ import annotations

from sqlalchemy import select

from forum.accounts import usernames
from forum.accounts.models import User
from forum.foundation.db import db


def email_key(email: str) -> str:
    """What two spellings of one address have in common."""
    return email.strip().casefold()


def by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email_key == email_key(email)))


def by_username(username: str) -> User | None:
    return db.session.scalar(select(User).where(User.username_key == usernames.key(username)))


def by_id(user_id: int) -> User | None:
    return db.session.get(User, user_id)
