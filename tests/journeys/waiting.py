"""A queue of its own for a journey: `python -m tests.journeys.waiting 20 15 15`, with the settings of the site.

Makes so many held, flagged and suspected comments below a new post, and prints the number of the post.
"""

from __future__ import annotations

import os
import subprocess
import sys

from sqlalchemy import select

import config
from forum.accounts.models import User
from forum.app import create_app
from forum.comments import posting
from forum.comments.findings import Finding, Screened
from forum.comments.models import Comment
from forum.foundation import signing
from forum.foundation.db import db
from forum.moderation import cases, flagging
from forum.moderation.actions import HELD, SPAM
from forum.posts import writing
from forum.posts.models import Post
from forum.screening import names
from tests.running.conftest import ROOT, Site


def fill(site: Site, held: int, flagged: int, suspected: int) -> int:
    """Make a queue in this running site; the number of the post."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")} | site.settings
    command = [sys.executable, "-m", "tests.journeys.waiting", str(held), str(flagged), str(suspected)]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


def _fill(held: int, flagged: int, suspected: int) -> Post:
    author = _person(User.is_author)
    line = writing.AuthorText(author.name, author.role, author.organisation, user_id=author.id)
    text = writing.PostText(
        title=f"A queue {signing.new_secret()[:8]}", body="Words.", is_published=True, authors=[line]
    )
    post = writing.write(author, text)
    writer, reader = _people()
    for number in range(held):
        comment = _write(writer, post, f"Held words {number}.", Finding(names.NEWCOMER))
        _open(comment, HELD, names.NEWCOMER)
    for number in range(flagged):
        flagging.flag(_write(writer, post, f"Flagged words {number}."), reader, "unkind", "")
    for number in range(suspected):
        comment = _write(writer, post, f"Suspected words {number}.", Finding(names.SPAM))
        _open(comment, SPAM, names.SPAM)
    return post


def _person(what) -> User:
    return db.session.scalars(select(User).where(what).order_by(User.id)).first()


def _people() -> tuple[User, User]:
    """Two who neither moderate nor write posts."""
    others = select(User).where(~User.is_author, ~User.is_moderator, ~User.is_admin, User.confirmed_at.is_not(None))
    first, second = db.session.scalars(others.order_by(User.id).limit(2))
    return first, second


def _write(writer: User, post: Post, words: str, *found: Finding) -> Comment:
    return posting.write(
        writer, post, None, words, "en", signing.new_secret(), screen=lambda *_text, **_how: Screened(found)
    )


def _open(comment: Comment, kind: str, reason: str) -> None:
    cases.add_signal(cases.open_for(comment, kind), reason, {})


def main() -> None:
    app = create_app(config.read(os.environ))
    with app.app_context(), app.test_request_context():
        post = _fill(*(int(word) for word in sys.argv[1:]))
        db.session.commit()
        print(post.id)


if __name__ == "__main__":
    main()
