"""Several cases before and after one kind of decision on all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.accounts.models import User
from forum.comments.models import HELD, PUBLISHED, REJECTED, REMOVED
from forum.moderation import queries
from forum.moderation.actions import APPEAL, APPROVE, DISMISS, MARK_SPAM, REJECT, REMOVE, RESTORE
from forum.moderation.bulk import Outcome
from forum.moderation.models import Case, Decision, Seen
from forum.moderation.permissions import may_decide, may_undo
from forum.reading import cards, decision_lines, effects
from forum.reading.cards import PersonCard
from forum.reading.decision_lines import DecisionLine
from forum.text import safe
from forum.text.excerpt import beginning

_FROM = {
    APPROVE: (HELD,), REJECT: (HELD,), MARK_SPAM: (HELD, PUBLISHED), DISMISS: (PUBLISHED,), REMOVE: (PUBLISHED,),
    RESTORE: (REJECTED, REMOVED),
}  # fmt: skip


@dataclass(frozen=True)
class PreviewLine:
    """A chosen case, and what would happen to it; or why nothing would."""

    ticket: str
    person: PersonCard | None
    excerpt: str
    lang: str
    url: str
    effect: str
    is_possible: bool


@dataclass(frozen=True)
class OutcomeLine:
    """What became of a chosen case."""

    url: str
    person: PersonCard | None
    excerpt: str
    lang: str
    sentence: str
    is_done: bool
    # The decision, or that of whoever was first.
    decision: DecisionLine | None


def preview_lines(seen: Mapping[int, Seen], action: str, viewer: User) -> list[PreviewLine]:
    """One query, whatever the number of cases."""
    found = {case.id: case for case in queries.cases_by_id(list(seen))}
    return [_preview(found.get(number), number, version, action, viewer) for number, version in seen.items()]


def _preview(case: Case | None, number: int, version: Seen, action: str, viewer: User) -> PreviewLine:
    against = _against(case, version, action, viewer)
    comment = case.comment if case else None
    return PreviewLine(
        ticket=f"{number}.{version}",
        person=cards.person_card(case.concerns()) if case else None,
        excerpt=beginning(safe.stored(comment.body_html), 120) if comment else "",
        lang=comment.lang if comment else "",
        url=url_for("queue.case", case_id=number),
        effect=against or (effects.of(action, comment) if comment else ""),
        is_possible=not against,
    )


def _against(case: Case | None, version: Seen, action: str, viewer: User) -> str:
    """Why nothing would happen; empty when something would."""
    if case is None:
        return _("There is no such case.")
    if not case.is_open:
        return _("Decided by now.")
    comment = case.comment
    if comment is None or case.kind == APPEAL:
        return _("This needs to be read by itself.")
    if case.seen() != version:
        return _("It changed since you ticked it. Look at it by itself.")
    if comment.state not in _FROM[action]:
        return _("This cannot be done with a comment in its state.")
    return may_decide(viewer, comment, comment.answered).reason


def outcome_lines(outcomes: Sequence[Outcome], viewer: User) -> list[OutcomeLine]:
    """One query, whatever their number."""
    found = {case.id: case for case in queries.cases_by_id([outcome.case_id for outcome in outcomes])}
    return [_outcome(outcome, found.get(outcome.case_id), viewer) for outcome in outcomes]


def _outcome(outcome: Outcome, case: Case | None, viewer: User) -> OutcomeLine:
    comment = case.comment if case else None
    made = outcome.decision or outcome.first
    return OutcomeLine(
        url=url_for("queue.case", case_id=outcome.case_id),
        person=cards.person_card(case.concerns()) if case else None,
        excerpt=beginning(safe.stored(comment.body_html), 120) if comment else "",
        lang=comment.lang if comment else "",
        sentence=outcome.refusal,
        is_done=outcome.decision is not None,
        decision=_line(made, viewer) if made else None,
    )


def _line(made: Decision, viewer: User) -> DecisionLine:
    return decision_lines.decision_line(made, (), {made.id} if may_undo(viewer, made) else ())


def title(action: str, count: int) -> str:
    """Of the page that shows what would happen."""
    return {
        APPROVE: lambda: ngettext("Approve %(num)d comment?", "Approve %(num)d comments?", count),
        REJECT: lambda: ngettext("Reject %(num)d comment?", "Reject %(num)d comments?", count),
        MARK_SPAM: lambda: ngettext("Mark %(num)d comment as spam?", "Mark %(num)d comments as spam?", count),
        DISMISS: lambda: ngettext(
            "Dismiss the flags on %(num)d comment?", "Dismiss the flags on %(num)d comments?", count
        ),
        REMOVE: lambda: ngettext("Remove %(num)d comment?", "Remove %(num)d comments?", count),
    }[action]()


def final_words(action: str, count: int) -> str:
    """On the button that does it."""
    return {
        APPROVE: lambda: ngettext("Approve %(num)d comment", "Approve %(num)d comments", count),
        REJECT: lambda: ngettext("Reject %(num)d comment", "Reject %(num)d comments", count),
        MARK_SPAM: lambda: ngettext("Mark %(num)d as spam", "Mark %(num)d as spam", count),
        DISMISS: lambda: ngettext("Dismiss the flags on %(num)d", "Dismiss the flags on %(num)d", count),
        REMOVE: lambda: ngettext("Remove %(num)d comment", "Remove %(num)d comments", count),
    }[action]()


def done_title(done: int, count: int) -> str:
    """Of the page that says what became of each."""
    return ngettext("%(done)d of %(num)d case decided", "%(done)d of %(num)d cases decided", count, done=done)
