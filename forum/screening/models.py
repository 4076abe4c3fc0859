"""What the checks of new comments know: words to watch, how each check is set, what spam was like here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import User
from forum.foundation import clock
from forum.foundation.db import Base

# What a watched word does, the mildest first: asks the writer to think again, tells a moderator of a public comment,
# lets a moderator read it first, does not take the comment at all.
NUDGE, FLAG, HOLD, BLOCK = "nudge", "flag", "hold", "block"


class WatchedWord(Base):
    """A word or phrase, `*` in it for any letters; in every language, or in comments of one."""

    __tablename__ = "watched_words"

    id: Mapped[int] = mapped_column(primary_key=True)
    pattern: Mapped[str] = mapped_column(String(100))
    lang: Mapped[str] = mapped_column(String(12), default="")
    action: Mapped[str] = mapped_column(String(8))
    # Why it is watched, for colleagues.
    note: Mapped[str] = mapped_column(String(300), default="")
    is_on: Mapped[bool] = mapped_column(default=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    by: Mapped[User | None] = relationship()

    __table_args__ = (CheckConstraint("action IN ('nudge', 'flag', 'hold', 'block')", name="action"),)


class CheckSetting(Base):
    """How a check differs here from what the code says: on or off, and its numbers."""

    __tablename__ = "check_settings"

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    is_on: Mapped[bool]
    numbers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)

    by: Mapped[User | None] = relationship()


class SpamWord(Base):
    """In how many comments that were spam here, and in how many that were not, a word was found."""

    __tablename__ = "spam_words"

    word: Mapped[str] = mapped_column(String(60), primary_key=True)
    spam: Mapped[int] = mapped_column(default=0)
    honest: Mapped[int] = mapped_column(default=0)


class SpamLesson(Base):
    """A comment that the words were learned from, and as what: so that it can be learned otherwise."""

    __tablename__ = "spam_lessons"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True)
    is_spam: Mapped[bool]
    # The words as they were then; the comment may have been edited since.
    words: Mapped[list[Any]] = mapped_column(default=list)
    # What was said of it before it was learned from; none while too little was known to say anything.
    score: Mapped[float | None]
    learned_at: Mapped[datetime] = mapped_column(default=clock.now)
