"""Comments in every state, as moderators look for them: asked of the database, never of the index that readers search.

Words are looked for in one comment after the other, the newest first, and in a limited number of them at once: what an
index of words costs is paid for readers alone. Whoever wants older ones asks again from where it ended.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from forum.comments import models as comments
from forum.comments.models import Comment, HeldEdit
from forum.comments.queries import writer_and_post
from forum.foundation import paging
from forum.foundation.db import db
from forum.moderation.folded import holds, matched
from forum.moderation.models import Case, Signal

PAGE = 30
# Where words are looked for: at worst, in texts full of accents, half a second's work for either database.
MOST_TEXTS = 20_000
# Where a glance at the row is enough.
MOST_ROWS = 100_000

# A public comment with new words that wait, beside the states a comment can be in.
EDIT_WAITS = "edit"
STATES = (
    comments.HELD,
    EDIT_WAITS,
    comments.PUBLISHED,
    comments.REJECTED,
    comments.REMOVED,
    comments.WITHDRAWN,
)

# When it was written, and its number, for those of one moment.
Place = tuple[Any, ...]


@dataclass(frozen=True)
class Wanted:
    """What a moderator looks for; what is empty asks for nothing."""

    # Each stands somewhere in the comment's source, or each in that of its waiting edit.
    words: tuple[str, ...] = ()
    state: str = ""
    # By these people, below these posts; None for anybody and anywhere.
    author_ids: frozenset[int] | None = None
    post_ids: frozenset[int] | None = None
    # In what a check found.
    matched: str = ""
    # Written from this moment on, and before that.
    since: datetime | None = None
    until: datetime | None = None

    @property
    def reads_texts(self) -> bool:
        return bool(self.words or self.matched)


@dataclass(frozen=True)
class Found:
    """A page of comments, each with its waiting edit, and where the next begins."""

    rows: Sequence[tuple[Comment, HeldEdit | None]] = ()
    after: str | None = None
    # How many comments were looked at, where there are older ones and the page is not full; else 0.
    looked_at: int = 0
    cases: dict[int, list[Case]] = field(default_factory=dict)


def find(wanted: Wanted, after: str = "", most: int = 0) -> Found:
    """A page of them, the newest first. Three queries. Raises Refused where `after` is no place."""
    begin = paging.read(after, datetime, int)
    most = most or (MOST_TEXTS if wanted.reads_texts else MOST_ROWS)
    end = _end(wanted, begin, most)
    found = _between(select(Comment, HeldEdit), wanted, begin, end).where(*_filters(wanted))
    rows = [
        (comment, edit)
        for comment, edit in db.session.execute(
            found.outerjoin(HeldEdit, HeldEdit.comment_id == Comment.id)
            .options(*writer_and_post())
            .order_by(Comment.created_at.desc(), Comment.id.desc())
            .limit(PAGE + 1)
        )
    ]
    shown = rows[:PAGE]
    cases = _cases_of([comment.id for comment, _edit in shown])
    if len(rows) > PAGE:
        last = shown[-1][0]
        return Found(shown, paging.cursor(last.created_at, last.id), cases=cases)
    return Found(shown, paging.cursor(*end), most, cases) if end else Found(shown, cases=cases)


def _end(wanted: Wanted, begin: Place | None, most: int) -> Place | None:
    """The last of so many comments; none where there are no more behind it. One query, answered by an index."""
    ends = db.session.execute(
        _between(select(Comment.created_at, Comment.id), wanted, begin, None)
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .offset(most - 1)
        .limit(2)
    ).all()
    return tuple(ends[0]) if len(ends) > 1 else None


def _between(found: Select, wanted: Wanted, begin: Place | None, end: Place | None) -> Select:
    """Those behind the one place, up to the other, that an index tells from the others."""
    if wanted.author_ids is not None:
        found = found.where(Comment.author_id.in_(sorted(wanted.author_ids)))
    if wanted.post_ids is not None:
        found = found.where(Comment.post_id.in_(sorted(wanted.post_ids)))
    if wanted.since is not None:
        found = found.where(Comment.created_at >= wanted.since)
    if wanted.until is not None:
        found = found.where(Comment.created_at < wanted.until)
    # The moment alone stands first, for an index has no more.
    if begin is not None:
        found = found.where(Comment.created_at <= begin[0], or_(Comment.created_at < begin[0], Comment.id < begin[1]))
    if end is not None:
        found = found.where(Comment.created_at >= end[0], or_(Comment.created_at > end[0], Comment.id >= end[1]))
    return found


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What each row is asked, the cheapest first."""
    filters: list[ColumnElement[bool]] = []
    if wanted.state == EDIT_WAITS:
        filters.append(HeldEdit.comment_id.is_not(None))
    elif wanted.state:
        filters.append(Comment.state == wanted.state)
    if wanted.matched:
        filters.append(
            exists().where(
                Case.comment_id == Comment.id,
                Signal.case_id == Case.id,
                holds(matched(Signal.detail), (wanted.matched,)),
            )
        )
    if wanted.words:
        in_edit = and_(HeldEdit.comment_id.is_not(None), holds(HeldEdit.body, wanted.words))
        filters.append(or_(holds(Comment.body, wanted.words), in_edit))
    return filters


def _cases_of(comment_ids: Collection[int]) -> dict[int, list[Case]]:
    """The cases of each of these comments: the open one first, then the newest. One query."""
    found: dict[int, list[Case]] = {}
    rows = db.session.scalars(
        select(Case).where(Case.comment_id.in_(comment_ids)).order_by(Case.closed_at.is_not(None), Case.id.desc())
    )
    for case in rows:
        found.setdefault(case.comment_id or 0, []).append(case)
    return found
