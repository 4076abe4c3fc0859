"""A decision as it is explained to the person it concerns: its page, and what other pages say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from forum.accounts.models import User
from forum.accounts.permissions import may_speak
from forum.comments.models import WITHDRAWN, Comment
from forum.moderation import appeals, standing, statements
from forum.moderation.actions import OVERTURN, WARN
from forum.moderation.models import Appeal, Decision
from forum.moderation.permissions import may_appeal
from forum.moderation.statements import Statement
from forum.reading import cards
from forum.reading.cards import PersonCard
from forum.text import safe


@dataclass(frozen=True)
class AppealLine:
    """An appeal and what became of it."""

    words: str
    made_at: datetime
    is_answered: bool
    is_granted: bool
    answer: str
    answered_at: datetime | None
    # Why nobody answers it (yet); empty when somebody does.
    waits: str


@dataclass(frozen=True)
class Explained:
    """The page of a decision."""

    statement: Statement
    # The words it is about, where it is about a comment.
    words: Markup | None
    lang: str
    # They read differently since.
    is_changed: bool
    post_title: str
    post_url: str
    comment_url: str
    appeal: AppealLine | None
    appeal_url: str
    # Why there is no form to appeal; empty when there is one.
    no_appeal: str
    can_be_answered: bool
    # For moderators alone: who decided, on whom, and where.
    person: PersonCard | None
    decided_by: str
    case_url: str


@dataclass(frozen=True)
class Stopped:
    """Why somebody cannot write now, in place of the box."""

    sentence: str
    # Where it is explained, and can be appealed against; empty where it is not known.
    url: str
    is_warning: bool


@dataclass(frozen=True)
class Warned:
    """A warning that somebody has not said they have read."""

    message: str
    rule: str
    url: str
    read_url: str


def page(decision: Decision, viewer: User) -> Explained:
    """Six queries at most."""
    comment, appeal = decision.comment, appeals.against(decision)
    is_mine = decision.user_id == viewer.id
    verdict = may_appeal(viewer, decision, has_appealed=appeal is not None)
    return Explained(
        statement=statements.of(decision),
        words=_words(decision, comment) if comment is not None else None,
        lang=comment.lang if comment is not None else "",
        is_changed=comment is not None and comment.state not in (decision.to_state, WITHDRAWN),
        post_title=comment.post.title if comment is not None else "",
        post_url=url_for("posts.show", slug=comment.post.slug) if comment is not None else "",
        comment_url=url_for("comments.show", comment_id=comment.id) if comment is not None else "",
        appeal=_appeal_line(appeal, decision) if appeal is not None else None,
        appeal_url=url_for("appeals.make", decision_id=decision.id),
        no_appeal="" if verdict or not is_mine or appeal is not None else verdict.reason,
        can_be_answered=appeals.can_be_answered(decision),
        person=cards.person_card(decision.user) if decision.user is not None and not is_mine else None,
        decided_by=_deciders(decision) if viewer.is_staff else "",
        case_url=url_for("queue.case", case_id=decision.case_id) if viewer.is_staff and not is_mine else "",
    )


def url(decision: Decision) -> str:
    return url_for("appeals.statement", decision_id=decision.id)


def stopped(viewer: User | None) -> Stopped | None:
    """Why this person cannot write. No query for those who can, one for the others."""
    if viewer is None or not viewer.is_confirmed:
        return None
    verdict = may_speak(viewer)
    if verdict:
        return None
    first = next(iter(standing.in_force_on(viewer)), None)
    return Stopped(verdict.reason, url(first.decision) if first is not None else "", viewer.has_warning)


def warned(viewer: User | None) -> Warned | None:
    """The warning this person has still to read. No query for those who have none, one for the others."""
    if viewer is None or not viewer.has_warning:
        return None
    found = next((row for row in standing.in_force_on(viewer) if row.kind == WARN), None)
    if found is None:
        return None
    statement_url = url(found.decision)
    return Warned(
        message=found.decision.message,
        rule=statements.rule(found.decision),
        url=statement_url,
        read_url=url_for("appeals.acknowledge", sanction_id=found.id),
    )


def _words(decision: Decision, comment: Comment) -> Markup:
    """Those that were decided on: new words for a public comment are kept with the decision."""
    edit = decision.before.get("edit") if decision.from_state == decision.to_state else None
    return safe.stored(edit["waits"]["body_html"] if edit else comment.body_html)


def _deciders(decision: Decision) -> str:
    by = decision.by.name if decision.by is not None else _("Former member")
    if decision.on is not None and len(decision.taken_by()) > 1 and decision.on.by is not None:
        return _("%(first)s proposed it, %(second)s agreed.", first=decision.on.by.name, second=by)
    return _("%(name)s decided.", name=by)


def _appeal_line(appeal: Appeal, decision: Decision) -> AppealLine:
    made = appeal.answer
    return AppealLine(
        words=appeal.words,
        made_at=appeal.created_at,
        is_answered=made is not None,
        is_granted=made is not None and made.action == OVERTURN,
        answer=made.message if made is not None else "",
        answered_at=made.created_at if made is not None else None,
        waits=_why_it_waits(decision),
    )


def _why_it_waits(decision: Decision) -> str:
    if decision.comment is not None and decision.comment.state == WITHDRAWN:
        return _("You have withdrawn this comment, so there is nothing left to decide.")
    if not appeals.can_be_answered(decision):
        return _("Nobody else moderates here at present. Your appeal waits until somebody does.")
    return ""
