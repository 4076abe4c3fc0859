"""The outbox: events stored in the transaction of the change they tell."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.foundation import clock
from forum.foundation.db import Base


class EventRow(Base):
    """One event; `relayed_at` is set once each of its reactions is a job."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    relayed_at: Mapped[datetime | None]

    # Small for ever: only what still waits is in it.
    __table_args__ = (
        Index(
            "ix_events_waiting",
            "id",
            sqlite_where=text("relayed_at IS NULL"),
            postgresql_where=text("relayed_at IS NULL"),
        ),
    )
