"""Decisions as lines: in the list of all, beside a case, and for whoever came second."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from forum.moderation import rules
from forum.moderation.actions import (
    APPROVE,
    CLEAN_UP,
    DECLINE,
    DISMISS,
    LIFT,
    MARK_SPAM,
    OVERTURN,
    PROPOSE,
    REJECT,
    REMOVE,
    RESTORE,
    SILENCE,
    SUSPEND,
    UNDO,
    UPHOLD,
    WARN,
)
from forum.moderation.models import Decision
from forum.reading import cards
from forum.reading.cards import PersonCard
from forum.text import safe
from forum.text.excerpt import beginning

DONE: dict[str, LazyString] = {
    APPROVE: lazy_gettext("Approved"),
    REJECT: lazy_gettext("Rejected"),
    REMOVE: lazy_gettext("Removed"),
    RESTORE: lazy_gettext("Restored"),
    MARK_SPAM: lazy_gettext("Marked as spam"),
    DISMISS: lazy_gettext("Flags dismissed"),
    UPHOLD: lazy_gettext("Appeal turned down"),
    OVERTURN: lazy_gettext("Appeal granted"),
    WARN: lazy_gettext("Warned"),
    SILENCE: lazy_gettext("Silenced"),
    SUSPEND: lazy_gettext("Suspended"),
    PROPOSE: lazy_gettext("Suspension proposed"),
    DECLINE: lazy_gettext("Suspension declined"),
    LIFT: lazy_gettext("Lifted"),
    CLEAN_UP: lazy_gettext("Cleaned up"),
    UNDO: lazy_gettext("Undone"),
}


# The same with what it means, for whoever has just done it.
_TOLD: dict[str, LazyString] = {
    REJECT: lazy_gettext("Rejected. Its writer sees the reason."),
    REMOVE: lazy_gettext("Removed. A line with the reason stays in its place."),
    DISMISS: lazy_gettext("Flags dismissed. The comment stays."),
    PROPOSE: lazy_gettext("Suspension proposed. Another moderator has to agree."),
}


@dataclass(frozen=True)
class DecisionLine:
    id: int
    action: str
    action_words: str
    # A sentence for whoever has just decided.
    told: str
    by: str
    when: datetime
    reason: str
    message: str
    case_url: str
    # Whom it is about.
    person: PersonCard | None
    # Its words, where it is about a comment.
    comment_url: str
    excerpt: str
    lang: str
    post_title: str
    is_undone: bool
    # What was undone, for an undoing.
    undid: str
    # The address of the form, while whoever looks may undo it.
    undo_url: str


def decision_line(decision: Decision, undone: Collection[int] = (), undoable: Collection[int] = ()) -> DecisionLine:
    """One decision, with its comment and people loaded. `undone` and `undoable` are numbers of decisions."""
    comment = decision.comment
    person = comment.author if comment is not None else decision.user
    return DecisionLine(
        id=decision.id,
        action=decision.action,
        action_words=done_words(decision.action),
        told=str(_TOLD[decision.action])
        if decision.action in _TOLD
        else _("%(done)s.", done=done_words(decision.action)),
        by=decision.by.name if decision.by else _("Former member"),
        when=decision.created_at,
        reason=rules.reason_words(decision.reason) if decision.reason else "",
        message=decision.message,
        case_url=url_for("queue.case", case_id=decision.case_id),
        person=cards.person_card(person) if person is not None else None,
        comment_url=url_for("comments.show", comment_id=comment.id) if comment is not None else "",
        excerpt=beginning(safe.stored(comment.body_html), 120) if comment is not None else "",
        lang=comment.lang if comment is not None else "",
        post_title=comment.post.title if comment is not None else "",
        is_undone=decision.id in undone,
        undid=done_words(decision.on.action) if decision.action == UNDO and decision.on is not None else "",
        undo_url=url_for("deciding.undo", decision_id=decision.id) if decision.id in undoable else "",
    )


def done_words(action: str) -> str:
    return str(DONE[action])
