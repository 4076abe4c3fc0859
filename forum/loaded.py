"""The site loaded once in this process, for those that are forked from it: the web server and the worker.

To import this is to load it, as gunicorn.conf.py does where gunicorn runs by itself. Two processes that load the same
site have 100 MB each; forked from one that has, they share most of it.
"""

from gevent import monkey

# Before anything else is imported, for the web server will need it so.
monkey.patch_all()

import sys  # noqa: E402

from gunicorn import __main__ as gunicorn  # noqa: E402
from gunicorn.app import wsgiapp  # noqa: E402
from gunicorn.workers import ggevent  # noqa: E402, F401 (shared like the rest)

from config import read  # noqa: E402
from forum.foundation import later  # noqa: E402

later.do_without_unused(read())

from forum import warm, worker  # noqa: E402
from wsgi import app  # noqa: E402

warm.up(app)
warm.freeze()


def web() -> None:
    """Be the web server. It finds the application loaded."""
    sys.argv = [gunicorn.__file__, "--config", "gunicorn.conf.py", "wsgi:app"]
    wsgiapp.run()


def work() -> None:
    """Be the worker."""
    worker.run(app)
