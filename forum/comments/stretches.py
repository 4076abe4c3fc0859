"""Which comments stand on a page of a discussion: an order, a place in it, and as many as make a page.

A page of the tree begins with comments on the post, or with replies to one comment, and shows some of what hangs below
each. A page of the flat view lists comments whatever they answer. Neither costs more where there are more comments.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Select, select

from forum.accounts.models import User
from forum.comments import tree
from forum.comments.models import PUBLISHED, Comment
from forum.comments.queries import ENOUGH, FIRST_REPLIES, LEVELS, LIKED, MOST_BRANCHES, NEWEST, OLDEST, shown
from forum.foundation import paging
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.foundation.paging import Key

# With its branches, a page of the tree has at most 200 comments, whatever the discussion looks like.
MOST_BELOW = 150
# Among them, replies by the post's authors that come after the first replies.
MOST_BY_AUTHORS = 30
# Comments on a page of the flat view.
FLAT_PAGE = 50

# What lists are sorted by; the last key of each tells any two comments apart.
TREE: dict[str, tuple[Key, ...]] = {
    OLDEST: (Key(Comment.path, str),),
    NEWEST: (Key(Comment.path, str, is_descending=True),),
    LIKED: (Key(Comment.like_score, int, is_descending=True), Key(Comment.path, str)),
}
# Replies stand in the order in which readers first saw them.
REPLIES = (Key(Comment.rank, int),)
FLAT: dict[str, tuple[Key, ...]] = {
    OLDEST: (Key(Comment.published_at, datetime), Key(Comment.id, int)),
    NEWEST: (Key(Comment.published_at, datetime, is_descending=True), Key(Comment.id, int, is_descending=True)),
    LIKED: (Key(Comment.like_score, int, is_descending=True), Key(Comment.id, int)),
}


@dataclass(frozen=True)
class Stretch:
    """Which page is asked for: from a place on, after one or before one. Nothing asks for the first page."""

    first: tuple = ()
    after: tuple = ()
    before: tuple = ()

    @property
    def is_first_page(self) -> bool:
        return not (self.first or self.after or self.before)


FIRST_PAGE = Stretch()


class Writer(NamedTuple):
    """Who wrote a comment, as a page shows them."""

    id: int
    username: str
    name: str
    role: str
    organisation: str
    avatar: str | None
    is_moderator: bool


class Seen(NamedTuple):
    """A comment as a page shows it: read without its source and the like, and never changed."""

    id: int
    parent_id: int | None
    answers_id: int | None
    root_id: int | None
    path: str
    depth: int
    rank: int
    author_id: int
    body_html: str
    lang: str
    state: str
    created_at: datetime
    published_at: datetime
    edited_at: datetime | None
    hidden_at: datetime | None
    descendant_count: int
    like_count: int
    like_score: int
    author: Writer


_WRITER = [getattr(User, name) for name in Writer._fields]
_SEEN = [getattr(Comment, name) for name in Seen._fields[:-1]]
_SHOWN = select(*_SEEN, *_WRITER).join(Comment.author)


@dataclass(frozen=True)
class Cut:
    """The comments of a page in their order, and whether others come before and after."""

    rows: Sequence[Seen]
    has_earlier: bool
    has_later: bool


def place_of(comment: Comment | Seen, keys: Sequence[Key]) -> tuple:
    """Where this comment stands in an order."""
    return tuple(getattr(comment, key.column.key) for key in keys)


def read(word: str, keys: Sequence[Key]) -> tuple:
    """The place that a word of an address names. Raises Refused for a word that no page of ours has."""
    place = paging.read(word, *(key.kind for key in keys)) or ()
    if not all(tree.is_segment(value) for value in place if isinstance(value, str)):
        raise Refused(_("This page address is damaged. Start again from the first page."))
    return place


def branches(post_id: int, order: str, stretch: Stretch) -> Cut:
    """The comments on the post that a page of the tree begins its branches with: until it has enough comments.

    One query; two for a page that is not the first.
    """
    roots = select(Comment.id).where(Comment.post_id == post_id, Comment.depth == 0, shown())
    return _cut(roots, TREE[order], stretch, MOST_BRANCHES, _enough)


def replies(parent: Comment, stretch: Stretch, skip: int = 0) -> Cut:
    """The same of the replies to a comment, without so many of those that readers saw first. Queries as above."""
    wanted = select(Comment.id).where(Comment.parent_id == parent.id, Comment.rank > skip, shown())
    return _cut(wanted, REPLIES, stretch, MOST_BRANCHES, _enough)


def flat(post_id: int, order: str, stretch: Stretch, author_ids: Collection[int] = ()) -> Cut:
    """The comments of a page of the flat view, of all writers or of these. Queries as above."""
    wanted = select(Comment.id).where(Comment.post_id == post_id)
    if author_ids:
        # No lines in place of what is gone: they do not say who wrote it.
        wanted = wanted.where(Comment.author_id.in_(author_ids), Comment.state == PUBLISHED)
    else:
        wanted = wanted.where(shown())
    return _cut(wanted, FLAT[order], stretch, FLAT_PAGE, len)


def _cut(ids: Select, keys: Sequence[Key], stretch: Stretch, most: int, enough: Callable[[Sequence[Seen]], int]) -> Cut:
    if stretch.before:
        rows = _rows(ids, [key.turned() for key in keys], stretch.before, most + 1)
        taken = enough(rows[:most])
        return Cut(rows[:taken][::-1], taken < len(rows), bool(rows))
    rows = _rows(ids, keys, stretch.first or stretch.after, most + 1, with_place=bool(stretch.first))
    taken = enough(rows[:most])
    has_earlier = not stretch.is_first_page and bool(rows) and _has_before(ids, keys, rows[0])
    return Cut(rows[:taken], has_earlier, taken < len(rows))


def _rows(ids: Select, keys: Sequence[Key], place: tuple, limit: int, *, with_place: bool = False) -> Sequence[Seen]:
    found = paging.behind(ids, keys, place, limit, with_place=with_place)
    return _read(_SHOWN.where(Comment.id.in_(found)).order_by(*(key.sorted() for key in keys)).limit(limit))


def _read(query: Select) -> Sequence[Seen]:
    """Past the mapper, which would take as long for the hundred comments of a page as all else together."""
    rows = db.session.connection().execute(query).all()
    last = len(_SEEN)
    return [Seen._make((*row[:last], Writer._make(row[last:]))) for row in rows]


def _has_before(ids: Select, keys: Sequence[Key], row: Seen) -> bool:
    turned = [key.turned() for key in keys]
    return db.session.scalar(paging.behind(ids, turned, place_of(row, keys), 1).limit(1)) is not None


def _enough(rows: Sequence[Any]) -> int:
    """How many branches make a page; at least one."""
    total = 0
    for number, row in enumerate(rows, 1):
        total += 1 + min(row.descendant_count, ENOUGH)
        if total >= ENOUGH:
            return number
    return len(rows)


def below(tops: Sequence[Seen], author_ids: Collection[int], levels: int = LEVELS) -> list[Seen]:
    """What a page shows below these: of each comment the first replies, and those by the post's authors.

    MOST_BELOW at most, level by level: what does not fit is behind a link. A query a level, and one; their cost grows
    with what is shown, not with the discussion: a branch of 10,000 costs as one of 50.
    """
    if not tops or levels < 1:
        return []
    rows = _below(_read, _SHOWN, [top.id for top in tops], author_ids, levels)
    # A comment after the one it hangs on, and after the replies that were seen before it.
    return sorted(rows, key=lambda row: (row.depth, row.rank))


def shows(comment: Comment, stretch: Stretch, author_ids: Collection[int]) -> bool:
    """Whether this page of the tree, the oldest first, has the comment on it. As many queries, for numbers only."""
    roots = select(Comment.id).where(Comment.post_id == comment.post_id, Comment.depth == 0, shown())
    ids = paging.behind(roots, TREE[OLDEST], stretch.first, MOST_BRANCHES + 1, with_place=bool(stretch.first))
    heads = db.session.execute(
        select(Comment.id, Comment.descendant_count).where(Comment.id.in_(ids)).order_by(Comment.path)
    ).all()
    tops = [head.id for head in heads[: _enough(heads[:MOST_BRANCHES])]]
    if comment.parent_id is None or comment.root_id not in tops:
        return comment.id in tops
    wanted = select(Comment.id, Comment.parent_id, Comment.depth, Comment.rank, Comment.path)
    rows = _below(lambda query: db.session.execute(query).all(), wanted, tops, author_ids, LEVELS)
    return any(row.id == comment.id for row in rows)


def _below(
    ask: Callable[[Select], Sequence[Any]],
    wanted: Select,
    top_ids: Sequence[int],
    author_ids: Collection[int],
    levels: int,
) -> Sequence[Any]:
    """What `below` shows: of each comment what is wanted, its parent, depth, rank and path among it.

    Each level is asked for by the numbers of the one above. In one recursive query no database can guess how many
    those are, and PostgreSQL reads all comments there are, or SQLite makes a filter of them.
    """
    rows: list[Any] = []
    above, parents = list(top_ids), list(top_ids)
    for level in range(1, levels + 1):
        first = wanted.where(Comment.parent_id.in_(above), Comment.rank <= FIRST_REPLIES, shown())
        found = ask(first.order_by(Comment.path).limit(MOST_BELOW + 1 - len(rows)))
        rows += found
        if len(rows) > MOST_BELOW or not found:
            break
        above = [row.id for row in found]
        # What hangs on the last level is not drawn.
        parents += above if level < levels else []
    by_authors = wanted.where(
        Comment.parent_id.in_(parents),
        Comment.author_id.in_(author_ids),
        Comment.rank > FIRST_REPLIES,
        Comment.state == PUBLISHED,
    )
    rows += ask(by_authors.order_by(Comment.rank, Comment.id).limit(MOST_BY_AUTHORS))
    rows.sort(key=lambda row: (row.depth, row.path))
    if len(rows) <= MOST_BELOW:
        return rows
    # Of no comment some of its first replies only: the link to the others skips them all.
    torn = rows[MOST_BELOW].parent_id
    return [row for row in rows[:MOST_BELOW] if row.parent_id != torn]
