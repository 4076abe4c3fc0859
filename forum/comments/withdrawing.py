"""Taking one's own comment back; replies stay under a line that says so."""

from __future__ import annotations

from forum.comments import editing, publication
from forum.comments.models import WITHDRAWN, Comment
from forum.events import catalog
from forum.events.publish import publish


def withdraw(comment: Comment) -> None:
    """The caller has asked `may_withdraw`. Raises IllegalStep when it was taken away meanwhile."""
    publication.take_away(comment, WITHDRAWN)
    editing.drop_waiting(comment)
    publish(catalog.CommentWithdrawn(comment.id))
