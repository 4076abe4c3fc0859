"""Who may see, write and change a post."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select, true

from forum.accounts.models import User
from forum.accounts.permissions import may_rewrite
from forum.foundation.access import Verdict, allow, deny
from forum.posts.models import PUBLISHED, Post, PostAuthor


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
        return may_rewrite(viewer)
    return deny(_("Only authors write posts."))


def may_change(viewer: User | None, post: Post) -> Verdict:
    if viewer is not None and (viewer.is_admin or (viewer.is_author and post.owner_id == viewer.id)):
        return may_rewrite(viewer)
    return deny(_("Only its author and the site's administrators may change this post."))


def may_let_authors_moderate(viewer: User | None) -> Verdict:
    """Deciding on comments is a moderator's right. It is lent, a post at a time, and nobody lends it to themselves."""
    if viewer is not None and viewer.is_admin:
        return allow
    return deny(_("Only an administrator lets the authors of a post decide on comments."))


def is_author_of(viewer: User | None, post: Post) -> bool:
    """Whether the post is this person's, or names them as an author."""
    if viewer is None:
        return False
    return post.owner_id == viewer.id or any(author.user_id == viewer.id for author in post.authors)


def authored_by(viewer: User) -> ColumnElement[bool]:
    """The same question for lists."""
    named = select(PostAuthor.post_id).where(PostAuthor.user_id == viewer.id)
    return or_(Post.owner_id == viewer.id, Post.id.in_(named))
