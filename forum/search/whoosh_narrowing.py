"""Which of the documents found are of a kind, in a discussion, by somebody, of a time: decided by their columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from functools import partial

from forum.search.arrays import Marks, Numbers, any_of, none_of, np
from forum.search.engine import COMMENT, CONTENTS, KINDS, PERSON, Picked, Query
from forum.search.whoosh_columns import Columns
from forum.search.whoosh_entries import KINDS_ROOM, flags

# A column, and which of its numbers will do.
_Test = tuple[str, Callable[[Numbers], Marks]]


def narrowed(query: Query, columns: Columns, ids: Numbers) -> Numbers:
    """Those of these documents that are where, when and of what the query says."""
    return _passing(columns, ids, _tests(query))


def picked(picks: Picked, columns: Columns, ids: Numbers) -> Numbers:
    """Those of these documents that readers ticked the boxes of."""
    return _passing(columns, ids, _picks(picks))


def written_by(columns: Columns, named: Marks) -> Marks:
    """The documents that are among the named ones, and the comments by a person who is."""
    kinds, things = columns["kind"], columns["thing"]
    persons = things[named & (kinds == KINDS.index(PERSON))]
    return named | ((kinds == KINDS.index(COMMENT)) & np.isin(columns["writer"], persons // KINDS_ROOM))


def _passing(columns: Columns, ids: Numbers, tests: Iterable[_Test]) -> Numbers:
    for name, will_do in tests:
        ids = ids[will_do(columns[name][ids])]
    return ids


def _tests(query: Query) -> Iterator[_Test]:
    if query.kinds:
        yield _of_kinds(query.kinds)
    if query.posts is not None:
        yield "post", partial(any_of, query.posts)
    if query.without_posts:
        yield "post", partial(none_of, query.without_posts)
    if query.writers is not None:
        yield "writer", partial(any_of, query.writers)
    if query.since is not None:
        yield "created", partial(np.less_equal, _second(query.since))
    if query.until is not None:
        yield "created", partial(np.greater, _second(query.until))
    if query.contents or query.without_contents:
        yield "contents", partial(any_of, _mixtures(query))


def _picks(picks: Picked) -> Iterator[_Test]:
    if picks.kinds:
        yield _of_kinds(picks.kinds)
    if picks.posts is not None:
        yield "post", partial(any_of, picks.posts)
    if picks.writers:
        yield "writer", partial(any_of, picks.writers)
    if picks.years:
        yield "year", partial(any_of, picks.years)


def _of_kinds(kinds: Collection[str]) -> _Test:
    return "kind", partial(any_of, [KINDS.index(kind) for kind in kinds])


def _mixtures(query: Query) -> set[int]:
    """What a text may have together of CONTENTS."""
    wanted, unwanted = flags(query.contents), flags(query.without_contents)
    return {mixture for mixture in range(1 << len(CONTENTS)) if mixture & wanted == wanted and not mixture & unwanted}


def _second(moment: datetime) -> int:
    """The first whole second that is not before this moment; the index knows whole seconds only."""
    return math.ceil(moment.timestamp())
