"""What the index knows of the words of a search: how common they are, and which words begin with its prefixes."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from itertools import accumulate
from typing import Final

from sqlalchemy import Connection, Text, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from forum.search import postgres_questions as questions
from forum.search.engine import Query, Term, Wish
from forum.search.postgres_entries import WRITTEN, lexeme
from forum.search.postgres_tables import totals, words

# The words that a prefix stands for are the most frequent ones: so many, and after the first no more than have so many
# documents together, for all of them are read.
MOST_OF_PREFIX: Final = 50
MOST_WITH_PREFIX: Final = 60_000
# Words that stand in one text are not thrown together: so much oftener than chance would have it.
TOGETHER: Final = 10
# Nothing that begins so stands behind it.
_LAST_LETTER: Final = "\U0010ffff"

_COUNTS: Final = select(words.c.word, words.c.documents).where(
    words.c.word == any_(bindparam("words", type_=ARRAY(Text)))
)
_TOTALS: Final = select(totals)
_BEGINNING: Final = select(words.c.word, words.c.documents).where(
    words.c.word >= bindparam("first"), words.c.word < bindparam("last")
)


class Vocabulary:
    """The words of one query. Reads twice, and once more for each prefix."""

    def __init__(self, connection: Connection, query: Query) -> None:
        self.is_shortened = False
        self.prefixes: dict[str, Sequence[str]] = {}
        for term in (term for wish in query.wishes for term in wish.terms if term.is_prefix):
            for letters in term.words:
                self.prefixes[letters] = self._expand(connection, letters)
        self._counts = counts(connection, questions.lexemes(query.wishes, self.prefixes))
        sums = connection.execute(_TOTALS).mappings().one()
        self.documents: int = sums["documents"]
        self.titled: int = sums["titled"]
        self.usual_title = max(sums["title_words"] / max(self.titled, 1), 1)
        self.usual_body = max(sums["body_words"] / max(self.documents, 1), 1)

    def documents_with(self, wish: Wish) -> int:
        """About so many documents fulfil it; of words by themselves, at most so many."""
        return min(sum(map(self._with_term, wish.terms)), self.documents)

    def documents_with_all(self, counts: Sequence[int]) -> int:
        """About how many documents have several things, of which so many have each."""
        if not counts:
            return self.documents
        each = (count / max(self.documents, 1) for count in counts)
        together = TOGETHER ** (len(counts) - 1) * self.documents * math.prod(each)
        return min(*counts, math.ceil(together), self.documents)

    def rarity(self, wish: Wish) -> float:
        """How much it tells that a document fulfils it."""
        having = self.documents_with(wish)
        return math.log(1 + (self.documents - having + 0.5) / (having + 0.5))

    def _with_term(self, term: Term) -> int:
        if term.is_prefix:
            return sum(self._counts.get(one, 0) for one in questions.written(term, self.prefixes))
        return self.documents_with_all(
            [sum(self._counts.get(form, 0) for form in questions.forms(word)) for word in term.words]
        )

    def _expand(self, connection: Connection, letters: str) -> list[str]:
        best = _BEGINNING.order_by(words.c.documents.desc(), words.c.word).limit(MOST_OF_PREFIX + 1)
        rows = connection.execute(best, _range(letters)).tuples().all()
        together = accumulate(count for _word, count in rows)
        kept = min(max(1, sum(count <= MOST_WITH_PREFIX for count in together)), MOST_OF_PREFIX)
        self.is_shortened = self.is_shortened or kept < len(rows)
        return [word.removeprefix(WRITTEN) for word, _count in rows[:kept]]


def counts(connection: Connection, lexemes: Collection[str]) -> dict[str, int]:
    """In how many documents each of these is; those of none are left out."""
    return dict(connection.execute(_COUNTS, {"words": sorted(lexemes)}).tuples().all())


def beginning(connection: Connection, letters: str, most: int) -> dict[str, int]:
    """As the engine's."""
    rows = connection.execute(_BEGINNING.order_by(words.c.word).limit(most), _range(letters))
    return {word.removeprefix(WRITTEN): count for word, count in rows}


def _range(letters: str) -> dict[str, str]:
    first = WRITTEN + lexeme(letters)
    return {"first": first, "last": first + _LAST_LETTER}
