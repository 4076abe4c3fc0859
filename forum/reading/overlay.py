"""What only this viewer sees of a shared page: their buttons, their waiting comments, their composer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forum.accounts.models import User
from forum.comments import queries
from forum.comments.models import Comment
from forum.marks import queries as mark_queries
from forum.moderation import queries as moderation_queries
from forum.posts.models import Post
from forum.reading import cards, thread
from forum.reading.cards import CommentCard, Setting
from forum.reading.composer import Composer
from forum.text import safe


@dataclass(frozen=True)
class Placed:
    """A page's thread with the viewer's own things in it, and what had no place on this page."""

    html: Markup
    elsewhere: list[CommentCard]
    is_composer_placed: bool


def rules(viewer: User | None) -> str:
    """The few CSS rules that show what is this viewer's. A guest needs none."""
    if viewer is None:
        return ""
    shown = [f'[data-author="{viewer.id}"] .only-writer', ".only-member"]
    hidden = [f'[data-author="{viewer.id}"] .only-others']
    if viewer.is_staff:
        shown.append(".only-moderator")
    return f"{','.join(shown)}{{display:revert-layer}}{','.join(hidden)}{{display:none}}"


def waiting(viewer: User | None, post: Post) -> list[CommentCard]:
    """The viewer's own held and rejected comments below this post, with the reasons. Two queries at most."""
    if viewer is None:
        return []
    rows = queries.waiting_of(viewer, post.id)
    return private_cards(rows, post)


def private_cards(rows: Sequence[Comment], post: Post) -> list[CommentCard]:
    decided = moderation_queries.decisions_on([row.id for row in rows])
    place = Setting.of(post)
    last = {number: made[-1] for number, made in decided.items()}
    return [cards.private_card(row, place, last.get(row.id)) for row in rows]


def with_marks(html: str, viewer: User | None, post: Post) -> str:
    """The thread with this viewer's hearts and bookmarks pressed. Two queries for a member, none for a guest."""
    if viewer is None:
        return html
    liked, kept = mark_queries.marked_in(viewer, post.id)
    for numbers, act, back in ((liked, "like", "unlike"), (kept, "bookmark", "unbookmark")):
        for number in numbers:
            html = html.replace(
                f'formaction="/comments/{number}/{act}" aria-pressed="false"',
                f'formaction="/comments/{number}/{back}" aria-pressed="true"',
                1,
            )
    return html


def place(html: str, own: Sequence[CommentCard], composer: Composer | None, top_id: int = 0) -> Placed:
    """Put own comments and a reply composer into their slots. On a branch's page `top_id` is what it hangs below."""
    elsewhere = []
    for parent_id, group in _by_parent(own).items():
        # What hangs on no comment of the page stands at its end: below the post, or below the top of the branch.
        slot = f"<!--slot:mine:{0 if parent_id == top_id else parent_id or 'none'}-->"
        if slot in html:
            html = html.replace(slot, thread.render_own(group, is_reply=parent_id not in (0, top_id)), 1)
        else:
            elsewhere.extend(group)
    is_placed = False
    if composer is not None and composer.parent is not None:
        slot = f"<!--slot:reply:{composer.parent.id}-->"
        is_placed = slot in html
        html = html.replace(slot, thread.render_reply_box(composer), 1)
    return Placed(safe.stored(_without_slots(html)), elsewhere, is_placed)


def _by_parent(own: Sequence[CommentCard]) -> dict[int, list[CommentCard]]:
    groups: dict[int, list[CommentCard]] = {}
    for card in own:
        groups.setdefault(card.parent_id or 0, []).append(card)
    return groups


def _without_slots(html: str) -> str:
    return re.sub(r"<!--slot:[a-z]+:\d+-->", "", html)
