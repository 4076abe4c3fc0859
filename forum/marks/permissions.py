"""Who may like and keep a comment, and mute a person."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.accounts.models import User
from forum.accounts.permissions import may_react
from forum.comments.models import Comment
from forum.foundation.access import Verdict, allow, deny


def may_like(viewer: User | None, comment: Comment) -> Verdict:
    """Readers like what others wrote; in a closed discussion too."""
    verdict = may_bookmark(viewer, comment)
    if not verdict or viewer is None:
        return verdict
    if comment.author_id == viewer.id:
        return deny(_("You wrote this comment. Others can like it."))
    return may_react(viewer)


def may_bookmark(viewer: User | None, comment: Comment) -> Verdict:
    if viewer is None:
        return deny(_("Sign in first."))
    if not comment.is_public or not comment.post.is_public:
        return deny(_("This comment is not public."))
    if not viewer.is_confirmed:
        return deny(_("Confirm your e-mail address first: the link is in the letter we sent you."))
    return allow


def may_mute(viewer: User | None, person: User) -> Verdict:
    """Members mute anybody else, moderators too: what they must read stands in the queue."""
    if viewer is None:
        return deny(_("Sign in first."))
    if viewer.id == person.id:
        return deny(_("You cannot mute yourself."))
    return allow
