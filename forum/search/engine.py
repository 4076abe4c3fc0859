"""What a search engine does for us; whatever fulfils this can take the place of another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Final, NamedTuple, Protocol

from forum.search.arrays import Numbers, np

POST, COMMENT, PERSON = "post", "comment", "person"
KINDS: Final = (POST, COMMENT, PERSON)

IMAGE, LINK = "image", "link"
CONTENTS: Final = (IMAGE, LINK)

RELEVANCE, NEWEST, LIKED = "relevance", "newest", "liked"
ORDERS: Final = (RELEVANCE, NEWEST, LIKED)

# Words as `analysis.words` makes them, in their order.
Words = tuple[str, ...]


class NotReady(Exception):
    """There is no index that can be read: not yet, or not any more."""


@dataclass(frozen=True)
class Document:
    """A public post, comment or profile as the index learns it. The texts are plain, without markup.

    `post_id` is the discussion it belongs to, and `writer_id` the account it is by: 0 where there is none.
    `authors` are names: of a post's authors and of a person, with usernames; a comment has none, since it is found
    by its writer's. `contents` are those of CONTENTS that its text has.
    """

    kind: str
    id: int
    post_id: int
    title: str
    body: str
    authors: tuple[str, ...]
    lang: str
    created_at: datetime
    writer_id: int = 0
    contents: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return key_of(self.kind, self.id)

    @property
    def stamp(self) -> str:
        """The same for equal documents; by it an outdated entry is known."""
        return blake2b(repr(self).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Term:
    """A word, several that follow each other, or (prefix) how a word begins; a prefix has one word, as it is typed."""

    words: Words
    is_prefix: bool = False


@dataclass(frozen=True)
class Wish:
    """Something to look for: any of its terms fulfils it. Without one that is needed, a document is no result."""

    terms: tuple[Term, ...]
    is_needed: bool = False


@dataclass(frozen=True)
class Picked:
    """What readers ticked beside the results; an empty set picks everything. `posts` are discussions, by id."""

    kinds: frozenset[str] = frozenset()
    posts: frozenset[int] | None = None
    writers: frozenset[int] = frozenset()
    years: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Query:
    """What somebody looks for; everything that has a number in the database is looked up already.

    A result fulfils every wish that is needed, and one wish at least, if there are any; the more the better. It has
    none of `without`, is by one of `authors` (all words of a name stand in the name of a post's author, or of the
    account that wrote the comment, or of the person) and by none of `without_authors`.
    """

    wishes: tuple[Wish, ...] = ()
    without: tuple[Term, ...] = ()
    authors: tuple[Words, ...] = ()
    without_authors: tuple[Words, ...] = ()
    # Empty: all kinds.
    kinds: frozenset[str] = frozenset()
    # None: all discussions, or all accounts; an empty set: none.
    posts: frozenset[int] | None = None
    without_posts: frozenset[int] = frozenset()
    writers: frozenset[int] | None = None
    # From `since` on, and before `until`.
    since: datetime | None = None
    until: datetime | None = None
    # All of these, and none of those, of CONTENTS.
    contents: frozenset[str] = frozenset()
    without_contents: frozenset[str] = frozenset()
    order: str = RELEVANCE
    # Keys, the most liked first: these come first in the order `LIKED`, the newest of all others follow.
    favourites: tuple[str, ...] = ()
    picked: Picked = Picked()


@dataclass(frozen=True)
class Hit:
    kind: str
    id: int
    score: float = 0.0

    @property
    def key(self) -> str:
        return key_of(self.kind, self.id)


class Place(NamedTuple):
    """Where a result belongs beside the others; `year` is that of `created_at`, UTC."""

    kind: str
    post_id: int
    writer_id: int
    year: int


@dataclass(frozen=True, eq=False)
class Tally:
    """The places of all results: four columns, with a row for each result, in any order. Kinds are numbers in KINDS."""

    kinds: Numbers
    posts: Numbers
    writers: Numbers
    years: Numbers

    @classmethod
    def of(cls, places: Iterable[Place] = ()) -> Tally:
        rows = [(KINDS.index(place.kind), *place[1:]) for place in places]
        return cls(*np.array(rows, np.int64).reshape(-1, len(Place._fields)).T)

    def __len__(self) -> int:
        return len(self.kinds)

    def __iter__(self) -> Iterator[Place]:
        columns = (self.kinds, self.posts, self.writers, self.years)
        for kind, *rest in zip(*(column.tolist() for column in columns), strict=True):
            yield Place(KINDS[kind], *rest)


@dataclass(frozen=True)
class Answer:
    """The best of what was picked, best first, and the places of all results before picking."""

    hits: list[Hit] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally.of)
    # Whether any of the hits fulfils every wish.
    is_whole: bool = False
    # Whether only the newest of very many results were compared and counted.
    is_cut: bool = False
    # Whether a prefix begins more words than were looked for.
    is_shortened: bool = False


class Engine(Protocol):
    """An index of what everybody may read. Readers never wait for the writer, and there is one at a time."""

    def find(self, query: Query, most: int, stale: Collection[str] = ()) -> Answer:
        """At most `most` hits. What has a `stale` key is not there: neither found nor counted. Raises NotReady."""

    def known(self, words: Collection[str]) -> dict[str, int]:
        """How many documents hold each of these words as they are written; words of none are left out.
        Raises NotReady."""

    def beginning(self, letters: str, most: int) -> dict[str, int]:
        """Words that begin so, as they are written, with how many documents hold them: at most `most`, in the order
        of the alphabet. A word whose documents are all forgotten may be among them. Raises NotReady."""

    def entries(self) -> dict[str, str]:
        """The stamp of every document held, by key. Raises NotReady."""

    def is_sound(self) -> bool:
        """Whether all of it can be read. Reads every entry."""

    def writing(self, *, patiently: bool = False) -> AbstractContextManager[bool]:
        """The right to write, for this block; False when another process has it (patiently: wait for it)."""

    def write(self, keys: Collection[str], documents: Iterable[Document]) -> None:
        """Forget these keys and hold these documents, lasting when this returns. Raises NotReady."""

    def replace(self, documents: Iterable[Document]) -> int:
        """Hold these documents only; how many. Readers see the old index until the new one is whole."""


def key_of(kind: str, number: int) -> str:
    return f"{kind}:{number}"
