"""Taking away all that one person wrote at once, and bringing it back.

What one comment costs a dozen statements for costs a few for all of them: a spammer may have left a thousand, and on
SQLite nobody else writes meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from forum.accounts.models import User
from forum.comments import counting, tree
from forum.comments.models import HELD, PUBLISHED, REJECTED, REMOVED, Comment
from forum.events import catalog
from forum.events.publish import publish_all
from forum.foundation import clock
from forum.foundation.db import among, db

# In one transaction. Whoever has written more is no spammer, or is taken away in two turns.
MOST = 5_000
# What becomes of a comment, by what it was.
_BECOMES = {PUBLISHED: REMOVED, HELD: REJECTED}


@dataclass(frozen=True)
class Taken:
    """A comment that was taken away, and in which state it was."""

    id: int
    post_id: int
    path: str
    state: str


def of(author: User, limit: int = MOST) -> Sequence[Taken]:
    """What would be taken away, the newest first. One query."""
    rows = db.session.execute(
        select(Comment.id, Comment.post_id, Comment.path, Comment.state)
        .where(Comment.author_id == author.id, Comment.state.in_(_BECOMES))
        .order_by(Comment.id.desc())
        .limit(limit)
    )
    return [Taken(*row) for row in rows]


def lock(author: User) -> None:
    """Let nobody else change the discussions in which this person writes, until the transaction ends."""
    _lock({one.post_id for one in of(author)})


def take_away(author: User) -> Sequence[Taken]:
    """Remove what is public of this person's, and reject what waits; what it was before."""
    lock(author)
    found = of(author)
    _take(author, found)
    return found


def take_again(author: User, brought: Collection[Taken]) -> None:
    """Undo `bring_back`, where its comments are still as it left them."""
    _lock({one.post_id for one in brought})
    states = _states(brought)
    _take(author, [one for one in brought if states.get(one.id) == one.state])


def bring_back(author: User, taken: Collection[Taken]) -> Sequence[Taken]:
    """Put back what is still as `take_away` left it: who withdrew or restored a comment since has the last word."""
    _lock({one.post_id for one in taken})
    states = _states(taken)
    still = [one for one in taken if states.get(one.id) == _BECOMES[one.state]]
    for state in _BECOMES:
        _step([one for one in still if one.state == state], state, None)
    _count(author, still, +1)
    publish_all(catalog.CommentPublished(one.id) for one in still if one.state == PUBLISHED)
    return still


def _take(author: User, found: Sequence[Taken]) -> None:
    now = clock.now()
    for state, becomes in _BECOMES.items():
        _step([one for one in found if one.state == state], becomes, now if becomes == REMOVED else None)
    _count(author, found, -1)
    publish_all(catalog.CommentHidden(one.id) for one in found if one.state == PUBLISHED)


def _states(some: Collection[Taken]) -> dict[int, str]:
    found = select(Comment.id, Comment.state).where(among(Comment.id, "numbers"))
    return dict(db.session.execute(found, {"numbers": [one.id for one in some]}).tuples().all())


def _lock(post_ids: Iterable[int]) -> None:
    """Always in the same order, so that two who do this cannot wait for each other."""
    for post_id in sorted(post_ids):
        tree.lock(post_id)


def _step(some: Sequence[Taken], state: str, hidden_at: datetime | None) -> None:
    if not some:
        return
    changed = (
        update(Comment)
        .where(among(Comment.id, "numbers"))
        .values(state=state, hidden_at=hidden_at, version=Comment.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(changed, {"numbers": [one.id for one in some]})
    db.session.expire_all()  # what the session holds of them is out of date


def _count(author: User, some: Sequence[Taken], step: int) -> None:
    paths: dict[int, list[str]] = {}
    for one in some:
        if one.state == PUBLISHED:
            paths.setdefault(one.post_id, []).append(one.path)
    for post_id in sorted(paths):
        counting.count_many(post_id, author.id, paths[post_id], step)
