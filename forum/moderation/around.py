"""What a moderator wants to know beside a case: comments like it, what was imposed before, who could be asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import case, or_, select
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.comments.models import Comment, HeldEdit
from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation.actions import AGAINST, APPROVE, DISMISS, RESTORE, UNDO
from forum.moderation.models import Decision, Sanction, Signal
from forum.moderation.queries import in_force
from forum.screening.names import WORDS

# Enough to see a habit.
MOST_SIMILAR = 5
MOST_SANCTIONS = 5
# A word is judged by so many decisions, looked for among so many on any word.
LATELY = 40
MOST_DECISIONS = 500
_LET_THROUGH = (APPROVE, RESTORE, DISMISS)
# The same text by others counts for so long, as an index finds it.
SIMILAR_FOR = timedelta(days=90)


def similar(comment: Comment) -> Sequence[Comment]:
    """The same words by anybody, then what the same person wrote last. One query."""
    same_text = Comment.text_digest == comment.text_digest if comment.text_digest else None
    like_it = Comment.author_id == comment.author_id
    if same_text is not None:
        like_it = or_(like_it, same_text & (Comment.created_at > clock.now() - SIMILAR_FOR))
    first = case((same_text, 0), else_=1) if same_text is not None else Comment.author_id
    return db.session.scalars(
        select(Comment)
        .where(like_it, Comment.id != comment.id)
        .options(joinedload(Comment.author), joinedload(Comment.post))
        .order_by(first, Comment.id.desc())
        .limit(MOST_SIMILAR)
    ).all()


def sanctions(person: User) -> Sequence[Sanction]:
    """What was imposed on a person and not undone, the newest first. One query."""
    undone = select(Decision.on_id).where(Decision.action == UNDO, Decision.on_id.is_not(None))
    return db.session.scalars(
        select(Sanction)
        .where(Sanction.user_id == person.id, Sanction.decision_id.not_in(undone))
        .options(joinedload(Sanction.decision).joinedload(Decision.by))
        .order_by(Sanction.id.desc())
        .limit(MOST_SANCTIONS)
    ).all()


def held_edit(comment: Comment) -> HeldEdit | None:
    """New words for a public comment that wait. One query."""
    return db.session.get(HeldEdit, comment.id)


def let_through(patterns: Collection[str]) -> dict[str, tuple[int, int]]:
    """Of each of these watched words: how often a comment with it was let through lately, of how many decisions. One
    query, none without words."""
    if not patterns:
        return {}
    rows = db.session.execute(
        select(Signal.detail, Decision.action)
        .join(Decision, Decision.case_id == Signal.case_id)
        .where(Signal.reason == WORDS, Decision.action.in_([*_LET_THROUGH, *AGAINST]), in_force())
        .order_by(Signal.id.desc())
        .limit(MOST_DECISIONS)
    )
    found: dict[str, tuple[int, int]] = {}
    for detail, action in rows:
        for pattern in {word["pattern"] for word in detail.get("words", ())} & set(patterns):
            some, every = found.get(pattern, (0, 0))
            if every < LATELY:
                found[pattern] = some + (action in _LET_THROUGH), every + 1
    return found


def colleagues(of: User) -> Sequence[User]:
    """Other people who moderate, by name. One query."""
    staff = or_(User.is_moderator, User.is_admin)
    return db.session.scalars(select(User).where(staff, User.id != of.id).order_by(User.name)).all()
