"""Who may see, write and change a post."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, true

from forum.accounts.models import User
from forum.foundation.access import Verdict, allow, deny
from forum.posts.models import PUBLISHED, Post


def may_see(viewer: User | None, post: Post) -> Verdict:
    if post.is_public or (viewer is not None and (viewer.is_staff or post.owner_id == viewer.id)):
        return allow
    return deny(_("There is no post at this address."))


def visible_to(viewer: User | None) -> ColumnElement[bool]:
    """The same rule for lists."""
    public = Post.state == PUBLISHED
    if viewer is None:
        return public
    return true() if viewer.is_staff else or_(public, Post.owner_id == viewer.id)


def may_write(viewer: User | None) -> Verdict:
    if viewer is not None and (viewer.is_author or viewer.is_admin):
        return allow
    return deny(_("Only authors write posts."))


def may_change(viewer: User | None, post: Post) -> Verdict:
    if viewer is not None and (viewer.is_admin or (viewer.is_author and post.owner_id == viewer.id)):
        return allow
    return deny(_("Only its author and the site's administrators may change this post."))
