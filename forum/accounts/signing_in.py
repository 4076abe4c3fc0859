"""Signing in with e-mail and password, and getting back in without the password."""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import gettext as _

from forum.accounts import passwords, queries, sessions, tokens
from forum.accounts.models import Session, Token, User
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation.errors import Refused


def check(email: str, password: str) -> User:
    """The person these belong to. Raises Refused, the same for an unknown address and a wrong password."""
    user = queries.by_email(email)
    if not passwords.is_right(password, user.password_hash if user else None) or user is None:
        raise Refused(_("That e-mail and password do not match. Try again, or reset your password"), "password")
    return user


def forgot(email: str) -> None:
    """Send a link to whoever has an account; say nothing about who that is."""
    user = queries.by_email(email)
    if user is not None:
        publish(catalog.ResetAsked(tokens.make(user, tokens.RESET).id, str(get_locale())))


def reset(token: Token, password: str) -> User:
    """A new password by a mailed link, which also confirms the address. Ends every session. Raises Refused."""
    user = token.user
    stored = _hashed_new(user, password)
    tokens.spend(token)
    user.confirmed_at = user.confirmed_at or token.created_at
    _set(user, stored, than=None)
    return user


def change(user: User, current: str, password: str, session: Session | None) -> None:
    """A new password for somebody who knows the old one. Ends the other sessions. Raises Refused."""
    if not passwords.is_right(current, user.password_hash):
        raise Refused(_("That is not your present password"), "current")
    _set(user, _hashed_new(user, password), than=session)


def _hashed_new(user: User, password: str) -> str:
    passwords.check_strength(password, [user.name, user.username, user.email or ""])
    return passwords.hashed(password)


def _set(user: User, stored: str, than: Session | None) -> None:
    user.password_hash = stored
    sessions.close_others(user, than=than)
    # A letter from before opens the account no more: neither to reset it nor to confirm it.
    for purpose in tokens.LASTS:
        tokens.void(user, purpose)
    publish(catalog.PasswordChanged(user.id))
