"""What a browser would find in a piece of HTML, judged by rules written apart from those of forum/text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

from bleach._vendor import html5lib

TAGS: Final = {
    *(
        "p",
        "br",
        "hr",
        "a",
        "em",
        "strong",
        "s",
        "sup",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "span",
    ),
    *(
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "img",
        "section",
        "input",
        "label",
    ),
}
# What clean() lets through besides, for texts that will come from elsewhere as HTML.
MORE_TAGS: Final = {
    *("b", "i", "del", "ins", "sub", "kbd", "mark", "abbr", "dl", "dt", "dd", "details", "summary"),
}
ATTRIBUTES: Final = {
    "a": {"href", "title", "rel", "class", "id"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "input": {"type", "disabled", "checked", "class"},
    "li": {"class", "id"},
    "ol": {"start", "class"},
    "ul": {"class"},
    "td": {"align"},
    "th": {"align"},
    "code": {"class"},
    "span": {"class"},
    "sup": {"class"},
    "section": {"class"},
}


@dataclass
class Found:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)


def by_browser_rules(html: str) -> list[Found]:
    """The elements that html5lib, an implementation of the HTML standard's parser, finds."""
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    return [
        Found(str(element.tag), {str(name): value for name, value in element.attrib.items()})
        for element in tree.iter()
        if element is not tree
    ]


def by_naive_rules(html: str) -> list[Found]:
    """The tags that a simple reading from left to right finds, as a feed reader or a mail program might."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Found] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(Found(tag, {name: value or "" for name, value in attrs}))

    def handle_comment(self, data: str) -> None:
        self.found.append(Found("!--"))

    def handle_decl(self, decl: str) -> None:
        self.found.append(Found("!"))

    def handle_pi(self, data: str) -> None:
        self.found.append(Found("?"))


def dangers(html: str, tags: set[str] = TAGS, prefix: str = "note-") -> list[str]:
    """What should not be there, a sentence each; an empty list for safe HTML."""
    found = [*by_browser_rules(html), *by_naive_rules(html)]
    return [danger for element in found for danger in _dangers_of(element, tags, prefix)]


def _dangers_of(element: Found, tags: set[str], prefix: str) -> list[str]:
    if element.tag not in tags:
        return [f"the tag {element.tag}"]
    allowed = ATTRIBUTES.get(element.tag, set())
    listed = [f"the attribute {name} on {element.tag}" for name in element.attributes if name not in allowed]
    for name in ("href", "src"):
        if name in element.attributes and not is_good_address(element.attributes[name]):
            listed.append(f"the address {element.attributes[name]!r}")
    if element.tag == "img" and not element.attributes.get("src", "https://").startswith("https://"):
        listed.append("an image that is not from https")
    if "id" in element.attributes and not element.attributes["id"].startswith(prefix + "fn"):
        listed.append(f"the id {element.attributes['id']!r}")
    if element.tag == "input" and element.attributes.get("type", "checkbox") != "checkbox":
        listed.append("an input that is no checkbox")
    return listed


def is_good_address(url: str) -> bool:
    """Read as the WHATWG standard does: unseen characters go, backslashes are slashes. Then judged by its parts."""
    if any(
        ord(character) <= 32 or 0x7F <= ord(character) <= 0xA0 or character in "\\\u200b\u2028\xad" for character in url
    ):
        return False
    if url.startswith("#"):
        return True
    if url.startswith("/"):
        return not url.startswith("//")
    parts = urlsplit(url)
    if parts.scheme == "mailto":
        return "@" in parts.path
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
