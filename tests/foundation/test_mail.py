"""Letters: whole, to one person, and with nothing in their heads that somebody typed there."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace

import pytest

from forum.foundation import mail
from tests.letters import letters


def test_a_letter_is_plain_text_with_html_beside(app):
    mail.send("alice@example.org", "Subject", "Plain words.", "<p>Rich words.</p>")
    [letter] = letters(app)
    assert (letter.to, letter.subject) == ("alice@example.org", "Subject")
    assert "Plain words." in letter.text
    assert "<p>Rich words.</p>" in letter.html
    assert b"Auto-Submitted: auto-generated" in letter.raw


@pytest.mark.parametrize(
    "subject", ["x\r\nBcc: m@evil.example", "x\nBcc: m@evil.example", "x\rBcc: m", "x\u2028Bcc: m", "x\x0bBcc: m"]
)
def test_a_subject_is_one_line(app, subject):
    mail.send("alice@example.org", subject, "Words.")
    [letter] = letters(app)
    assert email.message_from_bytes(letter.raw, policy=email.policy.default)["Bcc"] is None
    assert b"\nBcc" not in letter.raw
    assert b"\rBcc" not in letter.raw


@pytest.mark.parametrize("to", ["a@example.org\r\nBcc: m@evil.example", "a@example.org\nBcc: m@evil.example"])
def test_an_address_of_two_lines_is_not_written_to(app, to):
    with pytest.raises(ValueError, match="linefeed"):
        mail.send(to, "Subject", "Words.")
    assert letters(app) == []


@pytest.mark.parametrize("words", ["Ŵyau a physgod", "漢字", "🚌 " * 60, "x" * 3000, "From the start\n.\nFrom here\n"])
def test_words_of_every_kind_arrive(app, words):
    mail.send("alice@example.org", words[:200], words)
    [letter] = letters(app)
    assert letter.text.strip() == words.strip()
    assert letter.subject == " ".join(words[:200].split())


def test_an_address_outside_ascii_arrives(app):
    mail.send("siân@example.org", "Subject", "Words.")
    assert [letter.to for letter in letters(app)] == ["siân@example.org"]


def test_the_outbox_is_its_owners_only(app):
    mail.send("alice@example.org", "Subject", "Words.")
    assert app.config["FORUM"].outbox_dir.stat().st_mode & 0o077 == 0


class FakePost:
    """A mail server, as far as this site speaks with one."""

    def __init__(self, said: list) -> None:
        self.said = said

    def __call__(self, host, port, **more):
        self.said.append(("connect", host, port, "context" in more))
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_error) -> None:
        self.said.append("quit")

    def starttls(self, context) -> None:
        assert context.check_hostname
        self.said.append("starttls")

    def login(self, user, password) -> None:
        self.said.append(("login", user, password))

    def send_message(self, letter) -> None:
        self.said.append(("send", letter["To"]))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", [("connect", "mail.example", 25, False), ("send", "a@example.org"), "quit"]),
        (
            "smtp://me%40x:p%2Fw@mail.example:587",
            [
                ("connect", "mail.example", 587, False),
                "starttls",
                ("login", "me@x", "p/w"),
                ("send", "a@example.org"),
                "quit",
            ],
        ),
        (
            "smtps://me:pw@mail.example",
            [("connect", "mail.example", 465, True), ("login", "me", "pw"), ("send", "a@example.org"), "quit"],
        ),
    ],
)
def test_a_password_for_the_mail_server_never_travels_in_clear(app, monkeypatch, url, expected):
    said: list = []
    monkeypatch.setattr(mail.smtplib, "SMTP", FakePost(said))
    monkeypatch.setattr(mail.smtplib, "SMTP_SSL", FakePost(said))
    monkeypatch.setitem(app.config, "FORUM", replace(app.config["FORUM"], smtp_url=url))
    mail.send("a@example.org", "Subject", "Words.")
    assert said == expected
    assert letters(app) == []
