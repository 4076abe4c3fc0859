"""A comment's words as a quotation in the reply to it."""

from __future__ import annotations

import re

from markdown_it.token import Token

from forum.comments.models import Comment
from forum.text import markdown

# About ten lines on a desk: the reply is what people came to read, and the link leads to the rest.
LONGEST = 1_000
# Of a comment's source as much is looked at; a quotation is cut long before.
LOOKED_AT = 8_000
# Signs that mean something to Markdown in a name, and those that would make an address of it.
_SIGNS = re.compile(r"([\\`*_\[\]<>#@|~!&]|[.:](?=\S))")
_FOOTNOTE = re.compile(r"\[\^[^\s\]]{1,64}\]")
_END_OF_SENTENCE = re.compile(r"[.!?…。؟](?=\s)")


def whole(comment: Comment) -> str:
    """The comment as a Markdown quotation, without what it quotes itself, cut where it is long, with the way back."""
    name = _SIGNS.sub(r"\\\1", comment.author.name)
    lines = [*own_words(comment.body).split("\n"), "", f"{name}, #{comment.id}"]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def own_words(source: str) -> str:
    """What a writer says themselves: source without quotations, footnotes and pictures, cut where it is long."""
    source = source.replace("\r\n", "\n")
    begin = source[:LOOKED_AT]
    try:
        tokens = markdown.parse(begin)
    except markdown.TooComplex:
        return _cut_words(_unquoted(begin))
    parts = _parts(begin.split("\n"), tokens)
    if not parts:
        return _cut_words(_unquoted(begin))
    return _enough(parts, is_all=len(source) <= LOOKED_AT)


def _parts(lines: list[str], tokens: list[Token]) -> list[tuple[Token, str]]:
    """The outermost blocks with their source, but for the lines of quotations inside them."""
    quoted = {line for token in tokens if token.type == "blockquote_open" for line in range(*(token.map or (0, 0)))}
    parts = []
    for token in tokens:
        if token.level == 0 and token.nesting >= 0 and token.map:
            text = "\n".join(lines[line] for line in range(*token.map) if line not in quoted and line < len(lines))
            if text.strip():
                parts.append((token, text.rstrip() if token.type in _CODE else _without_extras(text)))
    return parts


_CODE = ("fence", "code_block")


def _without_extras(text: str) -> str:
    return _FOOTNOTE.sub("", text).replace("![", "[").rstrip()


def _enough(parts: list[tuple[Token, str]], *, is_all: bool) -> str:
    """Whole blocks as long as they fit; a first one that does not is cut."""
    taken: list[str] = []
    room = LONGEST
    for token, text in parts:
        if len(text) > room:
            is_all = False
            if not taken:
                taken.append(_cut(token, text))
            break
        taken.append(text)
        room -= len(text)
    if not is_all and not taken[-1].endswith("…"):
        taken.append("…")
    return "\n\n".join(taken)


def _cut(token: Token, text: str) -> str:
    if token.type == "paragraph_open":
        return _cut_words(text)
    lines: list[str] = []
    for line in text.split("\n"):
        if lines and sum(map(len, lines)) + len(line) > LONGEST:
            break
        lines.append(line[:LONGEST])
    return "\n".join([*lines, token.markup] if token.type == "fence" else lines)


def _cut_words(text: str) -> str:
    """The beginning, up to the end of a sentence or at least of a word. A spoiler is not cut open."""
    if len(text) <= LONGEST:
        return text
    begin = text[:LONGEST]
    ends = [found.end() for found in _END_OF_SENTENCE.finditer(begin)]
    has_end = bool(ends) and ends[-1] > LONGEST // 2
    begin = begin[: ends[-1]] if has_end else begin.rpartition(" ")[0] or begin
    if begin.count("||") % 2:
        begin = begin[: begin.rindex("||")]
    return begin.rstrip() + " …"


def _unquoted(source: str) -> str:
    """The same words one level up: all there is when somebody only quotes."""
    return "\n".join(re.sub(r"^(?:\s{0,3}>)+ ?", "", line) for line in source.split("\n")).strip()
