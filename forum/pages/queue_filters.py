"""What a moderator asked of the queue, read from an address and written into the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.moderation import listing
from forum.moderation.actions import HELD, KINDS
from forum.moderation.listing import LONGEST_WAIT, MOST_URGENT, ORDERS, Wanted
from forum.pages.forms import choose, number
from forum.reading import desk
from forum.text import language

# Rows at first: more than a screen, and no more than can be read.
ROWS = 25
# What one more press shows, and the most there is to one page.
MORE_ROWS, MOST_ROWS = 200, 1_000
# Hours of waiting to choose from, beside what is promised.
AGES = (1, 24, 72)
LONGEST_NAME = 60

Option = tuple[str, str, bool]


@dataclass(frozen=True)
class FilterForm:
    """The choices of the form, each with the one that is made now."""

    kind: str
    discussions: list[Option]
    orders: list[Option]
    reasons: list[Option]
    ages: list[Option]
    languages: list[Option]
    author: str
    is_mine: bool
    is_filtered: bool
    # Whether one of those is set that stand behind “More filters”.
    is_open: bool


def read(kind: str | None = None) -> Wanted:
    """From the address of this request; nonsense asks for everything."""
    args = request.args
    tab, order, lang = args.get("tab", ""), args.get("order", ""), args.get("lang", "")
    return Wanted(
        kind=kind or (tab if tab in KINDS else HELD),
        post_id=number(args.get("post")),
        author=args.get("author", "").strip()[:LONGEST_NAME].replace("\0", ""),
        reason=args.get("reason", "")[:30].replace("\0", ""),
        hours=min(number(args.get("hours")), 10_000),
        lang=lang if lang in language.LANGUAGES else "",
        is_mine=args.get("mine") == "1",
        order=order if order in ORDERS else LONGEST_WAIT,
    )


def shown() -> int:
    """How many rows were asked for."""
    return min(max(number(request.args.get("shown")), ROWS), MOST_ROWS)


def kept(wanted: Wanted) -> dict[str, Any]:
    """The same as it stands in an address; what asks for nothing is left out."""
    values = {
        "tab": wanted.kind if wanted.kind != HELD else "",
        "post": str(wanted.post_id) if wanted.post_id else "",
        "author": wanted.author,
        "reason": wanted.reason,
        "hours": str(wanted.hours) if wanted.hours else "",
        "lang": wanted.lang,
        "mine": "1" if wanted.is_mine else "",
        "order": wanted.order if wanted.order != LONGEST_WAIT else "",
    }
    return {name: value for name, value in values.items() if value}


def form(wanted: Wanted, promised_hours: int) -> FilterForm:
    """Two queries: in which discussions something waits, and why."""
    hours = sorted({*AGES, promised_hours, wanted.hours} - {0})
    ages = [(str(age), ngettext("More than %(num)d hour", "More than %(num)d hours", age)) for age in hours]
    reasons = [(code, desk.reason_words(code)) for code in listing.reasons(wanted.kind)]
    orders = [(LONGEST_WAIT, _("Longest wait first")), (MOST_URGENT, _("Most urgent first"))]
    posts = [(str(post_id), title) for post_id, title in listing.discussions(wanted.kind)]
    return FilterForm(
        kind=wanted.kind,
        discussions=choose(posts, str(wanted.post_id or ""), _("All discussions")),
        orders=[(code, words, code == wanted.order) for code, words in orders],
        reasons=choose(reasons, wanted.reason, _("Any reason")),
        ages=choose(ages, str(wanted.hours or ""), _("Any time")),
        languages=choose(list(language.LANGUAGES.items()), wanted.lang, _("Any language")),
        author=wanted.author,
        is_mine=wanted.is_mine,
        is_filtered=wanted.is_filtered,
        is_open=bool(wanted.author or wanted.reason or wanted.hours or wanted.lang or wanted.is_mine),
    )
