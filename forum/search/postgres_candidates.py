"""Which documents are compared for a search: all that answer it, or of too many the newest and those of rarer words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cached_property
from itertools import islice, starmap
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Text, bindparam, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import OperationalError

from forum.search import postgres_questions as questions
from forum.search.engine import COMMENT, KINDS, LIKED, PERSON, POST, Query
from forum.search.postgres_narrowing import Narrowing, among, fulfils
from forum.search.postgres_questions import every
from forum.search.postgres_steps import Step, Steps
from forum.search.postgres_tables import documents
from forum.search.postgres_times import Times
from forum.search.postgres_vocabulary import Vocabulary

# So many are compared and counted. Posts by themselves: thousands of newer comments must not hide them.
MOST: Final = {frozenset({COMMENT}): 750, frozenset({POST, PERSON}): 250}
# Where there is little to read, more.
MOST_OF_LITTLE: Final = 1_000
# So many are looked at for one step, 0.1 s at the most.
MOST_READ: Final = 7_500
# Who looks for so many of a common word looks at times first that have twice as many, as far as one knows.
AMPLE: Final = 2
# From so few one cannot tell how far back the others are.
TELLING: Final = 20

# Where nothing is looked for, the newest are found by walking along time, and not by sorting everything.
_ALONG_TIME: Final = select(func.set_config("enable_indexscan", bindparam("is_on"), True))

_QUERY_CANCELED: Final = "57014"


class Candidate(NamedTuple):
    """A document that answers. `places` is a tsvector of what is looked for: where it stands."""

    key: str
    kind: str
    post_id: int
    writer_id: int
    created_at: datetime
    title_length: int
    body_length: int
    places: str


Found = dict[str, Candidate]


class Candidates:
    """The documents that are compared for one query."""

    def __init__(self, connection: Connection, query: Query, stale: Collection[str], vocabulary: Vocabulary) -> None:
        self._connection, self._query, self._stale = connection, query, stale
        self._titled = vocabulary.titled
        self._steps = Steps(query, vocabulary)
        self._lexemes = questions.lexemes(query.wishes, vocabulary.prefixes)
        self.is_cut = False
        # Whether a statement took too long. The transaction is of no use any more.
        self.is_stopped = False

    def read(self) -> Found:
        """By key. A statement or more for comments, and for posts and people."""
        found: Found = {}
        asked = self._query.kinds or frozenset(KINDS)
        try:
            for kinds, most in MOST.items():
                if kinds & asked:
                    found |= self._of_kinds(kinds & asked, most)
        except OperationalError as error:
            if not took_too_long(error):
                raise
            self.is_cut = self.is_stopped = True
        return found

    def _of_kinds(self, kinds: Collection[str], most: int) -> Found:
        narrowing = Narrowing(self._connection, self._query, self._stale, kinds)
        found = self._favourites(narrowing, kinds)
        most = max(most, MOST_OF_LITTLE) if self._is_little(kinds) else most
        for step in self._steps.until(most):
            if len(found) >= most:
                self.is_cut = True
                break
            # What is rare is never left out, and of what is common no more than there is room for.
            room = most if step.expected <= most else most - len(found)
            if narrowing.is_by_place or self._is_little(kinds):
                found |= self._all_at_once(narrowing, step, room)
            elif every([*narrowing.parts, step.question]):
                found |= self._newest(narrowing, step, room)
            else:
                self._connection.execute(_ALONG_TIME, {"is_on": "on"})
                found |= self._all_at_once(narrowing, step, room)
                self._connection.execute(_ALONG_TIME, {"is_on": "off"})
        return found

    def _is_little(self, kinds: Collection[str]) -> bool:
        """Whether all there is of these kinds may be looked at."""
        return COMMENT not in kinds and self._titled <= MOST_READ

    def _favourites(self, narrowing: Narrowing, kinds: Collection[str]) -> Found:
        keys = [key for key in self._query.favourites if key.partition(":")[0] in kinds]
        if self._query.order != LIKED or not keys:
            return {}
        conditions = [*narrowing.conditions, among(documents.c.key, keys)]
        return self._read(every([*narrowing.parts, self._steps.whole().question]), conditions, None)

    def _all_at_once(self, narrowing: Narrowing, step: Step, most: int) -> Found:
        found = self._read(every([*narrowing.parts, step.question]), narrowing.conditions, most + 1)
        return self._cut(found, most)

    def _newest(self, narrowing: Narrowing, step: Step, most: int) -> Found:
        """Looks at the newest documents first, and further back only while too little is found."""
        question = every([*narrowing.parts, step.question])
        share = AMPLE * most / max(step.expected, 1)
        furthest = MOST_READ / max(step.expected, 1)
        while since := self._times.before(self._query.until, share):
            found = self._read(question, [*narrowing.conditions, documents.c.created_at >= since], most + 1)
            if len(found) > most or share >= furthest:
                self.is_cut = True
                return self._cut(found, most)
            share = min(share * AMPLE * most / len(found), furthest) if len(found) >= TELLING else furthest
        return self._all_at_once(narrowing, step, most)

    def _cut(self, found: Found, most: int) -> Found:
        self.is_cut = self.is_cut or len(found) > most
        return dict(islice(found.items(), most))

    @cached_property
    def _times(self) -> Times:
        return Times(self._connection)

    def _read(self, question: str, conditions: Iterable[ColumnElement[bool]], most: int | None) -> Found:
        wanted = [*conditions, fulfils(documents.c.vector, question)] if question else conditions
        newest = select(documents).where(*wanted).order_by(documents.c.created_at.desc()).limit(most).subquery()
        # What stands where is picked out of those only, so it must not be done below LIMIT.
        columns = [newest.c[name] for name in Candidate._fields[:-1]]
        rows = self._connection.execute(select(*columns, places_in(newest.c.vector, self._lexemes)))
        return {row[0]: row for row in starmap(Candidate, rows.all())}


def took_too_long(error: OperationalError) -> bool:
    """Whether the time of a search is over."""
    return getattr(error.orig, "sqlstate", "") == _QUERY_CANCELED


def places_in(vector: ColumnElement[Any], lexemes: Collection[str]) -> ColumnElement[str]:
    """Where these stand in a vector, as PostgreSQL writes it: `'bus':3C,17C 'late':5C`."""
    marked = func.setweight(vector, literal_column("'C'"), literal(sorted(lexemes), ARRAY(Text)))
    return cast(func.ts_filter(marked, literal_column("'{c}'")), Text)
