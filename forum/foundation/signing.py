"""Secrets handed to people: random ones stored as digests, derived ones not stored at all."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from flask import current_app

CODE_DIGITS = 6


def new_secret() -> str:
    """256 random bits, for a cookie or a hidden field."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What the database keeps of a secret (64 hex digits). Enough for secrets that are random."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keyed_digest(purpose: str, words: str) -> str:
    """What the database keeps of words that could be guessed (64 hex digits): without the site's key nobody can try."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, f"{purpose}:{words}".encode(), hashlib.sha256).hexdigest()


def link_token(purpose: str, row_id: int, nonce: str) -> str:
    """A token for a link in a mail, made again from its row when the mail is sent."""
    return f"{row_id}.{_derive(f'link:{purpose}', row_id, nonce)}"


def read_link_token(token: str) -> int | None:
    """The row a link token speaks of, before it is checked against that row's nonce."""
    head = token.partition(".")[0]
    return int(head) if head.isascii() and head.isdigit() and len(head) < 10 else None


def is_link_token(token: str, purpose: str, row_id: int, nonce: str) -> bool:
    return hmac.compare_digest(token.encode(), link_token(purpose, row_id, nonce).encode())


def code(purpose: str, row_id: int, nonce: str) -> str:
    """A short code that can be typed from a mail; callers count the tries."""
    number = int.from_bytes(base64.urlsafe_b64decode(_derive(f"code:{purpose}", row_id, nonce) + "=="))
    return str(number % 10**CODE_DIGITS).zfill(CODE_DIGITS)


def is_code(given: str, purpose: str, row_id: int, nonce: str) -> bool:
    return hmac.compare_digest(given.encode(), code(purpose, row_id, nonce).encode())


def _derive(purpose: str, row_id: int, nonce: str) -> str:
    key = current_app.config["SECRET_KEY"].encode()
    mac = hmac.new(key, f"{purpose}:{row_id}:{nonce}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")
