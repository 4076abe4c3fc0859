"""One request, one transaction: kept when the answer is good, undone when it is not."""

from __future__ import annotations

from flask import Flask, Response, g

from forum.foundation import transaction


def install(app: Flask) -> None:
    app.after_request(_settle)


def keep_anyway() -> None:
    """Keep this request's changes although its answer is a refusal: a counted try must stay counted."""
    g.keep_anyway = True


def undo() -> None:
    """Undo what this request changed, so that its page can ask the database again."""
    transaction.roll_back()


def _settle(response: Response) -> Response:
    # Committed before the answer leaves: what a person was told is true.
    if response.status_code < 400 or g.pop("keep_anyway", False):
        transaction.commit()
    else:
        transaction.roll_back()
    return response
