"""Passwords: strong enough to take, and kept as Argon2id."""

from __future__ import annotations

import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from forum.foundation import aside
from forum.foundation.errors import Refused
from forum.foundation.later import Later

SHORTEST, LONGEST = 10, 500
# zxcvbn scores 0 to 4; below 2 fewer than a million guesses find it (Wheeler, USENIX Security 2016).
WEAKEST = 2
# Its cost rises with length, and strength is settled long before this.
JUDGED = 72

# OWASP's minimum for Argon2id (Password Storage Cheat Sheet): 19 MiB, two passes; 23 ms here.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# Checked when no account is known, so that a wrong address takes as long as a wrong password.
_NOBODY = _hasher.hash("nobody has this password")

# Its lists of words take 12 MB.
_zxcvbn = Later("zxcvbn")


def check_strength(password: str, about: list[str]) -> None:
    """Pass a password worth having. `about` is what is known of the person. Raises Refused."""
    if len(password) < SHORTEST:
        raise Refused(
            _(
                "Choose a longer password. This one has %(num)d characters; use %(least)d or more",
                num=len(password),
                least=SHORTEST,
            ),
            "password",
        )
    if len(password) > LONGEST:
        raise Refused(_("Choose a password of at most %(num)d characters", num=LONGEST), "password")
    if _zxcvbn.zxcvbn(password[:JUDGED], user_inputs=_words(about))["score"] < WEAKEST:
        raise Refused(
            _("This password is easy to guess. Three or four words that do not belong together make a good one"),
            "password",
        )


def _words(about: list[str]) -> list[str]:
    """What is known of somebody, whole and word by word: a guesser tries both."""
    return [word for known in about for word in (known, *re.split(r"\W+", known)) if word]


def hashed(password: str) -> str:
    """What is stored of a password. Called before the request changes anything; see foundation/aside."""
    return aside.run(_hasher.hash, password)


def is_right(password: str, stored: str | None) -> bool:
    """Whether this is the password; takes the same time when there is none. Called as `hashed` is."""
    try:
        return aside.run(_hasher.verify, stored or _NOBODY, password[:LONGEST]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
