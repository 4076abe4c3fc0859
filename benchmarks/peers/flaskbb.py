"""FlaskBB: a forum of flat topics, as HTML; Flask, PostgreSQL and Redis."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from benchmarks.databases import Redis
from benchmarks.discussions import WRITERS, hundred
from benchmarks.driver import Request
from benchmarks.peers.peer import Place, Running, packages, tell
from benchmarks.servers import Served, Server, environ

VERSION = "2.2.0"
NAME = f"FlaskBB {VERSION}"
# It asks for 3.12, and names types that only 3.14 lets it name before they are known.
PYTHONS, LAZY = ("python3.14", "python3.13", "python3.12"), "from __future__ import annotations\n"
SETTINGS = """
import os
from flaskbb.configs.default import DefaultConfig

SERVER_NAME = None
SECRET_KEY = WTF_CSRF_SECRET_KEY = "a word for signing"
WTF_CSRF_ENABLED = True
SQLALCHEMY_DATABASE_URI = "{database}"
SQLALCHEMY_TRACK_MODIFICATIONS = False
REDIS_ENABLED = True
REDIS_URL = RATELIMIT_STORAGE_URL = RATELIMIT_STORAGE_URI = CACHE_REDIS_URL = "{redis}"
CACHE_TYPE = "RedisCache"
CELERY_CONFIG = {{"broker_url": "{redis}", "result_backend": "{redis}"}}
RATELIMIT_ENABLED = False
WHOOSHEE_DIR = "{folder}/index"
LOG_PATH, LOG_DEFAULT_CONF = "{folder}", {{"version": 1, "disable_existing_loggers": False}}
LOGIN_VIEW, REAUTH_VIEW = "auth.login", "auth.reauth"
FORUM_URL_PREFIX, USER_URL_PREFIX, MESSAGE_URL_PREFIX = "", "/user", "/message"
AUTH_URL_PREFIX, ADMIN_URL_PREFIX = "/auth", "/admin"
"""


@contextmanager
def running(place: Place) -> Iterator[Running]:
    """Raises Missing."""
    wanted = [f"flaskbb=={VERSION}", "psycopg2-binary==2.9.13", "gunicorn==27.0.1"]
    programs = packages("flaskbb", wanted, *PYTHONS)
    _mend(programs)
    redis = Redis(place.folder / "redis")
    settings = place.folder / "flaskbb.cfg"
    # Its driver's own spelling of an address.
    database = place.postgres.make("flaskbb").replace("postgresql://", "postgresql+psycopg2://")
    settings.write_text(SETTINGS.format(database=database, redis=redis.url, folder=place.folder))
    script = str(Path(__file__).with_name("flaskbb_fill.py"))
    words = json.dumps([asdict(one) for one in hundred()])
    try:
        python, factory = str(programs / "python"), f"flaskbb:create_app(config='{settings}')"
        filled = json.loads(tell([python, "-P", script, str(settings)], place.folder, environ(), words))
        # The first start after the set-up notes its plugins; two workers at once would both, and one would fail.
        tell([python, "-c", f"import flaskbb; {factory.replace(':', '.')}"], place.folder, environ())
        command = [str(programs / "gunicorn"), "--no-control-socket", "-b", "127.0.0.1:{port}", "-w", "2", factory]
        server = Server(command, environ(), python=False, folder=place.folder)
        seconds = server.start(filled["thread"])
        try:
            yield Running(
                NAME,
                Served(server, [place.postgres, redis]),
                "gunicorn, 2 sync workers; PostgreSQL, durable; Redis",
                thread=Request(filled["thread"]),
                member=Request(filled["thread"], {"Cookie": filled["members"][0]["cookie"]}),
                writers=[_writer(filled["reply"], **member) for member in filled["members"][:WRITERS]],
                start_seconds=seconds,
                note="patched to start on this Python, and one column widened",
            )
        finally:
            server.stop()
    finally:
        redis.stop()


def _mend(programs: Path) -> None:
    for module in programs.parent.glob("lib/python3*/site-packages/flaskbb/**/*.py"):
        text = module.read_text()
        if "TYPE_CHECKING" in text and LAZY not in text:
            module.write_text(LAZY + text)


def _writer(address: str, cookie: str, token: str):
    return lambda text: Request(address, {"Cookie": cookie}, {"content": text, "csrf_token": token}, 302)
