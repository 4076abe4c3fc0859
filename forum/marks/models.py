"""What readers mark: comments they like, and comments they keep."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import User
from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import Base


class Like(Base):
    """That a person likes a comment. How many do is stored on the comment."""

    __tablename__ = "likes"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    user: Mapped[User] = relationship(innerjoin=True)


class Bookmark(Base):
    """That a person keeps a comment to find it again. Nobody else sees it."""

    __tablename__ = "bookmarks"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    comment: Mapped[Comment] = relationship(innerjoin=True)

    __table_args__ = (Index("ix_bookmarks_newest", "user_id", "created_at"),)
