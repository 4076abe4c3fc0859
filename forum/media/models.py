"""Pictures people upload, and where they are used."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.foundation import clock
from forum.foundation.db import Base

# What a picture may be used in; `ref_id` is the number of a row of that kind.
COMMENT, POST, AVATAR = "comment", "post", "avatar"


class Upload(Base):
    """A picture as we made it anew from what was sent. `name` is its file and its address, and cannot be guessed."""

    __tablename__ = "uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    # The media type it is served with.
    kind: Mapped[str] = mapped_column(String(20))
    # Pixels, and bytes of the file.
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    # Since when no place shows it; none while one does. After a day it is swept away.
    unused_since: Mapped[datetime | None] = mapped_column(default=clock.now, index=True)


class UploadUse(Base):
    """One place that shows a picture."""

    __tablename__ = "upload_uses"

    upload_id: Mapped[int] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    ref_id: Mapped[int] = mapped_column(primary_key=True)

    __table_args__ = (Index("ix_upload_uses_place", "kind", "ref_id"),)
