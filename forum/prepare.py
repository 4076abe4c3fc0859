"""Bring the database up to date, load the demo once, and tell who may sign in to it.

`python -m forum.prepare` writes the sign-ins to standard output as JSON: a list of [role, e-mail, password].
"""

import json
import signal

import flask_migrate

import config
from forum.archive import demo_load
from forum.cli import create_app


def main() -> None:
    """Prepare the database that the environment names, and print the demo's sign-ins (none in production)."""
    settings = config.read()
    with create_app(settings).app_context():
        _migrate()
        print(json.dumps(demo_load.load_once() if settings.is_development else []))


def _migrate() -> None:
    # SQLite keeps no transaction around a change of tables: a stop waits until the last of them is done.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    flask_migrate.upgrade()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


if __name__ == "__main__":
    main()
