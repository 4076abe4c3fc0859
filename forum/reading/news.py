"""What is new to a reader since their last visit: how much, and where it begins."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from flask import get_template_attribute, request, url_for
from flask_babel import ngettext

from forum.accounts.models import User
from forum.comments import tree
from forum.marks import reading
from forum.marks.reading import New, Visit
from forum.posts.models import Post
from forum.reading.standing import Standing
from forum.reading.thread import Stand
from forum.web import settle

# The order of a discussion that shows what is new to the reader, beside those in comments/queries.
NEW_FIRST = "new"


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


def visit(viewer: User | None, post: Post, standing: Standing | None = None) -> Visit | None:
    """The visit that this page belongs to; it is recorded once the page is made. One query for a member whose
    standing is not known."""
    if viewer is None:
        return None
    found = reading.visit_of(viewer.id, post.id, standing.position) if standing else reading.visit(viewer, post.id)
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


def below_each(news: News, stands: Mapping[int, Stand]) -> dict[int, int]:
    """How many new comments stand below these of a page, for those that have some."""
    counts = ((number, news.below(stand.path)) for number, stand in stands.items())
    return {number: count for number, count in counts if count}


def hidden_below(stands: Mapping[int, Stand], below: Mapping[int, int], new: Set[int]) -> dict[int, int]:
    """How many of these new ones are below each, and neither on the page nor below another one nearer."""
    numbers = {stand.path: number for number, stand in stands.items()}
    hidden = dict(below)
    for number in below.keys() | (stands.keys() & new):
        above = next((up for up in reversed(tree.ancestors(stands[number].path)) if up in numbers), None)
        if above is not None:
            hidden[numbers[above]] -= below.get(number, 0) + (number in new)
    return {number: count for number, count in hidden.items() if count > 0}


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
