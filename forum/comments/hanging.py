"""What a page of the tree shows below its branches, and whether it shows a comment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import BindParameter, Select, and_, bindparam, inspect, or_, select
from sqlalchemy.orm import aliased

from forum.comments.models import PUBLISHED, Comment
from forum.comments.queries import FIRST_REPLIES, LEVELS, MOST_BRANCHES, OLDEST, shown
from forum.comments.stretches import LIMIT, ROOTS, SHOWN, TREE, Seen, Stretch, enough, named, read_seen
from forum.foundation import paging
from forum.foundation.db import InOrder, among, db

# With its branches, a page of the tree has at most 200 comments, whatever the discussion looks like.
MOST_BELOW = 150
# Among them, replies by the post's authors that come after the first replies.
MOST_BY_AUTHORS = 30
# What hangs below the branches of a page is read in one query when it is no more than this.
MOST_AT_ONCE = 400

# What tells where a comment hangs.
_HUNG = [Comment.id, Comment.parent_id, Comment.depth, Comment.rank, Comment.path]


def below(tops: Sequence[Seen], author_ids: Collection[int], levels: int = LEVELS) -> list[Seen]:
    """What a page shows below these: of each comment the first replies, and those by the post's authors.

    MOST_BELOW at most, level by level: what does not fit is behind a link. One query where little hangs below; else
    one a level, and one: their cost grows with what is shown, and a branch of 10,000 costs as one of 500.
    """
    if not tops or levels < 1:
        return []
    rows = _below(read_seen, _SHOWN_BELOW, tops, author_ids, levels)
    # A comment after the one it hangs on, and after the replies that were seen before it.
    return sorted(rows, key=lambda row: (row.depth, row.rank))


def shows(comment: Comment, stretch: Stretch, author_ids: Collection[int]) -> bool:
    """Whether this page of the tree, the oldest first, has the comment on it. As many queries, for numbers only."""
    place = stretch.first
    values = {"of": comment.post_id, "most": MOST_BRANCHES + 1} | named(place)
    heads = _read_any(_HEADS_AT if place else _FIRST_HEADS, values)
    tops = heads[: enough(heads[:MOST_BRANCHES])]
    numbers = [top.id for top in tops]
    if comment.parent_id is None or comment.root_id not in numbers:
        return comment.id in numbers
    rows = _below(_read_any, _HUNG_BELOW, tops, author_ids, LEVELS)
    return any(row.id == comment.id for row in rows)


def _heads(*place: BindParameter[Any]) -> Select:
    found = paging.behind(ROOTS, TREE[OLDEST], place, LIMIT, with_place=bool(place))
    return select(*_HUNG, Comment.descendant_count).where(Comment.id.in_(found)).order_by(Comment.path)


_FIRST_HEADS, _HEADS_AT = _heads(), _heads(bindparam("place_0"))


def _read_any(query: Select, values: dict[str, object]) -> Sequence[Any]:
    return db.session.connection().execute(query, values).all()


@dataclass(frozen=True)
class _Below:
    """The statements for what hangs below comments, and is wanted of it: parent, depth, rank and path among it."""

    level: Select
    by_authors: Select
    whole: Select

    @classmethod
    def of(cls, wanted: Select) -> _Below:
        is_first = and_(Comment.rank <= FIRST_REPLIES, shown())
        is_by_author = and_(among(Comment.author_id, "authors"), Comment.state == PUBLISHED)
        top = aliased(Comment)
        is_below = and_(Comment.post_id == top.post_id, Comment.path > top.path, Comment.path < top.path + "~")
        return cls(
            level=wanted.where(among(Comment.parent_id, "above"), is_first).order_by(Comment.path).limit(LIMIT),
            by_authors=wanted.where(Comment.id.in_(_later_by_authors())).order_by(Comment.rank, Comment.id),
            whole=wanted.join(top, is_below)
            .where(
                among(top.id, "above"), Comment.depth <= top.depth + bindparam("levels"), or_(is_first, is_by_author)
            )
            .limit(LIMIT),
        )


def _later_by_authors() -> Select:
    """Found from the comments they answer: what the authors wrote anywhere may be much more."""
    reply, parent = aliased(Comment), aliased(Comment)
    found = InOrder(inspect(parent).selectable, inspect(reply).selectable, reply.parent_id == parent.id)
    return (
        select(reply.id)
        .select_from(found)
        .where(
            among(parent.id, "above"),
            among(reply.author_id, "authors"),
            reply.rank > FIRST_REPLIES,
            reply.state == PUBLISHED,
        )
        .order_by(reply.rank, reply.id)
        .limit(MOST_BY_AUTHORS)
    )


_SHOWN_BELOW = _Below.of(SHOWN)
_HUNG_BELOW = _Below.of(select(*_HUNG))


def _below(
    ask: Callable[[Select, dict[str, object]], Sequence[Any]],
    statements: _Below,
    tops: Sequence[Any],
    author_ids: Collection[int],
    levels: int,
) -> Sequence[Any]:
    """What `below` shows.

    Where more hangs below than may be read at once, each level is asked for by the numbers of the one above. In one
    recursive query no database can guess how many those are, and PostgreSQL reads all comments there are, or SQLite
    makes a filter of them.
    """
    by_level: _Source = _Asked(ask, statements, author_ids)
    if sum(top.descendant_count for top in tops) <= MOST_AT_ONCE:
        values = {"above": [top.id for top in tops], "levels": levels, "authors": author_ids, "most": MOST_AT_ONCE + 1}
        known = ask(statements.whole, values)
        if len(known) <= MOST_AT_ONCE:
            by_level = _Known(known)
    return _chosen(by_level, [top.id for top in tops], levels)


class _Source(Protocol):
    def first(self, above: Sequence[int], most: int) -> Sequence[Any]:
        """The first replies to these, by path, so many at most."""

    def by_authors(self, above: Sequence[int]) -> Sequence[Any]:
        """The later replies to these by the post's authors, MOST_BY_AUTHORS at most."""


