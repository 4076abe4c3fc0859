"""Requests as a gevent worker runs them, in a process of its own: `python -m tests.running.greenlets`.

Prints as JSON what they saw of each other. Not for importing: it changes how the whole process waits.
"""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import time  # noqa: E402

import gevent  # noqa: E402
from sqlalchemy import text  # noqa: E402

from forum.accounts import passwords  # noqa: E402
from forum.app import create_app  # noqa: E402
from forum.foundation.db import db  # noqa: E402

REQUESTS = 60


def main() -> None:
    app = create_app()
    is_postgres = app.config["FORUM"].database_url.startswith("postgresql")
    sessions: list[int] = []
    held: list[object] = []
    ticks: list[float] = []

    def request() -> None:
        with app.test_request_context():
            session = db.session()
            # Kept, so that no other session is made at the same place in memory.
            held.append(session)
            sessions.append(id(session))
            session.execute(text("SELECT pg_sleep(0.05)" if is_postgres else "SELECT 1"))
            gevent.sleep(0.01)
            assert db.session() is session, "another request took its session away"

    def tick() -> None:
        while True:
            ticks.append(time.monotonic())
            gevent.sleep(0.001)

    requests = [gevent.spawn(request) for _number in range(REQUESTS)]
    gevent.joinall(requests)
    stored = passwords.hashed("warm up the pool of threads")
    clock = gevent.spawn(tick)
    gevent.sleep(0)
    before = len(ticks)
    is_right = passwords.is_right("warm up the pool of threads", stored)
    clock.kill()
    print(
        json.dumps(
            {
                "requests": REQUESTS,
                "failed": sum(one.exception is not None for one in requests),
                "sessions": len(set(sessions)),
                "checked_out": _pool(app).checkedout(),
                "is_right": is_right,
                "ticks_while_hashing": len(ticks) - before,
            }
        )
    )


def _pool(app):
    with app.app_context():
        return db.engine.pool


if __name__ == "__main__":
    main()
