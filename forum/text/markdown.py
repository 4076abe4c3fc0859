"""Writers' Markdown as HTML that may be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from forum.text import addresses, bounds, rendering, sanitise, syntax
from forum.text.bounds import MAX_CHARS, TooComplex
from forum.text.highlighting import Budget
from forum.text.rendering import Form
from forum.text.safe import SafeHtml

__all__ = [
    "MAX_CHARS",
    "RENDERER",
    "Rendered",
    "TooComplex",
    "parse",
    "render_comment",
    "render_post",
]

# Stored beside the HTML it made. Raise it when the same source would give other HTML, so that old rows can be found
# and made again.
RENDERER: Final = "1"

# Eight quotes in quotes are already unreadable; the parser's work and the stack grow with every level.
MAX_NESTING: Final = 20

# A comment stands under the h2 of its discussion; a post under the h1 of its page.
COMMENT: Final = Form(first_heading=3, shows_images=False)
POST: Final = Form(first_heading=2, shows_images=True)

# Control characters have no use in a text; NUL the parser replaces itself. Tabs and line ends stay.
_CONTROLS: Final = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]")


@dataclass(frozen=True)
class Rendered:
    """A text made ready: its HTML and what moderation and notifications ask about it."""

    html: SafeHtml
    # Usernames as written, each once whatever its capitals, in order, without the @.
    mentions: tuple[str, ...]
    # Links to http and https addresses, written or made from an image.
    links: int
    # Images written, whether shown or made a link.
    images: int


def render_comment(source: str, *, links_trusted: bool = False, prefix: str = "note-") -> Rendered:
    """A reader's comment: headings h3 to h6, images as links. `prefix` begins every id (footnotes), such as "c12-".

    Raises TooComplex. About 6 ms for 1,000 characters, below a second for the worst we know.
    """
    return _render(source, COMMENT, prefix, links_trusted)


def render_post(source: str, *, prefix: str = "post-") -> Rendered:
    """An author's post: headings h2 to h6, https images shown, links trusted. Raises TooComplex."""
    return _render(source, POST, prefix, links_trusted=True)


def parse(source: str) -> list[Token]:
    """The text as tokens of markdown-it, before it is fitted to a form. Raises TooComplex."""
    return _parse(source, {})


def _render(source: str, form: Form, prefix: str, links_trusted: bool) -> Rendered:
    env = {"prefix": prefix, "budget": Budget()}
    tokens = _parse(source, env)
    images = sum(token.type == "image" for token in bounds.walk(tokens))
    rendering.fit(tokens, form)
    bounds.check_tokens(tokens)
    html = _parser().renderer.render(tokens, _parser().options, env)
    rules = sanitise.Rules(prefix=prefix, links_trusted=links_trusted, images=form.shows_images)
    return Rendered(sanitise.clean(html, rules), mentions(tokens), _count_links(tokens), images)


def _parse(source: str, env: dict[str, object]) -> list[Token]:
    text = _CONTROLS.sub("", source.replace("\r\n", "\n").replace("\r", "\n"))
    bounds.check_source(text)
    tokens = _parser().parse(text, env)
    bounds.check_tokens(tokens)
    return tokens


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """One parser for all: what belongs to a text is in its `env`, so threads may share it."""
    options = {
        "html": False,
        "linkify": True,
        "maxNesting": MAX_NESTING,
        "tasklists": True,
    }
    md = MarkdownIt("commonmark", options).enable(["table", "strikethrough", "linkify"])
    syntax.extend(md)
    for name, rule in rendering.RULES.items():
        md.add_render_rule(name, rule)
    return md


def mentions(tokens: list[Token]) -> tuple[str, ...]:
    """The people mentioned in parsed text; see Rendered.mentions."""
    names = [str(token.meta["username"]) for token in bounds.walk(tokens) if token.type == "mention_open"]
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(name.casefold(), name)
    return tuple(first.values())


def _count_links(tokens: list[Token]) -> int:
    opened = (token for token in bounds.walk(tokens) if token.type == "link_open")
    return sum(addresses.is_outside(str(token.attrs["href"])) for token in opened)
