"""One page of a discussion, as the same HTML for everybody, made once per change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import get_template_attribute, url_for
from markupsafe import Markup

from forum.comments import queries
from forum.comments.models import REMOVED, Comment
from forum.foundation.cache import cache
from forum.moderation import queries as moderation_queries
from forum.posts.models import Post
from forum.reading import cards
from forum.reading.cards import CommentCard, Setting

# Between the HTML and where its pages begin; no Markdown can make it.
_SPLIT = "\x00"


@dataclass(frozen=True)
class ThreadPage:
    """`html` holds the slots of reading/overlay. The page before ends before `earlier`, the next is after `later`."""

    html: str
    earlier: str | None
    later: str | None


@dataclass(frozen=True)
class Stretch:
    """Which page is asked for: from a path, after one or before one. Nothing asks for the first page."""

    first: str = ""
    after: str = ""
    before: str = ""


def page(
    post: Post, order: str, language: str, stretch: Stretch = Stretch(), parent: Comment | None = None
) -> ThreadPage:
    """A page of the discussion, or of the branch below `parent`. No query when it is kept, four when it is made."""
    top_id = parent.id if parent else 0
    key = ("thread", post.id, post.thread_version, post.is_open, order, stretch, top_id, language)
    kept = cache.get(key, lambda: _SPLIT.join(_make(post, order, stretch, parent)))
    html, earlier, later = kept.split(_SPLIT)
    return ThreadPage(html, earlier or None, later or None)


def _make(post: Post, order: str, stretch: Stretch, parent: Comment | None) -> tuple[str, str, str]:
    tops, earlier, later = _cut(post, order, stretch, parent)
    return render(tree(post, tops, parent)), earlier, later


def _cut(post: Post, order: str, stretch: Stretch, parent: Comment | None) -> tuple[Sequence[Comment], str, str]:
    """The branches of this page, and the paths that bound the pages beside it."""
    if stretch.before:
        tops, has_earlier = queries.branches_before(post.id, parent, order, stretch.before)
        return tops, tops[0].path if has_earlier else "", tops[-1].path if tops else ""
    tops, later = queries.branches(post.id, parent, order, stretch.first, stretch.after)
    has_earlier = bool(
        tops and (stretch.first or stretch.after) and queries.has_branches_before(post.id, parent, order, tops[0].path)
    )
    return tops, tops[0].path if has_earlier else "", later or ""


def tree(post: Post, tops: Sequence[Comment], parent: Comment | None = None) -> list[CommentCard]:
    """Cards for these branches with their first replies. Two queries."""
    below = queries.replies_below(tops)
    removed = [comment.id for comment in [*tops, *below] if comment.state == REMOVED]
    removals = moderation_queries.removals_of(removed)
    branch = url_for("posts.show", slug=post.slug) + "/branch"
    made = cards.nested(tops, below, Setting.of(post), removals, queries.LEVELS, branch)
    if parent is not None:
        for card in made:
            card.parent_name = parent.author.name
    return made


def render(tops: list[CommentCard]) -> str:
    # Jinja's own environment: nothing of the request is in scope, so nothing of the viewer can be in the HTML.
    macro = get_template_attribute("thread/_tree.html", "thread")
    return str(macro(tops))


def render_own(cards_of_one_place: list[CommentCard], *, is_reply: bool) -> Markup:
    """The viewer's own comments that nobody else sees, as they hang at one place."""
    return get_template_attribute("thread/_mine.html", "mine")(cards_of_one_place, is_reply)


def render_reply_box(composer: object) -> Markup:
    """The composer as it hangs below the comment it answers."""
    return get_template_attribute("thread/_composer.html", "reply_composer")(composer)


def render_likes(card: CommentCard) -> Markup:
    """How many like a comment, as it stands among its actions."""
    return get_template_attribute("thread/_card.html", "likes")(card)
