"""The moderators' list of what waits, ready for its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from forum.accounts.models import User
from forum.foundation import clock
from forum.moderation import queries, reopening, rules
from forum.moderation.actions import APPEAL
from forum.moderation.models import Case, Signal
from forum.reading import cards
from forum.reading.cards import PersonCard
from forum.screening import names
from forum.text import safe
from forum.text.excerpt import beginning

# From here on a waiting time is shown as late: before the promise is broken, not after.
LATE_SHARE = 0.75

# What a check found, as one looks for it at a glance.
_ICONS = {
    names.LINKS: "link", names.WORDS: "word", names.PERSONAL: "lock", names.SPAM: "ban", names.REPEAT: "menu",
    names.SAME_TEXT: "menu", names.PACE: "clock", names.HEAT: "bars", names.REJECTED_LATELY: "bin",
    names.NEWCOMER: "user", names.CHECKED_FIRST: "eye", rules.FLAGS: "flag",
}  # fmt: skip
# These are about the words; the others are about the person or the place, and calm.
_WEIGHTY = {names.LINKS, names.WORDS, names.PERSONAL, names.SPAM, names.REPEAT, names.SAME_TEXT, rules.FLAGS}
_SHORT: dict[str, LazyString] = {
    "off_topic": lazy_gettext("off-topic"),
    "unkind": lazy_gettext("unkind"),
    "personal": lazy_gettext("personal information"),
    "spam": lazy_gettext("spam"),
    "illegal": lazy_gettext("illegal"),
    "other": lazy_gettext("other"),
}


@dataclass(frozen=True)
class Chip:
    kind: str
    icon: str
    text: str


@dataclass(frozen=True)
class QueueRow:
    case_id: int
    # The case and the version that was seen of it, for a decision on several.
    ticket: str
    url: str
    person: PersonCard
    waiting_minutes: int
    is_late: bool
    excerpt: str
    lang: str
    chips: list[Chip]
    claimed_by: str | None
    claimed_minutes: int
    is_mine: bool
    asked: str
    is_current: bool


def queue_rows(
    found: Sequence[Case],
    viewer: User,
    promised_hours: int,
    current: int | None = None,
    asked: Mapping[str, Any] | None = None,
) -> list[QueueRow]:
    """Rows of the queue. One query for the signals of all of them. `asked` stays in their addresses."""
    signals = queries.signals_of([case.id for case in found])
    late = timedelta(hours=promised_hours) * LATE_SHARE
    return [_row(case, signals.get(case.id, []), viewer, late, current, asked or {}) for case in found]


def _row(
    case: Case, signals: Sequence[Signal], viewer: User, late: timedelta, current: int | None, asked: Mapping[str, Any]
) -> QueueRow:
    waited = clock.now() - case.opened_at
    holder = case.holder()
    return QueueRow(
        case_id=case.id,
        ticket=f"{case.id}.{case.seen()}",
        url=url_for("queue.case", case_id=case.id, **asked),
        person=cards.person_card(case.concerns()),
        waiting_minutes=int(waited.total_seconds() // 60),
        is_late=waited > late,
        excerpt=_excerpt(case),
        lang=case.comment.lang if case.comment else "",
        chips=[*_overdue(case), *chips(case, signals)],
        claimed_by=holder.name if holder else None,
        claimed_minutes=claimed_minutes(case),
        is_mine=holder is not None and holder.id == viewer.id,
        asked=case.assigned_to.name if case.assigned_to else "",
        is_current=case.id == current,
    )


def _overdue(case: Case) -> list[Chip]:
    """That moderators were told it has waited longer than was promised."""
    return [Chip("bad", "clock", _("overdue"))] if case.escalated_at is not None else []


def _excerpt(case: Case) -> str:
    if case.comment is None:
        return _("About a person, not about one comment.")
    return beginning(safe.stored(case.comment.body_html), 120)


def claimed_minutes(case: Case) -> int:
    """How long the claim lasts yet."""
    if case.claimed_until is None:
        return 0
    return max(0, int((case.claimed_until - clock.now()).total_seconds() // 60))


def chips(case: Case, signals: Sequence[Signal]) -> list[Chip]:
    """Each reason once; flags with how many there are."""
    held = {signal.reason: found_chip(signal) for signal in signals if signal.by_id is None}
    counts: dict[str, int] = {}
    for signal in signals:
        if signal.by_id is not None:
            counts[signal.reason] = counts.get(signal.reason, 0) + 1
    flags = [] if case.kind == APPEAL else [flag_chip(reason, count) for reason, count in counts.items()]
    return [*held.values(), *flags]


def found_chip(signal: Signal) -> Chip:
    """What a check found, with the word where it is about words."""
    found = signal.detail.get("found", [])
    return held_chip(signal.reason, str(found[0]) if signal.reason == names.WORDS and found else "")


def held_chip(reason: str, matched: str = "") -> Chip:
    if reason == reopening.REOPENED:
        return Chip("calm", "undo", _("opened again"))
    if rules.is_reason(reason):
        # Somebody's who has no account.
        return Chip("bad", "flag", _("report: %(reason)s", reason=flag_words(reason)))
    label = rules.held_label(reason)
    words = _("%(label)s: %(matched)s", label=label, matched=matched) if matched else label
    return Chip("wait" if reason in _WEIGHTY else "still", _ICONS.get(reason, "info"), words)


def reason_words(reason: str) -> str:
    """Why a case is open, whoever says so, in a word or two: for a list of all reasons."""
    if reason == reopening.REOPENED:
        return _("opened again")
    return flag_words(reason) if rules.is_reason(reason) else rules.held_label(reason)


def flag_words(reason: str) -> str:
    """A reason in a word or two; the title of the rule where the site has its own."""
    return str(_SHORT[reason]) if rules.is_built_in(reason) else rules.reason_words(reason)


def flag_chip(reason: str, count: int) -> Chip:
    return Chip(
        "bad",
        "flag",
        ngettext("%(num)d flag: %(reason)s", "%(num)d flags: %(reason)s", count, reason=flag_words(reason)),
    )
