"""A page of nothing but what is new to a reader: the order “New” of a discussion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from forum.comments import queries, tree
from forum.comments.models import PUBLISHED, REMOVED, Comment
from forum.comments.queries import Step
from forum.events import tail
from forum.foundation import paging
from forum.foundation.db import db
from forum.marks.reading import New
from forum.moderation import queries as moderation_queries
from forum.posts.models import Post
from forum.reading import addresses, cards, nesting, thread
from forum.reading.cards import CommentCard, Setting
from forum.reading.news import NEW_FIRST, News
from forum.reading.thread import ThreadPage

# A branch with more new comments than these shows the newest; a link leads to the rest.
MOST_OF_BRANCH = 50


@dataclass(frozen=True)
class Stretch:
    """Which page of the new comments is asked for: after a branch or before one; nothing asks for the first."""

    after: str = ""
    before: str = ""


FIRST_PAGE = Stretch()


@dataclass(frozen=True)
class _Branch:
    """A branch of the discussion with its new comments, the newest first."""

    path: str
    rows: Sequence[New]

    @property
    def key(self) -> tuple[datetime, str]:
        return self.rows[0].published_at, self.path

    def shown_paths(self) -> set[str]:
        """The places of what is new in it, and of the comments that lead there."""
        return {path for row in self.rows[:MOST_OF_BRANCH] for path in _line(row.path)}


def since_of(stretch: Stretch) -> datetime | None:
    """The visit that the pages before this one were about. Raises Refused for a damaged address.

    Reading them may take longer than the pause that ends a visit.
    """
    asked = _read(stretch.after or stretch.before)
    return asked[0] if asked else None


def page(post: Post, news: News, stretch: Stretch = FIRST_PAGE) -> ThreadPage:
    """Branches with something new, the one that was last written in first, each with what is new and what it answers.

    The pages beside it are cursors. Three queries. Raises Refused for a damaged address.
    """
    made_after = tail.end(db.session).settled
    branches = _branches(news)
    if stretch.before:
        key = _key(stretch.before)
        earlier = [branch for branch in branches if key is not None and branch.key > key]
        taken = _enough(earlier[::-1])[::-1]
    else:
        key = _key(stretch.after)
        taken = _enough([branch for branch in branches if key is None or branch.key < key])
    if not taken:
        return thread.of_cards([], None, None, made_after)
    return thread.of_cards(
        _tree(post, taken, stretch),
        _cursor(news, taken[0]) if taken[0] is not branches[0] else None,
        _cursor(news, taken[-1]) if taken[-1] is not branches[-1] else None,
        made_after,
    )


def _branches(news: News) -> list[_Branch]:
    groups: dict[str, list[New]] = {}
    for row in news.rows:
        groups.setdefault(row.root_path, []).append(row)
    return sorted((_Branch(path, rows) for path, rows in groups.items()), key=lambda one: one.key, reverse=True)


def _enough(branches: Sequence[_Branch]) -> list[_Branch]:
    """As many as make a page; at least one."""
    taken: list[_Branch] = []
    total = 0
    for branch in branches[: queries.MOST_BRANCHES]:
        taken.append(branch)
        total += len(branch.shown_paths())
        if total >= queries.ENOUGH:
            break
    return taken


def _read(cursor: str) -> tuple | None:
    return paging.read(cursor, datetime, datetime, str)


def _key(cursor: str) -> tuple[datetime, str] | None:
    found = _read(cursor)
    return (found[1], found[2]) if found else None


def _cursor(news: News, branch: _Branch) -> str:
    moment, path = branch.key
    return paging.cursor(news.since, moment, path)  # type: ignore[arg-type]


def _tree(post: Post, branches: Sequence[_Branch], stretch: Stretch) -> list[CommentCard]:
    """Cards of these branches: what is new, and above each the comments that lead to it."""
    kept = [path for branch in branches for path in branch.shown_paths()]
    found = {comment.path: comment for comment in queries.at(post.id, kept)}
    removals = moderation_queries.removals_of([one.id for one in found.values() if one.state == REMOVED])
    # Of this page, so that a reply is written on it.
    here = addresses.of_view(post, order=NEW_FIRST, after=stretch.after, before=stretch.before)
    place = Setting.of(post, here).quoting(found.values())
    made = {path: cards.comment_card(one, place, removals.get(one.id)) for path, one in found.items()}
    _hang(made, found, f"{url_for('posts.show', slug=post.slug)}/branch")
    return [made[branch.path] for branch in branches if branch.path in made]


def _line(path: str) -> list[str]:
    """The comments that lead to this one, as many as are drawn above each other: the first and the last of them."""
    above = tree.ancestors(path)
    return [*above[:1], *above[1:][-(queries.LEVELS - 1) :], path]


def _hang(made: Mapping[str, CommentCard], found: Mapping[str, Comment], branch_url: str) -> None:
    """Hang each card below the nearest one above it, no deeper than is drawn, and count what is not on the page."""
    numbers = {card.id for card in made.values()}
    for path in sorted(made):
        card, comment = made[path], found[path]
        card.hidden_replies = comment.descendant_count
        above = next((up for up in reversed(tree.ancestors(path)) if up in made), None)
        if above is None:
            continue
        made[above].hidden_replies -= comment.descendant_count + (comment.state == PUBLISHED)
        while made[above].depth >= queries.LEVELS:
            above = next(up for up in reversed(tree.ancestors(above)) if up in made)
        card.depth = made[above].depth + 1
        made[above].replies.append(card)
        if comment.parent is not None and comment.parent_id != made[above].id:
            step = Step(comment.parent.id, comment.parent.author.name if comment.parent.is_public else "")
            card.answers = nesting.answered(step, numbers)
    for card in made.values():
        card.hidden_replies = max(0, card.hidden_replies)
        if card.hidden_replies:
            card.is_continue = not card.replies
            level = f"?level={card.depth}" if card.depth else ""
            card.more_url = f"{branch_url}/{card.id}{level}#{card.anchor}"
