"""The search page."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from forum.foundation.limits import SEARCH, limiter
from forum.reading import hits
from forum.web.guard import open_to_anybody
from forum.web.sign_in import viewer

door = Blueprint("search", __name__)


@door.get("/search")
@open_to_anybody
@limiter.limit(SEARCH)
def index():
    q, kind = request.args.get("q", "").strip(), request.args.get("type", "")
    page = request.args.get("page", 1, type=int)
    found = hits.search_page(q, kind, page, viewer())
    return render_template("search/index.html", page=found, page_line=found.line)
