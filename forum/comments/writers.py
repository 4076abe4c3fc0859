"""Who writes: the people of a discussion, and the language somebody writes in."""

from __future__ import annotations

from sqlalchemy import Select, func, or_, select

from forum.accounts.models import User
from forum.comments.models import PUBLISHED, Comment
from forum.comments.queries import Value
from forum.foundation.db import db
from forum.posts.models import Post

# Whoever wrote before these is found by their name like everybody else.
NEWEST_LOOKED_AT = 500


def newest_language(user_id: Value) -> Select:
    """The same; for a part of another query."""
    return (
        select(Comment.lang)
        .where(Comment.author_id == user_id, Comment.state == PUBLISHED)
        .order_by(Comment.created_at.desc())
        .limit(1)
    )


def newest_in(post: Post) -> list[User]:
    """Who wrote the newest comments below a post, the last one first, and its authors. One query, for any length."""
    newest = (
        select(Comment.author_id, Comment.published_at)
        .where(Comment.post_id == post.id, Comment.state == PUBLISHED)
        .order_by(Comment.published_at.desc())
        .limit(NEWEST_LOOKED_AT)
        .subquery()
    )
    last = select(newest.c.author_id, func.max(newest.c.published_at).label("at")).group_by(newest.c.author_id)
    wrote = last.subquery()
    authors = [author.user_id for author in post.authors if author.user_id]
    return list(
        db.session.scalars(
            select(User)
            .outerjoin(wrote, wrote.c.author_id == User.id)
            .where(or_(wrote.c.author_id.is_not(None), User.id.in_(authors)))
            .order_by(wrote.c.at.is_(None), wrote.c.at.desc(), User.id)
        )
    )
