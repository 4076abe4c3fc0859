"""Cases and their signals, the decisions that closed them, and what follows: sanctions, appeals, notes."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import User
from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import Base
from forum.foundation.errors import IllegalStep
from forum.moderation.actions import ACTIONS, AGAINST, KINDS, PROPOSE, SANCTIONS, UNDO_FOR


def _one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(word) for word in words)})", name=column)


class Seen(NamedTuple):
    """Which version of a case, and of the words it is about, somebody looked at."""

    case: int
    comment: int | None = None

    def __str__(self) -> str:
        return f"{self.case}.{self.comment}" if self.comment is not None else str(self.case)

    @classmethod
    def read(cls, word: str) -> Seen:
        """What a form sent back; nonsense is a version that no case has."""
        numbers = [int(part) if re.fullmatch(r"[0-9]{1,9}", part) else -1 for part in word.split(".", 1)]
        return cls(*numbers)


class Case(Base):
    """The question whether a comment may be read, or what to do about a person; one open case for each, collecting
    every signal."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Exactly one of the two.
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    # What is looked at first: the sum of what its signals weigh.
    priority: Mapped[int] = mapped_column(default=0, server_default="0")
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    # When moderators were told that it has waited longer than was promised.
    escalated_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    # Decisions are compare-and-swap on this: the second of two finds it changed.
    version: Mapped[int] = mapped_column(default=1)
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    claimed_until: Mapped[datetime | None]
    # The colleague who was asked.
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    comment: Mapped[Comment | None] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    claimed_by: Mapped[User | None] = relationship(foreign_keys=[claimed_by_id])
    assigned_to: Mapped[User | None] = relationship(foreign_keys=[assigned_to_id])

    __table_args__ = (
        _one_of("kind", KINDS),
        CheckConstraint("(comment_id IS NULL) <> (user_id IS NULL)", name="about_one"),
        *(
            Index(
                f"uq_cases_open{name}",
                column,
                unique=True,
                sqlite_where=text("closed_at IS NULL"),
                postgresql_where=text("closed_at IS NULL"),
            )
            for name, column in (("", "comment_id"), ("_user", "user_id"))
        ),
        Index("ix_cases_queue", "closed_at", "kind", "opened_at"),
        Index("ix_cases_first", "closed_at", "kind", priority.desc(), "opened_at", "id"),
    )

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_about_comment(self) -> bool:
        return self.comment_id is not None

    def its_comment(self) -> Comment:
        """The comment it is about. Raises IllegalStep for a case about a person."""
        if self.comment is None:
            raise IllegalStep(_("This case is about a person, not about a comment."))
        return self.comment

    def concerns(self) -> User:
        """Whom it is about, or who wrote the comment it is about."""
        return self.its_comment().author if self.user is None else self.user

    def seen(self) -> Seen:
        """What is seen of it now, for a form to send back: decisions are about what was on the page."""
        return Seen(self.version, self.comment.version if self.comment is not None else None)

    def holder(self) -> User | None:
        """Who has claimed it, while the claim lasts."""
        if self.claimed_until is None or self.claimed_until <= clock.now():
            return None
        return self.claimed_by


class Signal(Base):
    """One reason to look: what a check matched, what a reader says, or why a writer appeals."""

    __tablename__ = "signals"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(30))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Whose flag it is; nobody's for a check, and for a report by a guest.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    # In hundredths: 100 for the flag of a person whose flags are as often right as not.
    weight: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    # True when a decision agreed with a reader's flag, False when it did not.
    was_upheld: Mapped[bool | None]

    by: Mapped[User | None] = relationship()

    __table_args__ = (
        UniqueConstraint("case_id", "by_id"),
        Index("ix_signals_case", "case_id", "id"),
        Index("ix_signals_created", "created_at"),
    )


