"""What everybody may read of the decisions: which of them, and which they may filter by.

An entry is a decision that keeps something from readers or somebody from writing, that takes this back, or that answers
an appeal. Approvals and dismissed flags are counted in the transparency report and not listed: an entry would tell
which public comments were ever doubted. An entry stands from the moment of the decision, as the line in place of the
comment does, and for good: an undone decision and its undoing are two entries. What forum/reading/openness leaves out
of each is said there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from forum.comments.models import Comment
from forum.foundation import paging
from forum.foundation.db import db
from forum.foundation.paging import Key
from forum.moderation.actions import (
    CLEAN_UP,
    LIFT,
    MARK_SPAM,
    OVERTURN,
    REJECT,
    REMOVE,
    RESTORE,
    SILENCE,
    SUSPEND,
    UNDO,
    UPHOLD,
    WARN,
)
from forum.moderation.models import Decision, Sanction
from forum.posts.models import PUBLISHED, Post

PAGE = 50
# Feed readers ask often and need only what is new.
IN_FEED = 30

SHOWN = (REMOVE, REJECT, MARK_SPAM, RESTORE, WARN, SILENCE, SUSPEND, LIFT, CLEAN_UP, UPHOLD, OVERTURN)
# On a person: a discussion beside them would help to guess whom.
PERSONAL = (WARN, SILENCE, SUSPEND, LIFT, CLEAN_UP)
# What takes an earlier decision back, or looks at it again.
ANSWERS = (UNDO, LIFT, UPHOLD, OVERTURN)
_NEWEST_FIRST = (Key(Decision.created_at, datetime, True), Key(Decision.id, int, True))


@dataclass(frozen=True)
class Filters:
    """What somebody looks for; an empty word for everything. The month is as “2026-03”."""

    action: str = ""
    rule: str = ""
    discussion: str = ""
    month: str = ""

    def words(self) -> dict[str, str]:
        """As they stand in an address."""
        return {name: value for name, value in vars(self).items() if value}


def is_listed() -> ColumnElement[bool]:
    """The rule, for queries over Decision."""
    earlier = aliased(Decision)
    undoes_listed = select(earlier.id).where(earlier.id == Decision.on_id, earlier.action.in_(SHOWN)).exists()
    return or_(Decision.action.in_(SHOWN), and_(Decision.action == UNDO, undoes_listed))


def entries(filters: Filters, after: str = "", limit: int = PAGE) -> tuple[Sequence[Decision], str | None]:
    """A page of the log, the newest first, and the cursor of the next. Two queries."""
    place = paging.read(after, datetime, int) or ()
    ids = _filtered(select(Decision.id, Decision.created_at).where(is_listed()), filters)
    found = paging.behind(ids, _NEWEST_FIRST, place, limit + 1).subquery()
    numbers = db.session.scalars(
        select(found.c.id).order_by(found.c.created_at.desc(), found.c.id.desc()).limit(limit + 1)
    ).all()
    rows = {row.id: row for row in db.session.scalars(_whole().where(Decision.id.in_(numbers[:limit])))}
    shown = [rows[number] for number in numbers[:limit] if number in rows]
    return shown, paging.cursor(shown[-1].created_at, shown[-1].id) if len(numbers) > limit else None


def entry(decision_id: int) -> Decision | None:
    """One entry; none where everybody may not read of the decision."""
    return db.session.scalar(_whole().where(Decision.id == decision_id, is_listed()))


def history(decision: Decision) -> Sequence[Decision]:
    """This entry with those on the same comment, or that it answers or is answered by, oldest first. One query."""
    same = [Decision.id == decision.id, and_(Decision.on_id == decision.id, Decision.action.in_(ANSWERS))]
    if decision.action in ANSWERS:
        same.append(Decision.id == decision.on_id)
    if decision.comment_id is not None and not is_personal(decision):
        same.append(and_(Decision.comment_id == decision.comment_id, _is_about_comment()))
    return db.session.scalars(_whole().where(or_(*same), is_listed()).order_by(Decision.id).limit(PAGE)).all()


def answers_to(decisions: Sequence[Decision]) -> dict[int, list[Decision]]:
    """What came after each of these. One query."""
    found: dict[int, list[Decision]] = {}
    numbers = [decision.id for decision in decisions]
    rows = db.session.scalars(
        select(Decision).where(Decision.on_id.in_(numbers), Decision.action.in_(ANSWERS)).order_by(Decision.id)
    )
    for row in rows:
        found.setdefault(row.on_id or 0, []).append(row)
    return found


def hours_of(decisions: Sequence[Decision]) -> dict[int, int | None]:
    """For how long each sanction among these lasts; None until it is lifted. One query."""
    numbers = [decision.id for decision in decisions if decision.action in (SILENCE, SUSPEND)]
    if not numbers:
        return {}
    rows = db.session.execute(
        select(Sanction.decision_id, Sanction.hours).where(Sanction.decision_id.in_(numbers))
    ).tuples()
    return dict(rows.all())


def first_month() -> datetime | None:
    """When the first entry was made."""
    return db.session.scalar(select(Decision.created_at).order_by(Decision.created_at).limit(1))


def is_personal(decision: Decision) -> bool:
    """Whether it is about a person, or answers a decision that is. What a clean-up took away is about a comment."""
    answered = decision.on if decision.action in ANSWERS else None
    return decision.action in PERSONAL or (answered is not None and answered.action in PERSONAL)


def _is_about_comment() -> ColumnElement[bool]:
    """The opposite, for queries."""
    earlier = aliased(Decision)
    answers_personal = select(earlier.id).where(earlier.id == Decision.on_id, earlier.action.in_(PERSONAL)).exists()
    return and_(Decision.action.not_in(PERSONAL), ~and_(Decision.action.in_(ANSWERS), answers_personal))


def _whole() -> Select[Decision]:
    return (
        select(Decision)
        .outerjoin(Decision.comment)
        .outerjoin(Comment.post)
        .options(
            joinedload(Decision.by),
            joinedload(Decision.on),
            contains_eager(Decision.comment).contains_eager(Comment.post),
        )
    )


def _filtered(found: Select, filters: Filters) -> Select:
    if filters.action:
        found = found.where(Decision.action == filters.action)
    if filters.rule:
        found = found.where(Decision.reason == filters.rule)
    if filters.discussion:
        of_post = select(Post.id).where(Post.slug == filters.discussion, Post.state == PUBLISHED).scalar_subquery()
        found = found.join(Comment, Comment.id == Decision.comment_id)
        found = found.where(Comment.post_id == of_post, _is_about_comment())
    if filters.month:
        begin, end = month_bounds(filters.month)
        found = found.where(Decision.created_at >= begin, Decision.created_at < end)
    return found


def month_bounds(month: str) -> tuple[datetime, datetime]:
    """The moment a month begins, and the moment the next one does. Raises ValueError for what is none."""
    year, number = (int(part) for part in month.split("-"))
    begin = datetime(year, number, 1, tzinfo=UTC)
    return begin, datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
