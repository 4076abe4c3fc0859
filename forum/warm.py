"""The site made ready before processes are forked from it, so that what the first pages make is in memory once."""

from __future__ import annotations

import ctypes
import gc
import sys
import time

from flask import Flask

from forum.foundation.cache import cache
from forum.foundation.db import db

# Of what most readers ask for. The others are made by whoever is asked for them first.
TEMPLATES = ("layouts/", "live/", "parts/", "posts/", "thread/")

# Seconds; five times what the limits take.
A_MOMENT = 0.05


def up(site: Flask) -> None:
    """Answer the first request. What it opened is closed, and what it made of the database is forgotten.

    Does nothing the second time.
    """
    if site.extensions.setdefault("warm", False):
        return
    site.extensions["warm"] = True
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


def freeze() -> None:
    """Have what is in memory stay as it is, to be shared by the processes that are forked from this one."""
    # A collection writes to each object that it looks at, and would make a copy of all of them in each process.
    gc.collect()
    gc.freeze()
    if sys.platform == "linux":
        # What was needed on the way goes back to the system: 3 MB. Other C libraries than GNU's have no such call.
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
