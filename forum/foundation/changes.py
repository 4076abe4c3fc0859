"""A number that moves with every change that guests can see, in the transaction of that change.

The database moves it itself, by triggers: no statement can pass them by, not one for many rows and not one typed by
hand. What a page was made of is unchanged as long as the number is the same. On PostgreSQL a writer takes any row of
the table that no other holds, so that nobody waits for it, and the number is the sum of all rows; a maximum would
miss the change that began first and was committed last.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from sqlalchemy import BigInteger, Connection, Engine, MetaData, create_engine, event, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.pool import QueuePool

from forum.foundation.db import Base

log = logging.getLogger(__name__)

# Tables that pages for guests are made of.
SEEN = ("posts", "post_authors", "post_tags", "tags", "series", "comments", "decisions", "users")
# Of these tables all columns but these.
UNSEEN_COLUMNS = {
    "comments": {"flag_weight", "text_digest"},
    "users": {
        "password_hash", "email_key", "trust", "language", "uses_keys", "reading_order", "theme", "origin",
        "silenced_until", "suspended_until", "has_warning", "queue_mail", "queue_mailed_at", "flag_mail",
    },
}  # fmt: skip
# The others: each is one person's own, or the machinery's, or changes with a comment (likes, revisions, upload_uses).
UNSEEN = {
    "sessions", "tokens", "drafts", "revisions", "likes", "bookmarks", "reading_positions", "mutes", "folds", "cases",
    "signals", "notices", "sanctions", "appeals", "moderator_notes", "saved_replies", "reports", "month_figures",
    "watched_words", "check_settings", "spam_words", "spam_lessons", "held_edits", "blocked_addresses", "events",
    "search_pending", "uploads", "upload_uses", "site_changes",
}  # fmt: skip

# Seconds for which another process's change may go unnoticed.
LOOK_EVERY = 0.25


class SiteChanges(Base):
    """A part of the number."""

    __tablename__ = "site_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, default=0)


class Watch:
    """The number, looked up seldom, over a connection that waits for no page."""

    def __init__(self, url: str, options: dict[str, Any]) -> None:
        alone = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0, "isolation_level": "AUTOCOMMIT"}
        self._engine = create_engine(url, **(options | alone))
        self._lock = threading.Lock()
        self.forget()

    def number(self) -> int | None:
        """The number, at most LOOK_EVERY old, and newer than the last commit of this process; None: no answer."""
        if self._is_due():
            with self._lock:
                # Whoever waited finds it done.
                if self._is_due():
                    self._look()
        return self._number

    def forget(self) -> None:
        """Look again at the next question, over a new connection."""
        self._number: int | None = None
        self._looked_at = 0.0
        self._after: object = None
        self._engine.dispose()

    def _is_due(self) -> bool:
        return self._after is not _commits.last or time.monotonic() - self._looked_at >= LOOK_EVERY

    def _look(self) -> None:
        # As of before the look: a commit that falls into it is looked for again. Until it is done, others wait for it.
        after, looked_at = _commits.last, time.monotonic()
        try:
            self._number = _ask(self._engine)
        except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error) as error:
            if self._number is not None:
                log.warning("the number of changes is not known: %s", error)
            self._number = None
        self._after, self._looked_at = after, looked_at


class _Commits:
    """The last commit of this process."""

    last: object = object()


_commits = _Commits()


@event.listens_for(Session, "after_commit")
def _note_commit(_session: Session) -> None:
    _commits.last = object()


def _ask(engine: Engine) -> int:
    # Not through SQLAlchemy's statements: this is asked four times a second, for ever.
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT sum(number) FROM site_changes")
        (number,) = cursor.fetchone() or (None,)
        cursor.close()
    finally:
        connection.close()
    return int(number or 0)


def number(session: Session) -> int:
    """The number as this transaction sees it. One query."""
    return int(session.connection().scalar(_NUMBER) or 0)


_NUMBER = select(func.sum(SiteChanges.number))


def triggers(dialect: str) -> list[str]:
    """The statements that make a new database count; its tables are there and empty."""
    return _triggers_of_postgresql() if dialect == "postgresql" else _triggers_of_sqlite()


def _triggers_of_sqlite() -> list[str]:
    begin = "INSERT INTO site_changes (id, number) VALUES (1, 0)"
    count = "UPDATE site_changes SET number = number + 1"
    return [begin] + [
        f"CREATE TRIGGER site_changes_{table}_{act.lower()} AFTER {act}{_columns(table) if act == 'UPDATE' else ''} "
        f"ON {table} BEGIN {count}; END"
        for table in SEEN
        for act in ("INSERT", "UPDATE", "DELETE")
    ]


def _triggers_of_postgresql() -> list[str]:
    # One count for a transaction is enough; the setting goes with it, also when a savepoint is undone.
    function = """
        CREATE OR REPLACE FUNCTION note_site_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF coalesce(current_setting('forum.is_noted', true), '') <> 'yes' THEN
            UPDATE site_changes SET number = number + 1
              WHERE id = (SELECT id FROM site_changes LIMIT 1 FOR UPDATE SKIP LOCKED);
            IF NOT FOUND THEN
              INSERT INTO site_changes (number) VALUES (1);
            END IF;
            PERFORM set_config('forum.is_noted', 'yes', true);
          END IF;
          RETURN NULL;
        END $$
    """
    return [function] + [
        f"CREATE TRIGGER site_changes_{table} AFTER INSERT OR DELETE OR UPDATE{_columns(table)} "
        f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION note_site_change()"
        for table in SEEN
    ]


def _columns(table: str) -> str:
    unseen = UNSEEN_COLUMNS.get(table)
    if not unseen:
        return ""
    columns = Base.metadata.tables[table].columns.keys()
    return f" OF {', '.join(name for name in columns if name not in unseen)}"


@event.listens_for(Base.metadata, "after_create")
def _install(_metadata: MetaData, connection: Connection, **_kwargs: Any) -> None:
    for statement in triggers(connection.dialect.name):
        connection.exec_driver_sql(statement)
