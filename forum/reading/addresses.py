"""Addresses of the pages of a discussion, with nothing in them that the page does not depend on."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from forum.comments import hanging, tree
from forum.comments.models import Comment
from forum.comments.queries import FIRST_REPLIES, LEVELS, OLDEST
from forum.comments.stretches import FIRST_PAGE, Stretch
from forum.foundation import paging
from forum.posts.models import Post
from forum.reading.cards import CommentCard, authors_of


def of_view(post: Post, stretch: Stretch = FIRST_PAGE, **asked: str) -> str:
    """The discussion as `view`, in an `order`, `by` somebody: what is asked for is always in the address."""
    return _with(f"/posts/{post.slug}", asked | _words(stretch))


def of_page(post: Post, stretch: Stretch, order: str, **asked: str) -> str:
    """The same for the links of a page to itself, without what the first page of a discussion is anyway."""
    is_plain = stretch.is_first_page and order == OLDEST
    return of_view(post, stretch, order="" if is_plain else order, **asked)


def of_branch(post: Post, top: Comment, stretch: Stretch = FIRST_PAGE, skip: int = 0, level: int = 0) -> str:
    asked = {"skip": str(skip or ""), "level": str(level or "")} | _words(stretch)
    return _with(f"/posts/{post.slug}/branch/{top.id}", asked)


def of_one(post: Post, comment: Comment | CommentCard) -> str:
    """A page that shows this comment, whatever else is there."""
    if comment.parent_id is None:
        return _with(f"/posts/{post.slug}", {"order": OLDEST} | _words(Stretch(first=(comment.path,))))
    stretch = Stretch(first=(comment.rank,))
    return _with(f"/posts/{post.slug}/branch/{comment.parent_id}", _words(stretch))


def of_comment(comment: Comment, order: str) -> str:
    """The page that shows a comment with those above it, at its place; `order` is the viewer's own.

    The first page when it is there, else the page that begins with its branch, else the page of what it hangs on,
    which names all above. Survives paging, and growth. Four queries at most, however large the discussion.
    """
    anchor, post = f"#comment-{comment.id}", comment.post
    parent = comment.parent if not comment.was_seen else None
    if parent is not None and not _is_on_first_page(parent):
        return of_branch(post, parent) + anchor
    if not comment.was_seen or _is_on_first_page(comment):
        # Without an order in the address a member gets their own, and with it another first page.
        return of_view(post, order=OLDEST if order not in ("", OLDEST) else "") + anchor
    root = Stretch(first=(tree.root(comment.path),))
    if comment.parent_id is None or _is_on(comment, root):
        return of_view(post, root, order=OLDEST) + anchor
    return of_one(post, comment) + anchor


def _is_on_first_page(comment: Comment) -> bool:
    return _is_on(comment, FIRST_PAGE)


def _is_on(comment: Comment, stretch: Stretch) -> bool:
    # Only a reply is ever on a page because one of the post's authors wrote it.
    authors = authors_of(comment.post) if comment.parent_id is not None else frozenset[int]()
    return _may_be_on_a_page(comment) and hanging.shows(comment, stretch, authors)


def _may_be_on_a_page(comment: Comment) -> bool:
    """Whether it is neither too deep to be drawn, nor behind a link to further replies."""
    is_early = (comment.rank or 0) <= FIRST_REPLIES or comment.author_id in authors_of(comment.post)
    return comment.depth <= LEVELS and is_early


def to_answer(post: Post, comment: CommentCard, *, quotes: bool) -> str:
    """The page of this comment, with a box for the reply, and with it as a quotation if that was asked for."""
    page = of_one(post, comment)
    return f"{page}{'&' if '?' in page else '?'}reply={comment.id}{'&quote=1' if quotes else ''}#reply"


def _words(stretch: Stretch) -> dict[str, str]:
    asked = {"from": stretch.first, "after": stretch.after, "before": stretch.before}
    return {name: paging.cursor(*place) for name, place in asked.items() if place}


def _with(path: str, asked: Mapping[str, str]) -> str:
    words = {name: value for name, value in asked.items() if value}
    return f"{path}?{urlencode(words)}" if words else path
