"""What comments quote of others that are no longer public: a line stands in its place, for everybody.

Nothing is changed in the comment that quotes: when the other one is public again, its words are there again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from flask_babel import gettext as _
from markupsafe import Markup

from forum.comments import queries
from forum.text import quotations, safe


class Worded(Protocol):
    """A comment as far as its words go."""

    @property
    def body_html(self) -> str: ...


def gone_from(comments: Iterable[Worded]) -> frozenset[int]:
    """Which comments that these quote are not public now. One query where any is quoted."""
    return _gone({number for comment in comments for number in quotations.named(comment.body_html)})


def words(html: str, gone: frozenset[int] | None = None) -> Markup:
    """A comment's HTML without the words of those that are gone; asked here where that is not known."""
    if gone is None:
        gone = _gone(quotations.named(html))
    return quotations.without(html, gone, _line) if gone else safe.stored(html)


def gone_from_sources(texts: Iterable[str]) -> frozenset[int]:
    """The same for texts as they were typed. One query where any comment is quoted."""
    return _gone({number for text in texts for number in quotations.typed(text)})


def _gone(numbers: set[int]) -> frozenset[int]:
    return frozenset(queries.not_public(numbers)) if numbers else frozenset()


def _line(number: int) -> str:
    link = f'<a class="comment-number" href="/comments/{number}">#{number}</a>'
    return _("What was quoted here is no longer public: %(comment)s", comment=link)
