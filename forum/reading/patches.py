"""Changing single comments in the HTML that all readers share.

It relies on what templates/thread/_card.html promises: an article begins with its class, its id and its writer, and
holds no other; the replies' `details` comes next. Texts of people hold no `<` but our own, so none of them can pass
for such a place.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from markupsafe import escape

_ARTICLE = re.compile(r'<article class="card[^"]*" id="comment-(\d+)"(?: data-author="(\d+)")?')
_WRITER_ENDS = re.compile(r'</span>\s*<span class="card__meta">')
_ITEM = '<li class="thread__item'
_BRANCH = '<details class="thread__branch" open>'
_SHOW = re.compile(r'<span class="toggle__show">[^<]*(?=</span>)')
_MORE = re.compile(r'<a class="thread__more" href="[^"]*#comment-(\d+)">[^<]*(?=</a>)')
_LABEL = re.compile(r' aria-label="[^"]*"')


class Piece:
    """A comment of a page: its article, and the HTML from there to the next one."""

    def __init__(self, number: int, author: int, html: str) -> None:
        self.number = number
        # 0 where a line stands in place of a comment that is gone.
        self.author = author
        self.html = html

    def press(self, act: str, back: str) -> None:
        """Show the button of something this reader has done, so that it takes it back."""
        self.html = self.html.replace(
            f'formaction="/comments/{self.number}/{act}" aria-pressed="false"',
            f'formaction="/comments/{self.number}/{back}" aria-pressed="true"',
            1,
        )

    def mark(self, badge: str) -> None:
        """Put a badge behind the writer's name."""
        self.html = _WRITER_ENDS.sub(lambda end: badge + end[0], self.html, count=1)

    def close(self) -> None:
        """Close the replies."""
        self.html = self.html.replace(_BRANCH, _BRANCH.replace(" open>", ">"), 1)

    def count_in_toggle(self, words: str) -> None:
        """Say more beside the number of replies that a closed branch shows."""
        self.html = _SHOW.sub(lambda shown: shown[0] + words, self.html, count=1)

    def cover(self, label: str, summary: str) -> None:
        """Put the comment behind a line that opens it."""
        start, end = self.html.index(">") + 1, self.html.index("</article>")
        opening = _LABEL.sub(lambda _old: f' aria-label="{escape(label)}"', self.html[:start], count=1)
        inside = f'<details class="muted">{summary}{self.html[start:end]}</details>'
        self.html = opening + inside + self.html[end:]


class Page:
    """The HTML of a page of a discussion, taken apart at its comments."""

    def __init__(self, html: str) -> None:
        found = list(_ARTICLE.finditer(html))
        ends = [*(match.start() for match in found[1:]), len(html)][: len(found)]
        self._head = html[: found[0].start()] if found else html
        self.pieces = [
            Piece(int(match[1]), int(match[2] or 0), html[match.start() : end])
            for match, end in zip(found, ends, strict=True)
        ]

    def put_before(self, number: int, item: str) -> None:
        """Put an item into the list, before the one of this comment."""
        place = next((place for place, piece in enumerate(self.pieces) if piece.number == number), None)
        if place is None:
            return
        if place == 0:
            self._head = _before_last_item(self._head, item)
        else:
            before = self.pieces[place - 1]
            before.html = _before_last_item(before.html, item)

    def html(self, more_words: Callable[[int], str] | None = None) -> str:
        """The page again. `more_words` is asked what to say in the link to further replies below a comment."""
        html = self._head + "".join(piece.html for piece in self.pieces)
        if more_words is None:
            return html
        return _MORE.sub(lambda link: link[0] + more_words(int(link[1])), html)


def _before_last_item(html: str, item: str) -> str:
    start = html.rindex(_ITEM)
    return html[:start] + item + html[start:]
