"""Who may flag, and who may decide."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.accounts.models import User
from forum.comments.models import Comment
from forum.foundation.access import Verdict, allow, deny


def may_flag(viewer: User | None, comment: Comment) -> Verdict:
    if viewer is None:
        return deny(_("Sign in to flag a comment."))
    if not comment.is_public:
        return deny(_("This comment is not public, so it cannot be flagged."))
    if comment.author_id == viewer.id:
        return deny(_("This is your own comment. You can edit or withdraw it."))
    if not viewer.is_confirmed:
        return deny(_("Confirm your e-mail address first: the link is in the letter we sent you."))
    return allow


def may_moderate(viewer: User | None) -> Verdict:
    """Whether this person may see the queue."""
    return allow if viewer is not None and viewer.is_staff else deny(_("This page is for moderators."))


def may_decide(viewer: User | None, comment: Comment, parent: Comment | None) -> Verdict:
    """Nobody decides on their own comment, nor on a reply to it."""
    verdict = may_moderate(viewer)
    if not verdict or viewer is None:
        return verdict
    if comment.author_id == viewer.id:
        return deny(_("You wrote this comment, so another moderator decides on it."))
    if parent is not None and parent.author_id == viewer.id:
        return deny(_("This is a reply to you, so another moderator decides on it."))
    return allow
