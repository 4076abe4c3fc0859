"""The house rules a decision names, and the words for why a comment waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from config import HouseRule
from forum.screening import sentences

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

# The finding of a comment that flags have hidden; see moderation/flagging.
FLAGS = "flags"
# What a comment that was marked as spam broke.
SPAM = "spam"
_OTHER = "other"


def reasons() -> dict[str, str]:
    """Code of each reason that may be given here → its words, in the order in which they are offered.

    The site's own, from the file that FORUM_HOUSE_RULES names, or else those above.
    """
    own = _own()
    if own:
        return {rule.code: _in_this_language(rule.title) for rule in own.values()}
    return {code: str(words) for code, words in REASONS.items()}


def own_texts() -> list[tuple[str, str]]:
    """Title and text of each rule of the site's own, for the page of house rules; none where it has the built-in."""
    return [
        (_in_this_language(rule.title), _in_this_language(rule.text) if rule.text else "") for rule in _own().values()
    ]


def is_built_in(code: str) -> bool:
    """Whether it is one of the rules that come with the program, and those are in force."""
    return not _own() and code in REASONS


def is_reason(code: str) -> bool:
    return code in (_own() or REASONS)


def reason_words(code: str | None) -> str:
    """Also for a code that an earlier file had: then of the rule below, or of the last one."""
    own, code = _own(), code or _OTHER
    if code in own:
        return _in_this_language(own[code].title)
    return str(REASONS.get(code, REASONS[_OTHER]))


def deed_words(code: str | None) -> str:
    own, code = _own(), code or _OTHER
    if code in own:
        return _in_this_language(own[code].deed)
    return str(DEEDS.get(code, DEEDS[_OTHER]))


def _own() -> dict[str, HouseRule]:
    return {rule.code: rule for rule in current_app.config["FORUM"].house_rules}


def _in_this_language(words: Mapping[str, str]) -> str:
    return words.get(str(get_locale()), words["en"])


def held_label(reason: str) -> str:
    """A few words for a chip in the queue."""
    if reason == FLAGS:
        return str(_("hidden by flags"))
    return sentences.label(reason) if sentences.is_check(reason) else reason_words(reason)


def held_sentence(reason: str) -> str:
    """A sentence for the writer."""
    if reason == FLAGS:
        return str(_("Several readers flagged it, so a moderator looks at it before others read it again."))
    if sentences.is_check(reason):
        return sentences.for_writer(reason)
    return str(_("A moderator reads it before others do."))


def held_evidence(reason: str, detail: dict[str, Any]) -> str:
    """What a check matched, for moderators."""
    if reason == FLAGS:
        return str(_("The flags on it weighed enough to hide it until a moderator has read it."))
    if sentences.is_check(reason):
        return sentences.evidence(reason, detail)
    # A report names the law first.
    return ": ".join(str(detail[name]) for name in ("law", "text") if detail.get(name))
