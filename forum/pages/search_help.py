"""How to search: a page made from the table that the search itself reads."""

from __future__ import annotations

from flask import Blueprint, render_template

from forum.search import language, operators
from forum.web.front import kept_for_guests
from forum.web.guard import open_to_anybody

door = Blueprint("search_help", __name__)


@door.get("/search/help")
@open_to_anybody
@kept_for_guests()
def show():
    return render_template(
        "search/help.html",
        signs=operators.SIGNS,
        operators=operators.OPERATORS,
        most_characters=language.LONGEST,
        most_terms=language.MOST_TERMS,
        most_exact=language.MOST_EXACT,
    )
