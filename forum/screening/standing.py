"""Checks of who writes and where: newcomers, discussions that are checked first, links by trust, rejections lately."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from forum.accounts.models import TRUSTED
from forum.comments.findings import HOLD, Finding
from forum.comments.models import PUBLISHED, REJECTED, REMOVED
from forum.screening.names import CHECKED_FIRST, LINKS, NEWCOMER, REJECTED_LATELY
from forum.screening.subject import Subject

# Of the addresses of a text so many are shown.
MOST_SHOWN = 20


def newcomer(subject: Subject, _numbers: dict[str, float]) -> Iterator[Finding]:
    """Nothing by this person has been approved yet."""
    if subject.author.is_newcomer:
        yield Finding(NEWCOMER)


def checked_first(subject: Subject, _numbers: dict[str, float]) -> Iterator[Finding]:
    """Every comment of this discussion is read first."""
    if subject.post.is_checked_first:
        yield Finding(CHECKED_FIRST)


def links(subject: Subject, numbers: dict[str, float]) -> Iterator[Finding]:
    """One or two links support a point; three are how advertising looks."""
    most = numbers["trusted" if subject.author.trust >= TRUSTED else "known"]
    if subject.links > most:
        detail = {"count": subject.links, "most": int(most), "found": subject.addresses[:MOST_SHOWN]}
        yield Finding(LINKS, HOLD, detail)


def rejected_lately(subject: Subject, numbers: dict[str, float]) -> Iterator[Finding]:
    """Of what this person wrote in the last weeks, much was rejected or removed."""
    since = subject.at - timedelta(days=numbers["days"])
    states = [earlier.state for earlier in subject.before if earlier.created_at >= since]
    against = sum(state in (REJECTED, REMOVED) for state in states)
    decided = against + states.count(PUBLISHED)
    if against >= numbers["fewest"] and 100 * against >= numbers["share"] * decided:
        yield Finding(REJECTED_LATELY, HOLD, {"against": against, "of": decided})
