"""Posts and comments for tests, made through the same acts that people use."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from flask import current_app
from sqlalchemy import update

from forum.accounts.models import User
from forum.comments import posting, withdrawing
from forum.comments.findings import Screened
from forum.comments.models import Comment
from forum.foundation import clock, signing
from forum.foundation.db import db
from forum.moderation import decisions, queries
from forum.moderation.actions import UNDO_FOR
from forum.moderation.models import Case, Decision
from forum.posts import writing
from forum.posts.models import Post
from forum.screening import checks
from tests import worker
from tests.apart import apart

_numbers = count(1)


def screen(author: User, post: Post, parent: Comment | None, text: posting.Text, **how) -> Screened:
    """As people's comments are screened, but for what else was written: tests write the same, and much at once."""
    return checks.screen_with(checks.ALONE, author, post, parent, text, **how)


def end_undoing() -> None:
    """So much time goes by that nothing decided so far can be undone; the worker has not heard of it yet."""
    db.session.execute(update(Decision).values(created_at=clock.now() - UNDO_FOR - timedelta(minutes=1)))
    db.session.commit()


def make_post(
    owner: User,
    title: str = "",
    *,
    body: str = "Some words about buses.",
    is_published: bool = True,
    **values,
) -> Post:
    """A post by this author, published unless said otherwise."""
    text = writing.PostText(
        title=title or f"A post {next(_numbers)}",
        body=body,
        is_published=is_published,
        authors=[writing.AuthorText(owner.name, owner.role, owner.organisation, user_id=owner.id)],
        **values,
    )
    post = writing.write(owner, text)
    db.session.commit()
    return post


def make_comment(
    author: User, post: Post, body: str = "", parent: Comment | None = None, *, lang: str = "en"
) -> Comment:
    """A comment as posting leaves it: public, or held where screening says so."""
    body = body or f"Comment number {next(_numbers)}."
    comment = posting.write(author, post, parent, body, lang, signing.new_secret(), screen=screen)
    db.session.commit()
    return comment


def make_held(author: User, post: Post, body: str = "", parent: Comment | None = None) -> tuple[Comment, Case]:
    """A newcomer's comment and the case that waits for it."""
    comment = make_comment(author, post, body, parent)
    assert comment.state == "held", "only a newcomer's comment is held"
    apart(worker.run_waiting, current_app._get_current_object())
    db.session.expire_all()
    case = queries.open_case_of(comment)
    assert case is not None
    return comment, case


def make_rejected(
    author: User, post: Post, by: User, body: str = "", reason: str = "unkind", message: str = ""
) -> Comment:
    comment, case = make_held(author, post, body)
    decisions.reject(case, by, case.version, reason, message)
    db.session.commit()
    return comment


def make_removed(
    author: User, post: Post, by: User, body: str = "", parent: Comment | None = None, reason: str = "unkind"
) -> Comment:
    comment = make_comment(author, post, body, parent)
    decisions.remove_public(comment, by, reason, "")
    db.session.commit()
    return comment


def make_withdrawn(author: User, post: Post, body: str = "", parent: Comment | None = None) -> Comment:
    comment = make_comment(author, post, body, parent)
    withdrawing.withdraw(comment)
    db.session.commit()
    return comment
