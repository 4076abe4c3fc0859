"""The decisions that can be taken on a case now, as the buttons and forms of its page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from forum.accounts.models import User
from forum.comments.models import HELD, PUBLISHED, REJECTED, REMOVED, Comment, HeldEdit
from forum.moderation.actions import APPEAL, APPROVE, DISMISS, MARK_SPAM, REJECT, REMOVE, RESTORE
from forum.moderation.models import Case
from forum.moderation.permissions import may_decide_case
from forum.reading import effects
from forum.reading.effects import TRUST

# Each is pressed by one key; one that takes words away only opens its form.
KEYS = {APPROVE: "a", DISMISS: "a", RESTORE: "a", REJECT: "r", REMOVE: "x", MARK_SPAM: "s"}


@dataclass(frozen=True)
class Act:
    """A decision: at once where there is nothing to fill in, or else behind a button that opens its form."""

    name: str
    url: str
    words: str
    # What the last button of its form says.
    final_words: str
    effect: str
    key: str
    is_primary: bool
    has_form: bool
    asks_reason: bool = False
    asks_again: bool = False


def of_case(case: Case, viewer: User, edit: HeldEdit | None) -> list[Act]:
    """Those that this moderator may take. An appeal has decisions of its own."""
    comment = case.comment
    if comment is None or not case.is_open or case.kind == APPEAL:
        return []
    return [_act(name, case, comment, edit) for name in _possible(comment, edit) if _may(viewer, case, name)]


def _possible(comment: Comment, edit: HeldEdit | None) -> list[str]:
    if edit is not None and comment.state == PUBLISHED:
        return [APPROVE, REJECT, REMOVE, MARK_SPAM]
    found = {
        HELD: [APPROVE, REJECT, MARK_SPAM, TRUST],
        PUBLISHED: [DISMISS, REMOVE, MARK_SPAM],
        REJECTED: [RESTORE],
        REMOVED: [RESTORE],
    }.get(comment.state, [])
    return found if effects.gives_trust(comment) else [name for name in found if name != TRUST]


def _may(viewer: User, case: Case, name: str) -> bool:
    return bool(may_decide_case(viewer, case, APPROVE if name == TRUST else name))


def _act(name: str, case: Case, comment: Comment, edit: HeldEdit | None) -> Act:
    words, final_words = _words(name, edit)
    return Act(
        name=name,
        url=url_for(f"deciding.{'approve' if name == TRUST else name}", case_id=case.id),
        words=words,
        final_words=final_words,
        effect=effects.of(name, comment, edit),
        key=KEYS.get(name, ""),
        is_primary=name in (APPROVE, DISMISS, RESTORE),
        has_form=name in (REJECT, REMOVE, MARK_SPAM),
        asks_reason=name in (REJECT, REMOVE),
        asks_again=name == REJECT and edit is None,
    )


def _words(name: str, edit: HeldEdit | None) -> tuple[str, str]:
    if edit is not None and name in (APPROVE, REJECT):
        return {
            APPROVE: (_("Approve the new words"), ""),
            REJECT: (_("Reject the new words…"), _("Reject the new words")),
        }[name]
    return {
        APPROVE: (_("Approve"), ""),
        TRUST: (_("Approve and trust"), ""),
        REJECT: (_("Reject…"), _("Reject and send message")),
        REMOVE: (_("Remove…"), _("Remove comment")),
        MARK_SPAM: (_("Spam…"), _("Mark as spam")),
        RESTORE: (_("Restore"), ""),
        DISMISS: (_("Dismiss the flags"), ""),
    }[name]
