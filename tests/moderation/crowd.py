"""Moderators who decide at the same time, each a process of its own: `python -m tests.moderation.crowd`.

Reads from standard input who tries what, and writes what each of them heard, both as JSON.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections.abc import Callable, Sequence

from flask import Flask

import config
from forum.accounts.models import User
from forum.app import create_app
from forum.foundation import jobs
from forum.foundation.db import db
from forum.foundation.errors import Conflict
from forum.moderation import decisions
from forum.moderation.decisions import AlreadyDecided
from forum.moderation.models import Case, Seen

# Forked before anything is connected: the application is made once.
processes = multiprocessing.get_context("fork")

ACTS: dict[str, Callable] = {
    "approve": decisions.approve,
    "reject": lambda case, by, seen: decisions.reject(case, by, seen, "unkind"),
    "spam": decisions.mark_spam,
}


def _moderate(app: Flask, start, heard, number: int, tries: Sequence[tuple[int, str, str]]) -> None:
    with app.app_context():
        db.engine.dispose(close=False)
    start.wait(timeout=60)
    for case_id, seen, act in tries:
        try:
            heard.put(jobs.in_context(app, _decide, number, case_id, seen, act))
        except AlreadyDecided as lost:
            heard.put({"case": case_id, "by": number, "lost_to": lost.told})  # type: ignore[attr-defined]


def _decide(number: int, case_id: int, seen: str, act: str) -> dict:
    try:
        decision = ACTS[act](db.session.get_one(Case, case_id), db.session.get_one(User, number), Seen.read(seen))
    except AlreadyDecided as lost:
        # As long as the database can be asked.
        told = lost.decision
        lost.told = told and [told.by_id, told.action, told.created_at.isoformat()]  # type: ignore[attr-defined]
        raise
    except Conflict as conflict:
        raise RuntimeError(f"nobody can tell who was first: {conflict.sentence}") from conflict
    return {"case": case_id, "by": number, "won": decision.action}


def main() -> None:
    plan = {int(number): tries for number, tries in json.load(sys.stdin).items()}
    app = create_app(config.read())
    start, heard = processes.Barrier(len(plan)), processes.Queue()
    people = [
        processes.Process(target=_moderate, args=(app, start, heard, number, tries)) for number, tries in plan.items()
    ]
    for person in people:
        person.start()
    found = [heard.get(timeout=120) for tries in plan.values() for _try in tries]
    for person in people:
        person.join(timeout=60)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
