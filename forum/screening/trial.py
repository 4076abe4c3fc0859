"""What a check would have found in comments of the past: to be known before it is switched on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from forum.comments.findings import Finding
from forum.comments.models import WITHDRAWN, Comment
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.posts.models import Post
from forum.screening.checks import Check, look_with
from forum.screening.names import WORDS
from forum.screening.subject import Subject
from forum.screening.words import Blocked, Watched, found_in

# A month of a lively site. Each costs what it costs when it is posted: half a millisecond, with its query.
LOOKED_AT = 500


Look = Callable[[Subject], Sequence[Finding]]


@dataclass(frozen=True)
class Hit:
    """A comment that the check would have held, told of, asked about or not taken."""

    comment: Comment
    findings: Sequence[Finding]


def newest() -> Sequence[Comment]:
    """The comments that are looked at. Three queries."""
    return db.session.scalars(
        select(Comment)
        .where(Comment.state != WITHDRAWN)
        .options(
            joinedload(Comment.author),
            joinedload(Comment.post).selectinload(Post.authors),
            selectinload(Comment.parent),
            selectinload(Comment.answers),
        )
        .order_by(Comment.id.desc())
        .limit(LOOKED_AT)
    ).all()


def of_check(check: Check, numbers: Mapping[str, Any], comments: Iterable[Comment]) -> list[Hit]:
    """What a check finds with these numbers, on or off. A query or none for each comment."""
    return _hits(comments, lambda subject: look_with(check, subject, numbers))


def of_words(watched: Watched, comments: Iterable[Comment]) -> list[Hit]:
    """What these words would have been found in. No query."""
    return _hits(comments, lambda subject: [] if subject.author.is_staff else list(found_in(subject, watched)))


def _hits(comments: Iterable[Comment], look: Look) -> list[Hit]:
    hits = []
    for comment in comments:
        findings = _found(_as_it_was(comment), look)
        if findings:
            hits.append(Hit(comment, findings))
    return hits


def _found(subject: Subject, look: Look) -> Sequence[Finding]:
    try:
        return look(subject)
    except Blocked as blocked:
        return [Finding(WORDS, "block", blocked.detail)]
    except Refused:
        # Not taken then and there: its writer would have had to wait.
        return [Finding("", "wait")]


def _as_it_was(comment: Comment) -> Subject:
    """As far as is known: its words are those of today, and so is what is known of its writer."""
    subject = Subject(
        comment.author, comment.post, comment.answered, comment.body, comment.body_html, 0, comment.lang,
        itself=comment, at=comment.created_at,
    )  # fmt: skip
    subject.links = sum(address.startswith("http") for address in subject.addresses)
    return subject
