"""What happens to comments and posts while others have them open."""

from __future__ import annotations

from sqlalchemy import func, select

from forum.accounts.models import User
from forum.comments import editing
from forum.comments.models import Comment
from forum.events.log import EventRow
from forum.foundation.db import db
from forum.moderation import decisions
from forum.posts import writing
from forum.posts.models import Post
from tests.makers import screen


def newest() -> int:
    """The number of the newest event."""
    return db.session.scalar(select(func.max(EventRow.id))) or 0


def edit(comment: Comment, body: str) -> None:
    editing.edit(comment, comment.author, body, "en", has_case=False, screen=screen)
    db.session.commit()


def remove(comment: Comment, by: User) -> None:
    decisions.remove_public(comment, by, "unkind", "")
    db.session.commit()


def unpublish(post: Post) -> None:
    writing.change(post, writing.PostText(post.title, post.body, is_published=False), post.version)
    db.session.commit()
