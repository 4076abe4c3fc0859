"""Which view of a discussion is asked for: as threads or flat, in which order, whose; and the links to the others."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.accounts.models import User
from forum.comments import stretches
from forum.comments.queries import LIKED, NEWEST, OLDEST, ORDERS
from forum.comments.stretches import FIRST_PAGE, FLAT, TREE, Stretch
from forum.marks.reading import Visit
from forum.pages.tabs import Tab
from forum.posts.models import Post
from forum.reading import addresses, thread
from forum.reading.news import NEW_FIRST, News
from forum.reading.thread import BY_AUTHORS, FLAT_VIEW, ThreadPage
from forum.web.language import interface_language

# What a page of a discussion reads of its address.
PARAMETERS = ("view", "order", "by", "from", "after", "before")


@dataclass(frozen=True)
class View:
    """What stands on a page of a discussion. `kind` is flat or nothing, `by` the authors or nothing."""

    post: Post
    order: str
    kind: str = ""
    by: str = ""
    stretch: Stretch = FIRST_PAGE

    @property
    def is_flat(self) -> bool:
        return bool(self.kind)

    @property
    def is_new_only(self) -> bool:
        return self.order == NEW_FIRST

    def page(self) -> ThreadPage:
        """The shared HTML of this view."""
        if self.is_flat:
            return thread.flat(self.post, self.order, interface_language(), self.stretch, self.by)
        return thread.page(self.post, self.order, interface_language(), self.stretch)

    def beside(self, name: str, cursor: str | None) -> str | None:
        """The page that ends before this cursor or begins after it."""
        if cursor is None:
            return None
        return f"{self._address(order=self.order)}&{name}={cursor}#comments"

    def orders(self, new: News, count: str | None) -> list[Tab]:
        """The orders to choose from. What is new to somebody, `count` many, is shown as threads only."""
        words = {OLDEST: _("Oldest"), NEWEST: _("Newest"), LIKED: _("Most liked")}
        tabs = [Tab(word, f"{self._address(order=name)}#comments", name == self.order) for name, word in words.items()]
        if new.since and not self.is_flat:
            tabs.append(Tab(_("New"), f"{self._address(order=NEW_FIRST)}#comments", self.is_new_only, count))
        return tabs

    def kinds(self) -> list[Tab]:
        """As threads, or one after the other."""
        order = NEWEST if self.is_new_only else self.order
        here = addresses.of_view(self.post)
        return [
            Tab(_("Threads"), f"{here}?order={self.order}#comments", not self.is_flat),
            Tab(_("Flat"), f"{here}?view={FLAT_VIEW}&order={order}#comments", self.is_flat),
        ]

    def _address(self, order: str) -> str:
        return addresses.of_view(self.post, view=self.kind, order=order, by=self.by)


def asked(post: Post, member: User | None, visit: Visit | None) -> View:
    """The view of this request. Raises Refused for a damaged address."""
    kind = FLAT_VIEW if request.args.get("view") == FLAT_VIEW else ""
    by = BY_AUTHORS if kind and request.args.get("by") == BY_AUTHORS else ""
    order = _order(member, visit, kind)
    if order == NEW_FIRST:
        return View(post, order)
    return View(post, order, kind, by, stretch((FLAT if kind else TREE)[order]))


def stretch(keys: tuple[stretches.Key, ...]) -> Stretch:
    """Which page of it. Raises Refused for a damaged address."""
    return Stretch(*(stretches.read(request.args.get(name, ""), keys) for name in ("from", "after", "before")))


def _order(member: User | None, visit: Visit | None, kind: str) -> str:
    """The order that is asked for, else this member's own. A place in a discussion is one among the oldest first.

    Who was not here before has nothing new, and gets the newest first.
    """
    chosen = request.args.get("order", "")
    if not chosen and member is not None and not any(name in request.args for name in ("from", "after", "before")):
        chosen = member.reading_order
    if chosen == NEW_FIRST:
        return NEW_FIRST if visit and visit.since and not kind else NEWEST
    return chosen if chosen in ORDERS else OLDEST


@dataclass(frozen=True)
class Jump:
    """A link to a part of a discussion, with how many comments it has."""

    words: str
    url: str
    count: int


def authors_replies(post: Post) -> Jump | None:
    """The comments by the post's authors. No query when the number is kept, one when it is not."""
    count = thread.count_by_authors(post)
    if not count:
        return None
    words = ngettext("The author’s replies", "The authors’ replies", len(post.authors) or 1)
    return Jump(words, f"{addresses.of_view(post, view=FLAT_VIEW, by=BY_AUTHORS)}#comments", count)
