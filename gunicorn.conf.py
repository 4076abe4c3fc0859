"""How gunicorn serves the site: few processes, many cheap connections in each.

`make run` uses this file, and so does `gunicorn wsgi:app` on a server. Gunicorn's own options and
GUNICORN_CMD_ARGS win over it; FORWARDED_ALLOW_IPS names the proxies whose word on https is believed.
"""

import resource
import signal

import gevent
from gevent import monkey

# Before anything else is imported: the site is loaded here, once, and its processes are forked from it.
monkey.patch_all()

from config import read  # noqa: E402
from forum.foundation import later  # noqa: E402

_site = read()
later.do_without_unused(_site)

from forum import warm  # noqa: E402

# A connection is an open file, and many systems give a program 1,024 unless it asks for more. More than these are of
# no use to one process.
_MOST_FILES = 20_000

bind = f"[{_site.host}]:{_site.port}" if ":" in _site.host else f"{_site.host}:{_site.port}"
workers = _site.web_workers
worker_class = "gevent"
# A reader who waits for live updates holds a connection and nothing else. As many streams as one process takes
# (forum/live/broadcaster), and as many connections again for pages.
worker_connections = 4000
keepalive = 75
# A search of 500 letters, in a writing that takes nine signs of an address for each.
limit_request_line = 8190
# Kept-open connections count as busy while a worker stops, so a longer wait only delays a restart.
graceful_timeout = 3
timeout = 30
# A recycled worker would cut the live connections it holds.
max_requests = 0
# What the processes have in common is in memory once, and a new one answers at once. Nothing that must not cross a fork
# is open by then: a connection is made by the first request that needs it.
preload_app = True
# The socket would be one per account of the machine: two sites would fight for it.
control_socket_disable = True
accesslog = None
loglevel = "warning"


def on_starting(_arbiter):
    """Called once before the first worker starts; what is set here holds for all of them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(_MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def when_ready(arbiter):
    """Called when the site is loaded, before the first worker is forked."""
    site = arbiter.app.wsgi()
    if "front" in getattr(site, "extensions", {}):
        warm.up(site)
    warm.freeze()


def post_worker_init(worker):
    """Called in each worker when it has loaded the site. Streams have no end of their own, so a stop ends them."""
    live = getattr(worker.wsgi, "extensions", {}).get("live")
    if live is None:
        return

    def stop(number, frame):
        # A handler of signals must not wait, as closing may.
        gevent.spawn(live.close)
        worker.handle_exit(number, frame)

    signal.signal(signal.SIGTERM, stop)
    signal.siginterrupt(signal.SIGTERM, False)
