"""Pages with rows of discussions: drawn once for all readers of a kind, and filled with what is new to each.

What they show changes with the site's number of changes, and with the clock: “3 min ago”, the end of a discussion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import get_template_attribute, render_template, request, session
from markupsafe import Markup

from forum.accounts.models import User
from forum.foundation import changes, clock
from forum.foundation.cache import cache
from forum.foundation.db import db
from forum.marks import muting
from forum.pages import drawn, frame
from forum.pages.drawn import Form, hole
from forum.posts.models import Post
from forum.reading import rows
from forum.reading.rows import Held
from forum.reading.unread import READ, Place, unread_of
from forum.web.language import interface_language
from forum.web.sign_in import viewer

# Seconds for which a kept page may say how long ago something was.
LONGEST_AGE = 60


class Found:
    """The posts of a page, and what its template needs besides."""

    def __init__(self, posts: Sequence[Post], **values: Any) -> None:
        self.posts = posts
        self.values = values


@dataclass(frozen=True)
class _Kept:
    """A page with holes, and what they are filled from."""

    form: Form
    places: Sequence[Place]
    named: frozenset[int]

    @property
    def size(self) -> int:
        return self.form.size + 500 * len(self.places)


def page(template: str, find: Callable[[], Found]) -> str:
    """The page of this template with these rows. For a member four queries when it is kept: the number of changes,
    what is new, whom they muted, and theirs of the frame."""
    member = viewer()
    if member is None or "_flashes" in session:
        return _for_one(template, find(), member)
    surroundings, filling = frame.with_holes(frame.values())
    minute = int(clock.now().timestamp()) // LONGEST_AGE
    asked = (template, request.path, request.query_string, interface_language(), repr(surroundings))
    kept = cache.get_own((asked, changes.number(db.session()), minute), lambda: _draw(template, find(), surroundings))
    if muting.muted_among(member, kept.named):
        return _for_one(template, find(), member)
    return drawn.filled(kept.form, filling | _filling(kept.places, member))


def _for_one(template: str, found: Found, member: User | None) -> str:
    return render_template(template, rows=rows.many(found.posts, member), **found.values)


def _draw(template: str, found: Found, surroundings: Mapping[str, object]) -> _Kept:
    listed = rows.for_all(found.posts, lambda number: Held(hole(_mark(number)), hole(_line(number))))
    form = drawn.form_of(template, {**surroundings, **found.values, "rows": listed.rows})
    return _Kept(form, listed.places, listed.named)


def _filling(places: Sequence[Place], member: User) -> dict[str, object]:
    """How the discussions stand with this reader, for the holes in their rows. One query."""
    unread = unread_of(places, member)
    mark, line = (get_template_attribute("home/_row.html", name) for name in ("unread_mark", "unread_line"))
    filling: dict[str, object] = {}
    for place in places:
        found = unread.get(place.id, READ)
        filling[_mark(place.id)] = mark(found) if found else Markup()
        filling[_line(place.id)] = line(found, place.title) if found else Markup()
    return filling


def _mark(number: int) -> str:
    return f"mark_{number}"


def _line(number: int) -> str:
    return f"line_{number}"
