"""Why a case is open, in lines: what each check found, what readers say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from forum.moderation import around, reopening, rules
from forum.moderation.models import Signal
from forum.reading import desk
from forum.reading.desk import Chip


@dataclass(frozen=True)
class SignalLine:
    chip: Chip
    detail: str


def signal_lines(signals: Sequence[Signal]) -> list[SignalLine]:
    """Why a case is open: each finding with what it matched, each flag with who gave it and their words. One query
    where there are watched words."""
    lately = around.let_through({pattern for signal in signals for pattern in _patterns(signal)})
    return [_flag_line(signal) if signal.by_id is not None else _found_line(signal, lately) for signal in signals]


def _found_line(signal: Signal, lately: Mapping[str, tuple[int, int]]) -> SignalLine:
    if signal.reason == reopening.REOPENED:
        name = str(signal.detail.get("by", ""))
        return SignalLine(desk.held_chip(signal.reason), _("%(name)s asks to look at it again.", name=name))
    shares = [_let_through(*lately[pattern]) for pattern in _patterns(signal) if pattern in lately]
    return SignalLine(desk.found_chip(signal), " ".join([rules.held_evidence(signal.reason, signal.detail), *shares]))


def _let_through(some: int, every: int) -> str:
    return ngettext(
        "It was let through %(some)d of the last %(num)d time.",
        "It was let through %(some)d of the last %(num)d times.",
        every, some=some,
    )  # fmt: skip


def _patterns(signal: Signal) -> list[str]:
    """The watched words that a signal is about."""
    return [word["pattern"] for word in signal.detail.get("words", ()) if isinstance(word, dict)]


def _flag_line(signal: Signal) -> SignalLine:
    name = signal.by.name if signal.by else _("Former member")
    trust = signal.by.trust if signal.by else 0
    who = _("From %(name)s, trust level %(trust)d.", name=name, trust=trust)
    return SignalLine(desk.flag_chip(signal.reason, 1), f"{who} {signal.detail.get('text', '')}".strip())


def matched(detail: Mapping[str, Any]) -> list[str]:
    """The words of a text that a check found, as they are written there, or went by."""
    telling = [word for word, _share in detail.get("strongest", [])]
    return [word for word in [*detail.get("found", []), *telling] if isinstance(word, str)]
