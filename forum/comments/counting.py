"""Stored counters of a discussion: kept true by each change, and checked by a command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, ScalarSelect, Update, bindparam, case, func, or_, select, true, update
from sqlalchemy.orm import InstrumentedAttribute

from forum.comments import tree
from forum.comments.models import PUBLISHED, Comment
from forum.comments.queries import Value
from forum.foundation import clock
from forum.foundation.db import UtcDateTime, db
from forum.posts.models import Post, PostAuthor


def count_in(comment: Comment) -> None:
    """A comment became public. Called after its state is flushed."""
    rank(comment)
    _count(comment, +1)


def rank(comment: Comment) -> None:
    """Count it among the siblings that readers have seen, unless it is already."""
    if comment.rank is None:
        comment.rank = _next_rank(comment)


def count_out(comment: Comment) -> None:
    """A comment ceased to be public."""
    _count(comment, -1)


def count_many(post_id: int, author_id: int, paths: Sequence[str], step: int) -> None:
    """Comments of one writer in one discussion became public (+1) or ceased to be (-1), all of them seen before.

    Called after their states are stored. Six statements, however many they are.
    """
    above = Counter(path for one in paths for path in tree.ancestors(one))
    if above:
        # Through the connection: the session would want each row's number.
        db.session.connection().execute(
            update(Comment)
            .where(Comment.post_id == post_id, Comment.path == bindparam("at"))
            .values(descendant_count=Comment.descendant_count + bindparam("more")),
            [{"at": path, "more": step * count} for path, count in sorted(above.items())],
        )
    public = select(func.count(Comment.id)).where(
        Comment.post_id == post_id, Comment.author_id == author_id, Comment.state == PUBLISHED
    )
    now_public = db.session.scalar(public) or 0
    # One more person when these are all they have there, one fewer when nothing is left.
    was_alone = now_public == (len(paths) if step > 0 else 0)
    _run(
        update(Post)
        .where(Post.id == post_id)
        .values(
            comment_count=Post.comment_count + step * len(paths),
            people_count=Post.people_count + (step if was_alone else 0),
            thread_version=Post.thread_version + 1,
            last_comment_at=_of_newest(post_id, Comment.published_at),
            last_comment_by_id=_of_newest(post_id, Comment.author_id),
        )
    )


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
    # Past the session, which would take longer to make a statement of its own of each than the database to run it.
    connection = db.session.connection()
    if above := tree.ancestors(comment.path):
        connection.execute(_ABOVE_COUNTED, {"of": comment.post_id, "above": above, "step": step})
    values = {"of": comment.post_id, "by": comment.author_id, "number": comment.id}
    if step > 0:
        connection.execute(_COUNTED_IN, values | {"moment": comment.published_at or clock.now()})
    else:
        connection.execute(_COUNTED_OUT, values)


def _of_newest(post_id: Value, column: InstrumentedAttribute) -> ScalarSelect:
    """This of the newest public comment of a discussion."""
    public = select(column).where(Comment.post_id == post_id, Comment.state == PUBLISHED)
    return public.order_by(Comment.published_at.desc(), Comment.id.desc()).limit(1).scalar_subquery()


def _counted(step: int, **last: object) -> Update:
    of: BindParameter[int] = bindparam("of")
    # Whether the writer has another public comment in the discussion.
    another = select(Comment.id).where(
        Comment.post_id == of,
        Comment.author_id == bindparam("by"),
        Comment.state == PUBLISHED,
        Comment.id != bindparam("number"),
    )
    return (
        update(Post)
        .where(Post.id == of)
        .values(
            comment_count=Post.comment_count + step,
            people_count=Post.people_count + case((another.exists(), 0), else_=step),
            thread_version=Post.thread_version + 1,
            **last,
        )
    )


_MOMENT: BindParameter[datetime] = bindparam("moment", type_=UtcDateTime())
# One that comes back after a while is not the newest.
_IS_NEWEST = func.coalesce(Post.last_comment_at <= _MOMENT, true())
_COUNTED_IN = _counted(
    +1,
    last_comment_at=case((_IS_NEWEST, _MOMENT), else_=Post.last_comment_at),
    last_comment_by_id=case((_IS_NEWEST, bindparam("by")), else_=Post.last_comment_by_id),
)
_COUNTED_OUT = _counted(
    -1,
    last_comment_at=_of_newest(bindparam("of"), Comment.published_at),
    last_comment_by_id=_of_newest(bindparam("of"), Comment.author_id),
)
_ABOVE_COUNTED = (
    update(Comment)
    .where(Comment.post_id == bindparam("of"), Comment.path.in_(bindparam("above", expanding=True)))
    .values(descendant_count=Comment.descendant_count + bindparam("step"))
)


def _next_rank(comment: Comment) -> int:
    if comment.parent_id is None:
        return 0
    return db.session.connection().execute(_RANK_COUNTED, {"number": comment.parent_id}).scalar_one() - 1


_RANK_COUNTED = (
    update(Comment)
    .where(Comment.id == bindparam("number"))
    .values(next_rank=Comment.next_rank + 1)
    .returning(Comment.next_rank)
)


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
