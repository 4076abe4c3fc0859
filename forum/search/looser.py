"""What else somebody may have meant who found nothing, or little: each with how many results it has."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from slugify import slugify
from sqlalchemy import func, select

from forum.accounts.models import User
from forum.foundation import clock
from forum.foundation.db import db
from forum.posts.models import PUBLISHED, Post, PostTag, Tag
from forum.search import answering, language, site_index, spelling, turns
from forum.search.asked import Asked
from forum.search.language import Reading
from forum.search.operators import AUTHOR, ORDER
from forum.search.pieces import QUOTES

# Searches that are offered, and that are tried for them: each takes as long as the one before.
MOST: Final = 3
TRIED: Final = 6

# In which way a search is looser.
UNFILTERED, EVERYONE, WITHOUT, WORDS_ALONE, UNQUOTED, TAGGED = (
    "unfiltered", "everyone", "without", "words alone", "unquoted", "tagged",
)  # fmt: skip


@dataclass(frozen=True)
class Looser:
    """A search with results. `about` is what it does without, or finds: as typed, a person's name or a tag's.

    Where it is a tag to be looked through, `slug` is the tag's, and the count is of discussions.
    """

    way: str
    about: str
    count: int
    asked: Asked
    slug: str = ""


@dataclass(frozen=True)
class Suggestion:
    """The same search, spelt otherwise; `words` are what it looks for, without what narrows it."""

    q: str
    words: str
    count: int


def suggestion(
    asked: Asked, reading: Reading, viewer: User | None, total: int, hidden: Collection[str]
) -> Suggestion | None:
    """A better spelling, if more is found with it. Raises NotReady."""
    q = turns.take(spelling.better, site_index.engine(), reading, hidden)
    if q is None:
        return None
    words = words_of(language.read(q, today=clock.now().date(), has_person=viewer is not None))
    # What narrows it may be why there is nothing.
    for typed in dict.fromkeys([q, words] if total == 0 else [q]):
        count = answering.count(asked.with_words(typed), viewer, hidden)
        if count > total:
            return Suggestion(typed, words, count)
    return None


def searches(asked: Asked, reading: Reading, viewer: User | None, hidden: Collection[str]) -> list[Looser]:
    """Up to three that find something, for one that finds nothing: each leaves one thing out. Raises NotReady."""
    counted = (
        Looser(way, about, answering.count(other, viewer, hidden), other)
        for way, about, other in islice(_candidates(asked, reading), TRIED)
    )
    found = list(islice((one for one in counted if one.count), MOST))
    return found if len(found) == MOST else found + _tagged(reading)


def _candidates(asked: Asked, reading: Reading) -> Iterator[tuple[str, str, Asked]]:
    if asked.has_ticks:
        yield UNFILTERED, "", asked.without_ticks()
    narrowing = [token for token in reading.tokens if token.name != ORDER]
    for token in narrowing:
        if token.name == AUTHOR and not token.is_without:
            yield EVERYONE, token.value, asked.with_words(token.rest)
        else:
            yield WITHOUT, token.typed, asked.with_words(token.rest)
    unquoted = "".join(sign for sign in reading.typed if sign not in QUOTES)
    if unquoted != reading.typed:
        yield UNQUOTED, "", asked.with_words(unquoted)
    if len(narrowing) > 1 or (narrowing and asked.has_ticks):
        words = words_of(reading)
        yield WORDS_ALONE, words, Asked(words)


def words_of(reading: Reading) -> str:
    """What was looked for, without what narrows it: as typed, up to the spaces between."""
    return " ".join(reading.typed[word.start : word.end] for word in reading.words)


def _tagged(reading: Reading) -> list[Looser]:
    """The tag that has the same name as what was looked for. One query at most."""
    slug = slugify(words_of(reading), max_length=60)
    if not slug:
        return []
    count = func.count(Post.id)
    found = db.session.execute(
        select(Tag.name, Tag.slug, count)
        .join(PostTag, PostTag.tag_id == Tag.id)
        .join(Post, Post.id == PostTag.post_id)
        .where(Tag.slug == slug, Post.state == PUBLISHED)
        .group_by(Tag.id)
    )
    return [Looser(TAGGED, name, number, Asked(), own) for name, own, number in found]
