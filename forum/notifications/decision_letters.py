"""Letters about what moderators decided: each says what, why, and what can be done about it."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from forum.accounts.permissions import may_rewrite
from forum.comments.models import REJECTED, Comment
from forum.comments.queries import writer_and_post
from forum.events import catalog
from forum.foundation.db import db
from forum.moderation import appeals, statements
from forum.moderation.actions import APPEALABLE, APPROVE, LIFT, OVERTURN, RESTORE, UPHOLD
from forum.moderation.models import Decision
from forum.notifications import letters
from forum.text import safe
from forum.text.excerpt import beginning

EXCERPT = 300


def send_decision(event: catalog.DecisionFinal) -> None:
    """Tell the person it concerns; that flags were dismissed concerns only those who flagged."""
    decision = _decision(event.decision_id)
    if decision is None or decision.user is None:
        return
    with letters.in_language_of(decision.user):
        _send(decision)


def _send(decision: Decision) -> None:
    if decision.action in (APPROVE, RESTORE):
        _send_published(decision)
    elif decision.action in APPEALABLE:
        _send_statement(decision)
    elif decision.action == LIFT:
        _send_lifted(decision)
    elif decision.action in (UPHOLD, OVERTURN):
        _send_answer(decision)


def send_received(event: catalog.AppealMade) -> None:
    """Tell whoever appeals that it has come, who answers it, and where."""
    appeal = appeals.by_id(event.appeal_id)
    if appeal is None:
        return
    with letters.in_language_of(appeal.user):
        letters.send(
            appeal.user, "appeal_received", _("We have your appeal"),
            what=statements.what(appeal.decision), words=appeal.words, link=_statement_url(appeal.decision),
            can_be_answered=appeals.can_be_answered(appeal.decision),
        )  # fmt: skip


def _send_published(decision: Decision) -> None:
    comment = decision.comment
    if comment is None or not comment.is_public:
        return  # it was taken away since, of which they hear by another letter
    if decision.action == RESTORE:
        subject = _("Your comment is shown again")
    elif decision.from_state == decision.to_state:
        subject = _("The new words of your comment are published")
    else:
        subject = _("Your comment is published")
    letters.send(
        comment.author, "published", subject,
        post_title=comment.post.title, text=_words(comment), message=decision.message,
        link=url_for("comments.show", comment_id=comment.id, _external=True),
    )  # fmt: skip


def _send_statement(decision: Decision) -> None:
    """Not to somebody who has appealed already: they have read all of it."""
    if appeals.against(decision) is not None or decision.user is None:
        return
    statement, comment = statements.of(decision), decision.comment
    letters.send(
        decision.user, "decision", statement.what,
        statement=statement, post_title=comment.post.title if comment else "", text=_words(comment) if comment else "",
        link=_statement_url(decision), can_be_appealed=appeals.can_be_answered(decision),
        edit_link=_edit_url(comment) if comment else "",
    )  # fmt: skip


def _send_lifted(decision: Decision) -> None:
    if decision.user is None:
        return
    letters.send(
        decision.user, "lifted", _("You can write again"),
        message=decision.message, link=url_for("home.index", _external=True),
    )  # fmt: skip


def _send_answer(decision: Decision) -> None:
    if decision.on is None or decision.user is None:
        return
    is_upheld = decision.action == UPHOLD
    letters.send(
        decision.user, "appeal_answered",
        _("Your appeal: the decision stands") if is_upheld else _("Your appeal: the decision is taken back"),
        is_upheld=is_upheld, what=statements.what(decision.on), message=decision.message,
        link=_statement_url(decision.on),
    )  # fmt: skip


def _decision(number: int) -> Decision | None:
    return db.session.scalar(
        select(Decision)
        .where(Decision.id == number)
        .options(
            joinedload(Decision.user),
            joinedload(Decision.on),
            joinedload(Decision.comment).options(*writer_and_post()),
        )
    )


def _statement_url(decision: Decision) -> str:
    return url_for("appeals.statement", decision_id=decision.id, _external=True)


def _edit_url(comment: Comment) -> str:
    """Where a rejected comment is edited and sent again; empty where it cannot be."""
    is_open = comment.state == REJECTED and comment.may_send_again and comment.post.is_open
    if not is_open or not may_rewrite(comment.author):
        return ""
    return url_for("comments.edit", comment_id=comment.id, _external=True)


def _words(comment: Comment) -> str:
    return beginning(safe.stored(comment.body_html), EXCERPT)
