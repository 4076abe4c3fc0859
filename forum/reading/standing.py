"""How a member stands with a discussion, asked in one query before anything else is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import BindParameter, Select, bindparam, select

from forum.accounts.models import User
from forum.comments import drafts, queries, writers
from forum.comments.models import Draft
from forum.foundation import clock
from forum.foundation.db import db
from forum.marks.models import ReadingPosition
from forum.marks.reading import Position
from forum.posts.models import Post


@dataclass(frozen=True)
class Standing:
    """What there is of this person below a post: how far they have read, whether words of theirs wait to be posted or
    to be read by a moderator, and the language they write in.

    Most pages have none of those words on them, and need not ask for them.
    """

    position: Position | None
    has_drafts: bool
    has_waiting: bool
    lang: str


def of(viewer: User | None, post: Post) -> Standing | None:
    """One query for a member, none for a guest, who has no standing."""
    if viewer is None:
        return None
    values = {"user": viewer.id, "post": post.id, "kept_since": clock.now() - drafts.KEPT_FOR}
    since, seen_at, has_drafts, has_waiting, lang = db.session.connection().execute(_asked(), values).one()
    return Standing(Position(since, seen_at) if seen_at else None, has_drafts, has_waiting, lang or "")


@cache
def _asked() -> Select:
    user: BindParameter[int] = bindparam("user")
    post: BindParameter[int] = bindparam("post")
    here = (ReadingPosition.user_id == user, ReadingPosition.post_id == post)
    return select(
        select(ReadingPosition.since).where(*here).scalar_subquery(),
        select(ReadingPosition.seen_at).where(*here).scalar_subquery(),
        select(Draft.id)
        .where(Draft.user_id == user, Draft.post_id == post, Draft.saved_at > bindparam("kept_since"))
        .exists(),
        queries.waiting_numbers(user, post).exists(),
        writers.newest_language(user).scalar_subquery(),
    )
