"""The token of forms, in another disguise on every page.

Flask-WTF's token is the same text for a second, and its first half for as long as the session lasts. A packed page that
also repeats what an address says would give it away by its length, letter by letter (BREACH, section 3.4 of
https://www.breachattack.com/resources/BREACH%20-%20SSL,%20gone%20in%2030%20seconds.pdf); Django and Rails mask theirs
the same way: a random pad, and the token XOR the pad.
"""

from __future__ import annotations

import binascii
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, g
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf


class MaskedProtection(CSRFProtect):
    """Takes the mask off before the token is looked at."""

    def _get_csrf_token(self) -> str | None:
        sent = super()._get_csrf_token()
        return unmasked(sent) if sent else None


protection = MaskedProtection()


def install(app: Flask) -> None:
    protection.init_app(app)
    # Flask-WTF offers its own under this name, in templates and to the macros they import.
    app.context_processor(lambda: {"csrf_token": token})
    app.jinja_env.globals["csrf_token"] = token


def token() -> str:
    """The token for the forms of this answer; a session begins where there is none."""
    if g.get("masked_csrf_token") is None:
        g.masked_csrf_token = masked(generate_csrf())
    return g.masked_csrf_token


@contextmanager
def hidden_as(word: str) -> Iterator[None]:
    """Forms that are drawn meanwhile have this word in place of the token."""
    before = g.get("masked_csrf_token")
    g.masked_csrf_token = word
    try:
        yield
    finally:
        g.masked_csrf_token = before


def masked(text: str) -> str:
    """This text so that nothing of it is seen."""
    plain = text.encode()
    pad = secrets.token_bytes(len(plain))
    return urlsafe_b64encode(pad + _xor(plain, pad)).decode().rstrip("=")


def unmasked(text: str) -> str:
    """The text that was masked; nothing where none was."""
    try:
        # Padding in excess is ignored, and what lacks some is too short to be ours.
        both = urlsafe_b64decode(text.encode() + b"==")
        half = len(both) // 2
        return _xor(both[:half], both[half:]).decode()
    except (binascii.Error, ValueError):
        return ""


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
