"""Addresses that a spammer used: nobody joins with them again. Only a digest is kept; it tells nobody the address."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from forum.accounts import queries
from forum.accounts.models import BlockedAddress
from forum.foundation import clock, signing
from forum.foundation.db import db


def block(email: str) -> str | None:
    """Remember an address; its digest, or none where it is remembered already."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"digest": digest_of(email), "blocked_at": clock.now()}
    added = dialect.insert(BlockedAddress).values(row).on_conflict_do_nothing().returning(BlockedAddress.digest)
    return db.session.scalar(added)


def forget(digest: str) -> None:
    db.session.execute(delete(BlockedAddress).where(BlockedAddress.digest == digest))


def is_blocked(email: str) -> bool:
    return is_digest_blocked(digest_of(email))


def is_digest_blocked(digest: str) -> bool:
    """The same of an address that nobody need know."""
    return db.session.scalar(select(BlockedAddress.digest).where(BlockedAddress.digest == digest)) is not None


def digest_of(email: str) -> str:
    """Of the mailbox: what stands between a + and the @ is the same mailbox with most mail hosts."""
    name, _at, host = queries.email_key(email).rpartition("@")
    return signing.keyed_digest("blocked address", f"{name.partition('+')[0]}@{host}")
