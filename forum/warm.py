"""The site made ready before processes are forked from it, so that what the first pages make is in memory once."""

from __future__ import annotations

import time

from flask import Flask

from forum.foundation.cache import cache
from forum.foundation.db import db

# Of what most readers ask for. The others are made by whoever is asked for them first.
TEMPLATES = ("layouts/", "live/", "parts/", "posts/", "thread/")

# Seconds; five times what the limits take.
A_MOMENT = 0.05


def up(site: Flask) -> None:
    """Answer the first request. What it opened is closed, and what it made of the database is forgotten."""
    site.test_client().get("/")
    for name in site.jinja_env.list_templates(filter_func=lambda name: name.startswith(TEMPLATES)):
        site.jinja_env.get_template(name)
    site.extensions["front"].forget()
    cache.clear()
    with site.app_context():
        # No connection may cross a fork.
        db.engine.dispose()
    # Nor a thread: that in which the limits forget what is past ends by itself.
    time.sleep(A_MOMENT)
