"""The house rules a decision names, and the words for why a comment waits."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from forum.comments import screening

# Code of a reason → the words for its writer and readers. The numbers are those of the house rules page.
REASONS: dict[str, LazyString] = {
    "off_topic": _("Off topic (house rule 3)"),
    "unkind": _("Unkind to a person (house rule 2)"),
    "personal": _("Personal information (house rule 4)"),
    "spam": _("Advertising or spam (house rule 5)"),
    "illegal": _("May be illegal (house rule 6)"),
    "other": _("Something else"),
}

# The same reasons as what a removed comment did, for the line in its place.
DEEDS: dict[str, LazyString] = {
    "off_topic": _("it was off topic (house rule 3)"),
    "unkind": _("it was unkind to a person (house rule 2)"),
    "personal": _("it gave personal information (house rule 4)"),
    "spam": _("it was advertising (house rule 5)"),
    "illegal": _("it may be illegal (house rule 6)"),
    "other": _("it broke a house rule"),
}

# Why a comment waits: a few words for a chip, a sentence for its writer, a sentence for moderators.
_HELD = {
    screening.NEWCOMER: (
        _("first comment"),
        _("It is your first comment here, so somebody reads it before others do."),
        _("Nothing by this person has been approved yet."),
    ),
    screening.CHECKED_FIRST: (
        _("checked first"),
        _("Every comment in this discussion is read by a moderator first."),
        _("Every comment in this discussion is read first."),
    ),
    screening.LINKS: (
        _("links"),
        _("It has several links in it, so somebody checks it first."),
        _("More links than a person with this trust may post at once."),
    ),
}


def is_reason(code: str) -> bool:
    return code in REASONS


def reason_words(code: str | None) -> str:
    return str(REASONS.get(code or "", REASONS["other"]))


def deed_words(code: str | None) -> str:
    return str(DEEDS.get(code or "", DEEDS["other"]))


def held_label(reason: str) -> str:
    """A few words for a chip in the queue."""
    return str(_HELD[reason][0]) if reason in _HELD else reason_words(reason)


def held_sentence(reason: str) -> str:
    """A sentence for the writer."""
    return str(_HELD[reason][1]) if reason in _HELD else str(_("A moderator reads it before others do."))


def held_evidence(reason: str, detail: dict[str, Any]) -> str:
    """What a check matched, for moderators."""
    if reason not in _HELD:
        return str(detail.get("text", ""))
    sentence = str(_HELD[reason][2])
    if reason == screening.LINKS:
        links = ngettext("%(num)d link", "%(num)d links", int(detail.get("count", 0)))
        return f"{links}. {sentence}"
    return sentence
