"""Parsed text as the HTML of this forum: headings that fit the page, images as allowed, footnotes, tasks and code."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markdown_it.common.utils import unescapeAll
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import escape

from forum.text import addresses, highlighting, pictures
from forum.text.pictures import Picture

_ALIGN: Final = re.compile(r"text-align:(left|right|center)")


@dataclass(frozen=True)
class Form:
    """What a kind of text may look like: where its headings begin, and whether images from elsewhere are shown."""

    first_heading: int
    shows_images: bool


def fit(tokens: list[Token], form: Form) -> None:
    """Changes parsed text to what its form allows."""
    _fit_headings(tokens, form)
    for index, token in enumerate(tokens):
        if token.type in ("th_open", "td_open"):
            _align(token)
            # A cell without words heads nothing.
            if token.type == "th_open" and not tokens[index + 1].content.strip():
                token.tag = tokens[index + 2].tag = "td"
        elif token.type == "inline":
            token.children = _fit_images(token.children or [], form)
            if _is_task(tokens, index):
                token.children = [
                    Token("task_open", "", 1, meta=tokens[index - 2].meta),
                    *token.children,
                ]
                token.children.append(Token("task_close", "", -1))


def _fit_headings(tokens: Sequence[Token], form: Form) -> None:
    """Whatever signs a writer chose, headings begin where the page's leave off, and none skips a level."""
    open_levels: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            written = int(token.tag[1])
            open_levels = [*(level for level in open_levels if level < written), written]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, form.first_heading + len(open_levels) - 1)}"


def _align(token: Token) -> None:
    """The style attribute of the library becomes `align`: a style attribute is never let through."""
    style = _ALIGN.fullmatch(str(token.attrs.pop("style", "")))
    if style:
        token.attrs["align"] = style[1]


def _is_task(tokens: Sequence[Token], index: int) -> bool:
    item = tokens[index - 2]
    return index >= 2 and item.type == "list_item_open" and "checked" in item.meta


def _fit_images(children: list[Token], form: Form) -> list[Token]:
    fitted: list[Token] = []
    links = 0
    for token in children:
        if token.type == "image":
            fitted += _fit_image(token, links > 0, form)
            continue
        links += token.nesting if token.type in ("link_open", "link_close") else 0
        fitted.append(token)
    return fitted


def _fit_image(image: Token, is_linked: bool, form: Form) -> list[Token]:
    """The image, or in its place a link with its description; inside a link only the description."""
    source = str(image.attrs["src"])
    picture = pictures.at(source)
    if picture is not None:
        return _fit_picture(image, picture, is_linked)
    if form.shows_images and addresses.is_image(source):
        image.attrs["loading"] = "lazy"
        return [image]
    words = _text_of(image).strip() or source
    text = Token("text", "", 0, content=words)
    if is_linked:
        return [text]
    return [
        Token("link_open", "a", 1, attrs={"href": source}),
        text,
        Token("link_close", "a", -1),
    ]


def _fit_picture(image: Token, picture: Picture, is_linked: bool) -> list[Token]:
    """A picture of our own as it stands in a text: small, with room left for it, and the whole behind it."""
    width, height = picture.shown_size
    image.attrs |= {"src": picture.shown_url, "width": str(width), "height": str(height), "loading": "lazy"}
    if is_linked or not picture.is_more_than_shown:
        return [image]
    behind: dict[str, str | int | float] = {"href": picture.url}
    if not describes(image):
        # A link must have a name. The size is one in every language.
        behind["title"] = f"{picture.width} × {picture.height}"
    return [
        Token("link_open", "a", 1, attrs=behind),
        image,
        Token("link_close", "a", -1),
    ]


def describes(image: Token) -> bool:
    """Whether its writer says what it shows."""
    return bool(_text_of(image).strip())


def _text_of(image: Token) -> str:
    """The description of an image without its markup."""
    pieces = []
    for token in image.children or []:
        pieces.append(_text_of(token) if token.type == "image" else token.content)
        pieces.append(" " if token.type in ("softbreak", "hardbreak") else "")
    return "".join(pieces)


Rule = Callable[..., str]


def task_open(_self: Any, tokens: Sequence[Token], index: int, *_rest: Any) -> str:
    """The label makes the item's own words the name of its checkbox, in whatever language they are."""
    checked = " checked" if tokens[index].meta["checked"] else ""
    return f'<label><input class="task-list-item-checkbox" type="checkbox" disabled{checked}> '


def task_close(*_args: Any) -> str:
    return "</label>"


def list_item_open(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """The library would add a checkbox without a name here."""
    return self.renderToken(tokens, index, options, env)


def fence(_self: Any, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
    token = tokens[index]
    words = unescapeAll(token.info).split()
    if not words or not highlighting.LANGUAGE_NAME.fullmatch(words[0]):
        return f"<pre><code>{escape(token.content)}</code></pre>\n"
    code = highlighting.colour(token.content, words[0], env["budget"])
    return f'<pre><code class="language-{words[0]}">{code}</code></pre>\n'


def footnote_ref(_self: Any, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
    number, place = _number(tokens[index]), _place(tokens[index])
    prefix = env["prefix"]
    return f'<sup class="footnote-ref"><a href="#{prefix}fn{number}" id="{prefix}fnref{place}">[{number}]</a></sup>'


def footnote_block_open(*_args: Any) -> str:
    return '<section class="footnotes">\n<ol>\n'


def footnote_block_close(*_args: Any) -> str:
    return "</ol>\n</section>\n"


def footnote_open(_self: Any, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
    return f'<li id="{env["prefix"]}fn{_number(tokens[index])}" class="footnote-item">'


def footnote_close(*_args: Any) -> str:
    return "</li>\n"


def footnote_anchor(_self: Any, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
    """The way back. U+FE0E keeps the arrow from becoming an emoji; the number tells two ways back apart."""
    place = _place(tokens[index])
    return f' <a href="#{env["prefix"]}fnref{place}" class="footnote-backref">\u21a9\ufe0e [{place}]</a>'


def _number(token: Token) -> str:
    return str(token.meta["id"] + 1)


def _place(token: Token) -> str:
    repeat = token.meta.get("subId", 0)
    return f"{_number(token)}-{repeat + 1}" if repeat else _number(token)


RULES: Final[dict[str, Rule]] = {
    rule.__name__: rule
    for rule in (
        task_open,
        task_close,
        list_item_open,
        fence,
        footnote_ref,
        footnote_block_open,
        footnote_block_close,
        footnote_open,
        footnote_close,
        footnote_anchor,
    )
}
