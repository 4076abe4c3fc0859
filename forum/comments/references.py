"""The people and comments that a comment names, looked up for its links."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

from sqlalchemy import select

from forum.accounts import queries
from forum.comments.models import PUBLISHED, Comment
from forum.foundation.db import db
from forum.posts.models import Post
from forum.text import references
from forum.text.markdown import Rendered
from forum.text.safe import SafeHtml

# Who calls more than these calls nobody; further names stay text.
MOST = 50
# What a column of row numbers can hold.
LAST_NUMBER = 2**31 - 1


def linked(rendered: Rendered, post: Post | None) -> SafeHtml:
    """The HTML with links to the people there are, and to the public comments of this discussion. Two queries at most.

    Where somebody else's held or removed comment has the number, or one below another post, the number stays text:
    nobody learns from it that there is one.
    """
    people = queries.usernames_among(islice(rendered.mentions, MOST))
    return references.link(rendered.html, people, _public(post, rendered.comments[:MOST]) if post else set())


def _public(post: Post, numbers: Collection[int]) -> set[int]:
    asked = [number for number in numbers if number <= LAST_NUMBER]
    if not asked:
        return set()
    found = select(Comment.id).where(Comment.id.in_(asked), Comment.post_id == post.id, Comment.state == PUBLISHED)
    return set(db.session.scalars(found))
