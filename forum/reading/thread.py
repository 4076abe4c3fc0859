"""One page of a discussion, as the same HTML for everybody, made once per change."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask import get_template_attribute
from flask_babel import force_locale

from forum.comments import hanging, queries, stretches
from forum.comments.models import REMOVED, Comment
from forum.comments.queries import LEVELS, Step
from forum.comments.stretches import FIRST_PAGE, FLAT, REPLIES, TREE, Cut, Seen, Stretch
from forum.events import tail
from forum.foundation import paging
from forum.foundation.cache import cache
from forum.foundation.db import db
from forum.foundation.paging import Key
from forum.moderation import queries as moderation_queries
from forum.moderation.models import Decision
from forum.posts.models import Post
from forum.reading import addresses, cards, nesting
from forum.reading.cards import CommentCard, Setting, authors_of
from forum.reading.patches import Apart

# Between the HTML and what is known of it; no Markdown can make it.
_SPLIT = "\x00"
FLAT_VIEW, BY_AUTHORS = "flat", "author"


class Stand(NamedTuple):
    """Where a comment of a page stands, who wrote it, and when readers first saw it; never, where it is gone."""

    path: str
    author: int
    published_at: datetime | None


@dataclass(frozen=True)
class ThreadPage:
    """The HTML, `apart` at its comments, holds the slots of reading/overlay; `stands` is where those comments stand.

    `earlier` and `later` are cursors of the pages beside it: the page before ends before `earlier`, the next is after
    `later`. Everything up to the event `made_after` is in it; live updates go on from there.
    """

    apart: Apart
    stands: Mapping[int, Stand]
    earlier: str | None
    later: str | None
    made_after: int

    @property
    def html(self) -> str:
        return self.apart.html

    @property
    def size(self) -> int:
        # With its slots and without them, at a byte a letter.
        return 2 * sum(len(whole.html) + 200 for whole in self.apart.wholes) + 2 * len(self.apart.head)


def page(post: Post, order: str, language: str, stretch: Stretch = FIRST_PAGE) -> ThreadPage:
    """A page of the tree. No query when it is kept, three when it is made, or eight where much hangs below it."""

    def make() -> _Made:
        cut = stretches.branches(post.id, order, stretch)
        setting = Setting.of(post, addresses.of_page(post, stretch, order))
        cards = _tree(setting, cut.rows)
        return _Made(render(cards), cards, cut)

    return _kept(post, language, ("tree", order, stretch), TREE[order], make)


def flat(post: Post, order: str, language: str, stretch: Stretch = FIRST_PAGE, by: str = "") -> ThreadPage:
    """A page of all comments whatever they answer, or of those by the post's authors. Queries as above."""

    def make() -> _Made:
        cut = stretches.flat(post.id, order, stretch, authors_of(post) if by == BY_AUTHORS else ())
        setting = Setting.of(post, addresses.of_page(post, stretch, order, view=FLAT_VIEW, by=by))
        cards = _list(setting, cut.rows)
        return _Made(_render("flat", cards, template="thread/_flat.html"), cards, cut)

    return _kept(post, language, (FLAT_VIEW, order, stretch, by), FLAT[order], make)


def branch(post: Post, top: Comment, language: str, stretch: Stretch = FIRST_PAGE, skip: int = 0) -> ThreadPage:
    """A page of what hangs below one comment, with that comment on top and the way down to it.

    `skip` leaves out the replies that readers saw first. No query when it is kept, seven when it is made.
    """

    def make() -> _Made:
        cut = stretches.replies(top, stretch, skip)
        address = addresses.of_branch(post, top, stretch, skip)
        replies = _tree(Setting.of(post, address), cut.rows, level=1)
        card = _alone(post, top, Setting.of(post, address))
        card.replies = replies
        card.hidden_replies = card.descendant_count - _total(replies)
        if cut.has_earlier:
            card.earlier_url = addresses.of_branch(post, top, Stretch(before=_place(cut.rows[0], REPLIES)), skip)
        elif skip:
            card.earlier_url = addresses.of_branch(post, top)
        return _Made(_render("branch", card, queries.trail_to(top)), [card], cut)

    return _kept(post, language, ("branch", top.id, stretch, skip), REPLIES, make)


def replies(post: Post, top: Comment, language: str, stretch: Stretch, skip: int, level: int) -> ThreadPage:
    """The same replies as list items, to be put below the comment on another page, where it stands at this level.

    When there are more, the last item leads to them. Deeper than is drawn, each names the comment it answers.
    """
    # Past the depth that is drawn all levels look alike, whatever an address asks for.
    level = min(level, LEVELS)

    def make() -> _Made:
        cut = stretches.replies(top, stretch, skip)
        setting = Setting.of(post, addresses.of_branch(post, top, stretch, skip))
        made = _tree(setting, cut.rows, level=level + 1 if level < LEVELS else 1)
        if level >= LEVELS:
            _name_parents(post, made, _step(top))
        more_url = ""
        if cut.has_later:
            after = Stretch(after=_place(cut.rows[-1], REPLIES))
            more_url = f"{addresses.of_branch(post, top, after, skip, level)}#comment-{top.id}"
        return _Made(_render("items", made, more_url), made, cut)

    return _kept(post, language, ("replies", top.id, stretch, skip, level), REPLIES, make)


def single(post: Post, comment: Comment, language: str) -> str:
    """One comment as it stands in the tree, as a list item, with a link to its replies if it has any.

    The same for everybody, with the slots of reading/overlay; its words or the line in their place. No query when it
    is kept, three at most when it is made. Needs no request.
    """

    def make() -> _Made:
        with force_locale(language):
            card = _alone(post, comment, Setting.of(post, addresses.of_one(post, comment)))
            card.point_at_more(addresses.of_branch(post, comment), 0)
            return _Made(_render("card", card, template="thread/_card.html"), [card], Cut([], False, False))

    return _kept(post, language, ("single", comment.id), REPLIES, make).html


