"""The letters that the site sent during a test."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    text: str
    html: str
    raw: bytes

    @property
    def path(self) -> str:
        """Where its link leads, on this site."""
        found = re.search(r"https?://\S+", self.text)
        assert found, f"no link in “{self.subject}”"
        return urlsplit(found.group()).path

    @property
    def code(self) -> str:
        found = re.search(r"\b\d{6}\b", self.text)
        assert found, f"no code in “{self.subject}”"
        return found.group()


def letters(app: Flask, to: str = "") -> list[Letter]:
    """All letters to this address, or to everybody, the oldest first."""
    found = [_read(path.read_bytes()) for path in sorted(app.config["FORUM"].outbox_dir.glob("*.eml"))]
    return [letter for letter in found if not to or letter.to == to]


def _read(raw: bytes) -> Letter:
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    plain, rich = letter.get_body(("plain",)), letter.get_body(("html",))
    return Letter(
        str(letter["To"]),
        str(letter["Subject"]),
        plain.get_content() if plain else "",
        rich.get_content() if rich else "",
        raw,
    )
