"""A moderator thinks that what was decided should be looked at again."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.accounts.models import User
from forum.comments.models import PUBLISHED
from forum.foundation.errors import Conflict
from forum.moderation import cases, notes
from forum.moderation.actions import FLAGGED, HELD
from forum.moderation.models import Case

# The reason of the signal that says so.
REOPENED = "reopened"


def reopen(closed: Case, by: User, words: str) -> Case:
    """A new case on the same comment or person, with a note for colleagues that says why. What was decided stands
    until somebody decides otherwise. The caller has asked `permissions.may_moderate`. Raises Refused, Conflict.
    """
    if closed.is_open:
        raise Conflict(_("This case is open."))
    kind = FLAGGED if closed.comment is not None and closed.comment.state == PUBLISHED else HELD
    case = cases.open_for(closed.comment, kind) if closed.comment else cases.open_about(closed.concerns(), kind)
    cases.add_signal(case, REOPENED, {"by": by.name, "case": closed.id})
    notes.about_case(case, by, words)
    return case
