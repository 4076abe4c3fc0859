"""The writer of the index, killed again and again in the middle of its work: nothing is lost, and nothing stays."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.running.conftest import ROOT, Site

KILLS = 20

# A process that does what the worker does for the index, and what people do meanwhile; its parent kills it, looks
# at what it left, and starts the next. Forked, because only the first has to import the site.
DRILL = """
import os, random, signal, sys, time
from sqlalchemy import func, select, text
import config as settings
from forum.app import create_app
from forum.foundation.db import db
from forum.search import indexing, rebuild, site_index
from forum.search.models import Pending

app = create_app(settings.read(dict(os.environ)))
chance = random.Random(6)
EDIT = "UPDATE comments SET body_html = :body WHERE id = :id"
HIDE = "UPDATE comments SET state = CASE state WHEN 'published' THEN 'withdrawn' ELSE 'published' END WHERE id = :id"
FOLD = "UPDATE posts SET state = CASE state WHEN 'published' THEN 'draft' ELSE 'published' END WHERE id = :id"


def change(table, statement, **values):
    number = chance.choice(db.session.scalars(text(f"SELECT id FROM {table}")).all())
    db.session.execute(text(statement), {"id": number, **values})


def write_for_ever():
    for turn in range(1_000_000):
        with app.app_context():
            for each in range(chance.randrange(1, 8)):
                change("comments", EDIT, body=f"<p>quokka {turn} {each}</p>")
                change("comments", HIDE)
            change("posts", FOLD)
            db.session.commit()
            indexing.drain()
            db.session.commit()


def kill_one():
    child = os.fork()
    if not child:
        write_for_ever()
    time.sleep(chance.uniform(0.02, 0.3))
    os.kill(child, signal.SIGKILL)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL, "the writer ended by itself"


with app.app_context():
    rebuild.ensure()
    db.session.remove()
    db.engine.dispose()
in_the_middle = 0
for _ in range(int(sys.argv[1])):
    kill_one()
    with app.app_context():
        assert site_index.engine().is_sound()
        in_the_middle += bool(db.session.scalar(select(func.count()).select_from(Pending)))
        db.session.remove()
        db.engine.dispose()
with app.app_context():
    while indexing.drain():
        db.session.commit()
    print(bool(in_the_middle), rebuild.check())
"""


def test_the_index_agrees_with_the_database_however_often_its_writer_is_killed(site: Site):
    drill = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", DRILL, str(KILLS)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("FORUM_")} | site.settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert drill.returncode == 0, drill.stderr
    assert drill.stdout.strip() == "True Differences(missing=[], outdated=[], surplus=[], waiting=0)"
