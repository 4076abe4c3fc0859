"""How events reach their reactions: through the job queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from huey import Huey

from forum.events import relay
from forum.foundation import jobs

Schedule = Sequence[tuple[float, Callable[[], object]]]


def install(app: Flask, reactions: relay.Reactions, schedule: Schedule) -> None:
    """Remember what follows events and what is due by the clock."""
    app.extensions["reactions"] = reactions
    app.extensions["schedule"] = schedule


def register(app: Flask, queue: Huey) -> Callable[[int, str], None]:
    """The job every reaction runs as; returns what enqueues one."""
    reactions = app.extensions["reactions"]

    @queue.task(name="react", retries=jobs.RETRIES, retry_delay=jobs.FIRST_DELAY, context=True)
    def react(event_id: int, reaction_name: str, task: Any = None) -> None:
        # Four times longer before each further try.
        task.retry_delay *= 4
        jobs.in_context(app, relay.react, reactions, event_id, reaction_name)

    def enqueue(event_id: int, reaction_name: str) -> None:
        react(event_id, reaction_name)

    return enqueue


def relay_once(app: Flask, enqueue: Callable[[int, str], None]) -> int:
    """One batch from the outbox to the queue; how many events that was."""
    return jobs.in_context(app, relay.relay, app.extensions["reactions"], enqueue)
