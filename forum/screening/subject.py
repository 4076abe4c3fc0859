"""What the checks look at: a text, who wrote it, and where it is to stand."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from forum.accounts.models import User
from forum.comments.models import Comment
from forum.foundation import clock
from forum.posts.models import Post
from forum.screening import queries
from forum.screening.queries import Before

# Between these there is a space for a reader; tags inside a line divide no word.
_BETWEEN = re.compile(r"</?(?:p|br|hr|h\d|li|ul|ol|blockquote|pre|div|table|t[rhd]|section|details|summary)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_QUOTATION = re.compile(r"<(/?)blockquote\b[^>]*>")
_ADDRESS = re.compile(r'\b(?:href|src)="((?:https?:|mailto:|tel:)[^"]*)"')


@dataclass
class Subject:
    """A text before it is posted, or as it was when it was posted. What takes a query is asked when it is needed."""

    author: User
    post: Post
    parent: Comment | None
    # As Markdown, and as the HTML made of it.
    body: str
    html: str
    links: int
    lang: str
    # The comment that gets these words instead of its own, and the one that had them in a look at the past.
    edited: Comment | None = None
    itself: Comment | None = None
    at: datetime = field(default_factory=clock.now)

    @cached_property
    def visible(self) -> str:
        """What a reader sees, without markup: nothing of it can divide a word."""
        return seen(self.html)

    @cached_property
    def own(self) -> str:
        """The same without what is quoted: words of others, who were looked at when they wrote them."""
        return seen(_without_quotations(self.html))

    @cached_property
    def addresses(self) -> list[str]:
        """Where its links lead."""
        return [html.unescape(found) for found in _ADDRESS.findall(self.html)]

    @cached_property
    def before(self) -> Sequence[Before]:
        """What the same person wrote lately, the newest first. One query."""
        return queries.lately_by(self.author.id, self.at, self._number)

    @property
    def wrote_the_post(self) -> bool:
        return self.post.owner_id == self.author.id or any(line.user_id == self.author.id for line in self.post.authors)

    @property
    def _number(self) -> int:
        of = self.edited or self.itself
        return of.id if of is not None else 0


def seen(markup: str) -> str:
    """HTML as the text a reader sees. Linear."""
    return html.unescape(_TAG.sub("", _BETWEEN.sub("\n", markup))).strip()


def _without_quotations(markup: str) -> str:
    if "<blockquote" not in markup:
        return markup
    kept, depth, start = [], 0, 0
    for tag in _QUOTATION.finditer(markup):
        if depth == 0:
            kept.append(markup[start : tag.start()])
        depth = max(0, depth + (-1 if tag[1] else 1))
        start = tag.end()
    return "\n".join([*kept, markup[start:] if depth == 0 else ""])
