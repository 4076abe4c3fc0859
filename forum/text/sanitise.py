"""The last gates before HTML is shown: bleach, then nh3. The only file that imports bleach.

bleach has no maintainer since June 2026, so nothing rests on it alone: nh3 has another parser, in another language,
and its answer is the one that leaves. Both ask the same closed lists below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import nh3
from bleach.linkifier import LinkifyFilter
from bleach.sanitizer import Cleaner
from markupsafe import escape

from forum.text import addresses, highlighting, pictures
from forum.text.safe import SafeHtml

_TAGS: Final = frozenset(
    {
        *(
            "a",
            "abbr",
            "b",
            "br",
            "code",
            "del",
            "em",
            "i",
            "ins",
            "kbd",
            "mark",
            "s",
            "span",
            "strong",
            "sub",
            "sup",
        ),
        *(
            "blockquote",
            "dd",
            "details",
            "dl",
            "dt",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "li",
            "ol",
            "p",
            "pre",
            "section",
        ),
        *("summary", "table", "tbody", "td", "th", "thead", "tr", "ul"),
        *("img", "input", "label"),
    }
)
# Gone with all they hold: what is inside them was never meant to be read.
_DROPPED: Final = frozenset({"script", "style"})

_CLASSES: Final = {
    "span": highlighting.CLASSES | {"mention", "comment-number", "spoiler"},
    "ul": {"contains-task-list"},
    "ol": {"contains-task-list"},
    "li": {"task-list-item", "footnote-item"},
    "input": {"task-list-item-checkbox"},
    "sup": {"footnote-ref"},
    "a": {"footnote-backref", "mention", "comment-number"},
    "section": {"footnotes"},
}
_LANGUAGE_CLASS: Final = re.compile(r"language-[\w+#.-]{1,30}", re.ASCII)
_FOOTNOTE_ID: Final = re.compile(r"fn(?:ref)?\d{1,5}(?:-\d{1,5})?", re.ASCII)
_PREFIX: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*-", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)

_RELS: Final = frozenset({"noopener", "nofollow ugc noopener"})
# Tag and attribute, each with what its value must be.
_VALUES: Final[dict[tuple[str, str], Callable[[str], bool]]] = {
    ("a", "href"): addresses.is_allowed,
    ("a", "title"): lambda value: True,
    ("a", "rel"): _RELS.__contains__,
    ("abbr", "title"): lambda value: True,
    # Rules.may_show says which.
    ("img", "src"): lambda value: True,
    ("img", "alt"): lambda value: True,
    ("img", "title"): lambda value: True,
    ("img", "width"): lambda value: _NUMBER.fullmatch(value) is not None,
    ("img", "height"): lambda value: _NUMBER.fullmatch(value) is not None,
    ("img", "loading"): lambda value: value == "lazy",
    ("input", "type"): lambda value: value == "checkbox",
    ("input", "disabled"): lambda value: value in ("", "disabled"),
    ("input", "checked"): lambda value: value in ("", "checked"),
    ("ol", "start"): lambda value: _NUMBER.fullmatch(value) is not None,
    ("td", "align"): lambda value: value in ("left", "right", "center"),
    ("th", "align"): lambda value: value in ("left", "right", "center"),
}
_SCHEMES: Final = frozenset({"http", "https", "mailto"})

# bleach names an attribute by its namespace and its name.
_Attributes = MutableMapping[Any, str]


@dataclass(frozen=True)
class Rules:
    """What one text may have: ids under its own prefix, followed links, images from elsewhere."""

    prefix: str
    links_trusted: bool
    images: bool

    def __post_init__(self) -> None:
        if not _PREFIX.fullmatch(self.prefix):
            raise ValueError(f"not a prefix for ids: {self.prefix!r}")

    def may_show(self, source: str) -> bool:
        return pictures.is_ours(source) or (self.images and addresses.is_image(source))

    @property
    def rel(self) -> str:
        return "noopener" if self.links_trusted else "nofollow ugc noopener"


def clean(html: str, rules: Rules) -> SafeHtml:
    """HTML of which only the allowed is left.

    HTML that a second reading would change again was misread by one of the parsers, which is how attacks pass a
    sanitiser: of such HTML only the text is shown.
    """
    first = _nh3(_bleach(html, rules), rules)
    if _nh3(first, rules) != first:
        return SafeHtml(f"<p>{escape(_text(first))}</p>")
    return SafeHtml(first)


def _text(html: str) -> str:
    return nh3.clean(html, tags=set(), clean_content_tags=set(_DROPPED))


def _bleach(html: str, rules: Rules) -> str:
    cleaner = Cleaner(
        tags=_TAGS,
        attributes=lambda tag, name, value: _attribute(rules, tag, name, value) is not None,
        protocols=_SCHEMES,
        strip=True,
        filters=[_links(rules)],
    )
    return cleaner.clean(html)


def _links(rules: Rules) -> Callable[..., LinkifyFilter]:
    return partial(_LinksOnly, callbacks=[partial(_dress, rules)], skip_tags={"pre", "code"}, parse_email=False)


class _LinksOnly(LinkifyFilter):
    """Visits the links there are, and leaves the text between them alone.

    The library would look for addresses in it again, by other rules than markdown-it's: it would undo escapes, and link
    main.py to Paraguay. And it would read entities a second time: who writes &amp;lt; would get a < in place of &lt;.
    """

    def handle_links(self, src_iter: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        return iter(src_iter)

    def extract_entities(self, token: dict[str, Any]) -> Iterator[dict[str, Any]]:
        return iter([token])


def _dress(rules: Rules, attrs: _Attributes, _is_new: bool = False) -> _Attributes:
    """What a link tells browsers and search engines; our own pages need nothing said."""
    attrs.pop((None, "rel"), None)
    if not attrs.get((None, "href"), "#").startswith(("/", "#")):
        attrs[(None, "rel")] = rules.rel
    return attrs


def _nh3(html: str, rules: Rules) -> str:
    names: dict[str, set[str]] = {}
    for tag, name in [
        *_VALUES,
        *((tag, name) for tag in _TAGS for name in ("class", "id")),
    ]:
        names.setdefault(tag, set()).add(name)
    return nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED),
        attributes=names,
        attribute_filter=partial(_attribute, rules),
        url_schemes=set(_SCHEMES),
        link_rel=None,
        # Else one without a type would be a field to type in.
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
    )


def _attribute(rules: Rules, tag: str, name: str, value: str) -> str | None:
    """The value an attribute may keep, or None. Must not raise: nh3 would drop the attribute and only log."""
    if name == "class":
        return _classes(tag, value)
    if (tag, name) == ("img", "src"):
        return value if rules.may_show(value) else None
    if name == "id":
        return value if tag in ("a", "li") and _is_own_id(rules, value) else None
    may_have = _VALUES.get((tag, name))
    return value if may_have is not None and may_have(value) else None


def _classes(tag: str, value: str) -> str | None:
    if tag == "code":
        return value if _LANGUAGE_CLASS.fullmatch(value) else None
    kept = [name for name in value.split() if name in _CLASSES.get(tag, ())]
    return " ".join(kept) or None


def _is_own_id(rules: Rules, value: str) -> bool:
    return value.startswith(rules.prefix) and _FOOTNOTE_ID.fullmatch(value[len(rules.prefix) :]) is not None
