"""A person's own flags with what became of each, and, for moderators, what each flag on a comment weighs and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from forum.comments.models import IN_THE_TREE
from forum.moderation import rules
from forum.moderation.flagged import Mine
from forum.moderation.flagging import LEAST, OF_A_MEMBER, OF_A_NEWCOMER, OF_A_TRUSTED, Weight
from forum.moderation.models import Signal
from forum.reading.desk import Chip


@dataclass(frozen=True)
class MyFlag:
    """Says nothing of the comment's words: they may be gone, or read differently by now."""

    discussion: str
    discussion_lang: str
    comment_url: str
    when: datetime
    reason: str
    words: str
    chip: Chip
    answered_at: datetime | None


@dataclass(frozen=True)
class Part:
    """One flag of those that together may hide a comment."""

    name: str
    weight: str
    why: str


@dataclass(frozen=True)
class Together:
    """What the flags on a comment weigh, of how much it takes to hide it."""

    line: str
    parts: list[Part]


def mine(found: Sequence[Mine]) -> list[MyFlag]:
    return [_my_flag(one) for one in found]


def _my_flag(one: Mine) -> MyFlag:
    comment = one.comment
    stands = comment.was_seen and comment.state in IN_THE_TREE
    return MyFlag(
        discussion=comment.post.title if comment.post.is_public else _("A discussion that is not public any more"),
        discussion_lang=comment.post.lang,
        comment_url=url_for("comments.show", comment_id=comment.id) if stands and comment.post.is_public else "",
        when=one.signal.created_at,
        reason=rules.reason_words(one.signal.reason),
        words=str(one.signal.detail.get("text", "")),
        chip=_chip(one),
        answered_at=one.answered_at,
    )


def _chip(one: Mine) -> Chip:
    if one.answered_at is None:
        return Chip("wait", "clock", _("A moderator will look"))
    if one.is_upheld is None:
        return Chip("still", "bin", _("The writer took it back"))
    if one.is_upheld:
        return Chip("good", "check", _("A moderator agreed"))
    return Chip("still", "eye", _("A moderator read it, and it stays"))


def together(signals: Sequence[Signal], hides_at: int) -> Together | None:
    """What these signals weigh, for moderators; none where nobody flagged. `hides_at` as FORUM_FLAGS_HIDE."""
    flags = [signal for signal in signals if signal.by_id is not None]
    if not flags:
        return None
    weight = _number(sum(flag.weight for flag in flags))
    if hides_at:
        line = _("The flags weigh %(weight)s. From %(least)s a comment is hidden until a moderator has read it.",
                 weight=weight, least=_number(hides_at * OF_A_MEMBER))  # fmt: skip
    else:
        line = _("The flags weigh %(weight)s. Flags alone hide nothing here.", weight=weight)
    return Together(line, [_part(flag) for flag in flags])


def _part(flag: Signal) -> Part:
    name = flag.by.name if flag.by is not None else _("Former member")
    parts = flag.detail.get("weighs")
    why = _why(Weight(**parts)) if parts else ""
    return Part(name, _number(flag.weight), why)


def _why(weight: Weight) -> str:
    """How a weight comes about: trust, and how many flags were right."""
    trust = {
        OF_A_NEWCOMER: _("new here: %(weight)s", weight=_number(OF_A_NEWCOMER)),
        OF_A_MEMBER: _("a member: %(weight)s", weight=_number(OF_A_MEMBER)),
        OF_A_TRUSTED: _("trusted: %(weight)s", weight=_number(OF_A_TRUSTED)),
    }.get(weight.trust, _number(weight.trust))
    record = ngettext(
        "%(upheld)d of %(num)d flag decided lately was upheld",
        "%(upheld)d of %(num)d flags decided lately were upheld",
        weight.decided, upheld=weight.upheld,
    )  # fmt: skip
    least = "; " + _("never less than %(weight)s", weight=_number(LEAST)) if weight.hundredths == LEAST else ""
    return f"{trust}; {record}{least}"


def _number(hundredths: int) -> str:
    return str(format_decimal(hundredths / 100, "0.##"))
