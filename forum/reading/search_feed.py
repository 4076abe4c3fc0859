"""What a search finds, as entries of a feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from forum.search.engine import COMMENT, PERSON, POST, key_of
from forum.search.loading import FoundComment, FoundHit, FoundPerson, FoundPost


@dataclass(frozen=True)
class Entry:
    """One result. `key` never changes, whatever becomes of its address; `excerpt` has the searched words in <mark>."""

    key: str
    url: str
    title: str
    authors: tuple[str, ...]
    published: datetime
    updated: datetime
    excerpt: Markup
    lang: str


def entries(found: Sequence[FoundHit]) -> list[Entry]:
    """No query: all of it is loaded."""
    return [_entry(hit) for hit in found]


def _entry(hit: FoundHit) -> Entry:
    match hit:
        case FoundPost(post):
            url, authors = url_for("posts.show", slug=post.slug), tuple(author.name for author in post.authors)
            published = post.published_at or post.created_at
            return Entry(
                key_of(POST, post.id), url, post.title, authors, published, max(published, post.updated_at),
                hit.excerpt, post.lang,
            )  # fmt: skip
        case FoundComment(comment):
            url, title = url_for("comments.show", comment_id=comment.id), comment.post.title
            published = comment.created_at
            return Entry(
                key_of(COMMENT, comment.id), url, title, (comment.author.name,), published,
                comment.edited_at or published, hit.excerpt, comment.lang,
            )  # fmt: skip
        case FoundPerson(person):
            url = url_for("people.show", username=person.username)
            since = person.created_at
            return Entry(key_of(PERSON, person.id), url, person.name, (person.name,), since, since, hit.excerpt, "")
