"""Who may see and set what screens comments."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.accounts.models import User
from forum.foundation.access import Verdict, allow, deny


def may_watch(viewer: User | None) -> Verdict:
    """Whether this person may see the checks and watched words, try them, and change the words."""
    return allow if viewer is not None and viewer.is_staff else deny(_("This page is for moderators."))


def may_set_checks(viewer: User | None) -> Verdict:
    """What is looked at at all is the site's policy, not one moderator's."""
    if viewer is not None and viewer.is_admin:
        return allow
    return deny(_("Only administrators switch checks on and off."))
