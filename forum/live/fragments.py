"""Comments as they stand now, for an open page to put in their places. The server makes all of their HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import get_template_attribute
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.comments import queries, tree
from forum.comments.models import REMOVED, Comment
from forum.foundation.cache import cache
from forum.foundation.db import db
from forum.marks import muting
from forum.moderation import queries as moderation_queries
from forum.posts.models import Post
from forum.reading import addresses, cards, nesting, news, overlay, quoted, thread
from forum.reading.cards import CommentCard, Setting
from forum.reading.patches import Apart, Page

# What a page asks for at once; one that missed more asks again for the rest.
MOST = 50

_ITEM = re.compile(r'(<template data-id="\d+" data-parent="\d+" data-writer="(\d+)")>.*?</template>', re.S)


@dataclass(frozen=True)
class Asked:
    """Which comments a page asks for, whether they are new on it, and whether it is flat."""

    numbers: tuple[int, ...]
    are_new: bool
    is_flat: bool


def of(post: Post, asked: Asked, viewer: User | None, language: str) -> str:
    """These comments as `template` elements, but for those that readers see no more.

    New ones have the mark of it, and those of people the viewer muted are named only, so that nothing announces them.
    Four queries at most when it is made, none when it is kept; two or three more for a member.
    """
    key = ("live", post.id, post.version, post.thread_version, post.is_open, asked, language)
    html = cache.get(key, lambda: _make(post, asked))
    if viewer is None:
        return html
    if asked.are_new:
        html = _without_muted(html, viewer)
    return str(overlay.place(overlay.dress(thread.alone(html), viewer).html, [], None).html)


def _make(post: Post, asked: Asked) -> str:
    found = _shown(post, asked.numbers)
    above = queries.at(post.id, {path for one in found for path in tree.ancestors(one.path)[-queries.LEVELS :]})
    removals = moderation_queries.removals_of([one.id for one in [*found, *above] if one.state == REMOVED])
    answered = {one.id: one.answers_id or (one.parent_id if asked.is_flat else None) for one in [*found, *above]}
    steps = queries.steps_to([number for number in answered.values() if number])

    gone = quoted.gone_from(found)

    def card(comment: Comment) -> CommentCard:
        setting = replace(Setting.of(post, addresses.of_one(post, comment)), gone=gone)
        made = cards.comment_card(comment, setting, removals.get(comment.id))
        if step := steps.get(answered[comment.id] or 0):
            made.answers = nesting.answered(step, ())
        made.point_at_more(addresses.of_branch(post, comment), 0)
        return made

    items = [card(one) for one in found]
    for item in items:
        # Those that come along are put below it by the page.
        along = sum(other.path != item.path and other.path.startswith(item.path) for other in items)
        item.hidden_replies = 0 if asked.is_flat else max(0, item.hidden_replies - along)
    if asked.is_flat:
        items.sort(key=lambda item: (item.created_at, item.id))
    macro = get_template_attribute("live/_comments.html", "comments")
    html = str(macro(items, [card(one) for one in above], post))
    return str(overlay.place(_marked(html, found) if asked.are_new else html, [], None).html)


def _shown(post: Post, numbers: Sequence[int]) -> Sequence[Comment]:
    """Those of them that readers of this discussion see, in its order. One query."""
    return db.session.scalars(
        select(Comment)
        .where(Comment.id.in_(numbers), Comment.post_id == post.id, queries.shown())
        .options(joinedload(Comment.author))
        .order_by(Comment.path)
    ).all()


def _marked(html: str, found: Sequence[Comment]) -> str:
    page, numbers = Page(Apart.of(html)), {one.id for one in found}
    badge = news.mark()
    for piece in page.pieces:
        if piece.number in numbers:
            piece.mark(badge)
    return page.html()


def _without_muted(html: str, viewer: User) -> str:
    muted = {person.id for person in muting.muted_by(viewer)}
    if not muted:
        return html
    told = _ITEM.sub(lambda item: f"{item[1]} data-quiet></template>" if int(item[2]) in muted else item[0], html)
    # Such a reader's page asks before it announces anything.
    return told + "<template data-sifts></template>"
