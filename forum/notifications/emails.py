"""The letters: each is short, in plain words, and says why it came."""

from __future__ import annotations

from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from forum.accounts import tokens
from forum.accounts.models import Token, User
from forum.comments.models import Comment
from forum.events import catalog
from forum.foundation import mail
from forum.foundation.db import db
from forum.moderation import rules
from forum.moderation.models import APPROVE, DISMISS, REJECT, REMOVE, Decision
from forum.text import safe
from forum.text.excerpt import beginning


def send_confirmation(event: catalog.ConfirmationAsked) -> None:
    token = db.session.get(Token, event.token_id)
    if token is None or not token.is_usable:
        return
    link = url_for("accounts.confirm", token=tokens.link(token), _external=True)
    _send(token.user, "confirm", _("Confirm your e-mail address"), link=link, code=tokens.code(token))


def send_known_address(event: catalog.KnownAddressJoined) -> None:
    user = db.session.get(User, event.user_id)
    if user is not None:
        _send(
            user,
            "known_address",
            _("You have an account already"),
            link=url_for("accounts.sign_in", _external=True),
            forgot=url_for("accounts.forgot", _external=True),
        )


def send_reset(event: catalog.ResetAsked) -> None:
    token = db.session.get(Token, event.token_id)
    if token is None or not token.is_usable:
        return
    link = url_for("accounts.reset", token=tokens.link(token), _external=True)
    _send(token.user, "reset", _("Choose a new password"), link=link)


def send_password_changed(event: catalog.PasswordChanged) -> None:
    user = db.session.get(User, event.user_id)
    if user is not None:
        _send(
            user,
            "password_changed",
            _("Your password was changed"),
            forgot=url_for("accounts.forgot", _external=True),
        )


def send_decision(event: catalog.CommentDecided) -> None:
    """Tell a comment's writer what became of it; that flags were dismissed concerns only those who flagged."""
    decision = db.session.get(
        Decision,
        event.decision_id,
        options=[joinedload(Decision.comment).options(joinedload(Comment.author), joinedload(Comment.post))],
    )
    if decision is None or decision.action == DISMISS:
        return
    comment = decision.comment
    is_published = decision.action == APPROVE
    subject = {
        APPROVE: _("Your comment is published"),
        REJECT: _("Your comment is not published"),
        REMOVE: _("Your comment was removed"),
    }[decision.action]
    words = beginning(safe.stored(comment.body_html), 300)
    _send(
        comment.author, "decision", subject,
        is_published=is_published, post_title=comment.post.title, text=words,
        reason=None if is_published else rules.reason_words(decision.reason), message=decision.message,
        link=url_for("comments.show", comment_id=comment.id, _external=True),
    )  # fmt: skip


def _send(user: User, name: str, subject: str, **values: object) -> None:
    if user.email is None:
        return
    values |= {"person": user.name, "site_name": current_app.config["FORUM"].site_name, "subject": subject}
    mail.send(
        user.email,
        subject,
        render_template(f"emails/{name}.txt", **values).strip() + "\n",
        render_template(f"emails/{name}.html", **values),
    )
