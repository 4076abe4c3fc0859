"""Cases, the signals that opened them, and the decisions that closed them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import User
from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import Base

# Why a case is open.
HELD, FLAGGED = "held", "flagged"

APPROVE, REJECT, REMOVE, DISMISS = "approve", "reject", "remove", "dismiss"


class Case(Base):
    """The question whether one comment may be read; one open case a comment, collecting every signal."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]
    # Decisions are compare-and-swap on this: the second of two finds it changed.
    version: Mapped[int] = mapped_column(default=1)
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    claimed_until: Mapped[datetime | None]

    comment: Mapped[Comment] = relationship(innerjoin=True)
    claimed_by: Mapped[User | None] = relationship(foreign_keys=[claimed_by_id])

    __table_args__ = (
        CheckConstraint("kind IN ('held', 'flagged')", name="kind"),
        Index(
            "uq_cases_open",
            "comment_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_cases_queue", "closed_at", "kind", "opened_at"),
    )

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def holder(self) -> User | None:
        """Who has claimed it, while the claim lasts."""
        if self.claimed_until is None or self.claimed_until <= clock.now():
            return None
        return self.claimed_by


class Signal(Base):
    """One reason to look: what a check matched, or what a reader says."""

    __tablename__ = "signals"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(30))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    # True when a decision agreed with a reader's flag, False when it did not.
    was_upheld: Mapped[bool | None]

    by: Mapped[User | None] = relationship()

    __table_args__ = (UniqueConstraint("case_id", "by_id"), Index("ix_signals_case", "case_id", "id"))


class Decision(Base):
    """What a moderator decided, when and why. Rows are added, never changed."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    action: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(20))
    message: Mapped[str] = mapped_column(Text, default="")
    from_state: Mapped[str] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)

    by: Mapped[User | None] = relationship()
    comment: Mapped[Comment] = relationship(innerjoin=True)
    case: Mapped[Case] = relationship(innerjoin=True)

    __table_args__ = (CheckConstraint("action IN ('approve', 'reject', 'remove', 'dismiss')", name="action"),)
