"""How moderation works here, in numbers: as a page, as a table and for programs."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, render_template

from forum.moderation import figures
from forum.reading import transparency
from forum.web.front import kept_for_guests
from forum.web.guard import open_to_anybody

door = Blueprint("transparency", __name__)

# Seconds for which a program may keep the numbers.
KEPT_SECONDS = 300


@door.get("/transparency")
@open_to_anybody
@kept_for_guests()
def index():
    return render_template(
        "transparency/index.html", report=transparency.report(figures.by_month()), is_time=transparency.is_time
    )


@door.get("/transparency.csv")
@open_to_anybody
@kept_for_guests()
def as_csv() -> Response:
    response = make_response(transparency.as_csv(figures.by_month()))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="transparency.csv"'
    return _for_programs(response)


@door.get("/transparency.json")
@open_to_anybody
@kept_for_guests()
def as_json() -> Response:
    return _for_programs(jsonify(transparency.as_json(figures.by_month())))


def _for_programs(response: Response) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response
