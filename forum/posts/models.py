"""Blog posts, the series they are parts of, and their tags."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import User
from forum.foundation import clock
from forum.foundation.db import Base

DRAFT, PUBLISHED = "draft", "published"
OPEN, CHECKED, CLOSED = "open", "checked", "closed"
POLICIES = (OPEN, CHECKED, CLOSED)


class Series(Base):
    """Posts meant to be read one after the other; `total` is how many are planned."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    total: Mapped[int | None]


class Tag(Base):
    """A subject that posts have in common."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))


class PostTag(Base):
    """That a post is about a subject."""

    __tablename__ = "post_tags"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True)


class PostAuthor(Base):
    """One author of a post as the post names them, with or without an account here."""

    __tablename__ = "post_authors"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    position: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(120), default="")
    organisation: Mapped[str] = mapped_column(String(120), default="")
    is_guest: Mapped[bool] = mapped_column(default=False)

    # Loaded along: their picture stands beside the name.
    user: Mapped[User | None] = relationship(lazy="joined", viewonly=True)

    __table_args__ = (UniqueConstraint("post_id", "position"),)


class Post(Base):
    """A blog post and the state of the discussion under it. Counters are stored; see comments/counting."""

    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(160), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    standfirst: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[str] = mapped_column(String(20))
    question: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str] = mapped_column(String(12), default="en")
    state: Mapped[str] = mapped_column(String(12), default=DRAFT)
    policy: Mapped[str] = mapped_column(String(12), default=OPEN)
    closes_at: Mapped[datetime | None]
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id", ondelete="SET NULL"))
    part: Mapped[int | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    origin: Mapped[str | None] = mapped_column(String(300), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_at: Mapped[datetime | None]
    # Whether the post's authors may approve and reject comments below it.
    authors_moderate: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Rises with each saved edit; an editor who saw an older one is told.
    version: Mapped[int] = mapped_column(default=1)
    # Rises with every change that readers of the discussion can see.
    thread_version: Mapped[int] = mapped_column(default=1)
    comment_count: Mapped[int] = mapped_column(default=0)
    people_count: Mapped[int] = mapped_column(default=0)
    next_root: Mapped[int] = mapped_column(default=1)
    last_comment_at: Mapped[datetime | None]
    last_comment_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    series: Mapped[Series | None] = relationship()
    authors: Mapped[list[PostAuthor]] = relationship(
        order_by=PostAuthor.position, cascade="all, delete-orphan", passive_deletes=True
    )
    tags: Mapped[list[Tag]] = relationship(secondary="post_tags", order_by=Tag.name)
    last_comment_by: Mapped[User | None] = relationship(foreign_keys=[last_comment_by_id])

    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published')", name="state"),
        CheckConstraint("policy IN ('open', 'checked', 'closed')", name="policy"),
        CheckConstraint("state = 'draft' OR published_at IS NOT NULL", name="published_when"),
        Index("ix_posts_latest", "state", "published_at", "id"),
        Index("ix_posts_discussed", "state", "comment_count", "id"),
        Index("ix_posts_series", "series_id", "part"),
    )

    @property
    def is_public(self) -> bool:
        return self.state == PUBLISHED

    @property
    def is_open(self) -> bool:
        """Whether somebody may still write below it."""
        if not self.is_public or self.policy == CLOSED:
            return False
        return self.closes_at is None or self.closes_at > clock.now()

    @property
    def is_checked_first(self) -> bool:
        return self.policy == CHECKED
