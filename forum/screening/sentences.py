"""What the checks find, in words: for a chip, for the writer, for moderators, and what a writer is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from forum.comments.findings import Finding, Nudge
from forum.screening import names

# Of what was found a writer is shown so much.
MOST_SHOWN = 3


class Said(NamedTuple):
    """One check in words."""

    # A few words for a chip in the queue; the name of the check, as a heading.
    label: LazyString
    # Why it waits, for its writer; why it is here, for moderators; what the check does.
    for_writer: LazyString
    for_moderators: LazyString
    does: LazyString


_SAID: dict[str, Said] = {
    names.PACE: Said(
        _("pace"),
        _("You wrote many comments in a short time."),
        _("Many comments in a short time."),
        _("Nobody posts more than so many comments in ten minutes. The writer is told when they can post again."),
    ),
    names.HEAT: Said(
        _("heated thread"),
        _("Readers have flagged comments in this thread."),
        _("Readers have flagged comments in this thread."),
        _(
            "Where readers have flagged comments, one person's replies in a thread come minutes apart: two, one for "
            "each flag on what they answer, and one more for each on their own words there."
        ),
    ),
    names.NEWCOMER: Said(
        _("first comment"),
        _("It is your first comment here, so somebody reads it before others do."),
        _("Nothing by this person has been approved yet."),
        _("Comments of people of whom nothing has been approved yet are read first."),
    ),
    names.CHECKED_FIRST: Said(
        _("checked first"),
        _("Every comment in this discussion is read by a moderator first."),
        _("Every comment in this discussion is read first."),
        _("In discussions that are set so, every comment is read first."),
    ),
    names.REJECTED_LATELY: Said(
        _("often rejected"),
        _("Comments of yours were rejected lately, so somebody reads this one first."),
        _("Much of what this person wrote lately was rejected."),
        _("Comments of people are read first of whose comments many were rejected or removed lately."),
    ),
    names.LINKS: Said(
        _("links"),
        _("It has several links in it, so somebody checks it first."),
        _("More links than a person with this trust may post at once."),
        _("Comments with many links are read first. How many are many depends on the writer's trust."),
    ),
    names.WORDS: Said(
        _("watched word"),
        _("It has a word in it that moderators look at first."),
        _("It has a watched word in it."),
        _("Words and phrases on a list: each asks the writer, tells a moderator, holds a comment, or stops it."),
    ),
    names.PERSONAL: Said(
        _("personal information"),
        _("It seems to say where somebody lives or how to reach them, so somebody reads it first."),
        _("It seems to have personal information in it."),
        _("Asks who writes a postcode, a telephone number or an e-mail address whether they mean to."),
    ),
    names.REPEAT: Said(
        _("said before"),
        _("You have posted nearly the same before, so somebody reads it first."),
        _("The writer has posted nearly the same before."),
        _("Asks who posts nearly the same words again whether they mean to."),
    ),
    names.SAME_TEXT: Said(
        _("same text"),
        _("Others have posted the same text, so a moderator looks at it."),
        _("Others have posted the same text lately."),
        _("The same text by several people: a moderator is told, and from so many people on it is read first."),
    ),
    names.SPAM: Said(
        _("looks like spam"),
        _("It looks like advertising to a program, so somebody reads it first."),
        _("Its words are those of comments that were marked as spam here."),
        _("Compares a comment's words with those of comments that moderators here approved or marked as spam."),
    ),
}

# The numbers of the checks, as labels of fields.
NUMBERS: dict[tuple[str, str], LazyString] = {
    (names.PACE, "newcomer"): _("Comments in ten minutes, newcomers"),
    (names.PACE, "known"): _("Comments in ten minutes, known people"),
    (names.PACE, "trusted"): _("Comments in ten minutes, trusted people"),
    (names.HEAT, "least"): _("Minutes without a flag on one's own words"),
    (names.HEAT, "longest"): _("Minutes at most"),
    (names.REJECTED_LATELY, "fewest"): _("Rejected comments at least"),
    (names.REJECTED_LATELY, "share"): _("Share of all, in percent"),
    (names.REJECTED_LATELY, "days"): _("Days looked back"),
    (names.LINKS, "known"): _("Links that anybody may post"),
    (names.LINKS, "trusted"): _("Links that trusted people may post"),
    (names.PERSONAL, "postcodes"): _("Ask about postcodes (1 yes, 0 no)"),
    (names.PERSONAL, "phones"): _("Ask about telephone numbers (1 yes, 0 no)"),
    (names.PERSONAL, "emails"): _("Ask about e-mail addresses (1 yes, 0 no)"),
    (names.REPEAT, "alike"): _("Alike from, in percent"),
    (names.REPEAT, "days"): _("Days looked back"),
    (names.SAME_TEXT, "tell"): _("People, for a moderator to be told"),
    (names.SAME_TEXT, "hold"): _("People, for it to be read first"),
    (names.SAME_TEXT, "days"): _("Days looked back"),
    (names.SPAM, "hold"): _("Probability from which it is held, in percent"),
}

_KINDS = {
    "postcode": (
        _("Is that a postcode?"),
        _("It can show where somebody lives. Take it out, or post it as it is: a moderator will look first."),
    ),
    "phone": (
        _("Is that a telephone number?"),
        _("Anybody can call it. Take it out, or post it as it is: a moderator will look first."),
    ),
    "email": (
        _("Is that an e-mail address?"),
        _("Anybody can write to it. Take it out, or post it as it is: a moderator will look first."),
    ),
}


def is_check(reason: str) -> bool:
    """Whether a check gave this reason, not a reader."""
    return reason in _SAID


def label(reason: str) -> str:
    """A few words for a chip in the queue."""
    return str(_SAID[reason].label)


def for_writer(reason: str) -> str:
    """A sentence for the writer."""
    return str(_SAID[reason].for_writer)


def does(reason: str) -> str:
    """What the check does, for moderators."""
    return str(_SAID[reason].does)


def evidence(reason: str, detail: Mapping[str, Any]) -> str:
    """What the check matched, for moderators."""
    said = [str(_SAID[reason].for_moderators)]
    if detail.get("asked"):
        said.append(gettext("The writer was asked first, and posted it as it is."))
    matched = _matched(reason, detail)
    return " ".join([matched, *said] if matched else said)


def _matched(reason: str, detail: Mapping[str, Any]) -> str:
    if reason == names.LINKS:
        number = int(detail.get("count", 0))
        links = ngettext("%(num)d link", "%(num)d links", number)
        return f"{links}."
    if reason == names.SAME_TEXT:
        people = int(detail.get("people", 0))
        return ngettext("%(num)d other person posted it.", "%(num)d other people posted it.", people)
    if reason == names.REPEAT:
        return gettext(
            "%(share)d%% like comment #%(id)d.", share=int(detail.get("alike", 0)), id=int(detail.get("comment", 0))
        )
    if reason == names.REJECTED_LATELY:
        return gettext("%(some)d of %(all)d.", some=int(detail.get("against", 0)), all=int(detail.get("of", 0)))
    if reason == names.SPAM:
        words = ", ".join(gettext("“%(word)s”", word=word) for word, _share in detail.get("strongest", ())[:6])
        return gettext("%(share)d%% likely: %(words)s.", share=int(detail.get("percent", 0)), words=words)
    if reason == names.WORDS:
        return f"{', '.join(gettext('“%(word)s”', word=row['pattern']) for row in detail.get('words', ()))}."
    if reason == names.PERSONAL:
        return f"{', '.join(gettext('“%(word)s”', word=word) for word in detail.get('found', ()))}."
    return ""


def nudge(finding: Finding) -> Nudge:
    """What the writer is asked before it is posted."""
    found = tuple(finding.detail.get("found", ()))[:MOST_SHOWN]
    question, why = _asked(finding, found)
    # A question that names the word needs no list of one.
    return Nudge(finding.reason, question, why, () if finding.reason == names.WORDS and len(found) == 1 else found)


def _asked(finding: Finding, found: tuple[str, ...]) -> tuple[str, str]:
    if finding.reason == names.PERSONAL:
        question, why = _KINDS[finding.detail["kinds"][0]]
        return str(question), str(why)
    if finding.reason == names.REPEAT:
        return (
            gettext("Have you said this before?"),
            gettext(
                "You have posted nearly the same. Say something else, or post it as it is: a moderator will look first."
            ),
        )
    return (
        gettext("Do you mean to say “%(word)s”?", word=found[0] if found else ""),
        gettext("People may take it badly. Say it in another way, or post it as it is: a moderator will look first."),
    )