class Decision(Base):
    """What a moderator decided, when and why. Rows are added, never changed: an undone one has another one behind."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    # The comment, or none for a decision on a person; and whom it concerns.
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    action: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(20))
    # To the person; nobody else reads it but moderators.
    message: Mapped[str] = mapped_column(Text, default="")
    from_state: Mapped[str] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    # Whether a rejected comment may be edited and sent again.
    may_send_again: Mapped[bool] = mapped_column(default=True, server_default=true())
    # What an undo needs to put back.
    before: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    # The decision that this one takes back, upholds or overturns.
    on_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)

    by: Mapped[User | None] = relationship(foreign_keys=[by_id])
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    comment: Mapped[Comment | None] = relationship()
    case: Mapped[Case] = relationship(innerjoin=True)
    on: Mapped[Decision | None] = relationship(remote_side=[id])

    @property
    def is_about_comment(self) -> bool:
        return self.comment_id is not None

    @property
    def is_against(self) -> bool:
        """Whether it took something from somebody."""
        return self.action in AGAINST

    @property
    def lasts_at(self) -> datetime:
        """From when on it can no longer be undone, and people are told of it."""
        return self.created_at + UNDO_FOR

    def taken_by(self) -> set[int]:
        """Who had a part in it: whoever decided, and whoever proposed it."""
        made = {self.by_id, self.on.by_id if self.on is not None and self.on.action == PROPOSE else None}
        return {number for number in made if number is not None}

    def its_comment(self) -> Comment:
        """The comment it was on. Raises IllegalStep for a decision on a person."""
        if self.comment is None:
            raise IllegalStep(_("This decision is about a person, not about a comment."))
        return self.comment

    __table_args__ = (
        _one_of("action", ACTIONS),
        # Of two who undo one decision, one does.
        Index(
            "uq_decisions_undone",
            "on_id",
            unique=True,
            sqlite_where=text("action = 'undo'"),
            postgresql_where=text("action = 'undo'"),
        ),
    )


class Notice(Base):
    """That people were told of a decision; they are not told before it can no longer be undone."""

    __tablename__ = "notices"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id", ondelete="CASCADE"), primary_key=True)
    told_at: Mapped[datetime] = mapped_column(default=clock.now)


class Sanction(Base):
    """What a person may not do for a while, or a warning they have to have read."""

    __tablename__ = "sanctions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id", ondelete="CASCADE"), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    # It lasts so many hours; none until it is lifted.
    hours: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    # None while a second moderator has not agreed; `ends_at` None as long as it is not lifted.
    begins_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    # When the person said that they have read it.
    acknowledged_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id], innerjoin=True)
    decision: Mapped[Decision] = relationship(innerjoin=True)
    agreed_by: Mapped[User | None] = relationship(foreign_keys=[agreed_by_id])
    lifted_by: Mapped[User | None] = relationship(foreign_keys=[lifted_by_id])

    __table_args__ = (_one_of("kind", SANCTIONS),)


class Appeal(Base):
    """That a person asks for another moderator to look at a decision. One a decision."""

    __tablename__ = "appeals"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id", ondelete="CASCADE"), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    # The decision that answers it.
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id", ondelete="SET NULL"))

    decision: Mapped[Decision] = relationship(foreign_keys=[decision_id], innerjoin=True)
    case: Mapped[Case] = relationship(innerjoin=True)
    user: Mapped[User] = relationship(innerjoin=True)
    answer: Mapped[Decision | None] = relationship(foreign_keys=[answer_id])


class Note(Base):
    """What moderators tell each other of a person or of a case. Nobody else reads it."""

    __tablename__ = "moderator_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    words: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    by: Mapped[User | None] = relationship(foreign_keys=[by_id])

    __table_args__ = (CheckConstraint("(case_id IS NULL) <> (user_id IS NULL)", name="about_one"),)


class SavedReply(Base):
    """Words that moderators often write to people, to begin a message with."""

    __tablename__ = "saved_replies"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    words: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(12), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Report(Base):
    """Of a comment that may be illegal, by somebody who need not have an account."""

    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    signal_id: Mapped[int] = mapped_column(ForeignKey("signals.id", ondelete="CASCADE"), unique=True)
    # By which they can ask what became of it.
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    law: Mapped[str] = mapped_column(String(500))
    words: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(80), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    told_at: Mapped[datetime | None]

    signal: Mapped[Signal] = relationship(innerjoin=True)


class MonthFigures(Base):
    """The numbers of the transparency report for a month that is over; see moderation/figures."""

    __tablename__ = "month_figures"

    # As "2026-03".
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    numbers: Mapped[dict[str, Any]] = mapped_column()
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
