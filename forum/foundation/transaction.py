"""Where changes become lasting. Only web/settle, foundation/jobs and cli call these."""

from __future__ import annotations

from forum.foundation.db import db


def commit() -> None:
    db.session.commit()


def roll_back() -> None:
    db.session.rollback()
