"""Words, links and blocks as Markdown spells them."""

from __future__ import annotations

import re

from forum.text import addresses

_SPECIAL = re.compile(r"[\\`*_\[\]<~|]|&(?=#?\w+;)")
_LINE_START = re.compile(r"(\s*)([#>+=-]|\d{1,9}(?=[.)]))")
_ADDRESS = re.compile(r"(https?://[^\s<>\[\]`*\\|]+)")
_SPACES = re.compile(r"[ \t\r\n\f]+")


def escaped(data: str, starts_line: bool) -> str:
    """Text with a backslash before each sign that Markdown would read; addresses stay as they are."""
    parts = _ADDRESS.split(_SPACES.sub(" ", data))
    text = "".join(part if place % 2 else _SPECIAL.sub(r"\\\g<0>", part) for place, part in enumerate(parts))
    if not starts_line:
        return text
    text = text.lstrip(" ")
    first = _LINE_START.match(text)
    if first is None:
        return text
    number = first[2].isdigit()
    return f"{first[2]}\\{text[first.end() :]}" if number else f"\\{text}"


def marked(text: str, mark: str) -> str:
    """Marks stand against the words, spaces outside of them; across paragraphs there is no emphasis."""
    inner = text.strip()
    if not inner or "\n\n" in inner:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{mark}{inner}{mark}{after}"


def link(text: str, address: str) -> str:
    """A link, or its text alone where the address leads nowhere from here."""
    address, shown = address.strip(), text.strip()
    if not shown or "\n\n" in shown or not _is_linkable(address):
        return text
    if shown == address:
        return f"<{address}>"
    return text.replace(shown, f"[{shown}](<{address}>)", 1)


def image(description: str, address: str) -> str:
    """A picture from elsewhere that somebody described; of any other its description."""
    words, address = escaped(description, False), address.strip()
    return f"![{words}](<{address}>)" if words.strip() and _is_linkable(address) else words


def _is_linkable(address: str) -> bool:
    """An address elsewhere; one of the old site's own pages leads nowhere here."""
    return addresses.is_allowed(address) and address[0] not in "/#" and not set(address) & set("<>")


def code(text: str) -> str:
    """Code inside a line."""
    if not text.strip():
        return text
    fence = "`" * (_longest_run(text) + 1)
    space = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{space}{' '.join(text.split(chr(10)))}{space}{fence}"


def fenced(text: str) -> str:
    """Code in lines of its own."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return block(f"{fence}\n{text.strip(chr(10))}\n{fence}")


def quote(text: str) -> str:
    """Somebody else's words, whatever blocks they are."""
    return block(_indented(tidy(text), "> ", "> "))


def item(text: str, mark: str) -> str:
    """One of a list."""
    return "\n" + _indented(tidy(text), mark, " " * len(mark))


def heading(text: str, mark: str) -> str:
    """A heading on one line; an empty one is none."""
    return block(f"{mark} {' '.join(text.split())}") if text.strip() else ""


def tidy(text: str) -> str:
    """The same with one empty line between its blocks, and none around them."""
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def block(text: str) -> str:
    """Lines of their own."""
    return f"\n\n{text}\n\n" if text else ""


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _indented(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join([first + lines[0], *(rest + line if line.strip() else rest.rstrip() for line in lines[1:])])
