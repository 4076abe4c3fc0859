"""An entry of the public moderation log, with what everybody may know of a decision and nothing else.

Left out on purpose: the words of the comment and its writer, the message to them, who flagged or reported it and what
they said, what a check matched, whom a sanction is about and where, and where the comment stands when it never was
public, or when the decision was undone: a slip stands in the log, but does not point at anybody's comment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from forum.comments.models import IN_THE_TREE, PUBLISHED, REMOVED
from forum.moderation import openness, rules
from forum.moderation.actions import (
    CLEAN_UP,
    LIFT,
    MARK_SPAM,
    OVERTURN,
    REJECT,
    REMOVE,
    RESTORE,
    SILENCE,
    SUSPEND,
    UNDO,
    UPHOLD,
    WARN,
)
from forum.moderation.models import Decision
from forum.reading.desk import Chip

# Kind and icon of the chip, and its words.
_SAID = {
    REMOVE: ("bad", "hide", lazy_gettext("Removed")),
    REJECT: ("bad", "x", lazy_gettext("Rejected")),
    MARK_SPAM: ("bad", "ban", lazy_gettext("Taken away as spam")),
    RESTORE: ("good", "check", lazy_gettext("Put back")),
    WARN: ("wait", "warn", lazy_gettext("Warned somebody")),
    SILENCE: ("wait", "mute", lazy_gettext("Silenced somebody")),
    SUSPEND: ("wait", "ban", lazy_gettext("Suspended somebody")),
    LIFT: ("good", "undo", lazy_gettext("Lifted a sanction")),
    CLEAN_UP: ("bad", "bin", lazy_gettext("Cleaned up after a spammer")),
    UPHOLD: ("still", "check", lazy_gettext("Upheld on appeal")),
    OVERTURN: ("good", "undo", lazy_gettext("Changed on appeal")),
    UNDO: ("still", "undo", lazy_gettext("Undone")),
}
_AFTERWARDS = {
    UNDO: lazy_gettext("undone"),
    LIFT: lazy_gettext("lifted"),
    UPHOLD: lazy_gettext("upheld on appeal"),
    OVERTURN: lazy_gettext("changed on appeal"),
}


@dataclass(frozen=True)
class After:
    """What came of a decision, and the entry that says so."""

    words: str
    url: str


@dataclass(frozen=True)
class Entry:
    id: int
    url: str
    when: datetime
    chip: Chip
    reason: str
    by: str
    discussion: str
    discussion_url: str
    discussion_slug: str
    discussion_lang: str
    # The comment, or the line in its place, where everybody may come to it.
    comment_url: str
    # The entry that this one takes back or looks at again.
    on_url: str
    after: list[After]


def action_words() -> list[tuple[str, str]]:
    """Actions to filter by, in words."""
    return [(action, str(_SAID[action][2])) for action in openness.SHOWN]


def entries(decisions: Sequence[Decision], *, with_names: bool) -> list[Entry]:
    """These decisions as everybody may read them. Two queries."""
    answers, hours = openness.answers_to(decisions), openness.hours_of(decisions)
    return [_entry(row, answers.get(row.id, []), hours.get(row.id), with_names) for row in decisions]


def url_of(decision_id: int) -> str:
    return url_for("moderation_log.entry", decision_id=decision_id)


def _entry(row: Decision, answers: Sequence[Decision], hours: int | None, with_names: bool) -> Entry:
    post = row.comment.post if row.comment is not None and not openness.is_personal(row) else None
    is_open = post is not None and post.is_public
    return Entry(
        id=row.id,
        url=url_of(row.id),
        when=row.created_at,
        chip=_chip(row, hours),
        reason=rules.reason_words(row.reason) if row.reason else "",
        by=_by(row, with_names),
        discussion=post.title if is_open and post is not None else "",
        discussion_url=url_for("posts.show", slug=post.slug) if is_open and post is not None else "",
        discussion_slug=post.slug if is_open and post is not None else "",
        discussion_lang=post.lang if is_open and post is not None else "",
        comment_url=_comment_url(row, answers),
        on_url=url_of(row.on_id) if row.on_id is not None and row.action in openness.ANSWERS else "",
        after=[After(str(_AFTERWARDS[answer.action]), url_of(answer.id)) for answer in answers],
    )


def _chip(row: Decision, hours: int | None) -> Chip:
    kind, icon, words = _SAID[row.action]
    if row.action == SILENCE and hours:
        return Chip(kind, icon, ngettext("Silenced for %(num)d hour", "Silenced for %(num)d hours", hours))
    if row.action == SUSPEND and hours:
        return Chip(kind, icon, ngettext("Suspended for %(num)d hour", "Suspended for %(num)d hours", hours))
    return Chip(kind, icon, str(words))


def _by(row: Decision, with_names: bool) -> str:
    if row.by is not None and with_names:
        return row.by.name
    if row.by is not None and row.by.is_author and not row.by.is_staff:
        return _("An author")
    return _("Another moderator") if row.action in (UPHOLD, OVERTURN) else _("A moderator")


def _comment_url(row: Decision, answers: Sequence[Decision]) -> str:
    comment = row.comment
    if comment is None or openness.is_personal(row) or row.action == UNDO:
        return ""
    is_undone = any(answer.action == UNDO for answer in answers)
    was_public = row.from_state in (PUBLISHED, REMOVED) or row.to_state == REMOVED
    stands = comment.was_seen and comment.state in IN_THE_TREE and comment.post.is_public
    return url_for("comments.show", comment_id=comment.id) if was_public and stands and not is_undone else ""
