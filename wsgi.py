"""The WSGI application, for gunicorn and any other server: `wsgi:app`."""

from forum.app import create_app

app = create_app()
