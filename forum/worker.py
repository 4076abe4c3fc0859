"""The worker: carries events from the outbox to the queue, keeps the index up to date, and has the rest done aside.

It is one process that does one thing at a time. What may take long has another process, forked from this one and gone
again when it has nothing to do: one for the jobs, so that a mail server that does not answer keeps nobody waiting; and
one for what is due by the clock. So a site at rest holds the memory of one, and no two threads share a database.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from huey import Huey

from forum import warm
from forum.app import create_app
from forum.children import Aside
from forum.events import deliver
from forum.events.bell import Bell
from forum.foundation import jobs
from forum.foundation.db import db
from forum.search import rebuild

log = logging.getLogger(__name__)

# Seconds. How long an event may wait for the relay; one small indexed query each time.
PAUSE = 0.2
# Seconds between looks for jobs whose next try is due.
SCHEDULED = 1.0
# What is due oftener than this is done here: to fork takes a hundredth of a second.
OFTEN = 10.0
# Seconds for which the process of the jobs waits for another one, and its pauses meanwhile.
IDLE, SHORT_PAUSE = 5.0, 0.05


class Stop:
    """Whether somebody has told this process to stop. What it does is done to its end first."""

    def __init__(self) -> None:
        self.is_told = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._tell)

    def _tell(self, _number: int, _frame: object) -> None:
        self.is_told = True


def main() -> None:
    """Run until told to stop."""
    app = create_app()
    warm.freeze()
    run(app)


def run(app: Flask) -> None:
    """Run until told to stop, in a process that is this one's alone. Nothing may be open that must not cross a fork."""
    logging.basicConfig(level=logging.WARNING, format="worker: %(levelname)s %(name)s: %(message)s")
    stop, worker = Stop(), Worker(app)
    try:
        while not stop.is_told:
            if not worker.turn():
                time.sleep(PAUSE)
    finally:
        worker.close()


class Worker:
    """What is to be done, and the two that do it aside."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._queue = jobs.open_queue(app)
        self._enqueue = deliver.register(app, self._queue)
        self._bell = _bell(app)
        self._jobs, self._chores = Aside("the jobs"), Aside("what is due by the clock")
        # A site whose index is missing or damaged gets a new one before anything else is due.
        self._due: dict[Callable[[], object], float] = {rebuild.ensure: 0.0}
        self._every: dict[Callable[[], object], float] = {}
        for seconds, function in app.extensions["schedule"]:
            self._due[function], self._every[function] = 0.0, seconds
        self._scheduled = 0.0

    def turn(self) -> int:
        """Do what there is to do; how many events were relayed."""
        busy = _try("the relay failed and tries again", self._relay) or 0
        _try("the queue could not be read and is read again", self._tend_the_jobs)
        self._tend_the_clock()
        return busy

    def close(self) -> None:
        """End what runs aside, a job only when it is done."""
        for aside in (self._jobs, self._chores):
            aside.close()

    def _relay(self) -> int:
        busy = deliver.relay_once(self._app, self._enqueue)
        if busy and self._bell is not None:
            self._bell.ring()
        return busy

    def _tend_the_jobs(self) -> None:
        if time.monotonic() >= self._scheduled:
            self._scheduled = time.monotonic() + SCHEDULED
            for task in self._queue.read_schedule():
                self._queue.enqueue(task)
        if not self._jobs.is_running() and self._queue.pending_count():
            self._fork(self._jobs, lambda: work_off(self._app))

    def _tend_the_clock(self) -> None:
        now = time.monotonic()
        due = [function for function, moment in self._due.items() if moment <= now]
        often = [function for function in due if self._every.get(function, OFTEN) < OFTEN]
        for function in often:
            run_due(self._app, function)
            self._due[function] = time.monotonic() + self._every[function]
        chores = [function for function in due if function not in often]
        if chores and not self._chores.is_running():
            self._fork(self._chores, lambda: run_all(self._app, chores))
            for function in chores:
                self._due[function] = now + self._every.get(function, float("inf"))

    def _fork(self, aside: Aside, work: Callable[[], object]) -> None:
        # Neither a connection nor a file of the queue may cross a fork: what is needed again is opened again.
        with self._app.app_context():
            db.engine.dispose()
        self._queue.storage.close()
        aside.start(work)


def work_off(app: Flask) -> None:
    """Run the jobs one after the other, until none has come for a while: one mail follows another."""
    stop, queue = Stop(), jobs.open_queue(app)
    deliver.register(app, queue)
    last = time.monotonic()
    while not stop.is_told and time.monotonic() - last < IDLE:
        if _try("a job failed", lambda: _do_one(queue)):
            last = time.monotonic()
        else:
            time.sleep(SHORT_PAUSE)


def run_all(app: Flask, due: Sequence[Callable[[], object]]) -> None:
    """Run these one after the other."""
    for function in due:
        run_due(app, function)


def run_due(app: Flask, function: Callable[[], object]) -> None:
    """Run something that is due by the clock. One that fails does not stop the others; it is due again soon."""
    words = f"{function.__qualname__} failed and is tried again when it is due"
    _try(words, lambda: jobs.in_context(app, function))


def _do_one(queue: Huey) -> bool:
    task = queue.dequeue()
    if task is None:
        return False
    queue.execute(task)
    return True


def _bell(app: Flask) -> Bell | None:
    url = app.config["FORUM"].redis_url
    return Bell(url) if url else None


def _try(words: str, work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception:  # the worker must outlive a database that is away
        log.exception(words)
        return None


if __name__ == "__main__":
    main()
