"""Which of the documents found are of a kind, in a discussion, by somebody, of a time: decided by their columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Set
from datetime import datetime
from functools import partial
from itertools import compress
from operator import gt, le

from forum.search.engine import COMMENT, CONTENTS, KINDS, PERSON, Picked, Query
from forum.search.whoosh_columns import Columns
from forum.search.whoosh_entries import flags, kind_and_number

# A column, and whether a number of it will do. It is asked of every document: what is not written in C is too slow.
_Test = tuple[str, Callable[[int], bool]]


def narrowed(query: Query, columns: Columns, ids: Collection[int]) -> Collection[int]:
    """Those of these documents that are where, when and of what the query says."""
    kept = _passing(columns, ids, _tests(query))
    if query.without_posts:
        posts = columns["post"]
        kept = [number for number in kept if posts[number] not in query.without_posts]
    return kept


def picked(picks: Picked, columns: Columns, ids: Collection[int]) -> Collection[int]:
    """Those of these documents that readers ticked the boxes of."""
    return _passing(columns, ids, _picks(picks))


def written_by(columns: Columns, named: set[int], ids: Set[int] | range) -> set[int]:
    """Those of these documents that are among the named ones, or comments by a person who is."""
    things = map(kind_and_number, map(columns["thing"].__getitem__, named))
    writers = {number for kind, number in things if kind == PERSON}
    is_comment = ("kind", KINDS.index(COMMENT).__eq__)
    comments = _passing(columns, ids, [("writer", writers.__contains__), is_comment]) if writers else ()
    return {number for number in named if number in ids}.union(comments)


def _passing(columns: Columns, ids: Collection[int], tests: Iterable[_Test]) -> Collection[int]:
    for name, will_do in tests:
        column = columns[name]
        numbers = column if isinstance(ids, range) else map(column.__getitem__, ids)
        ids = list(compress(ids, map(will_do, numbers)))
    return ids


def _tests(query: Query) -> list[_Test]:
    tests: list[_Test] = []
    if query.kinds:
        tests.append(_of_kinds(query.kinds))
    if query.posts is not None:
        tests.append(("post", query.posts.__contains__))
    if query.writers is not None:
        tests.append(("writer", query.writers.__contains__))
    if query.since is not None:
        tests.append(("created", partial(le, _second(query.since))))
    if query.until is not None:
        tests.append(("created", partial(gt, _second(query.until))))
    if query.contents or query.without_contents:
        tests.append(("contents", _mixtures(query).__contains__))
    return tests


def _picks(picks: Picked) -> Iterator[_Test]:
    if picks.kinds:
        yield _of_kinds(picks.kinds)
    if picks.posts is not None:
        yield "post", picks.posts.__contains__
    if picks.writers:
        yield "writer", picks.writers.__contains__
    if picks.years:
        yield "year", picks.years.__contains__


def _of_kinds(kinds: Collection[str]) -> _Test:
    return "kind", {KINDS.index(kind) for kind in kinds}.__contains__


def _mixtures(query: Query) -> set[int]:
    """What a text may have together of CONTENTS."""
    wanted, unwanted = flags(query.contents), flags(query.without_contents)
    return {mixture for mixture in range(1 << len(CONTENTS)) if mixture & wanted == wanted and not mixture & unwanted}


def _second(moment: datetime) -> int:
    """The first whole second that is not before this moment; the index knows whole seconds only."""
    return math.ceil(moment.timestamp())
