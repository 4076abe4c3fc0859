"""Mailed links and codes: made, found, used once."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update

from forum.accounts.models import Token, User
from forum.foundation import clock, signing
from forum.foundation.db import db
from forum.foundation.errors import Refused

CONFIRM, RESET = "confirm", "reset"
LASTS = {CONFIRM: timedelta(hours=48), RESET: timedelta(hours=1)}
# A code has a million values: ten guesses find it once in a hundred thousand times.
MOST_TRIES = 10


def make(user: User, purpose: str, handle: str | None = None) -> Token:
    """A fresh token; older ones for the same purpose stop working."""
    void(user, purpose)
    token = Token(
        user=user,
        user_id=user.id,
        purpose=purpose,
        nonce=signing.new_secret(),
        handle_digest=signing.digest(handle) if handle else None,
        expires_at=clock.now() + LASTS[purpose],
    )
    db.session.add(token)
    db.session.flush()  # its number is part of the link
    return token


def void(user: User, purpose: str) -> None:
    db.session.execute(
        update(Token)
        .where(Token.user_id == user.id, Token.purpose == purpose, Token.used_at.is_(None))
        .values(used_at=clock.now())
    )


def link(token: Token) -> str:
    return signing.link_token(token.purpose, token.id, token.nonce)


def code(token: Token) -> str:
    return signing.code(token.purpose, token.id, token.nonce)


def find(word: str, purpose: str) -> Token:
    """The usable token a link carries. Raises Refused, the same for used, old and false ones."""
    number = signing.read_link_token(word)
    token = db.session.get(Token, number) if number is not None else None
    if (
        token is None
        or token.purpose != purpose
        or not signing.is_link_token(word, purpose, token.id, token.nonce)
        or not token.is_usable
    ):
        raise Refused(_("This link has been used or is too old. Ask for a new one."))
    return token


def find_by_code(handle: str, given: str) -> Token:
    """The token whose code was typed in the browser that asked. Counts the try. Raises Refused."""
    token = by_handle(handle)
    wrong = Refused(_("That code does not match. Check the newest e-mail, or ask for a new one"), "code")
    if token is None or not token.is_usable or not _count_try(token):
        raise wrong
    if not signing.is_code("".join(given.split()), token.purpose, token.id, token.nonce):
        raise wrong
    return token


def spend(token: Token) -> None:
    """Use it up; of two at once, the second is refused."""
    spent = db.session.execute(
        update(Token).where(Token.id == token.id, Token.used_at.is_(None)).values(used_at=clock.now())
    )
    if spent.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(_("This link has been used or is too old. Ask for a new one."))


def _count_try(token: Token) -> bool:
    """One try more, counted by the database: tries sent all at once count too. False when none is left."""
    counted = db.session.execute(
        update(Token).where(Token.id == token.id, Token.tries < MOST_TRIES).values(tries=Token.tries + 1)
    )
    return counted.rowcount == 1  # type: ignore[attr-defined]


def by_handle(handle: str) -> Token | None:
    return db.session.scalar(select(Token).where(Token.handle_digest == signing.digest(handle)))
