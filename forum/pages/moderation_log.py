"""The public moderation log: as a page with filters, an entry at a time, and as a feed."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from forum.foundation import clock
from forum.foundation.errors import NotFound
from forum.moderation import figures, openness, rules
from forum.moderation.openness import Filters, month_bounds
from forum.pages.forms import choose
from forum.posts import queries as post_queries
from forum.reading import openness as log
from forum.web.front import kept_for_guests
from forum.web.guard import open_to_anybody

door = Blueprint("moderation_log", __name__)

# Months and discussions to choose from; an address can name any.
MONTHS, DISCUSSIONS = 36, 50


@door.get("/moderation-log")
@open_to_anybody
@kept_for_guests("action", "rule", "discussion", "month", "after")
def index():
    chosen = _chosen()
    rows, after = openness.entries(chosen, request.args.get("after", ""))
    return render_template(
        "moderation_log/index.html",
        entries=log.entries(rows, with_names=_with_names()),
        options=_options(chosen),
        is_filtered=bool(chosen.words()),
        is_first="after" not in request.args,
        figures=figures.present(),
        promised_hours=current_app.config["FORUM"].promised_hours,
        feed_url=_address("moderation_log.feed", chosen.words()),
        older_url=_address("moderation_log.index", chosen.words() | {"after": after}) if after else None,
    )


@door.get("/moderation-log/<int:decision_id>")
@open_to_anybody
@kept_for_guests()
def entry(decision_id: int):
    """One decision, with what came before and after it."""
    found = openness.entry(decision_id)
    if found is None:
        raise NotFound(_("There is no entry at this address."))
    (chosen,) = log.entries([found], with_names=_with_names())
    return render_template(
        "moderation_log/entry.html",
        entries=log.entries(openness.history(found), with_names=_with_names()),
        chosen=chosen,
    )


@door.get("/moderation-log.atom")
@open_to_anybody
@kept_for_guests("action", "rule", "discussion", "month")
def feed() -> Response:
    """The newest entries, for feed readers, with the same filters."""
    chosen = _chosen()
    rows, _after = openness.entries(chosen, limit=openness.IN_FEED)
    response = make_response(
        render_template(
            "moderation_log/feed.atom",
            entries=log.entries(rows, with_names=_with_names()),
            self_url=_address("moderation_log.feed", chosen.words()),
            page_url=_address("moderation_log.index", chosen.words()),
            began=openness.first_month() or clock.now(),
        )
    )
    response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _chosen() -> Filters:
    """What the address asks for. Words that nothing is filtered by find nothing, but for a month that is none."""
    words = {name: request.args.get(name, "")[:120] for name in ("action", "rule", "discussion", "month")}
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", words["month"]):
        words["month"] = ""
    return Filters(**words)


def _options(chosen: Filters) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """Name, label and choices of each filter."""
    posts, _older = post_queries.page(None, limit=DISCUSSIONS)
    discussions = [(post.slug, post.title) for post in posts]
    if chosen.discussion and chosen.discussion not in dict(discussions):
        found = post_queries.by_slug(chosen.discussion, None)
        discussions += [(found.slug, found.title)] if found else []
    return [
        ("action", _("Decision"), choose(log.action_words(), chosen.action, _("All decisions"))),
        ("rule", _("Rule"), choose(list(rules.reasons().items()), chosen.rule, _("All rules"))),
        ("discussion", _("Discussion"), choose(discussions, chosen.discussion, _("All discussions"))),
        ("month", _("Month"), choose(_months(), chosen.month, _("All months"))),
    ]


def _months() -> list[tuple[str, str]]:
    first = openness.first_month() or clock.now()
    found: list[tuple[str, str]] = []
    month = figures.month_of(clock.now())
    while month >= figures.month_of(first) and len(found) < MONTHS:
        found.append((month, format_date(month_bounds(month)[0], "MMMM yyyy")))
        month = figures.month_before(month)
    return found


def _with_names() -> bool:
    return current_app.config["FORUM"].log_names


def _address(endpoint: str, words: dict[str, str]) -> str:
    return url_for(endpoint) + (f"?{urlencode(words)}" if words else "")
