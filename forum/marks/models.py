"""What readers mark: comments they like or keep, how far they have read, whom and what they fold away."""

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


class ReadingPosition(Base):
    """Until when a person has read a discussion.

    A visit is a stay with pauses below half an hour. What came after `since`, the end of the visit before this one,
    is new to them; a first visit has no `since`, and nothing in it is marked.
    """

    __tablename__ = "reading_positions"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, index=True)
    since: Mapped[datetime | None]
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)


class Mute(Base):
    """That a person does not want to read another's comments. Nobody else learns of it."""

    __tablename__ = "mutes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    muted_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    muted: Mapped[User] = relationship(foreign_keys=[muted_id], innerjoin=True)


class Fold(Base):
    """That a person has closed the replies below a comment."""

    __tablename__ = "folds"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
