"""A person and what they wrote, for their page, their feed and for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from forum.accounts.models import User
from forum.comments import editing
from forum.comments import queries as comment_queries
from forum.comments.models import HELD, PUBLISHED, REJECTED, REMOVED, WITHDRAWN, Comment
from forum.comments.permissions import EditHours, may_edit, may_withdraw
from forum.moderation import queries as moderation_queries
from forum.moderation import rules, statements
from forum.moderation.models import Decision
from forum.posts import queries as post_queries
from forum.reading import cards, quoted
from forum.reading.cards import PersonCard
from forum.reading.desk import Chip


@dataclass(frozen=True)
class Profile:
    card: PersonCard
    bio: str
    joined: datetime
    comment_count: int
    discussion_count: int
    like_count: int
    posts: list[tuple[str, str]]
    is_author: bool
    is_moderator: bool
    is_unclaimed: bool


@dataclass(frozen=True)
class Line:
    """A public comment as it stands on its writer's page."""

    id: int
    url: str
    when: datetime
    edited_at: datetime | None
    post_title: str
    post_lang: str
    body_html: Markup
    lang: str
    reply_to: str
    like_count: int
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class MyLine(Line):
    """A comment as its writer sees it among all of theirs: what state, why, and what can be done."""

    chip: Chip
    notes: list[str]
    message: str
    # Why it is kept from readers, and how to appeal.
    statement_url: str
    edit_url: str | None
    withdraw_url: str | None


def profile(person: User) -> Profile:
    """Two queries."""
    comments, discussions, likes = comment_queries.totals_of(person)
    return Profile(
        card=cards.person_card(person),
        bio=person.bio,
        joined=person.created_at,
        comment_count=comments,
        discussion_count=discussions,
        like_count=likes,
        posts=[(post.title, url_for("posts.show", slug=post.slug)) for post in post_queries.public_by(person)],
        is_author=person.is_author,
        is_moderator=person.is_moderator,
        is_unclaimed=not person.is_claimed,
    )


def lines(rows: Sequence[Comment]) -> list[Line]:
    gone = quoted.gone_from(rows)
    return [Line(**_line(row, gone)) for row in rows]


def kept_lines(rows: Sequence[Comment]) -> list[Line]:
    """Comments by different people, each with its writer's name."""
    gone = quoted.gone_from(rows)
    return [Line(**_line(row, gone), by=row.author.name) for row in rows]


def my_lines(rows: Sequence[Comment], me: User, hours: EditHours) -> list[MyLine]:
    """One query for the decisions on all of them, one for new words of theirs that wait."""
    numbers = [row.id for row in rows]
    decided, waiting = moderation_queries.decisions_on(numbers), editing.waiting_among(numbers)
    gone = quoted.gone_from(rows)
    lines = [_my_line(row, me, hours, (decided.get(row.id) or []), gone) for row in rows]
    for line in lines:
        if line.id in waiting:
            line.notes.append(_("Your new words wait for a moderator. Others read these until then."))
    return lines


def _line(row: Comment, gone: frozenset[int]) -> dict:
    return {
        "id": row.id,
        "url": url_for("comments.show", comment_id=row.id),
        "when": row.created_at,
        "edited_at": row.edited_at,
        "post_title": row.post.title,
        "post_lang": row.post.lang,
        "body_html": quoted.words(row.body_html, gone),
        "lang": row.lang,
        "like_count": row.like_count,
        "reply_to": row.answered.author.name if row.answered is not None and row.answered.is_public else "",
    }


def _my_line(row: Comment, me: User, hours: EditHours, decided: Sequence[Decision], gone: frozenset[int]) -> MyLine:
    decision = statements.newest_against(decided)
    is_against = row.state in (REJECTED, REMOVED) and decision is not None
    return MyLine(
        **_line(row, gone),
        chip=_chip(row),
        notes=_notes(row, decision),
        message=decision.message if is_against and decision is not None else "",
        statement_url=url_for("appeals.statement", decision_id=decision.id) if is_against and decision else "",
        edit_url=url_for("comments.edit", comment_id=row.id) if may_edit(me, row, hours) else None,
        withdraw_url=url_for("comments.withdraw", comment_id=row.id) if may_withdraw(me, row) else None,
    )


def _chip(row: Comment) -> Chip:
    """For its writer."""
    return replace(state_chip(row), text=_("Withdrawn by you")) if row.state == WITHDRAWN else state_chip(row)


def state_chip(row: Comment) -> Chip:
    return {
        PUBLISHED: Chip("good", "check", _("Public")),
        HELD: Chip("wait", "clock", _("Waiting for a moderator")),
        REJECTED: Chip("bad", "warn", _("Not published")),
        REMOVED: Chip("bad", "hide", _("Removed")),
        WITHDRAWN: Chip("still", "bin", _("Withdrawn by its writer")),
    }[row.state]


def _notes(row: Comment, decision: Decision | None) -> list[str]:
    if row.state == HELD:
        return [rules.held_sentence(finding["reason"]) for finding in row.held_for]
    if row.state in (REJECTED, REMOVED):
        reason = rules.reason_words(decision.reason if decision else None)
        notes = [_("Reason: %(reason)s.", reason=reason)]
        if row.state == REJECTED:
            notes.append(_("You can edit it and send it to a moderator again."))
        return notes
    return []
