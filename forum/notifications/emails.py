"""The letters: each is short, in plain words, and says why it came."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from forum.accounts import tokens
from forum.accounts.models import Token, User
from forum.events import catalog
from forum.foundation.db import db
from forum.notifications import letters


def send_confirmation(event: catalog.ConfirmationAsked) -> None:
    token = db.session.get(Token, event.token_id)
    if token is None or not token.is_usable:
        return
    link = url_for("accounts.confirm", token=tokens.link(token), _external=True)
    with letters.in_language_of(token.user, event.language):
        letters.send(token.user, "confirm", _("Confirm your e-mail address"), link=link, code=tokens.code(token))


def send_known_address(event: catalog.KnownAddressJoined) -> None:
    user = db.session.get(User, event.user_id)
    if user is None:
        return
    with letters.in_language_of(user, event.language):
        letters.send(
            user,
            "known_address",
            _("You have an account already"),
            link=url_for("accounts.sign_in", _external=True),
            forgot=url_for("passwords.forgot", _external=True),
        )


def send_reset(event: catalog.ResetAsked) -> None:
    token = db.session.get(Token, event.token_id)
    if token is None or not token.is_usable:
        return
    link = url_for("passwords.reset", token=tokens.link(token), _external=True)
    with letters.in_language_of(token.user, event.language):
        letters.send(token.user, "reset", _("Choose a new password"), link=link)


def send_password_changed(event: catalog.PasswordChanged) -> None:
    user = db.session.get(User, event.user_id)
    if user is None:
        return
    with letters.in_language_of(user):
        letters.send(
            user,
            "password_changed",
            _("Your password was changed"),
            forgot=url_for("passwords.forgot", _external=True),
        )
