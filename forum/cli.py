"""Commands for whoever runs the site: `flask …`, by way of wsgi.py.

The site itself is served without them: Alembic and what else only they need would take 25 MB of each process.
"""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask.cli import AppGroup
from flask_migrate import Migrate

from config import ROOT, Config
from forum import app as site
from forum.accounts import passwords, queries, usernames
from forum.accounts.models import User
from forum.archive.commands import archive
from forum.comments import counting
from forum.foundation import clock, transaction
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.search.commands import search

people = AppGroup("people", help="Accounts and what they may do.")
comments = AppGroup("comments", help="Look after discussions.")


def create_app(config: Config | None = None) -> Flask:
    """The site with its commands, those for migrations among them."""
    app = site.create_app(config)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    for group in (archive, search, people, comments):
        app.cli.add_command(group)
    return app


@people.command("make")
@click.argument("email")
@click.argument("username")
@click.option("--name", help="Display name; the username if not given.")
@click.option("--role", "roles", multiple=True, type=click.Choice(["author", "moderator", "admin"]))
@click.password_option()
def make_person(email: str, username: str, name: str | None, roles: tuple[str, ...], password: str) -> None:
    """Create a confirmed account, as for the first administrator."""
    try:
        username = usernames.clean(username)
        passwords.check_strength(password, [username, email])
    except Refused as refusal:
        sys.exit(refusal.sentence)
    if queries.by_email(email) or queries.by_username(username):
        sys.exit("There is an account with this address or username already.")
    person = User(
        email=email, email_key=queries.email_key(email), username=username, username_key=usernames.key(username),
        name=name or username, password_hash=passwords.hashed(password), confirmed_at=clock.now(),
    )  # fmt: skip
    _give(person, roles)
    db.session.add(person)
    transaction.commit()
    click.echo(f"{username} may sign in.")


@people.command("roles")
@click.argument("username")
@click.option("--role", "roles", multiple=True, type=click.Choice(["author", "moderator", "admin"]))
def set_roles(username: str, roles: tuple[str, ...]) -> None:
    """Give an account exactly these roles."""
    person = queries.by_username(username)
    if person is None:
        sys.exit(f"Nobody has the username {username}.")
    _give(person, roles)
    transaction.commit()
    click.echo(f"{person.username}: {', '.join(roles) or 'no roles'}.")


def _give(person: User, roles: tuple[str, ...]) -> None:
    person.is_author = "author" in roles
    person.is_moderator = "moderator" in roles
    person.is_admin = "admin" in roles


@comments.command("recount")
@click.option("--mend", is_flag=True, help="Store what was counted.")
def recount(mend: bool) -> None:
    """Count again what is stored as counters, and print each difference."""
    found = counting.differences()
    for row in found:
        click.echo(f"{row.what} of {row.number}: stored {row.stored}, counted {row.counted}")
    if mend:
        counting.mend(found)
        transaction.commit()
    click.echo(f"{len(found)} differences{' mended' if mend and found else ''}.")
    if found and not mend:
        sys.exit(1)
