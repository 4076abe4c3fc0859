"""What a site does not use is not loaded for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.running.conftest import ROOT

LOADED = """
import sys
import config
from forum.foundation import later
later.do_without_unused(config.read())
import huey.api
print(*(name for name in ("redis", "psycopg") if sys.modules.get(name)))
"""


@pytest.mark.parametrize(
    ("settings", "loaded"),
    [
        ({}, []),
        ({"FORUM_REDIS_URL": "redis://localhost/0"}, ["redis"]),
        ({"FORUM_DATABASE_URL": "postgresql://localhost/forum"}, ["psycopg"]),
    ],
)
def test_the_queue_of_jobs_finds_only_what_the_site_is_set_to_use(settings, loaded, tmp_path):
    environ = {"FORUM_DATA": str(tmp_path), "PYTHONPATH": str(ROOT), **settings}
    told = subprocess.run([sys.executable, "-c", LOADED], env=environ, capture_output=True, text=True, check=True)
    assert told.stdout.split() == loaded
