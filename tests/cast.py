"""The people of the tests."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property

from forum.accounts import passwords, usernames
from forum.accounts.models import KNOWN, NEWCOMER, TRUSTED, User
from forum.foundation import clock
from forum.foundation.db import db

PASSWORD = "tidal quokka bicycle"
# Hashed once: Argon2 is slow on purpose.
HASH = passwords.hashed(PASSWORD)


def make_user(username: str, **values) -> User:
    """A confirmed person, known here unless said otherwise."""
    values = {
        "name": username.capitalize(),
        "email": f"{username}@example.org",
        "password_hash": HASH,
        "confirmed_at": clock.now() - timedelta(days=30),
        "created_at": clock.now() - timedelta(days=30),
        "trust": KNOWN,
    } | values
    values.setdefault("email_key", values["email"])
    user = User(username=username, username_key=usernames.key(username), **values)
    db.session.add(user)
    db.session.commit()
    return user


class Cast:
    """Each appears in the database when first named."""

    @cached_property
    def alice(self) -> User:
        return make_user("alice", name="Alice Archer")

    @cached_property
    def bob(self) -> User:
        return make_user("bob", name="Bob Barker")

    @cached_property
    def nora(self) -> User:
        return make_user("nora", name="Nora New", trust=NEWCOMER)

    @cached_property
    def mona(self) -> User:
        return make_user("mona", name="Mona Mild", is_moderator=True, trust=TRUSTED)

    @cached_property
    def max(self) -> User:
        return make_user("max", name="Max Moss", is_moderator=True, trust=TRUSTED)

    @cached_property
    def ada(self) -> User:
        return make_user("ada", name="Ada Admin", is_admin=True, trust=TRUSTED)

    @cached_property
    def arthur(self) -> User:
        return make_user("arthur", name="Arthur Author", is_author=True, role="Clerk", organisation="Harrowmere")

    @cached_property
    def mallory(self) -> User:
        return make_user("mallory", name="Mallory Malice")
