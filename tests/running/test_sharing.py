"""The processes of a site are forked from one that has loaded it: they share its memory, and nothing that is open."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.running.conftest import Site

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/smaps_rollup").exists(), reason="memory and files are looked up in /proc, as Linux has it"
)

# Megabytes. Each process by itself would take about a hundred.
SHARED = 200


def memory(process: int) -> float:
    """Megabytes, with what processes share divided between them."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def opened(process: int) -> list[str]:
    """The files and lines that a process has open."""
    return [os.readlink(file) for file in Path(f"/proc/{process}/fd").iterdir()]


def test_the_processes_share_what_is_loaded_and_nothing_that_is_open(site: Site):
    site.settings |= {"FORUM_ENV": "production", "FORUM_BASE_URL": "https://talk.example"}
    site.start_and_wait()
    site.wait_until(site.answers, "an answer")
    worker = site.child("forum.worker")
    # What is due at the start is done aside, and gone then.
    site.wait_until(lambda: not site.offspring_of(worker), "the worker alone")

    everything = site.offspring() | {site.process.pid}

    assert len(everything) == 4, "the start, the web server with one process, and the worker"
    assert sum(map(memory, everything)) < SHARED
    assert not [name for name in opened(site.process.pid) if "forum.db" in name or "jobs.db" in name]


def test_a_worker_told_to_stop_leaves_nothing_behind(site: Site):
    site.start_and_wait()
    worker = site.child("forum.worker")
    started = site.offspring_of(worker) | {worker}

    os.kill(worker, signal.SIGTERM)

    site.wait_until(lambda: site.are_gone(started), "the worker and what it forked have ended")
    site.wait_until(lambda: site.child("forum.worker") not in (0, worker), "another worker")
