"""Where imported comments stand among their siblings, with the stored counters of a whole discussion set at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Table, Update, bindparam, case, or_, select, update

from forum.comments import tree
from forum.comments.models import PUBLISHED, Comment
from forum.foundation.db import db
from forum.posts.models import Post

_comments: Table = Comment.__table__  # type: ignore[assignment]
_TAKEN = _comments.update().where(_comments.c.id == bindparam("number")).values(next_rank=bindparam("taken"))
_GROWN = (
    _comments.update()
    .where(_comments.c.post_id == bindparam("post"), _comments.c.path == bindparam("at"))
    .values(descendant_count=_comments.c.descendant_count + bindparam("more"))
)


class Seating:
    """Places comments below one post, each after its parent, then counts them in.

    Two statements a comment, and five for all together; posting them one by one takes about ten each.
    """

    def __init__(self, post: Post) -> None:
        tree.lock(post.id)  # nobody else takes a rank or a place meanwhile
        self._post = post
        self._ranks: dict[int, int] = {}
        self._seated: list[Comment] = []
        self._people_before = self._people()

    def seat(self, comment: Comment, parent: Comment | None) -> None:
        """Give a new, public comment its path and rank, and store it."""
        tree.place(comment, self._post, parent)
        # Its parent as stored: below the deepest level another than the one asked for.
        comment.rank = self._next_rank(comment.parent_id)
        db.session.add(comment)
        db.session.flush()  # its replies need its number
        self._seated.append(comment)

    def count(self) -> None:
        """Bring the counters of the post and of every comment that got replies up to date."""
        self._count_comments()
        self._count_post()

    def _next_rank(self, parent_id: int | None) -> int:
        if parent_id is None:
            return 0
        if parent_id not in self._ranks:
            self._ranks[parent_id] = db.session.scalar(select(Comment.next_rank).where(Comment.id == parent_id)) or 1
        rank = self._ranks[parent_id]
        self._ranks[parent_id] += 1
        return rank

    def _count_comments(self) -> None:
        ranks = [{"number": number, "taken": rank} for number, rank in self._ranks.items()]
        _run(_TAKEN, ranks)
        below = Counter(path for comment in self._seated for path in tree.ancestors(comment.path))
        _run(_GROWN, [{"post": self._post.id, "at": path, "more": more} for path, more in below.items()])

    def _count_post(self) -> None:
        newest = max(self._seated, key=lambda comment: comment.published_at or comment.created_at)
        is_newer = or_(Post.last_comment_at.is_(None), Post.last_comment_at <= newest.published_at)
        writers = {comment.author_id for comment in self._seated}
        db.session.execute(
            update(Post)
            .where(Post.id == self._post.id)
            .values(
                comment_count=Post.comment_count + len(self._seated),
                people_count=Post.people_count + len(writers - self._people_before),
                thread_version=Post.thread_version + 1,
                last_comment_at=case((is_newer, newest.published_at), else_=Post.last_comment_at),
                last_comment_by_id=case((is_newer, newest.author_id), else_=Post.last_comment_by_id),
            )
            .execution_options(synchronize_session=False)
        )

    def _people(self) -> set[int]:
        """Who has a public comment here already."""
        found = select(Comment.author_id).where(Comment.post_id == self._post.id, Comment.state == PUBLISHED)
        return set(db.session.scalars(found.distinct()))


def _run(statement: Update, rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        # Past the mapper: a counter makes no new version of a comment.
        db.session.connection().execute(statement, rows)
