"""What the index still has to learn."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from forum.foundation.db import Base


class Pending(Base):
    """A post, comment or person whose entry is out of date; see `noting`. Gone once a commit of the index holds it."""

    __tablename__ = "search_pending"

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    thing_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # Rises when it changes again while a batch is being written, so that the later change is not forgotten.
    version: Mapped[int] = mapped_column(default=1)
