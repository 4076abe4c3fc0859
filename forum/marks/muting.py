"""Not reading what somebody writes. It is private: the other is told nothing, and sees no difference."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask_babel import ngettext
from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.foundation import clock
from forum.foundation.db import among, db
from forum.foundation.errors import Refused
from forum.marks.models import Mute

# Nobody chooses so many people one by one; a script would.
MOST = 500


def mute(person: User, by: User) -> None:
    """The caller has asked `may_mute`. Raises Refused when the list is full."""
    if db.session.scalars(select(func.count()).where(Mute.user_id == by.id)).one() >= MOST:
        raise Refused(
            ngettext(
                "You have muted %(num)d person, and that is the most. Unmute somebody first.",
                "You have muted %(num)d people, and that is the most. Unmute somebody first.",
                MOST,
            )
        )
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"user_id": by.id, "muted_id": person.id, "created_at": clock.now()}
    db.session.execute(dialect.insert(Mute).values(row).on_conflict_do_nothing())


def unmute(person: User, by: User) -> None:
    db.session.execute(delete(Mute).where(Mute.user_id == by.id, Mute.muted_id == person.id))


def has_muted(user: User, person: User) -> bool:
    return bool(muted_among(user, [person.id]))


def muted_among(user: User, person_ids: Collection[int]) -> set[int]:
    """Which of these people this person has muted. One query."""
    if not person_ids:
        return set()
    found = db.session.connection().execute(_AMONG, {"user": user.id, "people": person_ids})
    return set(found.scalars())


# Asked with every list of discussions: made once.
_AMONG = select(Mute.muted_id).where(Mute.user_id == bindparam("user"), among(Mute.muted_id, "people"))


def muted_by(user: User) -> Sequence[User]:
    """The people this person has muted, the newest first. One query."""
    rows = db.session.scalars(
        select(Mute)
        .where(Mute.user_id == user.id)
        .options(joinedload(Mute.muted))
        .order_by(Mute.created_at.desc(), Mute.muted_id.desc())
    )
    return [row.muted for row in rows]
