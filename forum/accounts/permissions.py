"""What somebody may do here whom moderators have warned, silenced or suspended.

All of them read, sign in, keep drafts, withdraw their own comments and appeal.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import format_datetime
from flask_babel import gettext as _

from forum.accounts.models import UNTIL_LIFTED, User
from forum.foundation.access import Verdict, allow, deny


def may_speak(viewer: User) -> Verdict:
    """Whether this person may write a comment."""
    return _has_read_warning(viewer) and may_react(viewer)


def may_react(viewer: User) -> Verdict:
    """Whether this person may like and flag what others wrote."""
    verdict = _is_not_suspended(viewer)
    if verdict and viewer.is_silenced:
        return deny(_silenced(viewer.silenced_until))
    return verdict


def may_rewrite(viewer: User) -> Verdict:
    """Whether this person may change what they wrote, of themselves too."""
    return _has_read_warning(viewer) and _is_not_suspended(viewer)


def _has_read_warning(viewer: User) -> Verdict:
    if viewer.has_warning:
        return deny(_("A moderator has warned you. Say first that you have read it; then you can write."))
    return allow


def _is_not_suspended(viewer: User) -> Verdict:
    if not viewer.is_suspended:
        return allow
    if viewer.suspended_until == UNTIL_LIFTED:
        return deny(_("Your account is suspended until a moderator lifts it. You can read, and you can appeal."))
    return deny(
        _(
            "Your account is suspended until %(time)s. You can read, and you can appeal.",
            time=_at(viewer.suspended_until),
        )
    )


def _silenced(until: datetime | None) -> str:
    if until == UNTIL_LIFTED:
        return _("You are silenced until a moderator lifts it. You can read, and you can appeal.")
    return _("You are silenced until %(time)s. You can read, and you can appeal.", time=_at(until))


def _at(moment: datetime | None) -> str:
    return format_datetime(moment, "d MMMM yyyy, HH:mm 'UTC'", rebase=False)
