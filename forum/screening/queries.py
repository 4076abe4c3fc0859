"""What the checks ask the database. Each question has a known number of rows, and an index that finds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from forum.comments import tree
from forum.comments.models import HELD, PUBLISHED, Comment
from forum.foundation.db import db
from forum.screening.models import WatchedWord

# Of a person's comments the newest so many are looked at.
LATELY = 20
# Above a comment so many are looked at: what was said further up has cooled down.
HIGHEST = 20


@dataclass(frozen=True)
class Before:
    """An earlier comment of the same person."""

    id: int
    root_id: int | None
    state: str
    body: str
    created_at: datetime

    @property
    def thread(self) -> int:
        """The comment on the post that it hangs below, or is."""
        return self.root_id or self.id


# Made once: to put a statement together takes as long as to ask it.
_LATELY = (
    select(Comment.id, Comment.root_id, Comment.state, Comment.body, Comment.created_at)
    .where(
        Comment.author_id == bindparam("author"),
        Comment.created_at <= bindparam("at"),
        Comment.id != bindparam("but"),
    )
    .order_by(Comment.created_at.desc(), Comment.id.desc())
    .limit(LATELY)
)
_OTHERS = select(func.count(Comment.author_id.distinct())).where(
    Comment.text_digest == bindparam("digest"),
    Comment.created_at >= bindparam("since"),
    Comment.created_at <= bindparam("at"),
    Comment.author_id != bindparam("author"),
    Comment.state.in_([HELD, PUBLISHED]),
)


def lately_by(author_id: int, at: datetime, but: int = 0) -> Sequence[Before]:
    """What a person wrote last before this moment, the newest first, without one of them. One query."""
    rows = db.session.execute(_LATELY, {"author": author_id, "at": at, "but": but})
    return [Before(*row) for row in rows]


def others_with(digest: str, author_id: int, since: datetime, at: datetime) -> int:
    """How many other people posted this text in this time. One query."""
    return db.session.scalar(_OTHERS, {"digest": digest, "since": since, "at": at, "author": author_id}) or 0


def flags_above(parent: Comment) -> list[tuple[int, int]]:
    """Who wrote the comments from this one upwards, and what the flags on each weigh, in hundredths. One query."""
    chain = [*tree.ancestors(parent.path), parent.path][-HIGHEST:]
    rows = db.session.execute(
        select(Comment.author_id, Comment.flag_weight).where(
            Comment.post_id == parent.post_id, Comment.path.in_(chain), Comment.flag_weight > 0
        )
    )
    return [(author, weight) for author, weight in rows]


def watched_words() -> Sequence[WatchedWord]:
    """All of them, in the order of the alphabet. One query."""
    return db.session.scalars(select(WatchedWord).order_by(WatchedWord.pattern, WatchedWord.id)).all()
