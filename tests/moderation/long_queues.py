"""Long queues, made row by row past the acts."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, insert, select

from forum.accounts.models import User
from forum.comments import tree
from forum.comments.models import HELD, Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation.actions import HELD as HELD_CASE
from forum.moderation.models import Case, Signal
from forum.posts.models import Post
from forum.screening import names


def fill_queue(post: Post, author: User, many: int) -> list[int]:
    """So many held comments by one person, each with its case, a minute apart; commits. The numbers of the cases."""
    first = (db.session.scalar(select(func.max(Comment.id))) or 0) + 1
    first_case = (db.session.scalar(select(func.max(Case.id))) or 0) + 1
    now = clock.now()
    comments = [_comment(post, author, first + place) for place in range(many)]
    opened = [
        {"id": first_case + place, "comment_id": first + place, "kind": HELD_CASE, "priority": place % 7 * 10,
         "opened_at": now - timedelta(minutes=many - place), "version": 1}
        for place in range(many)
    ]  # fmt: skip
    signals = [{"case_id": row["id"], "reason": names.NEWCOMER, "detail": {}} for row in opened]
    db.session.execute(insert(Comment), comments)
    db.session.execute(insert(Case), opened)
    db.session.execute(insert(Signal), signals)
    post.next_root = first + many
    _move_on("comments", first + many)
    _move_on("cases", first_case + many)
    db.session.commit()
    return [row["id"] for row in opened]


def _comment(post: Post, author: User, number: int) -> dict:
    words = f"Words number {number} that wait."
    return {
        "id": number, "post_id": post.id, "path": tree.segment(number), "depth": 0, "author_id": author.id,
        "body": words, "body_html": f"<p>{words}</p>", "renderer": "1", "lang": "en", "state": HELD, "version": 1,
        "held_for": [{"reason": names.NEWCOMER, "detail": {}}], "next_child": 1, "next_rank": 1,
        "descendant_count": 0, "created_at": clock.now(),
    }  # fmt: skip


def _move_on(table: str, number: int) -> None:
    """The next row gets a number of its own: PostgreSQL counts what it gave out itself."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.setval(f"{table}_id_seq", number)))
