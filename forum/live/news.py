"""What readers of an open page are told: that a comment is public, reads differently, or is public no more.

Told is what anybody may know at the moment of telling, asked anew each time: an event says that something happened,
and the rows say whether it is still so. Nothing that was never public has such an event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select

from forum.comments.models import PUBLISHED as COMMENT_PUBLISHED
from forum.comments.models import Comment
from forum.events import tail
from forum.events.catalog import CommentEdited, CommentHidden, CommentPublished, PostUnpublished
from forum.events.log import EventRow
from forum.foundation.db import db
from forum.posts.models import PUBLISHED as POST_PUBLISHED
from forum.posts.models import Post

PUBLISHED, EDITED, HIDDEN, GONE = "published", "edited", "hidden", "gone"
_KINDS = {
    CommentPublished.__name__: PUBLISHED,
    CommentEdited.__name__: EDITED,
    CommentHidden.__name__: HIDDEN,
    PostUnpublished.__name__: GONE,
}
# One look at the log: a second of the busiest site.
BATCH = 500
# A page that missed more is better loaded again than mended.
MOST_MISSED = 200
# How many events, of all discussions, are looked through for what one page missed: about 10 ms.
MOST_LOOKED_THROUGH = 5_000


@dataclass(frozen=True)
class News:
    """One event of a discussion; of a post that is gone, without a comment."""

    event: int
    kind: str
    comment: int | None
    parent: int | None

    def told(self) -> dict[str, Any]:
        """What a page is sent: numbers only."""
        return asdict(self)


@dataclass(frozen=True)
class Discussion:
    """A public post, as its number and the version of its discussion."""

    id: int
    version: int


def discussion(slug: str) -> Discussion | None:
    """The public post at this address. One query; who asks does not matter."""
    row = db.session.execute(
        select(Post.id, Post.thread_version).where(Post.slug == slug, Post.state == POST_PUBLISHED)
    ).one_or_none()
    return Discussion(*row) if row else None


def since(database: tail.Asks, place: tail.Place) -> tuple[tail.Place, list[tuple[int, News]]]:
    """What came after this place, each with the post it belongs to, and the place after it. One query."""
    rows = database.execute(_joined().where(place.unread()).order_by(EventRow.id).limit(BATCH)).all()
    return place.after(rows), [(row.post_id, found) for row in rows if (found := _read(row))]


def missed(asked: Discussion, after: int, version: int) -> Sequence[News] | None:
    """What happened in one discussion after this event; None when the page should be loaded again. Two queries.

    `version` is that of the page: an unchanged discussion has missed nothing, however long ago it was loaded.
    """
    oldest, newest = db.session.execute(
        select(
            select(func.min(EventRow.id)).scalar_subquery(),
            select(func.max(EventRow.id)).scalar_subquery(),
        )
    ).one()
    if version == asked.version or after == (newest or 0):
        return []
    # An event of the future is one of another database: it was put back to an earlier day.
    if not (oldest or 0) - 1 <= after <= (newest or 0) <= after + MOST_LOOKED_THROUGH:
        return None
    rows = db.session.execute(
        _joined().where(EventRow.id > after, Post.id == asked.id).order_by(EventRow.id).limit(MOST_MISSED + 1)
    ).all()
    return [found for row in rows if (found := _read(row))] if len(rows) <= MOST_MISSED else None


def _joined() -> Select:
    """Events with the comment and the post they are about, if there are such."""
    about = EventRow.payload["comment_id"].as_integer()
    below = func.coalesce(Comment.post_id, EventRow.payload["post_id"].as_integer())
    return (
        select(
            EventRow.id,
            EventRow.created_at,
            EventRow.name,
            Post.id.label("post_id"),
            Comment.id.label("comment_id"),
            Comment.parent_id,
            (Post.state == POST_PUBLISHED).label("is_post_public"),
            (Comment.state == COMMENT_PUBLISHED).label("is_public"),
            Comment.rank.is_not(None).label("was_seen"),
        )
        .outerjoin(Comment, Comment.id == about)
        .outerjoin(Post, Post.id == below)
    )


def _read(row: Row[Any]) -> News | None:
    """What this event tells now, if anything."""
    kind = _KINDS.get(row.name)
    if kind == GONE:
        return News(row.id, kind, None, None) if row.post_id and not row.is_post_public else None
    if kind is None or not row.is_post_public or not row.was_seen or bool(row.is_public) == (kind == HIDDEN):
        return None
    return News(row.id, kind, row.comment_id, row.parent_id)
