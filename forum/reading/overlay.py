"""What only this viewer sees of a shared page: their buttons, their waiting comments, their composer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from forum.accounts.models import User
from forum.comments import queries
from forum.comments.models import Comment
from forum.marks import queries as mark_queries
from forum.marks.queries import Marked
from forum.moderation import queries as moderation_queries
from forum.moderation import statements
from forum.posts.models import Post
from forum.reading import cards, drawing, patches
from forum.reading.cards import CommentCard, Setting
from forum.reading.composer import Composer
from forum.reading.news import NOTHING, News, below_each, hidden_below, mark, more_words, rule
from forum.reading.parts import Made
from forum.reading.patches import Page
from forum.reading.standing import Standing
from forum.reading.thread import Stand, ThreadPage
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


def waiting(viewer: User | None, post: Post, standing: Standing | None) -> list[CommentCard]:
    """The viewer's own held and rejected comments below this post, with the reasons. Two queries where there are."""
    if viewer is None or standing is None or not standing.has_waiting:
        return []
    rows = queries.waiting_of(viewer, post.id)
    return private_cards(rows, post)


def private_cards(rows: Sequence[Comment], post: Post) -> list[CommentCard]:
    decided = moderation_queries.decisions_on([row.id for row in rows])
    place = Setting.of(post)
    against = {number: statements.newest_against(made) for number, made in decided.items()}
    return [cards.private_card(row, place, against.get(row.id)) for row in rows]


def dress(
    shared: ThreadPage,
    viewer: User | None,
    news: News = NOTHING,
    *,
    in_sight: Sequence[str] = (),
    has_rule: bool = False,
    has_slots: bool = True,
) -> Dressed:
    """The shared HTML as this viewer reads it: their hearts pressed, what is new marked, whom they muted covered, and
    what they folded closed, but for branches that hold one of the paths `in_sight`.

    One query for a member, none for a guest. `has_rule` draws the line above the first new branch; `has_slots` leaves
    the places for what `place` puts in, for whom it has something.
    """
    apart = shared.apart if has_slots else shared.apart.without_slots
    if viewer is None or not apart.wholes:
        return Dressed(apart.html)
    page = patches.Page(apart)
    marked = mark_queries.marked_on(viewer, page.numbers, page.writers)
    _press(page, marked)
    _explain(page, viewer)
    _cover(page, marked)
    _close(page, marked, shared.stands, in_sight)
    if not news.count:
        return Dressed(page.html())
    new, below = _new_on(shared, viewer, marked, news), below_each(news, shared.stands)
    _mark_new(page, new, below)
    if has_rule and news.since and news.first_branch:
        page.put_before(news.first_branch.id, rule(news.since))
    hidden = hidden_below(shared.stands, below, {row.id for row in news.rows})
    first = next((number for number in page.numbers if number in new), None)
    return Dressed(page.html({number: more_words(count) for number, count in hidden.items()}), first)


def _new_on(shared: ThreadPage, viewer: User, marked: Marked, news: News) -> set[int]:
    """Which comments of the page others have published since, as far as this person reads them."""
    return {
        number
        for number, stand in shared.stands.items()
        if stand.published_at is not None
        and news.since is not None
        and stand.published_at > news.since
        and stand.author != viewer.id
        and stand.author not in marked.muted
    }


def _press(page: Page, marked: Marked) -> None:
    for piece in page.these(marked.liked):
        piece.press("like", "unlike")
    for piece in page.these(marked.kept):
        piece.press("bookmark", "unbookmark")


def _explain(page: Page, viewer: User) -> None:
    """In the lines in place of this reader's own comments that moderators removed, the way to the reasons. One query
    where any line says that a comment was removed."""
    removed = [piece.number for piece in page.pieces if piece.is_removed]
    if not removed:
        return
    found = statements.own_removals(viewer, removed)
    for piece in page.these(found):
        piece.explain(drawing.reasons(found[piece.number]))


def _mark_new(page: Page, new: Collection[int], below: Mapping[int, int]) -> None:
    badge, words = mark(), Made(more_words)
    for piece in page.these(new):
        piece.mark(badge)
    for piece in page.these(below):
        piece.count_in_toggle(words[below[piece.number]])


def _cover(page: Page, marked: Marked) -> None:
    if not marked.muted:
        return
    label, summary = _("Comment by somebody you muted"), drawing.cover()
    for piece in page.pieces:
        if piece.author in marked.muted:
            piece.cover(label, summary)


def _close(page: Page, marked: Marked, stands: Mapping[int, Stand], in_sight: Sequence[str]) -> None:
    for piece in page.these(marked.folded):
        stand = stands.get(piece.number)
        if not (stand and any(_holds(stand.path, path) for path in in_sight)):
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
            html = html.replace(slot, drawing.own(group, is_reply=parent_id not in (0, top_id)), 1)
        else:
            elsewhere.extend(group)
    is_placed = False
    if composer is not None and composer.parent is not None:
        slot = f"<!--slot:reply:{composer.parent.id}-->"
        is_placed = slot in html
        html = html.replace(slot, drawing.reply_box(composer), 1)
    return Placed(safe.stored(patches.without_slots(html)), elsewhere, is_placed)


def nothing_placed(html: str) -> Placed:
    """The same for HTML without slots."""
    return Placed(safe.stored(html), [], is_composer_placed=False)


def _by_parent(own: Sequence[CommentCard]) -> dict[int, list[CommentCard]]:
    groups: dict[int, list[CommentCard]] = {}
    for card in own:
        groups.setdefault(card.parent_id or 0, []).append(card)
    return groups
