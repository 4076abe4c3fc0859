"""Taking back that new words for a public comment were let in, or turned away: they wait again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from forum.comments import counting, digests, editing, pictures, publication
from forum.comments.models import Comment, HeldEdit, Revision
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation.db import db
from forum.foundation.errors import Conflict

_WORDS = ("body", "body_html", "renderer", "lang")


def noted(comment: Comment) -> dict[str, Any] | None:
    """What waits and what readers read now, to be kept until it is known what becomes of it. One query, three where
    something waits."""
    edit = editing.waiting_of(comment)
    if edit is None:
        return None
    return {
        "waits": {name: getattr(edit, name) for name in _WORDS}
        | {"held_for": edit.held_for, "written_at": edit.written_at.isoformat()},
        "was": {name: getattr(comment, name) for name in _WORDS}
        | {"edited_at": comment.edited_at.isoformat() if comment.edited_at else None},
        "revision": _newest_revision(comment),
    }


def take_back(comment: Comment, note: dict[str, Any]) -> None:
    """Readers read the words of before, and those that waited wait. Raises Conflict when there are newer ones."""
    waits, was = note["waits"], note["was"]
    if editing.waiting_of(comment) is not None:
        raise Conflict(_("The writer has sent new words since, so this cannot be undone. Decide on those."))
    if comment.body != was["body"] or comment.lang != was["lang"]:
        _require_same(comment, waits)
        publication.take_turn(comment)
        _restore(comment, was, note["revision"])
    edit = HeldEdit(comment_id=comment.id, held_for=waits["held_for"], **{name: waits[name] for name in _WORDS})
    edit.written_at = datetime.fromisoformat(waits["written_at"])
    db.session.add(edit)
    db.session.flush()


def _require_same(comment: Comment, waits: dict[str, Any]) -> None:
    if comment.body != waits["body"] or comment.lang != waits["lang"]:
        raise Conflict(_("This comment has changed since the decision, so it cannot be undone. Decide anew."))


def _restore(comment: Comment, was: dict[str, Any], revision: int) -> None:
    read_until_now = comment.body_html
    db.session.execute(delete(Revision).where(Revision.comment_id == comment.id, Revision.id > revision))
    for name in _WORDS:
        setattr(comment, name, was[name])
    comment.edited_at = datetime.fromisoformat(was["edited_at"]) if was["edited_at"] else None
    comment.text_digest = digests.of(comment.body)
    db.session.flush()
    pictures.note_edit(comment, read_until_now)
    counting.touch(comment.post_id)
    publish(catalog.CommentEdited(comment.id))


def _newest_revision(comment: Comment) -> int:
    return db.session.scalar(select(func.max(Revision.id)).where(Revision.comment_id == comment.id)) or 0
