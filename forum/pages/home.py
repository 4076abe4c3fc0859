"""Lists of discussions: the home page, series and tags."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from forum.foundation.errors import NotFound
from forum.pages import lists
from forum.pages.forms import choose
from forum.pages.lists import Found
from forum.pages.tabs import Tab
from forum.posts import queries
from forum.reading import knots
from forum.reading.rows import TagLink
from forum.web.front import kept_for_guests
from forum.web.guard import open_to_anybody
from forum.web.sign_in import viewer

door = Blueprint("home", __name__)

SERIES_IN_RAIL = 6


@door.get("/")
@open_to_anybody
@kept_for_guests("order", "series", "tag", "before")
def index():
    order = queries.DISCUSSED if request.args.get("order") == queries.DISCUSSED else queries.LATEST
    series, tag = request.args.get("series", "")[:120], request.args.get("tag", "")[:60]
    before = request.args.get("before", "")
    return lists.page("home/index.html", lambda: _discussions(order, series, tag, before))


def _discussions(order: str, series: str, tag: str, before: str) -> Found:
    posts, older = queries.page(viewer(), order, before, series, tag)
    chosen = {"order": order, "series": series, "tag": tag}
    all_series, tags = queries.all_series(), queries.tags_with_counts()
    parts = queries.parts_of([one.id for one in all_series[:SERIES_IN_RAIL]])
    return Found(
        posts,
        tabs=[
            Tab(_("Latest"), _address(chosen | {"order": queries.LATEST}), order == queries.LATEST),
            Tab(
                _("Most discussed"),
                _address(chosen | {"order": queries.DISCUSSED}),
                order == queries.DISCUSSED,
            ),
        ],
        order=order,
        series_options=choose([(one.slug, one.name) for one in all_series], series, _("All series")),
        tag_options=choose([(one.slug, one.name) for one, _count in tags], tag, _("All tags")),
        older_url=_address(chosen | {"before": older}) if older else None,
        lead=not before and not series and not tag,
        rail_series=[knots.series_row(one, parts.get(one.id, [])) for one in all_series[:SERIES_IN_RAIL]],
        rail_tags=[TagLink(one.name, url_for("home.tag", slug=one.slug), count) for one, count in tags],
    )


@door.get("/series")
@open_to_anybody
@kept_for_guests()
def series_list():
    found = queries.all_series()
    parts = queries.parts_of([one.id for one in found])
    return render_template(
        "home/series_list.html", series_list=[knots.series_row(one, parts.get(one.id, [])) for one in found]
    )


@door.get("/series/<slug>")
@open_to_anybody
@kept_for_guests("before")
def series(slug: str):
    before = request.args.get("before", "")
    return lists.page("home/series.html", lambda: _in_series(slug, before))


def _in_series(slug: str, before: str) -> Found:
    one = queries.series_by_slug(slug)
    if one is None:
        raise NotFound(_("There is no series at this address."))
    posts, older = queries.page(viewer(), after=before, series=slug)
    parts = queries.parts_of([one.id])
    return Found(
        posts,
        series=knots.series_row(one, parts.get(one.id, [])),
        older_url=url_for("home.series", slug=slug, before=older) if older else None,
    )


@door.get("/tags/<slug>")
@open_to_anybody
@kept_for_guests("before")
def tag(slug: str):
    before = request.args.get("before", "")
    return lists.page("home/tag.html", lambda: _with_tag(slug, before))


def _with_tag(slug: str, before: str) -> Found:
    one = queries.tag_by_slug(slug)
    if one is None:
        raise NotFound(_("There is no tag at this address."))
    posts, older = queries.page(viewer(), after=before, tag=slug)
    return Found(
        posts,
        tag=TagLink(one.name, url_for("home.tag", slug=slug)),
        older_url=url_for("home.tag", slug=slug, before=older) if older else None,
    )


def _address(values: dict[str, str]) -> str:
    kept = {name: value for name, value in values.items() if value}
    if kept.get("order") == queries.LATEST:
        kept.pop("order")
    return url_for("home.index") + (f"?{urlencode(kept)}" if kept else "")
