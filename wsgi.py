"""The WSGI application, for gunicorn and any other server: `wsgi:app`; `flask …` finds its commands here too."""

import sys
from pathlib import Path

_program = Path(sys.argv[0])
# What only commands need, Alembic among it, would take 25 MB of each process that serves.
if "flask" in (_program.stem, _program.parent.name):
    from forum.cli import create_app
else:
    from forum.app import create_app

app = create_app()
