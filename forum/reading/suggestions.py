"""What is offered below a search box while somebody types: a few lines of every kind that there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.posts.models import Post
from forum.search import suggesting

# As many as one looks through before it is quicker to type on.
MOST: Final = 8


@dataclass(frozen=True)
class Line:
    """One suggestion: where it leads, and in `about` what it is. `icon` is the name of a picture."""

    icon: str
    text: str
    url: str
    about: str = ""
    lang: str = ""


def lines(typed: str) -> list[Line]:
    """At most eight, at least one of each kind that there is: searches, discussions, series, tags, people."""
    found = suggesting.suggest(typed)
    searches = [Line("search", words, url_for("search.index", q=words)) for words in found.searches]
    series = [
        Line("list", one.name, url_for("home.series", slug=one.slug), _("Series")) for one in found.series
    ]  # fmt: skip
    tags = [Line("word", one.name, url_for("home.tag", slug=one.slug), _("Tag")) for one in found.tags]
    people = [
        Line("user", one.name, url_for("people.show", username=one.username), f"@{one.username}")
        for one in found.people
    ]
    return _some_of_each([searches[:2], [_discussion(post) for post in found.posts], series, tags, people])


def _discussion(post: Post) -> Line:
    comments = ngettext("%(num)d comment", "%(num)d comments", post.comment_count)
    return Line("thread", post.title, url_for("posts.show", slug=post.slug), comments, post.lang)


def _some_of_each(groups: Sequence[Sequence[Line]]) -> list[Line]:
    """The first of each group, then the second … until there are enough; each group stays together."""
    places = sorted((place, number) for number, group in enumerate(groups) for place in range(len(group)))
    kept = set(places[:MOST])
    return [line for number, group in enumerate(groups) for place, line in enumerate(group) if (place, number) in kept]
