"""The page of search results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from forum.accounts.models import User
from forum.reading import filters, hits
from forum.reading.filters import Group, Removable
from forum.reading.hits import Hit
from forum.search import find, looser
from forum.search.asked import LAST_PAGE, PAGE, Asked
from forum.search.engine import LIKED, NEWEST, RELEVANCE
from forum.search.find import Found
from forum.search.language import Reading
from forum.search.looser import Looser
from forum.search.operators import ORDER


@dataclass(frozen=True)
class OrderLink:
    label: str
    url: str
    is_current: bool
    count: None = None


@dataclass(frozen=True)
class Other:
    """Another search that finds something: what is different about it, and how much it finds."""

    words: Markup | str
    url: str
    count: str


@dataclass(frozen=True)
class SearchPage:
    """`refusal` says why nothing was searched, `notes` how it went.

    Where the search is away for a while, `is_ready` is false: nothing found means nothing then. `kept` are fields that
    a new search of the same kind sends along, `words` what was looked for, without what narrows it.
    """

    q: str
    words: str = ""
    kept: list[tuple[str, str]] = field(default_factory=list)
    order: str = ""
    total: str = ""
    hits: list[Hit] = field(default_factory=list)
    narrowed: list[Removable] = field(default_factory=list)
    orders: list[OrderLink] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    suggestion: Other | None = None
    others: list[Other] = field(default_factory=list)
    feed_url: str = ""
    previous_url: str | None = None
    next_url: str | None = None
    refusal: str = ""
    is_ready: bool = True
    # Which results these are, as “21 to 40 of 64”.
    line: str = ""

    @property
    def is_searched(self) -> bool:
        return bool(self.q) and not self.refusal and self.is_ready


def page(asked: Asked, viewer: User | None) -> SearchPage:
    """What somebody sees who asks for this."""
    found = find.run(asked, viewer)
    here = replace(asked, page=found.page)
    return SearchPage(
        q=asked.q,
        words=looser.words_of(found.reading) or asked.q,
        kept=filters.ticked_fields(asked),
        order=asked.order,
        total=_total(found),
        hits=hits.cards(found.hits, viewer),
        narrowed=filters.removables(asked, found),
        orders=_orders(asked, found),
        groups=filters.groups(found.facets, asked) if found.total or asked.has_ticks else [],
        notes=[*found.notes, *_end(found)],
        suggestion=_suggestion(asked, found),
        others=[_other(one) for one in found.looser],
        feed_url=filters.address(replace(asked, order="", page=1), "search_feed.feed"),
        previous_url=filters.address(replace(here, page=found.page - 1)) if found.page > 1 else None,
        next_url=filters.address(replace(here, page=found.page + 1)) if _goes_on(found) else None,
        refusal=found.refusal,
        is_ready=found.is_ready,
        line=_line(found),
    )


def _total(found: Found) -> str:
    if found.total is None:
        return _("Results")
    if found.is_cut:
        return ngettext("At least %(num)d result", "At least %(num)d results", found.total)
    return ngettext("%(num)d result", "%(num)d results", found.total)


def _orders(asked: Asked, found: Found) -> list[OrderLink]:
    """Links to the same search in each order; an order that was typed is taken out of the words."""
    q = _without_order(asked.q, found.reading)
    return [
        OrderLink(words, filters.address(replace(asked, q=q, order=order, page=1)), order == found.order)
        for order, words in (
            (RELEVANCE, _("Best match")),
            (NEWEST, _("Newest")),
            (LIKED, _("Most liked")),
        )
    ]


def _without_order(q: str, reading: Reading) -> str:
    return next((token.rest for token in reading.tokens if token.name == ORDER), q)


def _goes_on(found: Found) -> bool:
    return found.has_more and found.page < LAST_PAGE


def _line(found: Found) -> str:
    first = (found.page - 1) * PAGE + 1
    last = first + len(found.hits) - 1
    if not found.hits or (found.page == 1 and not found.has_more):
        return ""
    if found.total is None or found.is_cut:
        return _("%(first)d to %(last)d", first=first, last=last)
    return _("%(first)d to %(last)d of %(total)d", first=first, last=last, total=found.total)


def _end(found: Found) -> Sequence[str]:
    if found.page < LAST_PAGE or not found.total or found.total <= LAST_PAGE * PAGE:
        return ()
    return (_("Nobody is shown more than %(num)d results. Add a word to find the others.", num=LAST_PAGE * PAGE),)


def _suggestion(asked: Asked, found: Found) -> Other | None:
    if found.suggestion is None:
        return None
    one = found.suggestion
    results = ngettext("%(num)d result", "%(num)d results", one.count)
    return Other(one.words, filters.address(asked.with_words(one.q)), results)


def _other(one: Looser) -> Other:
    if one.way == looser.TAGGED:
        discussions = ngettext("%(num)d discussion", "%(num)d discussions", one.count)
        return Other(_("Browse the tag #%(name)s", name=one.about), url_for("home.tag", slug=one.slug), discussions)
    results = ngettext("%(num)d result", "%(num)d results", one.count)
    return Other(_way(one), filters.address(one.asked), results)


def _way(one: Looser) -> Markup | str:
    if one.way == looser.UNFILTERED:
        return _("Search without the filters")
    if one.way == looser.EVERYONE:
        return _("Search everyone, not only %(name)s", name=one.about)
    if one.way == looser.UNQUOTED:
        return _("Search for the words wherever they stand")
    if one.way == looser.WORDS_ALONE:
        return _("Search for “%(words)s” alone", words=one.about)
    return Markup(_("Search without <b>%(typed)s</b>")) % {"typed": one.about}  # noqa: S704 (a sentence of ours)
