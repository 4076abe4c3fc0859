"""Changing single comments in the HTML that all readers share.

It relies on what templates/thread/_card.html promises: an article begins with its class, its id and its writer, and
holds no other; the replies' `details` comes next. Texts of people hold no `<` but our own, so none of them can pass
for such a place.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import escape

_ARTICLE = re.compile(r'<article class="card[^"]*" id="comment-(\d+)"(?: data-author="(\d+)")?')
_WRITER_ENDS = re.compile(r'</span>\s*<span class="card__meta">')
_REMOVAL = '<a href="/house-rules#removal">'
_ITEM = '<li class="thread__item'
_BRANCH = '<details class="thread__branch" open>'
_SHOW = re.compile(r'<span class="toggle__show">[^<]*(?=</span>)')
_LINK = '<a class="thread__more" '
_MORE = re.compile(r'<a class="thread__more" href="[^"]*#comment-(\d+)">[^<]*(?=</a>)')
SLOT = "<!--slot:"
_LABEL = re.compile(r' aria-label="[^"]*"')


class Whole(NamedTuple):
    """A comment of a page as all readers see it: its article, and the HTML from there to the next one."""

    number: int
    author: int
    html: str


@dataclass(frozen=True)
class Apart:
    """The HTML of a page of a discussion, taken apart at its comments; it is kept so, and never changed."""

    head: str
    wholes: Sequence[Whole]

    @classmethod
    def of(cls, html: str) -> Apart:
        found = list(_ARTICLE.finditer(html))
        ends = [*(match.start() for match in found[1:]), len(html)][: len(found)]
        wholes = [
            Whole(int(match[1]), int(match[2] or 0), html[match.start() : end])
            for match, end in zip(found, ends, strict=True)
        ]
        return cls(html[: found[0].start()] if found else html, wholes)

    @property
    def html(self) -> str:
        return self.head + "".join([whole.html for whole in self.wholes])

    @functools.cached_property
    def without_slots(self) -> Apart:
        """The same for readers who have nothing of their own to be put in."""
        wholes = [whole._replace(html=without_slots(whole.html)) for whole in self.wholes]
        return Apart(without_slots(self.head), wholes)


def without_slots(html: str) -> str:
    """The same HTML without the places for what is somebody's own."""
    first, *others = html.split(SLOT)
    return first + "".join([other.partition("-->")[2] for other in others])


class Piece:
    """A comment of a page as one reader sees it."""

    __slots__ = ("author", "html", "number")

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

    @property
    def is_removed(self) -> bool:
        """Whether a line stands in its place that says a moderator removed it."""
        return not self.author and _REMOVAL in self.html

    def explain(self, link: str) -> None:
        """Put a link before the one that says what removal means."""
        self.html = self.html.replace(_REMOVAL, link + _REMOVAL, 1)

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
    """A page of a discussion on its way to one reader."""

    def __init__(self, apart: Apart) -> None:
        self._head = apart.head
        self.pieces = [Piece(*whole) for whole in apart.wholes]
        self._by_number = {piece.number: piece for piece in self.pieces}

    @property
    def numbers(self) -> Collection[int]:
        """Of its comments, the first first."""
        return self._by_number.keys()

    @property
    def writers(self) -> set[int]:
        return {piece.author for piece in self.pieces}

    def these(self, numbers: Iterable[int]) -> list[Piece]:
        """The pieces of these comments, as far as they are on the page."""
        return [self._by_number[number] for number in numbers if number in self._by_number]

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

    def html(self, more_words: Mapping[int, str] | None = None) -> str:
        """The page again. `more_words` is what to say in the links to further replies below these comments."""
        if more_words:
            for piece in self.pieces:
                if _LINK in piece.html:
                    piece.html = _MORE.sub(lambda link: link[0] + more_words.get(int(link[1]), ""), piece.html)
        return self._head + "".join([piece.html for piece in self.pieces])


def _before_last_item(html: str, item: str) -> str:
    start = html.rindex(_ITEM)
    return html[:start] + item + html[start:]
