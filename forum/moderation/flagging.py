"""A reader says that a comment breaks a house rule."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from forum.accounts.models import User
from forum.comments.models import Comment
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.moderation import cases, rules
from forum.moderation.models import FLAGGED, Case, Signal

LONGEST = 1_000


def flag(comment: Comment, by: User, reason: str, details: str) -> Signal:
    """One flag a person and comment while its case is open. The caller has asked `may_flag`. Raises Refused."""
    details = details.strip()
    if not rules.is_reason(reason):
        raise Refused(_("Choose what is wrong with it"), "reason")
    if reason == "other" and not details:
        raise Refused(_("Say in a few words what is wrong with it"), "details")
    if len(details) > LONGEST:
        raise Refused(
            ngettext("Shorten this by %(num)d character", "Shorten this by %(num)d characters", len(details) - LONGEST),
            "details",
        )
    case = cases.open_for(comment, FLAGGED)
    # Whoever is looking at the case learns that there is more to it. Two flags at once take turns here.
    cases.touch(case)
    if _has_flagged(case, by):
        raise Refused(_("You have flagged this comment already. A moderator will look."))
    signal = Signal(case_id=case.id, reason=reason, detail={"text": details} if details else {}, by_id=by.id)
    db.session.add(signal)
    db.session.flush()  # the event needs its number
    publish(catalog.CommentFlagged(comment.id, signal.id))
    return signal


def _has_flagged(case: Case, by: User) -> bool:
    return db.session.scalar(select(Signal.id).where(Signal.case_id == case.id, Signal.by_id == by.id)) is not None
