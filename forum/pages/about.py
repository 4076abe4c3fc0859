"""Pages about the service itself."""

from __future__ import annotations

from flask import Blueprint, render_template
from sqlalchemy import text

from forum.foundation.db import db
from forum.moderation import rules
from forum.web.front import kept_for_guests
from forum.web.guard import open_to_anybody

door = Blueprint("about", __name__)


@door.get("/house-rules")
@open_to_anybody
@kept_for_guests()
def house_rules():
    return render_template("about/house_rules.html", own_rules=rules.own_texts())


@door.get("/markdown")
@open_to_anybody
def markdown():
    """Help for writers."""
    return render_template("about/markdown.html")


@door.get("/privacy")
@open_to_anybody
@kept_for_guests()
def privacy():
    return render_template("about/privacy.html")


@door.get("/accessibility")
@open_to_anybody
@kept_for_guests()
def accessibility():
    return render_template("about/accessibility.html")


@door.get("/healthz")
@open_to_anybody
def health():
    """Whether this process answers and reaches its database."""
    db.session.execute(text("SELECT 1"))
    return {"status": "ok"}, 200, {"Cache-Control": "no-store"}
