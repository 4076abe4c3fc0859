"""How far people have read: their visits to a discussion, and what came since the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, case, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from forum.accounts.models import User
from forum.comments import tree
from forum.comments.models import PUBLISHED, Comment
from forum.foundation import clock
from forum.foundation.db import among, db
from forum.marks.models import Mute, ReadingPosition

# A longer pause ends a visit; what people who count visits to pages agree on.
PAUSE = timedelta(minutes=30)
# Within a visit the position moves no oftener, so that most pages write nothing.
BEAT = timedelta(minutes=1)
# More new comments than these are “500+”: a page costs the same whatever happened meanwhile.
MOST = 500
# So many of the newest are looked at for them, for some are one's own or of people one does not read.
LOOKED_AT = 1_000
# The same in a row of a list, which may have twenty discussions.
MOST_IN_ROW = 99
LOOKED_AT_IN_ROW = 150


@dataclass(frozen=True)
class Visit:
    """A person's stay in a discussion. What came after `since` is new; a first visit has none, and nothing is.

    `begins` on its first page. `is_due` when the position should move.
    """

    user_id: int
    post_id: int
    since: datetime | None
    begins: bool
    is_due: bool


@dataclass(frozen=True)
class New:
    """A comment that came since."""

    id: int
    path: str
    published_at: datetime

    @property
    def root_path(self) -> str:
        """Where the branch begins that it stands in."""
        return self.path[: tree.WIDTH]


@dataclass(frozen=True)
class Found:
    """New comments, the newest first; when there are more than were looked at, `is_cut`."""

    rows: Sequence[New] = ()
    is_cut: bool = False


@dataclass(frozen=True)
class Position:
    """Until when somebody has read, and since when what came is new to them."""

    since: datetime | None
    seen_at: datetime


def visit(user: User, post_id: int) -> Visit:
    """The visit that a page opened now belongs to. Writes nothing. One query."""
    row = db.session.execute(
        select(ReadingPosition.since, ReadingPosition.seen_at).where(
            ReadingPosition.user_id == user.id, ReadingPosition.post_id == post_id
        )
    ).one_or_none()
    return visit_of(user.id, post_id, Position(*row) if row is not None else None)


def visit_of(user_id: int, post_id: int, position: Position | None) -> Visit:
    """The same for somebody whose position is known; none is nobody's who was here."""
    if position is None:
        return Visit(user_id, post_id, None, begins=True, is_due=True)
    pause = clock.now() - position.seen_at
    begins = pause >= PAUSE
    return Visit(user_id, post_id, position.seen_at if begins else position.since, begins, is_due=pause >= BEAT)


def record(user_id: int, post_id: int) -> None:
    """Note that this person reads this discussion now. Of two pages at once the second changes nothing."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    now = clock.now()
    new = dialect.insert(ReadingPosition).values(user_id=user_id, post_id=post_id, since=None, seen_at=now)
    ended = ReadingPosition.seen_at <= now - PAUSE
    db.session.execute(
        new.on_conflict_do_update(
            index_elements=[ReadingPosition.user_id, ReadingPosition.post_id],
            set_={"since": case((ended, ReadingPosition.seen_at), else_=ReadingPosition.since), "seen_at": now},
            where=ReadingPosition.seen_at <= now - BEAT,
        )
    )


def new_in(user: User, post_id: int, since: datetime) -> Found:
    """What others have published below a post since then, as far as this person reads them. One query."""
    values = {"post": post_id, "since": since, "user": user.id}
    rows = db.session.connection().execute(_new_in(), values).all()
    is_cut = bool(rows) and (len(rows) > MOST or rows[0][3] >= LOOKED_AT)
    return Found([New(*row[:3]) for row in rows[:MOST]], is_cut)


@cache
def _new_in() -> Select:
    newest = (
        select(Comment.id, Comment.path, Comment.published_at, Comment.author_id)
        .where(
            Comment.post_id == bindparam("post"),
            Comment.state == PUBLISHED,
            Comment.published_at > bindparam("since"),
        )
        .order_by(Comment.published_at.desc())
        .limit(LOOKED_AT)
        .cte("newest")
    )
    looked_at = select(func.count()).select_from(newest).scalar_subquery()
    return (
        select(newest.c.id, newest.c.path, newest.c.published_at, looked_at)
        .where(is_read_by(bindparam("user"), newest.c.author_id))
        .order_by(newest.c.published_at.desc(), newest.c.id.desc())
        .limit(MOST + 1)
    )


def first_unread(user: User, post_id: int) -> New | None:
    """The new comment that stands first: of those since the last look, else of the whole visit.

    Three queries at most.
    """
    row = db.session.get(ReadingPosition, (user.id, post_id))
    if row is None:
        return None
    for since in (row.seen_at, row.since):
        found = new_in(user, post_id, since).rows if since is not None else ()
        if found:
            return min(found, key=lambda new: new.path)
    return None


def is_read_by(
    user_id: int | BindParameter[int], author_id: ColumnElement[int] | InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """Whether a writer is another person, and one that this person has not muted."""
    muted = select(Mute.muted_id).where(Mute.user_id == user_id)
    return (author_id != user_id) & author_id.not_in(muted)


def unread_in(user: User, post_ids: Sequence[int]) -> dict[int, int]:
    """How many new comments each of these discussions has since this person last looked in, if ever they did.

    One query; it counts a little past MOST_IN_ROW and no further.
    """
    if not post_ids:
        return {}
    values = {"user": user.id, "posts": post_ids}
    return dict(db.session.connection().execute(_unread_in(), values).tuples().all())


@cache
def _unread_in() -> Select:
    """Asked with every list of discussions: made once."""
    user: BindParameter[int] = bindparam("user")
    return select(ReadingPosition.post_id, _count_since(user)).where(
        ReadingPosition.user_id == user, among(ReadingPosition.post_id, "posts")
    )


def _count_since(user_id: BindParameter[int]):
    newest: Select = (
        select(Comment.author_id)
        .where(
            Comment.post_id == ReadingPosition.post_id,
            Comment.state == PUBLISHED,
            Comment.published_at > ReadingPosition.seen_at,
        )
        .order_by(Comment.published_at.desc())
        .limit(LOOKED_AT_IN_ROW)
        .correlate(ReadingPosition)
    )
    looked_at = newest.subquery()
    counted = select(func.count()).select_from(looked_at).where(is_read_by(user_id, looked_at.c.author_id))
    return counted.correlate(ReadingPosition).scalar_subquery()
