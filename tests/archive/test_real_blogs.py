"""Two real blogs, where their files are at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from forum.comments import counting
from forum.comments.models import Comment
from forum.foundation.db import db
from forum.posts.models import Post
from tests.archive.made_up import rejected, run
from tests.visitor import Visitor

BLOGS = Path(__file__).parents[3] / "shared" / "data" / "blogs"

pytestmark = pytest.mark.skipif(not BLOGS.is_dir(), reason="the real blogs are not at hand (../shared/data/blogs)")


def counts() -> tuple[int, int, int]:
    """Posts, comments, and comments that are replies."""
    number = func.count(Comment.id)
    replies = select(number).where(Comment.parent_id.is_not(None))
    return tuple(db.session.scalar(q) or 0 for q in (select(func.count(Post.id)), select(number), replies))


def test_a_blog_comes_in_whole_with_its_replies_under_their_parents_and_only_once(app, visit):
    folder = BLOGS / "mademistakes.com"
    assert "mademistakes.com: 769 new, 0 known, 0 rejected." in run(app, folder).output
    assert counts() == (49, 720, 353)
    assert parents_here() == parents_there(folder)
    assert counting.differences() == []
    db.session.rollback()
    assert "mademistakes.com: 0 new, 769 known, 0 rejected." in run(app, folder).output
    assert counts() == (49, 720, 353)
    assert unreadable(visit()) == []


def test_a_blog_with_faults_comes_in_without_them(app, visit):
    result = run(app, BLOGS / "travisdowns.github.io")
    assert "travisdowns.github.io: 411 new, 0 known, 3 rejected." in result.output
    assert counts() == (17, 394, 135)
    reasons = [row["reason"] for row in rejected(app, "travisdowns.github.io")]
    assert sum("Its post" in reason for reason in reasons) == 2
    assert sum("The comment it replies to" in reason for reason in reasons) == 1
    assert unreadable(visit()) == []


def parents_here() -> dict[str, str | None]:
    rows = db.session.execute(select(Comment.id, Comment.origin, Comment.parent_id)).all()
    ids = {row.id: row.origin.partition(":")[2] for row in rows}
    return {ids[row.id]: ids.get(row.parent_id) for row in rows}


def parents_there(folder: Path) -> dict[str, str | None]:
    with (folder / "comments.jsonl").open() as lines:
        return {row["id"]: row["parent"] for row in map(json.loads, lines)}


def unreadable(guest: Visitor) -> list[str]:
    """The posts whose page does not open."""
    slugs = db.session.scalars(select(Post.slug)).all()
    return [slug for slug in slugs if guest.get(f"/posts/{slug}").status != 200]
