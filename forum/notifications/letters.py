"""Sending one letter to one person, made of two templates, in the language that the person chose."""

from __future__ import annotations

from contextlib import AbstractContextManager

from flask import current_app, render_template
from flask_babel import force_locale

from forum.accounts.models import User
from forum.foundation import mail


def in_language_of(user: User, asked_in: str = "") -> AbstractContextManager[None]:
    """For all that a letter says, its subject too: the language that the person chose.

    Where they chose none, the one in which they asked for this letter, else the site's.
    """
    known = current_app.config["LANGUAGES"]
    wishes = (user.language, asked_in, current_app.config["FORUM"].language)
    return force_locale(next(code for code in wishes if code in known))


def send(user: User, name: str, subject: str, **values: object) -> None:
    """The letter `emails/<name>`, as text and as HTML. Nothing for an account without an address.

    It speaks the language that is spoken now, as the words do that were made for it: see `in_language_of`.
    """
    if user.email is None:
        return
    values |= {"person": user.name, "site_name": current_app.config["FORUM"].site_name, "subject": subject}
    mail.send(
        user.email,
        subject,
        render_template(f"emails/{name}.txt", **values).strip() + "\n",
        render_template(f"emails/{name}.html", **values),
    )
