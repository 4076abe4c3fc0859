"""Large discussions, made row by row past the acts."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, insert, select, update

from forum.accounts.models import User
from forum.comments import tree
from forum.comments.models import PUBLISHED, REMOVED, WITHDRAWN, Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.posts.models import Post

# Which earlier comment each comment answers, by its place in the list; None answers the post.
Shape = Sequence[int | None]


def fill(post: Post, parents: Shape, authors: Sequence[User], gone: dict[int, str] | None = None) -> list[int]:
    """Store a discussion of this shape below an empty post and commit; the numbers of its comments, in order.

    `gone` gives some of them, by place, the state removed or withdrawn.
    """
    gone = gone or {}
    first = (db.session.scalar(select(func.max(Comment.id))) or 0) + 1
    children: Counter[int | None] = Counter()
    rows: list[dict] = []
    for place, parent in enumerate(parents):
        children[parent] += 1
        above = rows[parent] if parent is not None else None
        rows.append(
            {
                "id": first + place,
                "parent_id": above["id"] if above else None,
                "root_id": (above["root_id"] or above["id"]) if above else None,
                "path": (above["path"] if above else "") + tree.segment(children[parent]),
                "depth": above["depth"] + 1 if above else 0,
                "rank": children[parent] if above else 0,
                "state": gone.get(place, PUBLISHED),
                "author_id": authors[place % len(authors)].id,
            }
        )
    _store(post, rows, children)
    return [row["id"] for row in rows]


def _store(post: Post, rows: list[dict], children: Counter) -> None:
    moment = clock.now() - timedelta(days=40)
    place_of = {row["path"]: place for place, row in enumerate(rows)}
    below = Counter(place_of[path] for row in rows if row["state"] == PUBLISHED for path in tree.ancestors(row["path"]))
    common = {"post_id": post.id, "renderer": "test", "lang": "en", "version": 1, "held_for": []}
    for place, row in enumerate(rows):
        row |= common | {
            "body": f"Words {place}.",
            "body_html": f"<p>Words {place}.</p>",
            "created_at": moment + timedelta(seconds=place),
            "published_at": moment + timedelta(seconds=place),
            "hidden_at": clock.now() if row["state"] in (REMOVED, WITHDRAWN) else None,
            "descendant_count": below[place],
            "next_child": children[place] + 1,
            "next_rank": children[place] + 1,
        }
    for start in range(0, len(rows), 1000):
        db.session.execute(insert(Comment), rows[start : start + 1000])
    public = [row for row in rows if row["state"] == PUBLISHED]
    db.session.execute(
        update(Post)
        .where(Post.id == post.id)
        .values(
            comment_count=len(public),
            people_count=len({row["author_id"] for row in public}),
            next_root=children[None] + 1,
            thread_version=Post.thread_version + 1,
        )
    )
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.setval("comments_id_seq", rows[-1]["id"])))
    db.session.commit()
    db.session.expire_all()


def random_shape(size: int, seed: int, roots: int = 20) -> Shape:
    """Long and short branches, wide and deep ones; the same for the same seed."""
    dice = random.Random(seed)
    shape: list[int | None] = []
    for place in range(size):
        kind = dice.random()
        if place == 0 or kind < roots / size:
            shape.append(None)
        elif kind < 0.5:
            shape.append(place - 1)
        else:
            shape.append(dice.randrange(place))
    return shape
