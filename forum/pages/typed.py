"""What the form of a composer says: which comment it answers, and which words somebody typed."""

from __future__ import annotations

from flask import request

from forum.comments import queries
from forum.comments.drafts import Typed
from forum.comments.models import Comment
from forum.pages.forms import number
from forum.posts.models import Post
from forum.reading.composer import KEEP_MINE


def comment(post: Post) -> Comment | None:
    """The comment the form answers, whatever became of it."""
    found = queries.by_id(number(request.form.get("parent")))
    return found if found is not None and found.post_id == post.id else None


def parent(post: Post) -> tuple[Comment | None, bool]:
    """The comment to be answered, and whether one was asked for that is not there."""
    if not request.form.get("parent"):
        return None, False
    found = comment(post)
    if found is None or not found.is_public:
        return None, True
    return found, False


def words() -> Typed:
    """As drafts and comments take them."""
    form = request.form
    # Whoever keeps their own words over a newer draft has seen that draft.
    seen = form.get("newer") if form.get("intent") == KEEP_MINE else form.get("draft")
    body = form.get("body", "").replace("\x00", "").replace("\r\n", "\n")
    return Typed(body, form.get("lang", ""), _version(seen), form.get("token", "")[:64])


def _version(typed: str | None) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) <= 10 else 0
