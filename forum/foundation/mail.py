"""Letters: by SMTP where it is set, else as files in the outbox folder."""

from __future__ import annotations

import smtplib
import ssl
import time
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app

TIMEOUT_SECONDS = 20


def send(to: str, subject: str, text: str, html: str | None = None) -> None:
    """Deliver one letter. Raises OSError or smtplib.SMTPException when the server will not take it."""
    settings = current_app.config["FORUM"]
    letter = _letter(settings.mail_from, to, subject, text, html)
    if settings.smtp_url:
        _by_smtp(settings.smtp_url, letter)
    else:
        _to_outbox(settings.outbox_dir, letter)


def _letter(sender: str, to: str, subject: str, text: str, html: str | None) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = to
    letter["Subject"] = " ".join(subject.split())
    letter["Date"] = formatdate(usegmt=True)
    letter["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">") or "localhost")
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    if html:
        letter.add_alternative(html, subtype="html")
    return letter


def _by_smtp(url: str, letter: EmailMessage) -> None:
    place = urlsplit(url)
    host = place.hostname or "localhost"
    context = ssl.create_default_context()
    if place.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, place.port or 465, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, place.port or 25, timeout=TIMEOUT_SECONDS)
    with server:
        if place.scheme == "smtp" and place.username:
            # A password never travels in clear.
            server.starttls(context=context)
        if place.username:
            server.login(unquote(place.username), unquote(place.password or ""))
        server.send_message(letter)


def _to_outbox(folder: Path, letter: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{time.time_ns():020d}"
    draft = folder / f".{name}"
    draft.write_bytes(bytes(letter))
    # Renamed when whole, so that a reader of the folder never sees half a letter.
    draft.rename(folder / f"{name}.eml")
