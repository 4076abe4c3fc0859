"""Markdown to HTML, all the way through.

Flask is not needed here, and must not come in: forum/text/apart starts processes that hold this and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from forum.text import addresses, bounds, rendering, sanitise, syntax
from forum.text.highlighting import Budget
from forum.text.rendering import Form
from forum.text.safe import SafeHtml

# Eight quotes in quotes are already unreadable; the parser's work and the stack grow with every level.
MAX_NESTING: Final = 20

COMMENT, POST = "comment", "post"
# A comment stands under the h2 of its discussion; a post under the h1 of its page.
_FORMS: Final = {
    COMMENT: Form(first_heading=3, shows_images=False),
    POST: Form(first_heading=2, shows_images=True),
}

# Control characters have no use in a text; NUL the parser replaces itself. Tabs and line ends stay.
_CONTROLS: Final = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]")


@dataclass(frozen=True)
class Job:
    """A text, what kind it is, what its ids begin with, and whether search engines may follow its links."""

    kind: str
    source: str
    prefix: str
    links_trusted: bool


@dataclass(frozen=True)
class Rendered:
    """A text made ready: its HTML and what moderation and notifications ask about it."""

    # People and comments stand in it as marks, which `references.link` makes links of.
    html: SafeHtml
    # Usernames as written, each once whatever its capitals, in order, without the @.
    mentions: tuple[str, ...]
    # The comments named by #123, each once, in order.
    comments: tuple[int, ...]
    # Links to http and https addresses, written or made from an image.
    links: int
    # Images written, whether shown or made a link.
    images: int
    # Images shown that their writer did not describe.
    undescribed: int = 0


def render(job: Job) -> Rendered:
    """Raises bounds.Exceeded. About 6 ms for 1,000 characters, below a second for the worst we know."""
    form = _FORMS[job.kind]
    env = {"prefix": job.prefix, "budget": Budget()}
    tokens = _parse(job.source, env)
    images = sum(token.type == "image" for token in bounds.walk(tokens))
    rendering.fit(tokens, form)
    bounds.check_tokens(tokens)
    html = _parser().renderer.render(tokens, _parser().options, env)
    rules = sanitise.Rules(prefix=job.prefix, links_trusted=job.links_trusted, images=form.shows_images)
    shown = (token for token in bounds.walk(tokens) if token.type == "image")
    return Rendered(
        html=sanitise.clean(html, rules),
        mentions=mentions(tokens),
        comments=_comments(tokens),
        links=_count_links(tokens),
        images=images,
        undescribed=sum(not rendering.describes(image) for image in shown),
    )


def parse(source: str) -> list[Token]:
    """The text as tokens, before it is fitted to a form. Raises bounds.Exceeded."""
    return _parse(source, {})


def mentions(tokens: list[Token]) -> tuple[str, ...]:
    """The people mentioned in parsed text; see Rendered.mentions."""
    first: dict[str, str] = {}
    for name in _named(tokens, "mention_open"):
        first.setdefault(name.casefold(), name)
    return tuple(first.values())


def _comments(tokens: list[Token]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(map(int, _named(tokens, "comment_number_open"))))


def _named(tokens: list[Token], kind: str) -> list[str]:
    return [str(token.meta["name"]) for token in bounds.walk(tokens) if token.type == kind]


def _count_links(tokens: list[Token]) -> int:
    opened = (token for token in bounds.walk(tokens) if token.type == "link_open")
    return sum(addresses.is_outside(str(token.attrs["href"])) for token in opened)


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
