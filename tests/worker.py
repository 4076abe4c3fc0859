"""The worker's part, done here and now."""

from __future__ import annotations

from flask import Flask

from forum.events import relay
from forum.foundation import jobs


def run_waiting(app: Flask) -> None:
    """React to all that waits until nothing does."""
    reactions = app.extensions["reactions"]
    found: list[tuple[int, str]] = []
    while jobs.in_context(app, relay.relay, reactions, lambda *job: found.append(job)):
        for event_id, name in found:
            jobs.in_context(app, relay.react, reactions, event_id, name)
        found.clear()


def run_schedule(app: Flask) -> None:
    """Everything that runs by the clock, once."""
    for _seconds, function in app.extensions["schedule"]:
        jobs.in_context(app, function)
