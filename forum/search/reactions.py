"""What the index has to learn after an event: noted here, and written later, so that nobody waits for it."""

from __future__ import annotations

from sqlalchemy import Select, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from forum.comments.models import Comment
from forum.events import catalog
from forum.foundation.db import db
from forum.search.engine import COMMENT, POST
from forum.search.models import Pending


def note_comment(event: catalog.CommentPublished | catalog.CommentEdited | catalog.CommentHidden) -> None:
    """A comment reads differently, or may not be read any more."""
    _note(select(literal(COMMENT), literal(event.comment_id), literal(1)))


def note_post(event: catalog.PostChanged) -> None:
    """A post reads differently."""
    _note(select(literal(POST), literal(event.post_id), literal(1)))


def note_discussion(event: catalog.PostPublished | catalog.PostUnpublished) -> None:
    """A post and all comments on it became public, or ceased to be. Two statements, however many they are."""
    _note(select(literal(POST), literal(event.post_id), literal(1)))
    _note(select(literal(COMMENT), Comment.id, literal(1)).where(Comment.post_id == event.post_id))


def _note(things: Select[str, int, int]) -> None:
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    # A SELECT without WHERE would take the ON of ON CONFLICT for that of a join, says SQLite.
    new = dialect.insert(Pending).from_select(["kind", "thing_id", "version"], things.where(literal(1) == 1))
    again = {"version": Pending.version + 1}
    db.session.execute(new.on_conflict_do_update(index_elements=["kind", "thing_id"], set_=again))
