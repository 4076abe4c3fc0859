"""Comments, for a page of a discussion at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from forum.accounts.models import User
from forum.comments import tree
from forum.comments.models import HELD, IN_THE_TREE, PUBLISHED, REJECTED, Comment, Revision
from forum.foundation import clock, paging
from forum.foundation.db import UtcDateTime, among, db
from forum.posts.models import PUBLISHED as POST_PUBLISHED
from forum.posts.models import Post

# What a statement is made with: a value, or the name of one that it is run with.
Value = int | BindParameter[int]

OLDEST, NEWEST, LIKED = "oldest", "newest", "liked"
ORDERS = (OLDEST, NEWEST, LIKED)
# Replies shown below each comment before “Show more”.
FIRST_REPLIES = 3
# Levels below the top of a page, as drawn.
LEVELS = 5
# A page ends after the branch that reaches this many comments: about twenty screens of a telephone.
ENOUGH = 100
MOST_BRANCHES = 50
# Names in the line above a branch: where it begins, and what leads to it.
LONGEST_TRAIL = 5
# Comments on a page that belongs to one person.
PAGE = 30
# A line in place of a comment without replies goes after a month.
TOMBSTONE_STAYS = timedelta(days=30)


def parent_with_author() -> ORMOption:
    """Load the comment that was answered and its writer along.

    Unnested: else both databases first join every comment there is with its writer.
    """
    return joinedload(Comment.parent).joinedload(Comment.author, innerjoin="unnested")  # type: ignore[arg-type]


def writer_and_post() -> tuple[Any, Any]:
    """Load the writer and the post along of a comment that need not be there, as that of a case.

    Not as inner joins: else SQLite first joins every comment there is with its writer and post.
    """
    return joinedload(Comment.author, innerjoin=False), joinedload(Comment.post, innerjoin=False)


def by_id(comment_id: int) -> Comment | None:
    """A comment with its writer and post. One query."""
    return db.session.scalar(_BY_ID, {"number": comment_id})


_BY_ID = (
    select(Comment)
    .where(Comment.id == bindparam("number"))
    .options(joinedload(Comment.author), joinedload(Comment.post))
)


def shown(comment: type[Comment] | ColumnElement = Comment) -> ColumnElement[bool]:
    """What readers see in the tree: the public ones, and lines in place of those that were.

    A comment that went back to a moderator leaves a line only where replies hang on it.
    """
    c = comment
    # Asked for when the statement is run, so that it can be made once.
    a_month_ago = bindparam(None, callable_=lambda: clock.now() - TOMBSTONE_STAYS, type_=UtcDateTime(), unique=True)
    is_fresh = and_(c.state.in_(IN_THE_TREE), c.hidden_at > a_month_ago)
    return and_(c.rank.is_not(None), or_(c.state == PUBLISHED, c.descendant_count > 0, is_fresh))


@dataclass(frozen=True)
class Step:
    """A comment as a link to it: its number, and who wrote it; no name where it is gone."""

    id: int
    name: str


@dataclass(frozen=True)
class Trail:
    """What stands above a comment, the comment on the post first; `left_out` are between it and the others."""

    steps: Sequence[Step] = ()
    left_out: int = 0


def trail_to(comment: Comment) -> Trail:
    """The way down to this comment. One query, however deep it stands."""
    above = tree.ancestors(comment.path)
    if not above:
        return Trail()
    kept = above if len(above) <= LONGEST_TRAIL else [above[0], *above[1 - LONGEST_TRAIL :]]
    steps = _steps(and_(Comment.post_id == comment.post_id, Comment.path.in_(kept)))
    return Trail(steps, len(above) - len(kept))


def steps_to(comment_ids: Collection[int]) -> dict[int, Step]:
    """These comments as links. One query."""
    return {step.id: step for step in _steps(among(Comment.id, "numbers"), numbers=comment_ids)}


def _steps(wanted: ColumnElement[bool], **values: object) -> list[Step]:
    rows = db.session.execute(
        select(Comment.id, Comment.state, User.name).join(Comment.author).where(wanted).order_by(Comment.path), values
    )
    return [Step(number, name if state == PUBLISHED else "") for number, state, name in rows]


_COUNT_BY = select(func.count()).where(
    Comment.post_id == bindparam("post"), among(Comment.author_id, "authors"), Comment.state == PUBLISHED
)


def count_by(post_id: int, author_ids: Collection[int]) -> int:
    """How many public comments these people have below a post. One query."""
    return db.session.scalar(_COUNT_BY, {"post": post_id, "authors": author_ids}) or 0


def at(post_id: int, paths: Collection[str]) -> list[Comment]:
    """The comments at these places, with their writers and whom they answer. One query."""
    if not paths:
        return []
    return list(
        db.session.scalars(
            select(Comment)
            .where(Comment.post_id == post_id, Comment.path.in_(paths))
            .options(joinedload(Comment.author), parent_with_author())
        )
    )


def waiting_of(user: User, post_id: int) -> Sequence[Comment]:
    """This person's comments below a post that only they and moderators see. One query.

    Chosen by number first: SQLite would else read the whole discussion in the order of paths.
    """
    return db.session.scalars(
        select(Comment)
        .where(Comment.id.in_(waiting_numbers(user.id, post_id)))
        .options(joinedload(Comment.author), parent_with_author())
        .order_by(Comment.path)
        .limit(50)
    ).all()


def waiting_numbers(user_id: Value, post_id: Value) -> Select:
    """Which comments those are; for a part of another query."""
    return select(Comment.id).where(
        Comment.post_id == post_id, Comment.author_id == user_id, Comment.state.in_([HELD, REJECTED])
    )


def revisions_of(comment: Comment) -> Sequence[Revision]:
    return db.session.scalars(select(Revision).where(Revision.comment_id == comment.id).order_by(Revision.id)).all()


def revisions_before(comment: Comment, before: int, limit: int) -> Sequence[Revision]:
    """What it said before, the newest first: all of it, or what came before this revision. One query."""
    found = select(Revision).where(Revision.comment_id == comment.id)
    if before:
        found = found.where(Revision.id < before)
    return db.session.scalars(found.order_by(Revision.id.desc()).limit(limit)).all()


def public_by(user: User, after: str = "", limit: int = PAGE) -> tuple[Sequence[Comment], str | None]:
    """A page of what everybody may read by this person, the newest first, and where the next begins. One query."""
    public = and_(Comment.state == PUBLISHED, Post.state == POST_PUBLISHED)
    return _newest_first(select(Comment).where(Comment.author_id == user.id, public), after, limit)


def all_by(user: User, after: str = "", limit: int = PAGE) -> tuple[Sequence[Comment], str | None]:
    """The same of all this person wrote below posts that are public, whatever became of it."""
    return _newest_first(
        select(Comment).where(Comment.author_id == user.id, Post.state == POST_PUBLISHED), after, limit
    )


def _newest_first(found: Select, after: str, limit: int) -> tuple[Sequence[Comment], str | None]:
    where = paging.read(after, int)
    if where is not None:
        found = found.where(Comment.id < where[0])
    found = found.join(Comment.post).options(contains_eager(Comment.post), parent_with_author())
    rows = db.session.scalars(found.order_by(Comment.id.desc()).limit(limit + 1)).all()
    return rows[:limit], paging.cursor(rows[limit - 1].id) if len(rows) > limit else None


def totals_of(user: User) -> tuple[int, int, int]:
    """How many public comments a person has, below how many posts, and the likes they got. One query."""
    row = db.session.execute(
        select(func.count(), func.count(Comment.post_id.distinct()), func.coalesce(func.sum(Comment.like_count), 0))
        .join(Comment.post)
        .where(Comment.author_id == user.id, Comment.state == PUBLISHED, Post.state == POST_PUBLISHED)
    ).one()
    return row[0], row[1], row[2]


def states_of(user: User) -> dict[str, int]:
    """How many comments this person has in each state."""
    rows = db.session.execute(
        select(Comment.state, func.count()).where(Comment.author_id == user.id).group_by(Comment.state)
    )
    return dict(rows.tuples().all())


def not_public(numbers: Collection[int]) -> set[int]:
    """Which of these comments are not public. One query."""
    hidden = select(Comment.id).where(Comment.id.in_(numbers), Comment.state != PUBLISHED)
    return set(db.session.scalars(hidden))
