"""Stored counters of a discussion: kept true by each change, and checked by a command."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ScalarSelect, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from forum.comments import tree
from forum.comments.models import PUBLISHED, Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.posts.models import Post, PostAuthor


def count_in(comment: Comment) -> None:
    """A comment became public. Called after its state is flushed."""
    if comment.rank is None:
        comment.rank = _next_rank(comment)
    _count(comment, +1)


def count_out(comment: Comment) -> None:
    """A comment ceased to be public."""
    _count(comment, -1)


def touch(post_id: int) -> None:
    """Readers see a change in this discussion: pages made before it are out of date."""
    _run(update(Post).where(Post.id == post_id).values(thread_version=Post.thread_version + 1))


def touch_all_of(user_id: int) -> None:
    """Every page a person wrote on shows them anew, as after a change of name or picture."""
    written = select(Comment.post_id).where(Comment.author_id == user_id)
    named = select(PostAuthor.post_id).where(PostAuthor.user_id == user_id)
    changed = or_(Post.id.in_(written), Post.id.in_(named))
    _run(update(Post).where(changed).values(thread_version=Post.thread_version + 1))


def _count(comment: Comment, step: int) -> None:
    above = tree.ancestors(comment.path)
    if above:
        _run(
            update(Comment)
            .where(Comment.post_id == comment.post_id, Comment.path.in_(above))
            .values(descendant_count=Comment.descendant_count + step)
        )
    people = 0 if _has_another(comment) else step
    change: dict[str, object] = {
        "comment_count": Post.comment_count + step,
        "people_count": Post.people_count + people,
        "thread_version": Post.thread_version + 1,
    }
    if step > 0:
        change |= {
            "last_comment_at": comment.published_at or clock.now(),
            "last_comment_by_id": comment.author_id,
        }
    else:
        change |= {
            "last_comment_at": _of_newest(comment.post_id, Comment.published_at),
            "last_comment_by_id": _of_newest(comment.post_id, Comment.author_id),
        }
    _run(update(Post).where(Post.id == comment.post_id).values(change))


def _of_newest(post_id: int, column: InstrumentedAttribute) -> ScalarSelect:
    """This of the newest public comment of a discussion."""
    public = select(column).where(Comment.post_id == post_id, Comment.state == PUBLISHED)
    return public.order_by(Comment.published_at.desc(), Comment.id.desc()).limit(1).scalar_subquery()


def _has_another(comment: Comment) -> bool:
    """Whether its writer has another public comment in the discussion."""
    found = select(Comment.id).where(
        Comment.post_id == comment.post_id,
        Comment.author_id == comment.author_id,
        Comment.state == PUBLISHED,
        Comment.id != comment.id,
    )
    return db.session.scalar(found.limit(1)) is not None


def _next_rank(comment: Comment) -> int:
    if comment.parent_id is None:
        return 0
    counted = (
        update(Comment)
        .where(Comment.id == comment.parent_id)
        .values(next_rank=Comment.next_rank + 1)
        .returning(Comment.next_rank)
    )
    return db.session.execute(counted.execution_options(synchronize_session=False)).scalar_one() - 1


def _run(statement) -> None:
    # The database adds; what the session holds of these rows is not used again in this request.
    db.session.execute(statement.execution_options(synchronize_session=False))


@dataclass(frozen=True)
class Difference:
    """A stored counter that does not agree with the rows."""

    what: str
    number: int
    stored: int
    counted: int


def differences() -> list[Difference]:
    """Every counter that is wrong. Reads all comments."""
    return [*_wrong_posts(), *_wrong_comments()]


def mend(found: list[Difference]) -> None:
    """Store what was counted."""
    for row in found:
        table, column = row.what.split(".")
        model: type[Post] | type[Comment] = Post if table == "posts" else Comment
        _run(update(model).where(model.id == row.number).values({column: row.counted}))
        if model is Post:
            touch(row.number)


def _wrong_posts() -> list[Difference]:
    public = Comment.state == PUBLISHED
    rows = db.session.execute(
        select(
            Post.id,
            Post.comment_count,
            Post.people_count,
            select(func.count()).where(Comment.post_id == Post.id, public).scalar_subquery(),
            select(func.count(Comment.author_id.distinct()))
            .where(Comment.post_id == Post.id, public)
            .scalar_subquery(),
        )
    )
    wrong = []
    for number, comments, people, true_comments, true_people in rows:
        if comments != true_comments:
            wrong.append(Difference("posts.comment_count", number, comments, true_comments))
        if people != true_people:
            wrong.append(Difference("posts.people_count", number, people, true_people))
    return wrong


def _wrong_comments() -> list[Difference]:
    """One walk over all comments in reading order: a subtree is what follows with a longer path."""
    rows = db.session.execute(
        select(Comment.id, Comment.post_id, Comment.path, Comment.state, Comment.descendant_count).order_by(
            Comment.post_id, Comment.path
        )
    ).all()
    counted = dict.fromkeys((row.id for row in rows), 0)
    above: list[tuple[int, int, str]] = []
    for row in rows:
        while above and not (above[-1][1] == row.post_id and row.path.startswith(above[-1][2])):
            above.pop()
        if row.state == PUBLISHED:
            for number, _post, _path in above:
                counted[number] += 1
        above.append((row.id, row.post_id, row.path))
    return [
        Difference("comments.descendant_count", row.id, row.descendant_count, counted[row.id])
        for row in rows
        if row.descendant_count != counted[row.id]
    ]
