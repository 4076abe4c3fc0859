"""What waits below an author's posts, with no more than an author may know: no notes, no record, no sanctions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from forum.accounts.models import User
from forum.comments.models import Comment
from forum.foundation import clock
from forum.moderation import rules
from forum.moderation.models import Case, Seen
from forum.reading import cards, quoted
from forum.reading.cards import CommentCard, PersonCard, Setting
from forum.screening import names
from forum.text import safe
from forum.text.excerpt import beginning

# Checks that tell of the text or of the discussion. Others tell of the writer's past, or what is watched for.
TOLD_TO_AUTHORS = (names.NEWCOMER, names.CHECKED_FIRST, names.LINKS)


@dataclass(frozen=True)
class WaitingRow:
    """One comment in the list."""

    url: str
    person: PersonCard
    waiting_minutes: int
    excerpt: str
    lang: str
    post_title: str
    # Somebody else who looks at it now.
    is_taken: bool


@dataclass(frozen=True)
class Told:
    """What an author has just decided, and the address of the form that undoes it, while they may."""

    told: str
    undo_url: str


@dataclass(frozen=True)
class WaitingPage:
    """One comment, and what is needed to decide on it."""

    case_id: int
    # Of the case and of the comment: a decision is about the words that were on the page.
    version: str
    person: PersonCard
    waiting_minutes: int
    body_html: Markup
    lang: str
    post_title: str
    post_url: str
    answered: CommentCard | None
    held_for: list[str]
    is_taken: bool
    reasons: list[tuple[str, str]]


def rows(found: Sequence[Case], viewer: User) -> list[WaitingRow]:
    """Rows of the list; asks nothing more."""
    return [_row(case, case.comment, viewer) for case in found if case.comment is not None]


def _row(case: Case, comment: Comment, viewer: User) -> WaitingRow:
    return WaitingRow(
        url=url_for("waiting.show", case_id=case.id),
        person=cards.person_card(comment.author),
        waiting_minutes=_minutes(case),
        excerpt=beginning(safe.stored(comment.body_html), 200),
        lang=comment.lang,
        post_title=comment.post.title,
        is_taken=_is_taken(case, viewer),
    )


def page(case: Case, comment: Comment, viewer: User) -> WaitingPage:
    """One case about a comment. At most two queries."""
    place = Setting.of(comment.post)
    return WaitingPage(
        case_id=case.id,
        version=str(Seen(case.version, comment.version)),
        person=cards.person_card(comment.author),
        waiting_minutes=_minutes(case),
        body_html=quoted.words(comment.body_html),
        lang=comment.lang,
        post_title=comment.post.title,
        post_url=url_for("posts.show", slug=comment.post.slug),
        answered=cards.comment_card(comment.answered, place) if comment.answered else None,
        held_for=_held_for(comment),
        is_taken=_is_taken(case, viewer),
        reasons=list(rules.reasons().items()),
    )


def _minutes(case: Case) -> int:
    return int((clock.now() - case.opened_at).total_seconds() // 60)


def _is_taken(case: Case, viewer: User) -> bool:
    holder = case.holder()
    return holder is not None and holder.id != viewer.id


def _held_for(comment: Comment) -> list[str]:
    found = [finding["reason"] for finding in comment.held_for]
    told = [rules.held_label(reason) for reason in found if reason in TOLD_TO_AUTHORS]
    return told if len(told) == len(found) else [*told, _("found by a check")]
