"""Mail that was not sent anywhere, for whoever tries the site on their own machine."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from flask import Blueprint, current_app, render_template
from flask_babel import gettext as _

from forum.foundation.errors import NotFound
from forum.web import respond
from forum.web.guard import developers_only

door = Blueprint("dev", __name__)

SHOWN = 100
NAME = r"[0-9]{20}"


@dataclass(frozen=True)
class Letter:
    name: str
    to: str
    subject: str
    when: datetime
    text: str


@door.get("/dev/mail")
@developers_only
def mail():
    folder = current_app.config["FORUM"].outbox_dir
    # Only what foundation/mail wrote: its names are times.
    found = [path for path in folder.glob("*.eml") if re.fullmatch(NAME, path.stem)]
    newest = sorted(found, reverse=True)[:SHOWN]
    return respond.private(render_template("dev/mail.html", messages=[_read(path) for path in newest]))


@door.get("/dev/mail/<name>")
@developers_only
def message(name: str):
    path = current_app.config["FORUM"].outbox_dir / f"{name}.eml"
    if not re.fullmatch(NAME, name) or not path.is_file():
        raise NotFound(_("There is no letter at this address."))
    return respond.private(render_template("dev/message.html", message=_read(path)))


def _read(path: Path) -> Letter:
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = letter.get_body(("plain",)) if isinstance(letter, EmailMessage) else None
    text = body.get_content() if body else ""
    return Letter(
        name=path.stem,
        to=str(letter["To"]),
        subject=str(letter["Subject"]),
        when=datetime.fromtimestamp(int(path.stem) / 1e9, UTC),
        text=text,
    )
