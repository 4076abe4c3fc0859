"""Comments, for a page of a discussion at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import aliased, contains_eager, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from forum.accounts.models import User
from forum.comments import tree
from forum.comments.models import HELD, IN_THE_TREE, PUBLISHED, REJECTED, Comment, Revision
from forum.foundation import clock, paging
from forum.foundation.db import db
from forum.posts.models import PUBLISHED as POST_PUBLISHED
from forum.posts.models import Post

OLDEST, NEWEST = "oldest", "newest"
# Replies shown below each comment before “Show more”.
FIRST_REPLIES = 3
# Levels below the top of a page, as drawn.
LEVELS = 5
# A page ends after the branch that reaches this many comments: about twenty screens of a telephone.
ENOUGH = 100
MOST_BRANCHES = 50
# Among so many newest comments the last three people are looked for.
NEWEST_LOOKED_AT = 12
# Comments on a page that belongs to one person.
PAGE = 30
# A line in place of a comment without replies goes after a month.
TOMBSTONE_STAYS = timedelta(days=30)


def parent_with_author() -> ORMOption:
    """Load the comment that was answered and its writer along.

    Unnested: else both databases first join every comment there is with its writer.
    """
    return joinedload(Comment.parent).joinedload(Comment.author, innerjoin="unnested")  # type: ignore[arg-type]


def by_id(comment_id: int) -> Comment | None:
    """A comment with its writer and post. One query."""
    return db.session.scalar(
        select(Comment).where(Comment.id == comment_id).options(joinedload(Comment.author), joinedload(Comment.post))
    )


def shown(comment: type[Comment] | ColumnElement = Comment) -> ColumnElement[bool]:
    """What readers see in the tree: the public ones, and lines in place of those that were.

    A comment that went back to a moderator leaves a line only where replies hang on it.
    """
    c = comment
    is_fresh = and_(c.state.in_(IN_THE_TREE), c.hidden_at > clock.now() - TOMBSTONE_STAYS)
    return and_(c.rank.is_not(None), or_(c.state == PUBLISHED, c.descendant_count > 0, is_fresh))


def branches(
    post_id: int, parent: Comment | None, order: str, first: str = "", after: str = ""
) -> tuple[Sequence[Comment], str | None]:
    """The comments a page begins its branches with, and the path the next page comes after. One query.

    `first` starts the page at this path, `after` behind it. A page takes branches until it has enough comments.
    """
    found = select(Comment).where(shown())
    if parent is None:
        found = found.where(Comment.post_id == post_id, Comment.depth == 0)
    else:
        found = found.where(Comment.parent_id == parent.id)
    is_newest = order == NEWEST
    if first:
        found = found.where(Comment.path <= first if is_newest else Comment.path >= first)
    if after:
        found = found.where(Comment.path < after if is_newest else Comment.path > after)
    rows = db.session.scalars(
        found.options(joinedload(Comment.author))
        .order_by(Comment.path.desc() if is_newest else Comment.path)
        .limit(MOST_BRANCHES + 1)
    ).all()
    taken = _enough(rows)
    return rows[:taken], rows[taken - 1].path if taken < len(rows) else None


def _enough(rows: Sequence[Comment]) -> int:
    """How many branches make a page; at least one."""
    total = 0
    for number, row in enumerate(rows[:MOST_BRANCHES], 1):
        total += 1 + min(row.descendant_count, ENOUGH)
        if total >= ENOUGH:
            return number
    return min(len(rows), MOST_BRANCHES)


def replies_below(tops: Sequence[Comment]) -> list[Comment]:
    """The first replies to these, the first replies to those, and so on for the levels drawn.

    One query whose cost grows with what is shown, not with the discussion: a branch of 10,000 costs as one of 50.
    """
    if not tops:
        return []
    level = (
        select(Comment.id.label("id"), func.coalesce(None, 0).label("level"))
        .where(Comment.id.in_([top.id for top in tops]))
        .cte("shown", recursive=True)
    )
    reply = aliased(Comment)
    level = level.union_all(
        select(reply.id, level.c.level + 1)
        .join(level, reply.parent_id == level.c.id)
        .where(level.c.level < LEVELS, reply.rank <= FIRST_REPLIES, shown(reply))
    )
    return list(
        db.session.scalars(
            select(Comment)
            .join(level, level.c.id == Comment.id)
            .join(Comment.author)
            .options(contains_eager(Comment.author))
            .where(level.c.level > 0)
            .order_by(Comment.path)
        )
    )


def branches_before(post_id: int, parent: Comment | None, order: str, before: str) -> tuple[Sequence[Comment], bool]:
    """The page of branches that ends before this path, and whether there is one before it. One query."""
    rows, further = branches(post_id, parent, OLDEST if order == NEWEST else NEWEST, after=before)
    return rows[::-1], further is not None


def has_branches_before(post_id: int, parent: Comment | None, order: str, path: str) -> bool:
    """Whether a page comes before the one that begins at this path. One query."""
    return bool(branches_before(post_id, parent, order, path)[0])


def ancestors_of(comment: Comment) -> list[Comment]:
    """The comments above this one, the root first. One query."""
    above = tree.ancestors(comment.path)
    if not above:
        return []
    return list(
        db.session.scalars(
            select(Comment)
            .where(Comment.post_id == comment.post_id, Comment.path.in_(above))
            .options(joinedload(Comment.author))
            .order_by(Comment.path)
        )
    )


def waiting_of(user: User, post_id: int) -> Sequence[Comment]:
    """This person's comments below a post that only they and moderators see. One query."""
    return db.session.scalars(
        select(Comment)
        .where(Comment.post_id == post_id, Comment.author_id == user.id, Comment.state.in_([HELD, REJECTED]))
        .options(joinedload(Comment.author), parent_with_author())
        .order_by(Comment.path)
        .limit(50)
    ).all()


def revisions_of(comment: Comment) -> Sequence[Revision]:
    return db.session.scalars(select(Revision).where(Revision.comment_id == comment.id).order_by(Revision.id)).all()


def recent_people(post_ids: Sequence[int], each: int = 3) -> dict[int, list[User]]:
    """Who wrote last below each of these posts, each person once. Two queries over the newest few comments of each."""
    if not post_ids:
        return {}
    newest = [_newest_writers(post_id) for post_id in post_ids]
    writers: dict[int, list[int]] = {}
    for post_id, author_id, _when in sorted(
        db.session.execute(union_all(*newest)), key=lambda row: row[2], reverse=True
    ):
        seen = writers.setdefault(post_id, [])
        if author_id not in seen and len(seen) < each:
            seen.append(author_id)
    wanted = {number for seen in writers.values() for number in seen}
    people = {user.id: user for user in db.session.scalars(select(User).where(User.id.in_(wanted)))}
    return {post_id: [people[number] for number in seen] for post_id, seen in writers.items()}


def _newest_writers(post_id: int) -> Select:
    newest = (
        select(Comment.post_id, Comment.author_id, Comment.published_at)
        .where(Comment.post_id == post_id, Comment.state == PUBLISHED)
        .order_by(Comment.published_at.desc())
        .limit(NEWEST_LOOKED_AT)
        .subquery()
    )
    return select(newest)


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