def _chosen(source: _Source, top_ids: Sequence[int], levels: int) -> Sequence[Any]:
    rows: list[Any] = []
    above, parents = list(top_ids), list(top_ids)
    for level in range(1, levels + 1):
        found = source.first(above, MOST_BELOW + 1 - len(rows))
        rows += found
        if len(rows) > MOST_BELOW or not found:
            break
        above = [row.id for row in found]
        # What hangs on the last level is not drawn.
        parents += above if level < levels else []
    rows += source.by_authors(parents)
    rows.sort(key=lambda row: (row.depth, row.path))
    if len(rows) <= MOST_BELOW:
        return rows
    # Of no comment some of its first replies only: the link to the others skips them all.
    torn = rows[MOST_BELOW].parent_id
    return [row for row in rows[:MOST_BELOW] if row.parent_id != torn]


@dataclass(frozen=True)
class _Asked:
    """Asks the database, a level at a time."""

    ask: Callable[[Select, dict[str, object]], Sequence[Any]]
    statements: _Below
    authors: Collection[int]

    def first(self, above: Sequence[int], most: int) -> Sequence[Any]:
        return self.ask(self.statements.level, {"above": above, "most": most})

    def by_authors(self, above: Sequence[int]) -> Sequence[Any]:
        return self.ask(self.statements.by_authors, {"above": above, "authors": self.authors})


class _Known:
    """Has read all that can be chosen."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._first: dict[int, list[Any]] = {}
        self._later: list[Any] = []
        for row in rows:
            if row.rank <= FIRST_REPLIES:
                self._first.setdefault(row.parent_id, []).append(row)
            else:
                self._later.append(row)

    def first(self, above: Sequence[int], most: int) -> Sequence[Any]:
        found = [row for number in above for row in self._first.get(number, ())]
        return sorted(found, key=lambda row: row.path)[:most]

    def by_authors(self, above: Sequence[int]) -> Sequence[Any]:
        parents = set(above)
        found = [row for row in self._later if row.parent_id in parents]
        return sorted(found, key=lambda row: (row.rank, row.id))[:MOST_BY_AUTHORS]
