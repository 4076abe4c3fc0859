"""What the forum adds to CommonMark: @mentions, #comment numbers, ||spoilers||, and guarded tables and footnotes."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.blockquote import blockquote as library_blockquote
from markdown_it.rules_block.table import table as library_table
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_ref as library_footnote_ref

from forum.text import addresses, bounds, finding

# Longer names than usernames may be are no names.
LONGEST_NAME: Final = 40
# What makes a name part of something else: a strange name, or an address elsewhere (@mary@social.example).
_GOES_ON: Final = re.compile(r"[_-]+[^\W_]|@")
COMMENT_NUMBER: Final = re.compile(r"#([1-9]\d{0,9})(?!\w|-\w)", re.ASCII)
FOOTNOTE: Final = re.compile(r"\[\^[^\s\]]{1,64}\]")
# The two characters before a mention or a number, when they make it part of a word, an e-mail address, a path or an
# entity. An underscore may also be the beginning of italics.
_JOINED: Final = re.compile(r"(?:[^\W_]_?|[@#/.+=&?%])\Z")


def extend(md: MarkdownIt) -> None:
    """Adds the rules of this file to a parser."""
    footnote_plugin(md, inline=False)
    md.linkify = finding.Finder()
    md.validateLink = addresses.is_allowed  # type: ignore[method-assign]
    md.block.ruler.at("table", table, {"alt": ["paragraph", "reference"]})
    md.block.ruler.at("blockquote", blockquote, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.inline.ruler.at("footnote_ref", footnote_ref)
    md.inline.ruler.after("strikethrough", "spoiler", spoiler)
    md.inline.ruler.after("spoiler", "mention", mention)
    md.inline.ruler.after("mention", "comment_number", comment_number)
    md.inline.ruler2.after("strikethrough", "spoiler", close_spoilers)
    md.inline.add_terminator_char("|")


def mention(state: StateInline, silent: bool) -> bool:
    """`@alice` outside links and code: a mark that `references.link` makes a link of, if there is such a person."""
    if not _may_begin(state, "@"):
        return False
    name = _username(state.src, state.pos + 1, state.posMax)
    end = state.pos + 1 + len(name)
    if not 0 < len(name) <= LONGEST_NAME or _GOES_ON.match(state.src, end, state.posMax):
        return False
    if not silent:
        _mark(state, "mention", "@", name)
    state.pos = end
    return True


def _username(text: str, start: int, end: int) -> str:
    """Letters and digits with their accents and vowel signs, and between them single dots, hyphens or underscores.

    So "_@mary_" is Mary in italics, and "@mary." Mary at the end of a sentence.
    """
    place = start
    while place < min(end, start + LONGEST_NAME + 1):
        character, after = text[place], text[place + 1 : min(place + 2, end)]
        is_sign = place > start and (
            unicodedata.category(character)[0] == "M" or (character in "._-" and after.isalnum())
        )
        if not (character.isalnum() or is_sign):
            break
        place += 1
    return text[start:place]


def comment_number(state: StateInline, silent: bool) -> bool:
    """`#123` outside links and code: a mark, as above, if the discussion has such a comment."""
    found = COMMENT_NUMBER.match(state.src, state.pos, state.posMax) if _may_begin(state, "#") else None
    if found is None:
        return False
    if not silent:
        _mark(state, "comment_number", "#", found[1])
    state.pos = found.end()
    return True


def _may_begin(state: StateInline, sign: str) -> bool:
    if state.src[state.pos] != sign or state.linkLevel > 0:
        return False
    return not _JOINED.search(state.src[max(0, state.pos - 2) : state.pos])


def _mark(state: StateInline, kind: str, sign: str, name: str) -> None:
    opening = state.push(f"{kind}_open", "span", 1)
    opening.attrs = {"class": kind.replace("_", "-")}
    opening.meta = {"name": name}
    state.push("text", "", 0).content = sign + name
    state.push(f"{kind}_close", "span", -1)


def spoiler(state: StateInline, silent: bool) -> bool:
    """Exactly two bars open or close a spoiler, by the rules that `**` follows."""
    if silent or state.src[state.pos] != "|":
        return False
    run = state.scanDelims(state.pos, True)
    state.push("text", "", 0).content = "|" * run.length
    if run.length == 2:
        state.delimiters.append(
            Delimiter(
                marker=ord("|"),
                length=0,
                token=len(state.tokens) - 1,
                end=-1,
                open=run.can_open,
                close=run.can_close,
            )
        )
    state.pos += run.length
    return True


def close_spoilers(state: StateInline) -> None:
    """Turns the pairs of bars that the library matched into the beginnings and ends of spoilers."""
    groups = [
        state.delimiters,
        *(meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta),
    ]
    for delimiters in groups:
        for opener in delimiters:
            if opener.marker == ord("|") and opener.end != -1:
                _become(state, opener, "spoiler_open", 1)
                _become(state, delimiters[opener.end], "spoiler_close", -1)


def _become(state: StateInline, delimiter: Delimiter, kind: str, nesting: int) -> None:
    token = state.tokens[delimiter.token]
    token.type, token.tag, token.nesting, token.content = kind, "span", nesting, ""  # type: ignore[assignment]
    if nesting == 1:
        token.attrs = {"class": "spoiler"}


def table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The library's table, counted with all before it before it is built; raises Exceeded."""
    if not library_table(state, start, end, True):
        return False
    if silent:
        return True
    columns = state.src[state.bMarks[start] : state.eMarks[start]].count("|") + 1
    state.env["cells"] = state.env.get("cells", 0) + columns * _lines_to_a_gap(state, start, end)
    bounds.check_cells(state.env["cells"])
    return library_table(state, start, end, False)


def blockquote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The library's quote, which looks at all lines up to a gap even if it then ends after one; raises Exceeded."""
    if not silent and state.src.startswith(">", state.bMarks[start] + state.tShift[start]):
        state.env["quoted"] = state.env.get("quoted", 0) + _lines_to_a_gap(state, start, end)
        bounds.check_quotes(state.env["quoted"])
    return library_blockquote(state, start, end, silent)


def _lines_to_a_gap(state: StateBlock, start: int, end: int) -> int:
    return next((line for line in range(start, end) if state.isEmpty(line)), end) - start


def footnote_ref(state: StateInline, silent: bool) -> bool:
    """The library's reference to a footnote, tried on short labels only: its search has no end."""
    if state.src[state.pos] != "[" or not FOOTNOTE.match(state.src, state.pos, state.posMax):
        return False
    return library_footnote_ref(state, silent)
