"""How discussions stand with one reader: what is new in each, or that they never looked in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from forum.accounts.models import User
from forum.marks import reading
from forum.posts.models import Post


@dataclass(frozen=True)
class Unread:
    """How a discussion stands with one reader: what is `new` since they last looked in, or that they never did."""

    new: int = 0
    is_cut: bool = False
    never_read: bool = False
    url: str = ""

    def __bool__(self) -> bool:
        return bool(self.new) or self.never_read

    @property
    def number(self) -> str:
        """How many are new, as “8” or “99+”."""
        return f"{self.new}+" if self.is_cut else str(self.new)


# What a guest sees of every row, and a reader of what they have read.
READ = Unread()


@dataclass(frozen=True)
class Place:
    """A discussion in a list: what is asked to tell a reader how they stand with it."""

    id: int
    slug: str
    title: str
    published_at: datetime

    @classmethod
    def of(cls, post: Post) -> Place:
        return cls(post.id, post.slug, post.title, post.published_at or post.created_at)


def unread_of(places: Sequence[Place], viewer: User | None) -> dict[int, Unread]:
    """How these discussions stand with this reader. One query for a member, none for a guest."""
    if viewer is None:
        return {}
    found = reading.unread_in(viewer, [place.id for place in places])
    return {place.id: _unread(place, viewer, found.get(place.id)) for place in places}


def _unread(place: Place, viewer: User, count: int | None) -> Unread:
    if count is None:
        # Nobody has to read all that was there before they came.
        return Unread(never_read=place.published_at > viewer.created_at)
    shown = min(count, reading.MOST_IN_ROW)
    return Unread(new=shown, is_cut=count > shown, url=url_for("news.first", slug=place.slug) if shown else "")
