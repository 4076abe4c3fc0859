"""What a search engine does for us; whatever fulfils this can take the place of another."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Final, Protocol

POST, COMMENT = "post", "comment"
KINDS: Final = (POST, COMMENT)


class NotReady(Exception):
    """There is no index that can be read: not yet, or not any more."""


@dataclass(frozen=True)
class Document:
    """A public post or comment as the index learns it. The texts are plain, without markup."""

    kind: str
    id: int
    post_id: int
    title: str
    body: str
    authors: tuple[str, ...]
    lang: str
    created_at: datetime

    @property
    def key(self) -> str:
        return key_of(self.kind, self.id)

    @property
    def stamp(self) -> str:
        """The same for equal documents; by it an outdated entry is known."""
        return blake2b(repr(self).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Query:
    """What somebody looks for, in words as `analysis.words` makes them.

    Any of `words` is enough and more are better; each of `phrases` and `authors` must be there, and none of
    `without`.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    authors: tuple[str, ...] = ()
    without: tuple[tuple[str, ...], ...] = ()
    without_authors: tuple[str, ...] = ()

    @property
    def ranked_words(self) -> tuple[str, ...]:
        """Every word that makes a result better, once."""
        return tuple(dict.fromkeys([*self.words, *(word for phrase in self.phrases for word in phrase)]))


@dataclass(frozen=True)
class Hit:
    kind: str
    id: int
    score: float

    @property
    def key(self) -> str:
        return key_of(self.kind, self.id)


@dataclass(frozen=True)
class Answer:
    """The best hits of each kind, best first, and how many there are in all."""

    hits: list[Hit] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    # Whether any hit has every word.
    is_whole: bool = False


class Engine(Protocol):
    """An index of what everybody may read. Readers never wait for the writer, and there is one at a time."""

    def find(self, query: Query, most: int) -> Answer:
        """At most `most` hits of each kind. Raises NotReady."""

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
