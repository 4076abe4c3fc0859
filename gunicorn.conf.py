"""How gunicorn serves the site: few processes, many cheap connections in each.

`make run` uses this file, and so does `gunicorn wsgi:app` on a server. Gunicorn's own options and
GUNICORN_CMD_ARGS win over it; FORWARDED_ALLOW_IPS names the proxies whose word on https is believed.
"""

from config import read

_site = read()

bind = f"[{_site.host}]:{_site.port}" if ":" in _site.host else f"{_site.host}:{_site.port}"
workers = _site.web_workers
worker_class = "gevent"
# A reader who waits for live updates holds a connection and nothing else.
worker_connections = 2000
keepalive = 75
# Kept-open connections count as busy while a worker stops, so a longer wait only delays a restart.
graceful_timeout = 3
timeout = 30
# A recycled worker would cut the live connections it holds.
max_requests = 0
# An SQLite connection must not cross a fork, and gevent must patch a worker before it imports the site.
preload_app = False
# The socket would be one per account of the machine: two sites would fight for it.
control_socket_disable = True
accesslog = None
loglevel = "warning"
