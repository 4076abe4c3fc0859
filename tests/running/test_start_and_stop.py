"""What one start sets going, one stop ends; what dies between is started again."""

import os
import signal
from pathlib import Path

import pytest

counts_processes = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="processes are counted in /proc, which this system lacks"
)


def test_the_first_start_prints_the_address_and_a_sign_in_for_each_role(new_site):
    new_site.start_and_wait()

    printed = new_site.printed()
    assert f":{new_site.settings['PORT']}\n" in printed
    for role in ("reader", "author", "moderator", "admin"):
        assert f"\n  {role} " in printed
    assert new_site.answers()


def test_in_production_it_prints_no_sign_in(site):
    site.settings |= {"FORUM_ENV": "production", "FORUM_BASE_URL": "https://talk.example"}

    site.start_and_wait()

    assert "https://talk.example" in site.printed()
    assert "Password" not in site.printed()


@counts_processes
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_a_stop_ends_everything_it_started(site, number):
    site.start_and_wait()
    started = site.offspring()
    assert len(started) >= 3, "the web server, its process, and the worker"

    assert site.end(number) == 0

    assert site.are_gone(started)
    assert not site.answers()


def test_another_start_changes_nothing_and_prints_the_same_sign_ins(site):
    site.start_and_wait()
    site.end()
    content, printed = site.content(), site.printed()

    site.start_and_wait()
    site.end()

    assert content["users"]
    assert site.content() == content
    assert site.printed() == printed


@counts_processes
def test_a_worker_that_dies_is_started_again(site):
    site.start_and_wait()
    worker = site.child("forum.worker")

    os.kill(worker, signal.SIGKILL)

    site.wait_for_words("The worker stopped (SIGKILL). It is started again in 0.5 s.")
    site.wait_until(lambda: site.child("forum.worker") not in (0, worker), "another worker")


@counts_processes
def test_a_web_server_that_dies_is_started_again(site):
    site.start_and_wait()

    os.kill(site.child("forum.web"), signal.SIGKILL)

    site.wait_for_words("The web server stopped (SIGKILL).")
    site.wait_until(site.answers, "the site answers again")


@counts_processes
def test_the_children_end_when_their_parent_is_killed(site):
    site.start_and_wait()
    started = site.offspring()

    site.end(signal.SIGKILL)

    site.wait_until(lambda: site.are_gone(started), "the children end by themselves")
