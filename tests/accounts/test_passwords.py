"""Passwords: strong enough to take, and kept so that nobody can read them."""

from __future__ import annotations

import pytest

from forum.accounts import passwords
from forum.foundation.errors import Refused

GWENLLIAN = ["Gwenllian Pritchard", "gwenpritch", "gwenllian@harrowmere.example"]


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "longer"),
        ("tidal quo", "longer"),
        ("passwordpassword", "easy to guess"),
        ("1234567890", "easy to guess"),
        ("qwertyuiop", "easy to guess"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("Password123", "easy to guess"),
        ("gwenpritch", "easy to guess"),
        ("gwenllian1", "easy to guess"),
        ("pritchard1", "easy to guess"),
        ("harrowmere", "easy to guess"),
        ("gwenllian@harrowmere.example", "easy to guess"),
        ("x" * 501, "at most 500"),
    ],
)
def test_a_weak_password_is_refused_at_its_field(request_to, password, words):
    with pytest.raises(Refused, match=words) as refusal:
        passwords.check_strength(password, GWENLLIAN)
    assert refusal.value.field == "password"


@pytest.mark.parametrize(
    "password",
    ["tidal quokka bicycle", "correct horse battery staple", "Kv9$wq-2LmTz", "Mae’r glaw’n drwm", "пароль-слон-луна-7",
     "a sentence that is longer than seventy-two characters, which some hashes would cut off at the end"],
)  # fmt: skip
def test_a_good_password_is_taken(request_to, password):
    passwords.check_strength(password, GWENLLIAN)


def test_every_character_of_a_long_password_counts():
    long = "many words and then some more, " * 10
    stored = passwords.hashed(long + "end")
    assert passwords.is_right(long + "end", stored)
    assert not passwords.is_right(long + "enD", stored)


def test_a_password_is_kept_as_argon2id_with_its_own_salt():
    one, other = passwords.hashed("tidal quokka bicycle"), passwords.hashed("tidal quokka bicycle")
    assert one.startswith("$argon2id$")
    assert one != other
    assert "quokka" not in one


def test_an_account_without_a_password_opens_to_none():
    assert not passwords.is_right("", None)
    assert not passwords.is_right("nobody has this password", None)
    assert not passwords.is_right("anything", "not a hash")
