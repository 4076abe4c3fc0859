"""What is new to a reader since their last visit: how much, where it begins, and a page of nothing else."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import get_template_attribute, request, url_for
from flask_babel import ngettext

from forum.accounts.models import User
from forum.comments import queries, tree
from forum.comments.models import PUBLISHED, REMOVED, Comment
from forum.comments.queries import Step
from forum.events import tail
from forum.foundation import paging
from forum.foundation.db import db
from forum.marks import reading
from forum.marks.reading import New, Place, Visit
from forum.moderation import queries as moderation_queries
from forum.posts.models import Post
from forum.reading import addresses, cards, thread
from forum.reading.cards import CommentCard, Setting
from forum.reading.thread import ThreadPage
from forum.web import settle

# The order of a discussion that shows what is new to the reader, beside those in comments/queries.
NEW_FIRST = "new"
# A branch with more new comments than these shows the newest; a link leads to the rest.
MOST_OF_BRANCH = 50


@dataclass(frozen=True)
class News:
    """New comments in a discussion, `rows` the newest first. `since` is None where nothing can be new.

    `begins` on the first page of a visit, where the number is read out.
    """

    since: datetime | None = None
    rows: Sequence[New] = ()
    is_cut: bool = False
    begins: bool = False
    _paths: Sequence[str] = field(default=(), repr=False)

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def number(self) -> str:
        """How many, as “8” or “500+”."""
        return f"{self.count}+" if self.is_cut else str(self.count)

    @property
    def first(self) -> New | None:
        """The one that a reader of the whole discussion comes to first."""
        return min(self.rows, key=lambda row: row.path, default=None)

    @property
    def first_branch(self) -> New | None:
        """The first of those that answer the post itself."""
        return min((row for row in self.rows if row.path == row.root_path), key=lambda row: row.path, default=None)

    def below(self, path: str) -> int:
        """How many stand below this place."""
        # Behind every path that goes on from here: no digit of a path comes after “~”.
        return bisect_left(self._paths, path + "~") - bisect_right(self._paths, path)


NOTHING = News()


def visit(viewer: User | None, post: Post) -> Visit | None:
    """The visit that this page belongs to; it is recorded once the page is made. One query for a member."""
    if viewer is None:
        return None
    found = reading.visit(viewer, post.id)
    # What a browser fetches ahead, nobody has read.
    is_read = request.method == "GET" and not request.headers.get("Sec-Purpose", "").startswith("prefetch")
    if found.is_due and is_read:
        settle.afterwards(lambda: reading.record(found.user_id, found.post_id))
    return found


def of(viewer: User | None, visit: Visit | None, since: datetime | None = None) -> News:
    """What is new to this reader, since then or since their last visit. One query where something can be."""
    if viewer is None or visit is None:
        return NOTHING
    since = since or visit.since
    if since is None:
        return NOTHING
    found = reading.new_in(viewer, visit.post_id, since)
    return News(since, found.rows, found.is_cut, visit.begins, sorted(row.path for row in found.rows))


@dataclass(frozen=True)
class Heading:
    """What the head of a discussion says about what is new; `url` leads to the first of it."""

    count: int
    number: str
    since: datetime | None
    begins: bool
    url: str


def heading(news: News, on_page: int | None) -> Heading:
    """`on_page` is the first new comment of this page, when it has one."""
    if on_page is not None:
        url = f"#comment-{on_page}"
    else:
        url = url_for("comments.show", comment_id=news.first.id) if news.first else ""
    return Heading(news.count, news.number, news.since, news.begins, url)


# Beside links to further replies


def hidden_below(news: News, places: Mapping[int, Place]) -> dict[int, int]:
    """How many new comments stand below each of these of a page and not on the page, nor below another one nearer."""
    numbers = {place.path: number for number, place in places.items()}
    new = {row.path for row in news.rows}
    hidden = {number: news.below(place.path) for number, place in places.items()}
    for path in numbers:
        above = next((up for up in reversed(tree.ancestors(path)) if up in numbers), None)
        if above is not None:
            hidden[numbers[above]] -= news.below(path) + (path in new)
    return hidden


# The order that shows what is new


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
        return ThreadPage("", None, None, made_after)
    return ThreadPage(
        thread.render(_tree(post, taken, stretch)),
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
    place = Setting.of(post, here)
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
            card.answers = cards.answered(step, numbers)
    for card in made.values():
        card.hidden_replies = max(0, card.hidden_replies)
        if card.hidden_replies:
            card.is_continue = not card.replies
            level = f"?level={card.depth}" if card.depth else ""
            card.more_url = f"{branch_url}/{card.id}{level}#{card.anchor}"


# Their words


def mark() -> str:
    """The badge of a comment that is new."""
    return str(get_template_attribute("thread/_news.html", "badge")())


def rule(since: datetime) -> str:
    """The line between what was there and what is new, as an item of the list."""
    return str(get_template_attribute("thread/_news.html", "rule")(since))


def more_words(count: int) -> str:
    """Beside a number of replies: how many of them are new."""
    return ngettext(", %(num)d new", ", %(num)d new", count) if count > 0 else ""
