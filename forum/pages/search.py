"""The search page."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from slugify import slugify

from forum.foundation.limits import SEARCH, limiter
from forum.reading import results
from forum.reading.filters import TYPES
from forum.search.asked import MOST_TICKS, Asked
from forum.search.engine import ORDERS
from forum.search.operators import LONGEST_SLUG
from forum.web.counting import each_account
from forum.web.guard import open_to_anybody
from forum.web.sign_in import viewer

door = Blueprint("search", __name__)


# The page and its feed together.
per_account = each_account(SEARCH, "searches of a member")


@door.get("/search")
@open_to_anybody
@limiter.limit(SEARCH)
@per_account
def index():
    return render_template("search/index.html", page=results.page(asked(), viewer()))


def asked() -> Asked:
    """What the address asks for; values that cannot be are left out."""
    order = request.args.get("order", "")
    return Asked(
        q=_words(),
        kinds=tuple(TYPES[name] for name in _several("type") if name in TYPES),
        series=_several("series"),
        tags=_several("tag"),
        authors=_several("author"),
        year=_year(),
        order=order if order in ORDERS else "",
        page=request.args.get("page", 1, type=int),
    )


def _words() -> str:
    """What was typed; the box of a discussion sends along in which one."""
    typed, post = request.args.get("q", "").strip(), slugify(request.args.get("post", ""), max_length=LONGEST_SLUG)
    return f"{typed} post:{post}" if typed and post else typed


def _several(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in request.args.getlist(name) if value))[:MOST_TICKS]


def _year() -> int | None:
    year = request.args.get("year", type=int)
    return year if year is not None and 1 <= year <= 9999 else None
