"""Sites with settings of their own, which the shared ones of conftest.py do not have."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

import config as settings
from forum.app import create_app
from forum.foundation.db import db


def own_site(folder: Path, **environ: str) -> Flask:
    """An empty site on SQLite in this folder, with these settings; its rate limits are on unless said otherwise."""
    app = create_app(settings.read({"FORUM_DATA": str(folder), "PORT": "8000"} | environ))
    with app.app_context():
        db.create_all()
    return app
