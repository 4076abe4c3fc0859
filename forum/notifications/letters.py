"""Sending one letter to one person, made of two templates."""

from __future__ import annotations

from flask import current_app, render_template

from forum.accounts.models import User
from forum.foundation import mail


def send(user: User, name: str, subject: str, **values: object) -> None:
    """The letter `emails/<name>`, as text and as HTML. Nothing for an account without an address."""
    if user.email is None:
        return
    values |= {"person": user.name, "site_name": current_app.config["FORUM"].site_name, "subject": subject}
    mail.send(
        user.email,
        subject,
        render_template(f"emails/{name}.txt", **values).strip() + "\n",
        render_template(f"emails/{name}.html", **values),
    )
