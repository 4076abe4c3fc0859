"""Which comments stand on a page of a discussion: an order, a place in it, and as many as make a page.

A page of the tree begins with comments on the post, or with replies to one comment, and shows some of what hangs below
each. A page of the flat view lists comments whatever they answer. Neither costs more where there are more comments.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Integer, Select, bindparam, select

from forum.accounts.models import User
from forum.comments import tree
from forum.comments.models import PUBLISHED, Comment
from forum.comments.queries import ENOUGH, LIKED, MOST_BRANCHES, NEWEST, OLDEST, shown
from forum.foundation import paging
from forum.foundation.db import among, db
from forum.foundation.errors import Refused
from forum.foundation.paging import Key

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
SHOWN = select(*_SEEN, *_WRITER).join(Comment.author)


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
    return _cut(_BRANCHES[order], {"of": post_id}, stretch, MOST_BRANCHES, enough)


def replies(parent: Comment, stretch: Stretch, skip: int = 0) -> Cut:
    """The same of the replies to a comment, without so many of those that readers saw first. Queries as above."""
    return _cut(_REPLIES, {"of": parent.id, "skipped": skip}, stretch, MOST_BRANCHES, enough)


def flat(post_id: int, order: str, stretch: Stretch, author_ids: Collection[int] = ()) -> Cut:
    """The comments of a page of the flat view, of all writers or of these. Queries as above."""
    if author_ids:
        return _cut(_BY_AUTHORS[order], {"of": post_id, "authors": author_ids}, stretch, FLAT_PAGE, len)
    return _cut(_FLAT[order], {"of": post_id}, stretch, FLAT_PAGE, len)


@dataclass(frozen=True, eq=False)
class _List:
    """Numbers of comments in an order, from which a page is cut.

    There are few, and each makes its statements once: to make one takes as long as to ask it.
    """

    ids: Select
    keys: tuple[Key, ...]

    @cached_property
    def turned(self) -> _List:
        return _List(self.ids, tuple(key.turned() for key in self.keys))

    @cached_property
    def first(self) -> Select:
        return self._comments(paging.behind(self.ids, self.keys, (), LIMIT))

    @cached_property
    def after(self) -> Select:
        return self._comments(paging.behind(self.ids, self.keys, self._place(), LIMIT))

    @cached_property
    def at(self) -> Select:
        return self._comments(paging.behind(self.ids, self.keys, self._place(), LIMIT, with_place=True))

    @cached_property
    def any_after(self) -> Select:
        return paging.behind(self.ids, self.keys, self._place(), LIMIT).limit(1)

    def _comments(self, found: Select) -> Select:
        return SHOWN.where(Comment.id.in_(found)).order_by(*(key.sorted() for key in self.keys)).limit(LIMIT)

    def _place(self) -> tuple:
        return tuple(bindparam(f"place_{number}") for number, _key in enumerate(self.keys))


LIMIT: Any = bindparam("most", type_=Integer())
_OF_POST = select(Comment.id).where(Comment.post_id == bindparam("of"))
ROOTS = _OF_POST.where(Comment.depth == 0, shown())
_REPLIES = _List(
    select(Comment.id).where(Comment.parent_id == bindparam("of"), Comment.rank > bindparam("skipped"), shown()),
    REPLIES,
)
_BRANCHES = {order: _List(ROOTS, keys) for order, keys in TREE.items()}
_FLAT = {order: _List(_OF_POST.where(shown()), keys) for order, keys in FLAT.items()}
# No lines in place of what is gone: they do not say who wrote it.
_BY_AUTHORS = {
    order: _List(_OF_POST.where(among(Comment.author_id, "authors"), Comment.state == PUBLISHED), keys)
    for order, keys in FLAT.items()
}


def _cut(
    of: _List, values: dict[str, object], stretch: Stretch, most: int, enough: Callable[[Sequence[Seen]], int]
) -> Cut:
    values |= named(stretch.first or stretch.after or stretch.before) | {"most": most + 1}
    if stretch.before:
        rows = read_seen(of.turned.after, values)
        taken = enough(rows[:most])
        return Cut(rows[:taken][::-1], taken < len(rows), bool(rows))
    rows = read_seen(of.at if stretch.first else of.after if stretch.after else of.first, values)
    taken = enough(rows[:most])
    has_earlier = not stretch.is_first_page and bool(rows) and _has_before(of, values, rows[0])
    return Cut(rows[:taken], has_earlier, taken < len(rows))


def named(place: tuple) -> dict[str, object]:
    return {f"place_{number}": value for number, value in enumerate(place)}


def read_seen(query: Select, values: dict[str, object]) -> Sequence[Seen]:
    """Past the mapper, which would take as long for the hundred comments of a page as all else together."""
    rows = db.session.connection().execute(query, values).all()
    last = len(_SEEN)
    return [Seen._make((*row[:last], Writer._make(row[last:]))) for row in rows]


def _has_before(of: _List, values: dict[str, object], row: Seen) -> bool:
    place = named(place_of(row, of.keys))
    return db.session.connection().scalar(of.turned.any_after, values | place | {"most": 1}) is not None


def enough(rows: Sequence[Any]) -> int:
    """How many branches make a page; at least one."""
    total = 0
    for number, row in enumerate(rows, 1):
        total += 1 + min(row.descendant_count, ENOUGH)
        if total >= ENOUGH:
            return number
    return len(rows)
