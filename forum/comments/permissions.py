"""Who may see a comment, answer it, change it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, and_, or_

from forum.accounts.models import User
from forum.accounts.permissions import may_rewrite, may_speak
from forum.comments.models import HELD, PUBLISHED, REJECTED, Comment
from forum.foundation import clock
from forum.foundation.access import Verdict, allow, deny
from forum.posts.models import PUBLISHED as POST_PUBLISHED
from forum.posts.models import Post


@dataclass(frozen=True)
class EditHours:
    """For how many hours after publication a comment can be edited, as the site's settings say; 0 for not at all.

    Long enough to mend a mistake, short enough that answers still fit what they answer.
    """

    everybody: int
    trusted: int

    def of(self, writer: User) -> int:
        return max(self.everybody, self.trusted) if writer.is_trusted else self.everybody


def may_see(viewer: User | None, comment: Comment) -> Verdict:
    """Whether its words may be shown: public in a public post, one's own, or to moderators."""
    if comment.is_public and comment.post.is_public:
        return allow
    if viewer is not None and (viewer.is_staff or (comment.author_id == viewer.id and comment.post.is_public)):
        return allow
    return deny(_("There is no comment at this address."))


def visible_to(viewer: User | None) -> ColumnElement[bool]:
    """The same rule for lists; the query must join Post."""
    public = and_(Comment.state == PUBLISHED, Post.state == POST_PUBLISHED)
    if viewer is None:
        return public
    if viewer.is_staff:
        return Comment.id.is_not(None)
    return or_(public, and_(Comment.author_id == viewer.id, Post.state == POST_PUBLISHED))


def may_write(viewer: User | None, post: Post) -> Verdict:
    """Whether this person may write below a post."""
    if not post.is_open:
        return deny(_("Not posted: this discussion is closed. Your words are kept below; copy them if you need them."))
    if viewer is None:
        return deny(_("Sign in or create an account to join the discussion."))
    if not viewer.is_confirmed:
        return deny(_("Confirm your e-mail address first: the link is in the letter we sent you."))
    return may_speak(viewer)


def may_reply(viewer: User | None, post: Post, parent: Comment | None) -> Verdict:
    """Whether this person may answer this comment, or the post when there is no parent."""
    if parent is not None and (parent.post_id != post.id or not parent.is_public):
        return deny(_("The comment you answer is no longer there. You can post your words as a comment of its own."))
    return may_write(viewer, post)


def may_edit(viewer: User | None, comment: Comment, hours: EditHours) -> Verdict:
    """Writers edit their own words, for a while; we do not change people's words."""
    if viewer is None or comment.author_id != viewer.id:
        return deny(_("Only its writer may edit a comment."))
    if comment.state not in (HELD, PUBLISHED, REJECTED):
        return deny(_("This comment was taken away, so it cannot be edited."))
    if not comment.post.is_open:
        return deny(_("This discussion is closed, so its comments stay as they are."))
    if comment.state == REJECTED and not comment.may_send_again:
        return deny(_("A moderator decided that this comment cannot be sent again."))
    until = editable_until(comment, hours)
    if until is not None and clock.now() >= until:
        return deny(_too_late(hours.of(viewer)))
    return may_rewrite(viewer)


def editable_until(comment: Comment, hours: EditHours) -> datetime | None:
    """When its writer can edit it no more; None while it is not public."""
    if not comment.is_public:
        return None
    return (comment.published_at or comment.created_at) + timedelta(hours=hours.of(comment.author))


def _too_late(hours: int) -> str:
    if not hours:
        return _("Comments stay as they were published. Write a reply to add something.")
    if hours >= 48 and hours % 24 == 0:
        return ngettext(
            "Comments can be edited for %(num)d day. Write a reply to add something.",
            "Comments can be edited for %(num)d days. Write a reply to add something.",
            hours // 24,
        )
    return ngettext(
        "Comments can be edited for %(num)d hour. Write a reply to add something.",
        "Comments can be edited for %(num)d hours. Write a reply to add something.",
        hours,
    )


def may_withdraw(viewer: User | None, comment: Comment) -> Verdict:
    if viewer is None or comment.author_id != viewer.id:
        return deny(_("Only its writer may withdraw a comment."))
    if comment.state not in (HELD, PUBLISHED, REJECTED):
        return deny(_("This comment was taken away already."))
    return allow


def may_see_history(viewer: User | None, comment: Comment) -> Verdict:
    """Earlier versions are as open as the comment itself."""
    return may_see(viewer, comment)
