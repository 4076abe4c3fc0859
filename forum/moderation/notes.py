"""What moderators tell each other of a person or of a case. Nobody else reads it, not even whom it is about."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.moderation.models import Case, Note

LONGEST = 2_000
# Of one person, or one case, on its page: the newest.
MOST_SHOWN = 20


def about_person(user: User, by: User, words: str) -> Note:
    """The caller has asked `may_moderate`. Raises Refused."""
    return _add(Note(user_id=user.id, by_id=by.id, words=_checked(words), created_at=clock.now()))


def about_case(case: Case, by: User, words: str) -> Note:
    """The same on a case. Colleagues who have it open see it come."""
    note = _add(Note(case_id=case.id, by_id=by.id, words=_checked(words), created_at=clock.now()))
    publish(catalog.CaseChanged(case.id))
    return note


def take_back(note: Note) -> None:
    """The caller has asked `permissions.may_take_back`."""
    db.session.delete(note)


def by_id(note_id: int) -> Note | None:
    return db.session.get(Note, note_id)


def of_person(user: User) -> Sequence[Note]:
    """The newest first. One query."""
    return _newest(Note.user_id == user.id)


def around(case: Case, user: User) -> tuple[list[Note], list[Note]]:
    """Notes on a case and on the person it is about, the newest first. One query."""
    found = _newest(or_(Note.case_id == case.id, Note.user_id == user.id), 2 * MOST_SHOWN)
    return [note for note in found if note.case_id], [note for note in found if note.user_id]


def _newest(where: ColumnElement[bool], limit: int = MOST_SHOWN) -> Sequence[Note]:
    found = select(Note).where(where).options(joinedload(Note.by)).order_by(Note.id.desc()).limit(limit)
    return db.session.scalars(found).all()


def _add(note: Note) -> Note:
    db.session.add(note)
    db.session.flush()
    return note


def _checked(words: str) -> str:
    words = words.strip()
    if not words:
        raise Refused(_("Write the note first"), "words")
    if len(words) > LONGEST:
        raise Refused(
            ngettext("Shorten the note by %(num)d character", "Shorten the note by %(num)d characters",
                     len(words) - LONGEST),
            "words",
        )  # fmt: skip
    return words
