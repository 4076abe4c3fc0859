"""The search engine of this site, as its configuration says."""

from __future__ import annotations

from flask import current_app

from forum.foundation.db import db
from forum.search.engine import Engine
from forum.search.postgres_engine import PostgresEngine
from forum.search.whoosh_engine import WhooshEngine


def engine() -> Engine:
    """It needs nothing of the request or the site once it is made."""
    settings = current_app.config["FORUM"]
    if settings.search_engine == "postgresql":
        return PostgresEngine(db.engine)
    return WhooshEngine(settings.index_dir)
