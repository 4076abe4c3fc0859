"""How a browser adds the search of this site to its own (OpenSearch 1.1)."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, render_template
from flask_babel import gettext as _

from forum.web.guard import open_to_anybody

door = Blueprint("opensearch", __name__)

# Seconds. Browsers ask when they are told to add it, and now and then afterwards.
KEPT = 60 * 60


@door.get("/opensearch.xml")
@open_to_anybody
def show() -> Response:
    """https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md

    Names are cut where it says that longer ones are none.
    """
    site = current_app.config["FORUM"].site_name
    named = {
        "short_name": site[:16],
        "long_name": _("Search %(site)s", site=site)[:48],
        "about": _("Posts, comments and people at %(site)s", site=site)[:1024],
    }
    response = make_response(render_template("search/opensearch.xml", **named))
    response.headers["Content-Type"] = "application/opensearchdescription+xml; charset=utf-8"
    response.headers["Cache-Control"] = f"public, max-age={KEPT}"
    response.vary.update(("Accept-Language", "Cookie"))
    return response