def count_by_authors(post: Post) -> int:
    """How many public comments the post's authors have below it. No query when it is kept, one when it is counted."""
    key = ("authors", post.id, post.version, post.thread_version)
    return int(cache.get(key, lambda: str(queries.count_by(post.id, authors_of(post)))))


# What pages are made of


class _Made(NamedTuple):
    """The HTML of a page, the cards it is made of, and what it was cut from."""

    html: str
    cards: Sequence[CommentCard]
    cut: Cut


def _kept(post: Post, language: str, named: tuple, keys: Sequence[Key], make: Callable[[], _Made]) -> ThreadPage:
    """The page of this name, from the cache."""

    def text() -> str:
        # Read before the comments: what happens in between is told twice rather than never. It is kept with the page
        # that was made after it, so that every copy of it has the same; an old one only makes updates look further.
        made_after = tail.end(db.session).settled
        html, cards, cut = make()
        earlier = paging.cursor(*_place(cut.rows[0], keys)) if cut.has_earlier else ""
        later = paging.cursor(*_place(cut.rows[-1], keys)) if cut.has_later else ""
        known = [earlier, later, made_after, [(number, *stand) for number, stand in _stands(cards)]]
        return f"{html}{_SPLIT}{json.dumps(known, default=datetime.isoformat)}"

    key = ("thread", post.id, post.thread_version, post.is_open, language, *named)
    return cache.get_read(key, text, _read)


def _read(text: str) -> ThreadPage:
    html, _split, known = text.partition(_SPLIT)
    earlier, later, made_after, stands = json.loads(known)
    return ThreadPage(
        Apart.of(html),
        {
            number: Stand(path, author, datetime.fromisoformat(moment) if moment else None)
            for number, path, author, moment in stands
        },
        earlier or None,
        later or None,
        made_after,
    )


def of_cards(cards: list[CommentCard], earlier: str | None, later: str | None, made_after: int) -> ThreadPage:
    """A page of these branches, which nobody keeps."""
    return ThreadPage(Apart.of(render(cards) if cards else ""), dict(_stands(cards)), earlier, later, made_after)


def alone(html: str) -> ThreadPage:
    """Comments that are no page of a discussion, to be dressed like one."""
    return ThreadPage(Apart.of(html), {}, None, None, 0)


def _stands(cards: Iterable[CommentCard]) -> Iterator[tuple[int, Stand]]:
    for card in cards:
        yield card.id, Stand(card.path, card.author.id, card.published_at)
        yield from _stands(card.replies)


def _place(comment: Seen, keys: Sequence[Key]) -> tuple:
    return stretches.place_of(comment, keys)


def _tree(setting: Setting, tops: Sequence[Seen], level: int = 0) -> list[CommentCard]:
    """Cards for these branches with what is shown below them. Two queries, and one for comments below the deepest."""
    below = hanging.below(tops, setting.author_ids, LEVELS - level)
    every = [*tops, *below]
    return nesting.nested(tops, below, setting.quoting(every), _removals(every), _answered_by(every), level)


def _list(setting: Setting, rows: Sequence[Seen]) -> list[CommentCard]:
    """Cards for these comments, each with a link to what it answers. Two queries."""
    removals = _removals(rows)
    answered = {row.id: row.answers_id or row.parent_id for row in rows}
    steps = queries.steps_to([number for number in answered.values() if number])
    setting = setting.quoting(rows)
    made = [cards.comment_card(row, setting, removals.get(row.id)) for row in rows]
    for card in made:
        step = steps.get(answered[card.id] or 0)
        card.answers = nesting.answered(step, answered) if step else None
    return made


def _alone(post: Post, comment: Comment, setting: Setting) -> CommentCard:
    card = cards.comment_card(comment, setting, _removals([comment]).get(comment.id))
    step = _answered_by([comment]).get(comment.answers_id or 0)
    card.answers = nesting.answered(step, ()) if step else None
    return card


def _removals(rows: Iterable[Comment | Seen]) -> Mapping[int, Decision]:
    return moderation_queries.removals_of([row.id for row in rows if row.state == REMOVED])


def _answered_by(rows: Iterable[Comment | Seen]) -> Mapping[int, Step]:
    """What those of these answer that hang elsewhere because that is too deep."""
    numbers = [row.answers_id for row in rows if row.answers_id]
    return queries.steps_to(numbers) if numbers else {}


def _step(comment: Comment) -> Step:
    return Step(comment.id, comment.author.name if comment.is_public else "")


def _name_parents(post: Post, replies: Iterable[CommentCard], parent: Step) -> None:
    """Name on each card what it answers, for so deep its place does not show it. What it links to is as deep."""
    for card in replies:
        card.answers = card.answers or cards.Answered(f"#comment-{parent.id}", parent.name)
        card.point_at_more(f"/posts/{post.slug}/branch/{card.id}", LEVELS)
        _name_parents(post, card.replies, Step(card.id, "" if card.tombstone else card.author.name))


def _total(replies: Iterable[CommentCard]) -> int:
    return sum(reply.descendant_count + (not reply.tombstone) for reply in replies)


def _render(macro: str, *values: object, template: str = "thread/_tree.html") -> str:
    # Jinja's own environment: nothing of the request is in scope, so nothing of the viewer can be in the HTML.
    return str(get_template_attribute(template, macro)(*values))


def render(tops: list[CommentCard]) -> str:
    return _render("thread", tops)
