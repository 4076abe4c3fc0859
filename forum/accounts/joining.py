"""Creating an account and confirming its address."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from forum.accounts import blocking, passwords, queries, tokens, usernames
from forum.accounts.models import Token, User
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Conflict, Refused

LONGEST_NAME = 80
# Between two letters to one address.
RESEND_AFTER = timedelta(seconds=60)


def join(name: str, username: str, email: str, password: str, handle: str) -> User | None:
    """A new account that waits for its address to be confirmed, or None where the address has one already.

    The door says the same in both cases. `handle` is the asking browser's, for the code. Raises Refused.
    """
    name = clean_name(name)
    username = usernames.clean(username)
    email = clean_email(email)
    passwords.check_strength(password, [name, username, email])
    known = queries.by_email(email)
    _check_free(username, known)
    # Said only where no account has the address: else the answer would tell whose account was closed.
    if known is None and blocking.is_blocked(email):
        raise Refused(_("This address cannot be used here. Write to those who run this site if it is yours"), "email")
    # Hashed before looking at `known`: both answers take the same time.
    stored = passwords.hashed(password)
    if known is not None and known.is_confirmed:
        publish(catalog.KnownAddressJoined(known.id, str(get_locale())))
        return None
    user = known or User()
    # An unconfirmed account is nobody's yet: whoever joins last sets its password, and older letters are void.
    user.email, user.email_key = email, queries.email_key(email)
    user.name, user.username, user.username_key = name, username, usernames.key(username)
    user.password_hash = stored
    _store(user)
    publish(catalog.ConfirmationAsked(tokens.make(user, tokens.CONFIRM, handle).id, str(get_locale())))
    return user


def send_again(handle: str, fresh_handle: str) -> bool:
    """Another letter for the account this browser asked for; False when it must wait or is unknown."""
    token = tokens.by_handle(handle)
    if token is None or token.user.is_confirmed or token.is_younger_than(RESEND_AFTER):
        return False
    ask_again(token.user, fresh_handle)
    return True


def ask_again(user: User, handle: str) -> None:
    """A fresh letter for an account whose address is not confirmed yet."""
    publish(catalog.ConfirmationAsked(tokens.make(user, tokens.CONFIRM, handle).id, str(get_locale())))


def confirm(token: Token) -> User:
    """The address is the person's. Raises Refused when the token has been used meanwhile."""
    tokens.spend(token)
    token.user.confirmed_at = token.user.confirmed_at or clock.now()
    return token.user


def clean_name(typed: str) -> str:
    """The display name: one line, visible, with two letters at least. Raises Refused."""
    composed = usernames.INVISIBLE.sub("", unicodedata.normalize("NFC", typed))
    visible = "".join(c for c in composed if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cn"))
    name = " ".join(visible.split())
    if sum(c.isalpha() for c in name) < 2:
        raise Refused(_("Choose a name with at least 2 letters"), "name")
    if len(name) > LONGEST_NAME:
        raise Refused(_("Choose a name of at most %(num)d characters", num=LONGEST_NAME), "name")
    return name


def clean_email(typed: str) -> str:
    """The address as written. Raises Refused; whether anybody lives there is for the letter to find."""
    typed = typed.strip()
    if "@" not in typed:
        raise Refused(_("Add the part after the @, for example “@example.org”"), "email")
    try:
        return validate_email(typed, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise Refused(_("Check the e-mail address: this one cannot be right"), "email") from error


def _store(user: User) -> None:
    """Store the account, whose number the token needs. Raises Conflict where another request was first just now."""
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("Somebody asked for the same at the same moment. Try again"), "username") from error


def _check_free(username: str, known: User | None) -> None:
    holder = queries.by_username(username)
    if holder is None or (known is not None and holder.id == known.id and not known.is_confirmed):
        return
    if holder.username.casefold() == username.casefold():
        raise Refused(_("This username is taken. Choose another"), "username")
    raise Refused(_("This username looks like one that is taken. Choose another"), "username")
