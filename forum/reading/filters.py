"""What a search is narrowed by: what was typed and ticked, as links that take it out; and what else can be ticked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import format_date
from flask_babel import gettext as _
from slugify import slugify

from forum.search.asked import Asked
from forum.search.engine import COMMENT, PERSON, POST, RELEVANCE
from forum.search.facets import Facets, Value
from forum.search.find import Found
from forum.search.language import Token
from forum.search.names import Named, Names
from forum.search.operators import AFTER, AUTHOR, BEFORE, DISCUSSION, LONGEST_SLUG, ORDER, SERIES, TAG

# How the address says what kind is wanted.
TYPES = {"posts": POST, "comments": COMMENT, "people": PERSON}
_TYPE_OF = {kind: name for name, kind in TYPES.items()}


@dataclass(frozen=True)
class Removable:
    """Something that narrows the search: `url` is the search without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True)
class Choice:
    value: str
    name: str
    count: int
    is_ticked: bool


@dataclass(frozen=True)
class Group:
    """Choices of one kind; `name` is that of their field. Of a single one, one is always chosen."""

    label: str
    name: str
    choices: list[Choice]
    is_single: bool = False


def address(asked: Asked, endpoint: str = "search.index", **more: Any) -> str:
    """Where this search is."""
    return url_for(endpoint, **_fields(asked), page=asked.page if asked.page > 1 else None, **more)


def ticked_fields(asked: Asked) -> list[tuple[str, str]]:
    """What a form sends along so that a search stays as it is, but for its words and its page."""
    return [
        (name, str(value))
        for name, values in _fields(asked).items()
        if name != "q"
        for value in (values if isinstance(values, list) else [values])
        if value
    ]


def _fields(asked: Asked) -> dict[str, Any]:
    return {
        "q": asked.q,
        "type": [_TYPE_OF[kind] for kind in asked.kinds],
        "series": list(asked.series),
        "tag": list(asked.tags),
        "author": list(asked.authors),
        "year": asked.year,
        "order": asked.order if asked.order not in ("", RELEVANCE) else None,
    }


def groups(facets: Facets, asked: Asked) -> list[Group]:
    """What can be ticked; nothing where there is no choice."""
    return [
        group
        for group in (
            Group(_("Kind"), "type", [_kind(value) for value in facets.kinds]),
            Group(_("Series"), "series", _choices(facets.series)),
            Group(_("Tags"), "tag", _choices(facets.tags)),
            Group(_("Author"), "author", _choices(facets.authors)),
            Group(_("When"), "year", _years(facets, asked), is_single=True),
        )
        if _is_choice(group, facets.total)
    ]


def _is_choice(group: Group, total: int) -> bool:
    """Whether any of its values would change what is shown, or does."""
    return any(one.value and (one.is_ticked or one.count != total) for one in group.choices)


def _choices(values: Iterable[Value]) -> list[Choice]:
    return [Choice(value.value, value.name, value.count, value.is_ticked) for value in values]


def _kind(value: Value) -> Choice:
    return Choice(_TYPE_OF[value.value], _kind_words(value.value), value.count, value.is_ticked)


def _kind_words(kind: str) -> str:
    return {POST: _("Posts"), COMMENT: _("Comments"), PERSON: _("People")}[kind]


def _years(facets: Facets, asked: Asked) -> list[Choice]:
    if not facets.years:
        return []
    return [Choice("", _("Any time"), facets.any_year, asked.year is None), *_choices(facets.years)]


def removables(asked: Asked, found: Found) -> list[Removable]:
    typed = [_typed(token, asked, found) for token in found.reading.tokens if token.name != ORDER]
    return [*typed, *_ticked(asked, found.names)]


def _typed(token: Token, asked: Asked, found: Found) -> Removable:
    name, colon, rest = token.typed.partition(":")
    value = _shown(token, found) or (rest if colon else name)
    return Removable(name + colon if colon else "", value, address(asked.with_words(token.rest)))


def _shown(token: Token, found: Found) -> str:
    if token.name in (AFTER, BEFORE):
        return format_date(date.fromisoformat(token.value), "d MMMM y")
    if token.name == AUTHOR:
        return _one_person(found) or token.value
    names = found.names
    named = {TAG: names.tags, SERIES: names.series, DISCUSSION: names.posts}.get(token.name)
    if named is None:
        return token.value if '"' in token.typed else ""
    return _name(named, slugify(token.value, max_length=LONGEST_SLUG)) or token.value


def _one_person(found: Found) -> str:
    """The full name of whom a part of it was typed, where all results are by one person."""
    writers = found.facets.authors
    return writers[0].name if len(writers) == 1 and len(found.reading.authors) == 1 else ""


def _name(named: dict[str, Named], slug: str) -> str:
    return named[slug].name if slug in named else ""


def _ticked(asked: Asked, names: Names) -> list[Removable]:
    """Only what there is: the rest narrows nothing."""
    asked = replace(asked, page=1)
    found = [(_("kind:"), _kind_words(kind), replace(asked, kinds=_without(asked.kinds, kind))) for kind in asked.kinds]
    for label, slugs, named, name in (
        (_("series:"), asked.series, names.series, "series"),
        (_("tag:"), asked.tags, names.tags, "tags"),
        (_("author:"), asked.authors, names.people, "authors"),
    ):
        found += [
            (label, named[slug].name, replace(asked, **{name: _without(slugs, slug)}))  # type: ignore[arg-type]
            for slug in slugs
            if slug in named
        ]
    if asked.year is not None:
        found.append((_("year:"), str(asked.year), replace(asked, year=None)))
    return [Removable(label, value, address(other)) for label, value, other in found]


def _without(values: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(value for value in values if value != one)
