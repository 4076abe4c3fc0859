"""One request, one transaction: kept when the answer is good, undone when it is not."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask, Response, g
from sqlalchemy.exc import SQLAlchemyError

from forum.foundation import transaction

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    app.after_request(_settle)


def keep_anyway() -> None:
    """Keep this request's changes although its answer is a refusal: a counted try must stay counted."""
    g.keep_anyway = True


def afterwards(note: Callable[[], None]) -> None:
    """Note this once the answer is settled, in a transaction of its own.

    For what a page can do without: while others write, or when it fails, it is left undone and the answer stands.
    """
    g.setdefault("afterwards", []).append(note)


def undo() -> None:
    """Undo what this request changed, so that its page can ask the database again."""
    transaction.roll_back()


def _settle(response: Response) -> Response:
    notes = g.pop("afterwards", [])
    # Committed before the answer leaves: what a person was told is true.
    if response.status_code < 400 or g.pop("keep_anyway", False):
        transaction.commit()
    else:
        transaction.roll_back()
    if response.status_code < 400:
        for note in notes:
            _try(note)
    return response


def _try(note: Callable[[], None]) -> None:
    try:
        with transaction.impatient():
            note()
        transaction.commit()
    except SQLAlchemyError as error:
        transaction.roll_back()
        log.info("left undone: %s", error)
