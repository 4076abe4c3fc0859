"""Spirit: a forum of flat topics, as HTML; Django and PostgreSQL."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from benchmarks.discussions import WRITERS, hundred
from benchmarks.driver import Request
from benchmarks.peers.peer import Place, Running, packages, tell
from benchmarks.servers import Served, Server, environ

VERSION = "0.14.3"
NAME = f"Spirit {VERSION}"
# Its settings for production, with an address, a database and no limit on how often one person writes.
SETTINGS = """
from .prod import *

ALLOWED_HOSTS = ["*"]
DATABASES = {{
    "default": {{
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "{dbname}",
        "USER": "{user}",
        "HOST": "{host}",
        "CONN_MAX_AGE": 600,
    }}
}}
ST_RATELIMIT_ENABLE = False
ST_DOUBLE_POST_THRESHOLD_MINUTES = 0
"""
# Cookie and form must agree; any 32 letters do.
CSRF = "b" * 32


@contextmanager
def running(place: Place) -> Iterator[Running]:
    """Raises Missing."""
    programs = packages("spirit", [f"django-spirit=={VERSION}", "psycopg2-binary==2.9.13", "gunicorn==27.0.1"])
    # It calls Django's own program by its name.
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    tell([str(programs / "spirit"), "startproject", "mysite"], place.folder, environ(PATH=path))
    site = place.folder / "mysite"
    told = conninfo_to_dict(place.postgres.make("spirit"))
    (site / "mysite" / "settings" / "bench.py").write_text(SETTINGS.format(**told))
    environment = environ(DJANGO_SETTINGS_MODULE="mysite.settings.bench", PYTHONPATH=str(site))
    python = str(programs / "python")
    for command in (["spiritinstall"], ["collectstatic", "--noinput"]):
        tell([python, "manage.py", *command], site, environment)
    script = str(Path(__file__).with_name("spirit_fill.py"))
    filled = json.loads(tell([python, "-P", script], site, environment, json.dumps([asdict(one) for one in hundred()])))
    server = Server(
        [str(programs / "gunicorn"), "--no-control-socket", "-b", "127.0.0.1:{port}", "-w", "2", "mysite.wsgi"],
        environment,
        python=False,
        folder=site,
    )
    seconds = server.start(filled["thread"])
    try:
        yield Running(
            NAME,
            Served(server, [place.postgres]),
            "gunicorn, 2 sync workers; PostgreSQL, durable",
            thread=Request(filled["thread"]),
            member=Request(filled["thread"], {"Cookie": filled["cookies"][0]}),
            writers=[_writer(filled["publish"], cookie) for cookie in filled["cookies"][:WRITERS]],
            start_seconds=seconds,
            note="a post is not in its search index until a command is run",
        )
    finally:
        server.stop()


def _writer(address: str, cookie: str):
    headers = {"Cookie": f"{cookie}; csrftoken={CSRF}"}
    return lambda text: Request(address, headers, {"comment": text, "csrfmiddlewaretoken": CSRF}, 302)
