"""Who asks: the browser's cookie, the session row it names, and the person."""

from __future__ import annotations

from flask import Flask, request, session
from flask_babel import gettext as _
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from forum.accounts import sessions
from forum.accounts.models import Session, User
from forum.foundation.errors import Forbidden


class SignedIn(UserMixin):
    """A person in one browser, as Flask-Login keeps them: by the session's secret, not by their number."""

    def __init__(self, row: Session, secret: str) -> None:
        self.row = row
        self.user = row.user
        self._secret = secret

    def get_id(self) -> str:
        return self._secret


def install(app: Flask) -> None:
    manager = LoginManager(app)
    # Sessions are rows that can be ended one by one; a changed network address ends none.
    manager.session_protection = None
    manager.user_loader(_load)


def viewer() -> User | None:
    """The signed-in person, or None. No query without a cookie, one with it, once a request."""
    return current_user.user if current_user.is_authenticated else None


def member() -> User:
    """The signed-in person, on routes that only members enter."""
    person = viewer()
    if person is None:
        raise Forbidden(_("Sign in first."))
    return person


def current_session() -> Session | None:
    return current_user.row if current_user.is_authenticated else None


def begin(user: User, *, kept: bool) -> None:
    """Sign this browser in, under a new cookie; the session it had ends."""
    before = current_session()
    if before is not None:
        sessions.close(before)
    row, secret = sessions.open_for(user, kept=kept, user_agent=request.user_agent.string)
    session.clear()
    session.permanent = kept
    login_user(SignedIn(row, secret))


def end() -> None:
    """Sign this browser out."""
    row = current_session()
    if row is not None:
        sessions.close(row)
    logout_user()
    session.clear()


def _load(secret: str) -> SignedIn | None:
    row = sessions.find(secret)
    return SignedIn(row, secret) if row is not None else None
