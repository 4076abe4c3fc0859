"""Where a comment stands in its discussion.

Every comment has a path: the path of its parent and one fixed-width segment more, so that sorting by path
is reading order and a subtree is a range.
"""

from __future__ import annotations

from sqlalchemy import bindparam, update

from forum.comments.models import Comment
from forum.foundation.db import db
from forum.posts.models import Post

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# 36**4: 1.6 million siblings.
WIDTH = 4
# Replies to a comment this deep hang where it hangs, beside it. Keeps a path below 1,200 bytes, which every
# database can index.
DEEPEST = 290


def place(comment: Comment, post: Post, parent: Comment | None) -> None:
    """Give a new comment its path and depth. The counters make two at once take two numbers.

    From then on it is nobody else's turn in this discussion; see `lock`.
    """
    if parent is not None:
        lock(post.id)
    if parent is not None and parent.depth >= DEEPEST:
        # The one it answers stands beside it now, and is named on its card.
        comment.answers_id = parent.id
        parent = parent.parent
    number = _next_root(post) if parent is None else _next_child(parent)
    comment.parent_id = parent.id if parent is not None else None
    comment.root_id = (parent.root_id or parent.id) if parent is not None else None
    comment.path = (parent.path if parent is not None else "") + segment(number)
    comment.depth = parent.depth + 1 if parent is not None else 0


def lock(post_id: int) -> None:
    """Let one change of a discussion happen at a time, until the transaction ends.

    A reply takes its parent's row first and an approval the comment's own, before both count in the rows above:
    without a row that all take before, two of them could wait for each other.
    """
    db.session.connection().execute(_UNCHANGED, {"number": post_id})


# Made once. Written as it is, because SQLite knows no other way to wait for its turn.
_UNCHANGED = update(Post).where(Post.id == bindparam("number")).values(next_root=Post.next_root)


def segment(number: int) -> str:
    """A number from 1 as one path segment. Raises ValueError when there are too many siblings."""
    if not 0 < number < len(DIGITS) ** WIDTH:
        raise ValueError(f"no path segment for {number}")
    letters = ""
    for _place in range(WIDTH):
        number, digit = divmod(number, len(DIGITS))
        letters = DIGITS[digit] + letters
    return letters


def root(path: str) -> str:
    """The path of the comment on the post that this one hangs below, or is."""
    return path[:WIDTH]


def is_segment(word: str) -> bool:
    return len(word) == WIDTH and set(word) <= set(DIGITS)


def ancestors(path: str) -> list[str]:
    """The paths above this one, the root's first."""
    return [path[:end] for end in range(WIDTH, len(path), WIDTH)]


def _next_root(post: Post) -> int:
    return db.session.connection().execute(_ROOT_COUNTED, {"number": post.id}).scalar_one() - 1


def _next_child(parent: Comment) -> int:
    return db.session.connection().execute(_CHILD_COUNTED, {"number": parent.id}).scalar_one() - 1


_ROOT_COUNTED = (
    update(Post).where(Post.id == bindparam("number")).values(next_root=Post.next_root + 1).returning(Post.next_root)
)
_CHILD_COUNTED = (
    update(Comment)
    .where(Comment.id == bindparam("number"))
    .values(next_child=Comment.next_child + 1)
    .returning(Comment.next_child)
)
