"""The worker: carries events from the outbox to the queue, runs the jobs, and does what is due by the clock."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from flask import Flask

from forum.app import create_app
from forum.events import deliver
from forum.events.bell import Bell
from forum.foundation import jobs
from forum.search import rebuild

log = logging.getLogger(__name__)

# How long an event may wait for the relay; one small indexed query each time.
PAUSE_SECONDS = 0.2


def main() -> None:
    """Run until told to stop."""
    logging.basicConfig(level=logging.WARNING, format="worker: %(levelname)s %(name)s: %(message)s")
    app = create_app()
    queue = jobs.open_queue(app)
    enqueue = deliver.register(app, queue)
    stop = threading.Event()
    loops = [
        threading.Thread(target=_relay, args=(app, enqueue, _bell(app), stop), name="relay", daemon=True),
        threading.Thread(target=_keep_time, args=(app, stop), name="clock", daemon=True),
    ]
    for loop in loops:
        loop.start()
    try:
        # One thread for jobs: one mail follows another. The waits are seconds between looks at an empty queue.
        queue.create_consumer(workers=1, periodic=False, initial_delay=0.05, backoff=1.05, max_delay=0.2).run()
    finally:
        stop.set()
        for loop in loops:
            loop.join(timeout=5)


def _bell(app: Flask) -> Bell | None:
    url = app.config["FORUM"].redis_url
    return Bell(url) if url else None


def _relay(app: Flask, enqueue: Callable[[int, str], None], bell: Bell | None, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            busy = deliver.relay_once(app, enqueue)
            if busy and bell is not None:
                bell.ring()
        except Exception:  # the relay must outlive a database that is away
            log.exception("the relay failed and tries again")
            busy = 0
        if not busy:
            stop.wait(PAUSE_SECONDS)


def _keep_time(app: Flask, stop: threading.Event) -> None:
    # A site whose index is missing or damaged gets a new one before anything else is due.
    _run_due(app, rebuild.ensure)
    due = {function: time.monotonic() for _seconds, function in app.extensions["schedule"]}
    while not stop.is_set():
        for seconds, function in app.extensions["schedule"]:
            if due[function] <= time.monotonic():
                _run_due(app, function)
                due[function] = time.monotonic() + seconds
        stop.wait(PAUSE_SECONDS)


def _run_due(app: Flask, function: Callable[[], object]) -> None:
    try:
        jobs.in_context(app, function)
    except Exception:  # one that fails must not stop the others; it is due again soon
        log.exception("%s failed and is tried again when it is due", function.__qualname__)


if __name__ == "__main__":
    main()
