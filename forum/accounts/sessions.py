"""Signed-in browsers, one row each, so that each can be ended."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, delete, select

from forum.accounts.models import Session, User
from forum.foundation import clock, signing
from forum.foundation.db import db

KEPT_FOR = timedelta(days=30)
# A browser that is not asked to keep it drops the cookie when it closes; the row does not outlive the day by much.
OTHERWISE_FOR = timedelta(hours=24)


def open_for(user: User, *, kept: bool, user_agent: str) -> tuple[Session, str]:
    """A new session and the secret for its cookie."""
    secret = signing.new_secret()
    row = Session(
        user=user,
        user_id=user.id,
        secret_digest=signing.digest(secret),
        is_kept=kept,
        user_agent=user_agent[:200],
        expires_at=clock.now() + (KEPT_FOR if kept else OTHERWISE_FOR),
    )
    db.session.add(row)
    return row, secret


# Asked with every request of a member: made once.
_FOUND = select(Session).where(Session.secret_digest == bindparam("digest"))


def find(secret: str) -> Session | None:
    """The live session with this secret, and its person. One query."""
    row = db.session.scalar(_FOUND, {"digest": signing.digest(secret)})
    return row if row is not None and row.expires_at > clock.now() else None


def close(row: Session) -> None:
    db.session.execute(delete(Session).where(Session.id == row.id))


def close_others(user: User, than: Session | None) -> None:
    """End every session of this person but one."""
    others = delete(Session).where(Session.user_id == user.id)
    db.session.execute(others.where(Session.id != than.id) if than is not None else others)


def forget_expired() -> None:
    db.session.execute(delete(Session).where(Session.expires_at < clock.now()))
