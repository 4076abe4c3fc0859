"""The search engine of this site, as its configuration says."""

from __future__ import annotations

from flask import current_app

from forum.search.engine import Engine
from forum.search.whoosh_engine import WhooshEngine


def engine() -> Engine:
    return WhooshEngine(current_app.config["FORUM"].index_dir)
