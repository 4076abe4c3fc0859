"""The moderators' queue and one case, ready for their templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from forum.accounts.models import User
from forum.comments import queries as comment_queries
from forum.comments.models import HELD, PUBLISHED, Comment
from forum.foundation import clock
from forum.moderation import queries, rules
from forum.moderation.models import APPROVE, DISMISS, REJECT, REMOVE, Case, Decision, Signal
from forum.moderation.permissions import may_decide
from forum.reading import cards, overlay
from forum.reading.cards import CommentCard, PersonCard, Setting
from forum.text import safe
from forum.text.excerpt import beginning

# From here on a waiting time is shown as late: before the promise is broken, not after.
LATE_SHARE = 0.75

DONE = {
    APPROVE: lazy_gettext("Approved"),
    REJECT: lazy_gettext("Rejected"),
    REMOVE: lazy_gettext("Removed"),
    DISMISS: lazy_gettext("Flags dismissed"),
}


@dataclass(frozen=True)
class Chip:
    kind: str
    icon: str
    text: str


@dataclass(frozen=True)
class QueueRow:
    case_id: int
    url: str
    person: PersonCard
    waiting_minutes: int
    is_late: bool
    excerpt: str
    lang: str
    chips: list[Chip]
    claimed_by: str | None
    is_mine: bool
    is_current: bool


@dataclass(frozen=True)
class SignalLine:
    chip: Chip
    detail: str


@dataclass(frozen=True)
class DecisionLine:
    action_words: str
    by: str
    when: datetime
    reason: str
    message: str
    comment_url: str
    case_url: str
    person: PersonCard
    excerpt: str
    lang: str
    post_title: str


@dataclass(frozen=True)
class CasePage:
    case_id: int
    # Of the case and of the comment: a decision is about the words that were on the page.
    version: str
    kind: str
    is_open: bool
    claim_line: str
    may_release: bool
    comment: CommentCard
    post_title: str
    post_url: str
    parent: CommentCard | None
    signals: list[SignalLine]
    record: dict[str, object]
    reasons: list[tuple[str, str]]
    past: list[DecisionLine]
    may: dict[str, bool]
    conflict: str


def queue_rows(found: Sequence[Case], viewer: User, promised_hours: int, current: int | None = None) -> list[QueueRow]:
    """Rows of the queue. One query for the signals of all of them."""
    signals = queries.signals_of([case.id for case in found])
    late = timedelta(hours=promised_hours) * LATE_SHARE
    return [_row(case, signals.get(case.id, []), viewer, late, current) for case in found]


def _row(case: Case, signals: Sequence[Signal], viewer: User, late: timedelta, current: int | None) -> QueueRow:
    waited = clock.now() - case.opened_at
    holder = case.holder()
    return QueueRow(
        case_id=case.id,
        url=url_for("queue.case", case_id=case.id),
        person=cards.person_card(case.comment.author),
        waiting_minutes=int(waited.total_seconds() // 60),
        is_late=waited > late,
        excerpt=beginning(safe.stored(case.comment.body_html), 120),
        lang=case.comment.lang,
        chips=_chips(signals),
        claimed_by=holder.name if holder else None,
        is_mine=holder is not None and holder.id == viewer.id,
        is_current=case.id == current,
    )


def _chips(signals: Sequence[Signal]) -> list[Chip]:
    held = [_held_chip(signal.reason) for signal in signals if signal.by_id is None]
    counts: dict[str, int] = {}
    for signal in signals:
        if signal.by_id is not None:
            counts[signal.reason] = counts.get(signal.reason, 0) + 1
    return held + [_flag_chip(reason, count) for reason, count in counts.items()]


def _held_chip(reason: str) -> Chip:
    return Chip(
        "wait" if reason == "links" else "still",
        "link" if reason == "links" else "user",
        rules.held_label(reason),
    )


def _flag_chip(reason: str, count: int) -> Chip:
    return Chip(
        "bad",
        "flag",
        ngettext("%(num)d flag: %(reason)s", "%(num)d flags: %(reason)s", count, reason=rules.reason_words(reason)),
    )


def case_page(case: Case, viewer: User) -> CasePage:
    """Everything about one case. Seven queries."""
    comment, place = case.comment, Setting.of(case.comment.post)
    verdict = may_decide(viewer, comment, comment.parent)
    holder = case.holder()
    card = (
        overlay.private_cards([comment], comment.post)[0]
        if not comment.is_public
        else cards.comment_card(comment, place)
    )
    past = queries.decisions_on([comment.id]).get(comment.id, [])
    return CasePage(
        case_id=case.id,
        version=f"{case.version}.{comment.version}",
        kind=case.kind,
        is_open=case.is_open,
        claim_line=_claim_line(case, viewer),
        may_release=holder is not None and holder.id == viewer.id,
        comment=card,
        post_title=comment.post.title,
        post_url=url_for("posts.show", slug=comment.post.slug),
        parent=cards.comment_card(comment.answered, place) if comment.answered else None,
        signals=_signal_lines(queries.signals_of([case.id]).get(case.id, [])),
        record=_record(comment.author),
        reasons=[(code, str(words)) for code, words in rules.REASONS.items()],
        past=[decision_line(row, comment) for row in reversed(past)],
        may=_may(case, comment, bool(verdict)),
        conflict=verdict.reason,
    )


def _claim_line(case: Case, viewer: User) -> str:
    """Who has the case, and for how long yet."""
    holder = case.holder()
    if holder is None or case.claimed_until is None:
        return "" if case.is_open else _("This case is closed.")
    minutes = max(0, int((case.claimed_until - clock.now()).total_seconds() // 60))
    if holder.id == viewer.id:
        return _("Claimed by you, free again in %(num)d min", num=minutes)
    return _("Claimed by %(name)s, free again in %(num)d min", name=holder.name, num=minutes)


def _may(case: Case, comment: Comment, may: bool) -> dict[str, bool]:
    is_held = case.is_open and comment.state == HELD
    is_public = case.is_open and comment.state == PUBLISHED
    return {
        "approve": may and is_held,
        "reject": may and is_held,
        "remove": may and is_public,
        "dismiss": may and is_public,
    }


def _signal_lines(signals: Sequence[Signal]) -> list[SignalLine]:
    lines = []
    for signal in signals:
        if signal.by_id is None:
            lines.append(
                SignalLine(
                    _held_chip(signal.reason),
                    rules.held_evidence(signal.reason, signal.detail),
                )
            )
        else:
            who = _("From %(name)s.", name=signal.by.name if signal.by else _("Former member"))
            words = str(signal.detail.get("text", ""))
            lines.append(SignalLine(_flag_chip(signal.reason, 1), f"{who} {words}".strip()))
    return lines


def _record(author: User) -> dict[str, object]:
    states = comment_queries.states_of(author)
    upheld, total = queries.flag_record(author)
    return {
        "approved": states.get(PUBLISHED, 0),
        "rejected": states.get("rejected", 0),
        "removed": states.get("removed", 0),
        "flags_upheld": upheld,
        "flags_total": total,
        "joined": author.created_at,
        "trust": author.trust,
    }


def decision_line(decision: Decision, comment: Comment) -> DecisionLine:
    return DecisionLine(
        action_words=str(DONE[decision.action]),
        by=decision.by.name if decision.by else _("Former member"),
        when=decision.created_at,
        reason=rules.reason_words(decision.reason) if decision.reason else "",
        message=decision.message,
        comment_url=url_for("comments.show", comment_id=comment.id),
        case_url=url_for("queue.case", case_id=decision.case_id),
        person=cards.person_card(comment.author),
        excerpt=beginning(safe.stored(comment.body_html), 120),
        lang=comment.lang,
        post_title=comment.post.title,
    )
