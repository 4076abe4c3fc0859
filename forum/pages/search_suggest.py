"""What is offered while somebody types into a search box: as a list for the page, and for browsers that ask."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template, request

from forum.foundation.limits import SUGGEST, limiter
from forum.reading import suggestions
from forum.web import respond
from forum.web.counting import each_account
from forum.web.guard import open_to_anybody

door = Blueprint("search_suggest", __name__)


# Whoever shares an address with others is counted with them, and whoever has several addresses is counted once.
_per_address = limiter.shared_limit(SUGGEST, scope="search suggestions")
_per_account = each_account(SUGGEST, "search suggestions of a member")


@door.get("/search/suggest")
@open_to_anybody
@_per_address
@_per_account
def show() -> Response:
    """A list of options, and how many they are, to be read out. The same for everybody, and kept by nobody."""
    found = suggestions.lines(request.args.get("q", ""))
    return respond.private(render_template("search/_suggestions.html", lines=found))


@door.get("/search/suggest.json")
@open_to_anybody
@_per_address
@_per_account
def as_json() -> Response:
    """The same as browsers ask for it that have this search among theirs (see opensearch.xml).

    https://github.com/dewitt/opensearch/blob/master/mediawiki/Specifications/OpenSearch/Extensions/Suggestions/1.1
    """
    typed = request.args.get("q", "")
    found = suggestions.lines(typed)
    base = current_app.config["FORUM"].base_url
    columns = [[one.text for one in found], [one.about for one in found], [f"{base}{one.url}" for one in found]]
    response = respond.private(current_app.json.dumps([typed, *columns]))
    response.mimetype = "application/x-suggestions+json"
    return response
