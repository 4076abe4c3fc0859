"""Comments: their states and legal steps, earlier versions, and words kept for later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import User
from forum.foundation import clock
from forum.foundation.db import Base
from forum.foundation.errors import IllegalStep
from forum.posts.models import Post

HELD, PUBLISHED, REJECTED, REMOVED, WITHDRAWN = "held", "published", "rejected", "removed", "withdrawn"

# The only state changes there are. A withdrawn comment is its writer's word and final.
LEGAL_STEPS = {
    HELD: {PUBLISHED, REJECTED, WITHDRAWN},
    PUBLISHED: {HELD, REMOVED, WITHDRAWN},
    REJECTED: {HELD, PUBLISHED, WITHDRAWN},
    REMOVED: {PUBLISHED},
    WITHDRAWN: set(),
}

# What somebody hears who tries another step.
_SENTENCES = {
    HELD: _("This comment waits for a moderator."),
    PUBLISHED: _("This comment is public already."),
    REJECTED: _("A moderator has decided on this comment already."),
    REMOVED: _("A moderator has removed this comment already."),
    WITHDRAWN: _("The writer has withdrawn this comment."),
}

# Readers see the words of the first and a line in place of the others.
IN_THE_TREE = (PUBLISHED, REMOVED, WITHDRAWN)

_LIKED = text("like_count > 0")


class Comment(Base):
    """One comment. `path` places it in its discussion; `rank` counts the siblings readers have seen."""

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    # What it answers, where that is too deep to hang below; see comments/tree.
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    # The comment on the post that it hangs below; none for such a comment itself.
    root_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"), index=True)
    # "C": paths are compared byte by byte on every database.
    path: Mapped[str] = mapped_column(Text().with_variant(Text(collation="C"), "postgresql"))
    depth: Mapped[int]
    rank: Mapped[int | None]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[str] = mapped_column(String(20))
    lang: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column()
    # Why it waits, or why moderators hear of it, as screening found: [{"reason": code, "effect": …, "detail": {…}}].
    held_for: Mapped[list[Any]] = mapped_column(default=list)
    # The form's own word: the second send of one form finds the first comment.
    form_token: Mapped[str | None] = mapped_column(String(64))
    origin: Mapped[str | None] = mapped_column(String(300), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    # Stored counters; see comments/counting.
    next_child: Mapped[int] = mapped_column(default=1)
    next_rank: Mapped[int] = mapped_column(default=1)
    descendant_count: Mapped[int] = mapped_column(default=0)
    like_count: Mapped[int] = mapped_column(default=0, server_default="0")
    # Lower bound of the share of readers who like it, in millionths; see marks/scoring.
    like_score: Mapped[int] = mapped_column(default=0, server_default="0")
    # What the open flags on it weigh, in hundredths; see moderation/flagging.
    flag_weight: Mapped[int] = mapped_column(default=0, server_default="0")
    # Whether a rejected one may be edited and sent to moderators again.
    may_send_again: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Of its words without case, marks and spaces: the same text sent again has the same.
    text_digest: Mapped[str | None] = mapped_column(String(32))

    author: Mapped[User] = relationship(innerjoin=True)
    post: Mapped[Post] = relationship(innerjoin=True)
    parent: Mapped[Comment | None] = relationship(remote_side=[id], foreign_keys=[parent_id])
    # Told apart from the parent for a comment that is too deep; see `answered`.
    answers: Mapped[Comment | None] = relationship(remote_side=[id], foreign_keys=[answers_id])

    # Every change is compare-and-swap: of two at once, the second finds the version changed.
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        UniqueConstraint("post_id", "path"),
        UniqueConstraint("author_id", "form_token"),
        CheckConstraint("state IN ('held', 'published', 'rejected', 'removed', 'withdrawn')", name="state"),
        Index("ix_comments_children", "parent_id", "rank"),
        Index("ix_comments_children_by", "parent_id", "author_id", "rank"),
        Index("ix_comments_roots", "post_id", "depth", "path"),
        Index("ix_comments_liked", "post_id", "depth", like_score.desc(), "path"),
        Index("ix_comments_flat", "post_id", "published_at", "id"),
        Index("ix_comments_flat_liked", "post_id", like_score.desc(), "id"),
        Index("ix_comments_newest", "post_id", "state", "published_at"),
        Index("ix_comments_people", "post_id", "author_id", "state", "published_at"),
        Index("ix_comments_by_author", "author_id", "state", "created_at"),
        Index("ix_comments_lately", "author_id", "created_at", "id"),
        Index("ix_comments_same_text", "text_digest", "created_at"),
        Index("ix_comments_created", "created_at"),
        Index("ix_comments_favourites", like_score.desc(), "id", sqlite_where=_LIKED, postgresql_where=_LIKED),
    )

    @property
    def is_public(self) -> bool:
        return self.state == PUBLISHED

    @property
    def answered(self) -> Comment | None:
        """The comment it answers, which it hangs on unless that is too deep; none for a comment on the post."""
        return self.answers if self.answers_id is not None else self.parent

    @property
    def was_seen(self) -> bool:
        """Whether readers ever saw it, so that a line must stay where it was."""
        return self.rank is not None

    def step_to(self, state: str) -> None:
        """Change state along a legal step. Raises IllegalStep for any other."""
        if state not in LEGAL_STEPS[self.state]:
            raise IllegalStep(_SENTENCES[self.state])
        self.state = state
        self.hidden_at = clock.now() if state in (REMOVED, WITHDRAWN) else None

    def step_back_to(self, state: str) -> None:
        """Undo a legal step. Raises IllegalStep for a state from which none leads here, and after a withdrawal."""
        if self.state == WITHDRAWN or self.state not in LEGAL_STEPS[state]:
            raise IllegalStep(_SENTENCES[self.state])
        self.state = state

    def __repr__(self) -> str:
        return f"<Comment {self.id} {self.state}>"


class Revision(Base):
    """What a comment said before an edit."""

    __tablename__ = "revisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    # Of versions kept before it was noted: none, and taken to be that of the comment.
    lang: Mapped[str | None] = mapped_column(String(12))
    # When these words were written, not when they were replaced.
    written_at: Mapped[datetime]


class HeldEdit(Base):
    """New words for a public comment that a moderator reads first; readers go on reading the old ones."""

    __tablename__ = "held_edits"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[str] = mapped_column(String(20))
    lang: Mapped[str] = mapped_column(String(12))
    # Why it waits, as `Comment.held_for`.
    held_for: Mapped[list[Any]] = mapped_column(default=list)
    written_at: Mapped[datetime] = mapped_column(default=clock.now)

    comment: Mapped[Comment] = relationship(innerjoin=True)


class Draft(Base):
    """Words kept for somebody: typed before signing in, or not yet posted. One for each person and place."""

    __tablename__ = "drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"))
    body: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(12))
    # Raised by every save: a browser that saw an older one does not write over a newer one.
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)
    # Other words that stood in this place when these were brought in by signing in: shown beside them, never lost.
    earlier: Mapped[str | None] = mapped_column(Text)

    post: Mapped[Post] = relationship(innerjoin=True)
    parent: Mapped[Comment | None] = relationship()

    __table_args__ = (Index("uq_drafts_place", "user_id", "post_id", text("coalesce(parent_id, 0)"), unique=True),)
