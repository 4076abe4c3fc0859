"""What any importer reads: posts and comments as records, and the lines that could not be used."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

# What the columns named "origin" hold.
LONGEST_ORIGIN = 300


@dataclass(frozen=True)
class Spot:
    """Where a record comes from: a file, a line in it from 1, and that line as it was."""

    file: str
    number: int
    text: str


@dataclass(frozen=True)
class Reject:
    """A line that was not imported, and why."""

    spot: Spot
    reason: str


@dataclass(frozen=True)
class PostRecord:
    """A post as it was elsewhere. `body` is Markdown; without a date it takes that of its first comment."""

    spot: Spot
    slug: str
    title: str
    body: str
    published_at: datetime | None = None
    standfirst: str = ""
    lang: str = "en"
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


@dataclass(frozen=True)
class CommentRecord:
    """A comment as it was elsewhere. `body` is Markdown; `post` is a slug and `parent` the id of another comment.

    The same `author_key` is the same person; without one, the same name is.
    """

    spot: Spot
    id: str
    post: str
    parent: str | None
    author: str
    author_key: str | None
    written_at: datetime
    body: str


@dataclass
class Archive:
    """All that one source holds, in the order of its files."""

    source: str
    posts: list[PostRecord] = field(default_factory=list)
    comments: list[CommentRecord] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


def origin(source: str, *parts: str) -> str:
    """How a row remembers where it comes from, so that a second import finds it."""
    whole = ":".join((source, *parts))
    if len(whole) <= LONGEST_ORIGIN:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()
    return f"{whole[: LONGEST_ORIGIN - len(digest) - 1]}:{digest}"
