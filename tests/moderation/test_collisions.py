"""Moderators on the same cases in the same moment: each case is decided once, and everybody else hears by whom."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from config import ROOT
from forum.comments import counting
from forum.comments.models import Comment
from forum.foundation.db import db
from forum.moderation import cases, queries
from forum.moderation.models import Case, Decision
from tests import makers
from tests.cast import make_user

MODERATORS, CASES, TRIES = 8, 25, 4
ACTS = ("approve", "reject", "spam", "approve")


def moderate(app: Flask, plan: dict[int, list]) -> list[dict]:
    """Let each of these people, a process each, try what the plan says; what each heard of each try."""
    settings = app.config["FORUM"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("FORUM_", "PORT"))}
    environ |= {"FORUM_DATA": str(settings.data_dir), "FORUM_RATE_LIMITS": "off"}
    if app.config["FORUM"].database_url.startswith("postgresql"):
        environ["FORUM_DATABASE_URL"] = settings.database_url
    told = subprocess.run(
        [sys.executable, "-m", "tests.moderation.crowd"],
        cwd=ROOT, env=environ, input=json.dumps(plan), capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


@pytest.fixture
def waiting(post, cast):
    """Held comments of newcomers, some of them answers to each other."""
    comments = []
    for number in range(CASES):
        parent = comments[-1] if number % 3 else None
        comment = makers.make_comment(cast.nora, post, f"Held {number}.", parent)
        cases.open_for(comment, "held")
        comments.append(comment)
    db.session.commit()
    return comments


@pytest.mark.slow
def test_a_hundred_tries_of_eight_moderators_on_twenty_five_cases(app, waiting, cast):
    people = [make_user(f"moderator{number}", is_moderator=True).id for number in range(MODERATORS)]
    plan: dict[int, list] = {number: [] for number in people}
    for place, case in enumerate(db.session.scalars(select(Case).order_by(Case.id))):
        for turn in range(TRIES):
            act = ACTS[turn % len(ACTS)]
            plan[people[(place + turn * 3) % MODERATORS]].append((case.id, str(case.seen()), act))
    db.session.commit()
    heard = moderate(app, plan)
    db.session.expire_all()
    made = {row.case_id: row for row in db.session.scalars(select(Decision))}
    won, lost = [one for one in heard if "won" in one], [one for one in heard if "lost_to" in one]
    assert (len(heard), len(won), len(lost)) == (100, CASES, 75)
    assert len(made) == CASES
    assert [(one["by"], one["won"]) for one in won] == [
        (made[one["case"]].by_id, made[one["case"]].action) for one in won
    ]
    for one in lost:
        first = made[one["case"]]
        assert one["lost_to"] == [first.by_id, first.action, first.created_at.isoformat()], "each is told who won"
    assert Counter(one["case"] for one in heard) == dict.fromkeys(made, TRIES)
    states = {row.id: row.state for row in db.session.scalars(select(Comment))}
    assert states == {row.comment_id: row.to_state for row in made.values()}
    assert counting.differences() == []
    assert queries.open_counts() == {}
