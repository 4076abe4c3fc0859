"""What only this viewer sees of a shared page: their buttons, their waiting comments, their composer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from forum.accounts.models import User
from forum.comments import queries
from forum.comments.models import Comment
from forum.marks import queries as mark_queries
from forum.marks import reading
from forum.marks.queries import Marked
from forum.marks.reading import Place
from forum.moderation import queries as moderation_queries
from forum.posts.models import Post
from forum.reading import cards, patches, thread
from forum.reading.cards import CommentCard, Setting
from forum.reading.composer import Composer
from forum.reading.news import NOTHING, News, hidden_below, mark, more_words, rule
from forum.reading.patches import Page
from forum.text import safe


@dataclass(frozen=True)
class Placed:
    """A page's thread with the viewer's own things in it, and what had no place on this page."""

    html: Markup
    elsewhere: list[CommentCard]
    is_composer_placed: bool


@dataclass(frozen=True)
class Dressed:
    """The HTML of a page with what is this viewer's, and the first comment on it that is new to them."""

    html: str
    first_new: int | None = None


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


def dress(
    html: str, viewer: User | None, news: News = NOTHING, *, in_sight: Sequence[str] = (), has_rule: bool = False
) -> Dressed:
    """The shared HTML as this viewer reads it: their hearts pressed, what is new marked, whom they muted covered, and
    what they folded closed, but for branches that hold one of the paths `in_sight`.

    Two queries for a member, none for a guest. `has_rule` draws the line above the first new branch.
    """
    page = patches.Page(html)
    if viewer is None or not page.pieces:
        return Dressed(html)
    numbers = [piece.number for piece in page.pieces]
    marked = mark_queries.marked_on(viewer, numbers, {piece.author for piece in page.pieces})
    needs_places = news.count or (marked.folded and in_sight)
    places = reading.places_of(viewer, numbers, news.since) if needs_places else {}
    _press(page, marked)
    _mark_new(page, places, news, has_rule=has_rule)
    _cover(page, marked)
    _close(page, marked, places, in_sight)
    hidden = hidden_below(news, places) if news.count else {}
    first = next((number for number in numbers if number in places and places[number].is_new), None)
    return Dressed(page.html(lambda number: more_words(hidden.get(number, 0))), first)


def _press(page: Page, marked: Marked) -> None:
    for piece in page.pieces:
        if piece.number in marked.liked:
            piece.press("like", "unlike")
        if piece.number in marked.kept:
            piece.press("bookmark", "unbookmark")


def _mark_new(page: Page, places: Mapping[int, Place], news: News, *, has_rule: bool) -> None:
    if not news.count:
        return
    badge = mark()
    for piece in page.pieces:
        place = places.get(piece.number)
        if place is None:
            continue
        if place.is_new:
            piece.mark(badge)
        piece.count_in_toggle(more_words(news.below(place.path)))
    if has_rule and news.since and news.first_branch:
        page.put_before(news.first_branch.id, rule(news.since))


def _cover(page: Page, marked: Marked) -> None:
    if not marked.muted:
        return
    label, summary = _("Comment by somebody you muted"), thread.render_cover()
    for piece in page.pieces:
        if piece.author in marked.muted:
            piece.cover(label, summary)


def _close(page: Page, marked: Marked, places: Mapping[int, Place], in_sight: Sequence[str]) -> None:
    for piece in page.pieces:
        place = places.get(piece.number)
        if piece.number in marked.folded and not (place and any(_holds(place.path, path) for path in in_sight)):
            piece.close()


def below(path: str) -> str:
    """A place below this one, to be kept in sight."""
    return path + "~"


def _holds(path: str, other: str) -> bool:
    return other != path and other.startswith(path)


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
