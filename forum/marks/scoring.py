"""How well a comment is liked, as a number that comments of one discussion are ordered by.

The number of likes alone puts what was written first on top, for more people have seen it; the share of those who like
it puts what one of one likes above what ninety of a hundred do. The score is the lower bound of that share: what it is
at least, as far as so few can tell. It is the lower end of the interval of Wilson (E. B. Wilson, “Probable Inference,
the Law of Succession, and Statistical Inference”, Journal of the American Statistical Association 22, 1927, pp.
209–212) with 95 % confidence, used for this as Evan Miller proposes in “How Not To Sort By Average Rating” (2009).

There are likes only, and nobody says that they read a comment and did not like it. Counted as a reader of a comment is
who liked anything in the discussion at or after the moment the comment was published: of n such people, k like this
one. It is a guess, and the same one for all. Who reads and likes nothing counts nowhere; who liked the newest comment
counts as a reader of all, of pages they never opened too. So an old comment needs more likes than a new one.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Table, bindparam, func, select, update

from forum.comments import counting
from forum.comments.models import Comment
from forum.foundation.db import db
from forum.marks.models import Like

# The quantile of the normal distribution for 95 % on both sides.
Z = 1.959964
MILLION = 1_000_000
# What a comment has from its first like until it is scored. No liked comment has less, and no other comment more.
UNSCORED = 1

_comments: Table = Comment.__table__  # type: ignore[assignment]
_SCORED = update(_comments).where(_comments.c.id == bindparam("number")).values(like_score=bindparam("score"))


def lower_bound(liked: int, readers: int) -> int:
    """The least share of all readers that so many of these readers tell of, in millionths."""
    if not liked:
        return 0
    share, square = liked / readers, Z * Z / readers
    middle = share + square / 2
    margin = math.sqrt((share * (1 - share) + square / 4) * square)
    return max(UNSCORED, round((middle - margin) / (1 + square) * MILLION))


def score(post_id: int) -> int:
    """Score the liked comments of a discussion; how many scores changed.

    Two queries, whose work grows with the likes there and not with the comments, and one statement for what changed.
    Doing it twice changes nothing.
    """
    newest_likes = _newest_likes(post_id)
    changed = []
    for number, likes, published_at, stored in _liked(post_id):
        readers = len(newest_likes) - bisect_left(newest_likes, published_at)
        # Clocks differ: who likes a comment has read it.
        counted = lower_bound(likes, max(readers, likes))
        if counted != stored:
            changed.append({"number": number, "score": counted})
    if changed:
        # Past the mapper: a score makes no new version of a comment.
        db.session.connection().execute(_SCORED, changed)
        counting.touch(post_id)
    return len(changed)


def _newest_likes(post_id: int) -> Sequence[datetime]:
    """When each person who likes anything in this discussion last did so, the earliest first."""
    newest = func.max(Like.created_at)
    rows = db.session.scalars(
        select(newest)
        .join(Comment, Comment.id == Like.comment_id)
        .where(Comment.post_id == post_id, Comment.like_score > 0)
        .group_by(Like.user_id)
        .order_by(newest)
    )
    return rows.all()


def _liked(post_id: int):
    return db.session.execute(
        select(Comment.id, Comment.like_count, Comment.published_at, Comment.like_score).where(
            Comment.post_id == post_id, Comment.like_score > 0, Comment.published_at.is_not(None)
        )
    )
