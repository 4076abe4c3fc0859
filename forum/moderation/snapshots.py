"""How a comment stood before a decision: what an undo of it puts back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from forum.comments import publication, unediting
from forum.comments.models import Comment


def of(comment: Comment) -> dict[str, Any]:
    """As it is kept with the decision. Three queries at most."""
    note: dict[str, Any] = {
        "published_at": _written(comment.published_at),
        "hidden_at": _written(comment.hidden_at),
        "rank": comment.rank,
        "held_for": comment.held_for,
        "may_send_again": comment.may_send_again,
    }
    edit = unediting.noted(comment) if comment.is_public else None
    return note | {"edit": edit} if edit else note


def put_back(comment: Comment, state: str, before: dict[str, Any]) -> None:
    """Raises IllegalStep, or Conflict when somebody changed it at the same moment."""
    if comment.state != state:
        publication.go_back(
            comment, state, published_at=_read(before["published_at"]), hidden_at=_read(before["hidden_at"]),
            rank=before["rank"], held_for=before["held_for"],
        )  # fmt: skip
    else:
        comment.held_for = before["held_for"]
    comment.may_send_again = before["may_send_again"]
    if "edit" in before:
        unediting.take_back(comment, before["edit"])


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _read(word: str | None) -> datetime | None:
    return datetime.fromisoformat(word) if word is not None else None
