"""People: their accounts, their sessions, and the tokens mailed to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.foundation import clock
from forum.foundation.db import Base

# Trust is earned by approved comments; 0 means that a first comment is read before it is shown.
NEWCOMER, KNOWN, TRUSTED = 0, 1, 3

# The end of what lasts until somebody ends it.
UNTIL_LIFTED = datetime(9999, 1, 1, tzinfo=UTC)


class User(Base):
    """An account. Imported writers are accounts without an address or a password: unclaimed."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(40))
    # What look-alikes have in common; see accounts/usernames.
    username_key: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str | None] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    confirmed_at: Mapped[datetime | None]
    is_author: Mapped[bool] = mapped_column(default=False)
    is_moderator: Mapped[bool] = mapped_column(default=False)
    is_admin: Mapped[bool] = mapped_column(default=False)
    trust: Mapped[int] = mapped_column(default=NEWCOMER)
    bio: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[str] = mapped_column(String(120), default="")
    organisation: Mapped[str] = mapped_column(String(120), default="")
    # The name of an uploaded picture in media/; none shows initials.
    avatar: Mapped[str | None] = mapped_column(String(80))
    language: Mapped[str | None] = mapped_column(String(12))
    # How this person reads: one-letter keys, the order of comments ("" is the site's), light or dark ("" is theirs).
    uses_keys: Mapped[bool] = mapped_column(default=True, server_default=true())
    reading_order: Mapped[str] = mapped_column(String(10), default="", server_default="")
    theme: Mapped[str] = mapped_column(String(8), default="", server_default="")
    # Until when a person may not write, as moderation/sanctions says. Who is suspended can still read, and appeal.
    silenced_until: Mapped[datetime | None]
    suspended_until: Mapped[datetime | None]
    # A moderator has warned this person, who has not said yet that they read it.
    has_warning: Mapped[bool] = mapped_column(default=False, server_default=false())
    # How often a moderator is mailed what waits, as moderation/care says, and when that was last done.
    queue_mail: Mapped[str] = mapped_column(String(8), default="", server_default="")
    queue_mailed_at: Mapped[datetime | None]
    # Whether this person is written to when it is decided what they flagged.
    flag_mail: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Where an imported writer comes from: "source:key", so that a second import finds them.
    origin: Mapped[str | None] = mapped_column(String(300), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        CheckConstraint("(email IS NULL) = (email_key IS NULL)", name="email_with_key"),
        # For the beginnings of names; see accounts/queries.
        Index("ix_users_username_start", "username", postgresql_ops={"username": "text_pattern_ops"}),
        Index("ix_users_name_start", "name", postgresql_ops={"name": "text_pattern_ops"}),
    )

    @property
    def is_claimed(self) -> bool:
        return self.email is not None

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def is_newcomer(self) -> bool:
        return self.trust <= NEWCOMER and not self.is_staff

    @property
    def is_staff(self) -> bool:
        return self.is_moderator or self.is_admin

    @property
    def is_trusted(self) -> bool:
        return self.trust >= TRUSTED or self.is_staff

    @property
    def is_silenced(self) -> bool:
        return self.silenced_until is not None and self.silenced_until > clock.now()

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None and self.suspended_until > clock.now()


class Session(Base):
    """One signed-in browser; the cookie holds the secret, the row its digest."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    is_kept: Mapped[bool] = mapped_column(default=False)
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class BlockedAddress(Base):
    """An address that a spammer used, as a digest: nobody joins with it again."""

    __tablename__ = "blocked_addresses"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    blocked_at: Mapped[datetime] = mapped_column(default=clock.now)


class Token(Base):
    """A mailed link or code: for one purpose, for some hours, for one use."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    nonce: Mapped[str] = mapped_column(String(64))
    # Names this row in the browser that asked, so that a code can be typed there.
    handle_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_usable(self) -> bool:
        return self.used_at is None and self.expires_at > clock.now()

    def use(self) -> None:
        self.used_at = clock.now()

    def is_younger_than(self, age: timedelta) -> bool:
        return clock.now() - self.created_at < age
