"""Writers' Markdown as HTML that may be shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

# Not by its usual name: what is translated here are the sentences of forum/text/bounds.
from flask_babel import lazy_gettext as in_the_readers_language
from markdown_it.token import Token

from forum.text import apart, bounds, pipeline
from forum.text.bounds import MAX_CHARS
from forum.text.pipeline import COMMENT, POST, Job, Rendered

__all__ = [
    "MAX_CHARS",
    "RENDERER",
    "Rendered",
    "TooComplex",
    "parse",
    "render_comment",
    "render_comment_apart",
    "render_post",
    "render_post_apart",
]

# Stored beside the HTML it made. Raise it when the same source would give other HTML, so that old rows can be found
# and made again.
RENDERER: Final = "2"


Given = TypeVar("Given")
Made = TypeVar("Made")


class TooComplex(ValueError):
    """The text would take too much work to show; str() is a sentence for its writer."""


def render_comment(source: str, *, links_trusted: bool = False, prefix: str = "note-") -> Rendered:
    """A reader's comment: headings h3 to h6, images as links. `prefix` begins every id (footnotes), such as "c12-".

    Raises TooComplex. About 6 ms for 1,000 characters, below a second for the worst we know.
    """
    return _told(pipeline.render, Job(COMMENT, source, prefix, links_trusted))


def render_post(source: str, *, prefix: str = "post-") -> Rendered:
    """An author's post: headings h2 to h6, https images shown, links trusted. Raises TooComplex."""
    return _told(pipeline.render, Job(POST, source, prefix, links_trusted=True))


def render_comment_apart(source: str, *, links_trusted: bool = False, prefix: str = "note-") -> Rendered:
    """The same for a door, where others wait behind: a large text gets a process of its own; see apart."""
    return _told(apart.render, Job(COMMENT, source, prefix, links_trusted))


def render_post_apart(source: str, *, prefix: str = "post-") -> Rendered:
    """As render_post, for a door."""
    return _told(apart.render, Job(POST, source, prefix, links_trusted=True))


def parse(source: str) -> list[Token]:
    """The text as tokens of markdown-it, before it is fitted to a form. Raises TooComplex."""
    return _told(pipeline.parse, source)


def _told(make: Callable[[Given], Made], given: Given) -> Made:
    try:
        return make(given)
    except bounds.Exceeded as bound:
        raise TooComplex(in_the_readers_language(str(bound))) from None
