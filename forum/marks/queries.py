"""Who marked what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.comments.models import Comment
from forum.comments.permissions import visible_to
from forum.foundation import paging
from forum.foundation.db import db
from forum.marks.models import Bookmark, Like
from forum.posts.models import Post

PAGE = 30
# Enough for a line of names; the rest is a number.
MOST_NAMES = 200


def marked_in(user: User, post_id: int) -> tuple[set[int], set[int]]:
    """The comments below a post that this person likes, and those they keep. Two queries."""
    liked = select(Like.comment_id).join(Comment, Comment.id == Like.comment_id)
    kept = select(Bookmark.comment_id).join(Comment, Comment.id == Bookmark.comment_id)
    return (
        set(db.session.scalars(liked.where(Like.user_id == user.id, Comment.post_id == post_id))),
        set(db.session.scalars(kept.where(Bookmark.user_id == user.id, Comment.post_id == post_id))),
    )


def who_like(comment: Comment) -> Sequence[User]:
    """The people who like a comment, the first first."""
    return db.session.scalars(
        select(User)
        .join(Like, Like.user_id == User.id)
        .where(Like.comment_id == comment.id)
        .order_by(Like.created_at, User.id)
        .limit(MOST_NAMES)
    ).all()


def kept_by(user: User, after: str = "") -> tuple[Sequence[Bookmark], str | None]:
    """A page of what a person keeps, the newest first, as far as it may still be seen. One query."""
    found = (
        select(Bookmark)
        .join(Comment, Comment.id == Bookmark.comment_id)
        .join(Post, Post.id == Comment.post_id)
        .where(Bookmark.user_id == user.id, visible_to(user))
        .options(joinedload(Bookmark.comment).options(joinedload(Comment.author), joinedload(Comment.post)))
    )
    where = paging.read(after, datetime, int)
    if where is not None:
        moment, number = where
        earlier = and_(Bookmark.created_at == moment, Bookmark.comment_id < number)
        found = found.where(or_(Bookmark.created_at < moment, earlier))
    rows = db.session.scalars(
        found.order_by(Bookmark.created_at.desc(), Bookmark.comment_id.desc()).limit(PAGE + 1)
    ).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return rows[:PAGE], paging.cursor(last.created_at, last.comment_id) if last else None
