"""Large texts are rendered by a process of their own, which is held to its limits."""

from __future__ import annotations

import subprocess
import sys

import pytest
from flask_babel import force_locale

from forum.apart import ROOT, Line
from forum.text import apart
from forum.text.markdown import TooComplex, render_comment, render_comment_apart, render_post, render_post_apart

LARGE = "Some *words*, `code`, @alice and #12, [^1] and [more](https://a.example/b).\n\n" * 120 + "[^1]: a\n"
QUOTES = ">" * 20 + "\n" + "a b c d e f\n" * 2_400

# Under gevent as in a web worker: what else happens in the process while a large text is rendered.
GREENLETS = """
from gevent import monkey; monkey.patch_all()
import gevent, resource, time
from forum.text.markdown import render_comment_apart
from tests.text.test_apart import QUOTES

seen, work = [], []
def other():
    seen.append("another request is answered")
def writer():
    seen.append("a text is sent")
    begun = time.process_time()
    render_comment_apart(QUOTES)
    work.append(time.process_time() - begun)
    seen.append("the text is ready")
gevent.joinall([gevent.spawn(writer), gevent.spawn(other)])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(*seen, 3 * work[0] < used.ru_utime + used.ru_stime, sep="\\n")
"""


def child_is(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(apart, "_COMMAND", [sys.executable, "-c", program])


def test_it_gives_what_this_process_would_give():
    assert len(LARGE.encode()) > apart.LARGE
    assert render_comment_apart(LARGE, prefix="c1-", links_trusted=True) == render_comment(
        LARGE, prefix="c1-", links_trusted=True
    )
    assert render_post_apart(LARGE) == render_post(LARGE)


def test_a_small_text_needs_no_other_process(monkeypatch):
    monkeypatch.setattr(subprocess, "run", None)
    assert render_comment_apart("a" * apart.LARGE).html.startswith("<p>a")


def test_what_counts_is_bytes(monkeypatch):
    child_is(monkeypatch, """print('{"refusal": "asked"}')""")
    with pytest.raises(TooComplex, match="asked"):
        render_comment_apart("字" * (apart.LARGE // 2))


def test_a_refusal_comes_back_in_the_language_of_the_request(monkeypatch, sites):
    app = sites.fresh("sqlite")
    with app.test_request_context(), force_locale("cy"):
        with pytest.raises(TooComplex) as here:
            render_comment("[" * 9_000)
        with pytest.raises(TooComplex) as there:
            render_comment_apart("[" * 9_000)
        assert str(there.value) == str(here.value)
        assert "square brackets" not in str(there.value)


def test_another_request_is_answered_while_a_text_is_rendered():
    told = subprocess.run([sys.executable, "-c", GREENLETS], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == [
        "a text is sent",
        "another request is answered",
        "the text is ready",
        # The process that answers requests did less than a third of the work of the one that rendered.
        "True",
    ]


def test_one_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(apart, "PATIENCE", 0.01)
    with pytest.raises(TooComplex, match="too much work"):
        render_comment_apart(LARGE)


def test_one_that_takes_too_much_of_the_processor_is_ended_and_refused(monkeypatch):
    child_is(
        monkeypatch,
        "from forum.text import apart, pipeline\n"
        "def endless(job):\n"
        "    while True: pass\n"
        "pipeline.render, apart.CPU_SECONDS = endless, 1\n"
        "apart.main()",
    )
    with pytest.raises(TooComplex, match="too much work"):
        render_comment_apart(LARGE)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")
def test_one_that_takes_too_much_memory_is_refused(monkeypatch):
    child_is(
        monkeypatch,
        "from forum.text import apart, pipeline\npipeline.render = lambda job: bytearray(apart.MEMORY)\napart.main()",
    )
    with pytest.raises(TooComplex, match="too much work"):
        render_comment_apart(LARGE)


def test_an_error_is_no_refusal(monkeypatch):
    child_is(monkeypatch, "import sys; sys.exit(1)")
    with pytest.raises(RuntimeError):
        render_comment_apart(LARGE)


def test_where_no_process_can_be_started_the_text_is_rendered_here(monkeypatch):
    monkeypatch.setattr(apart, "_COMMAND", ["/nowhere/python"])
    assert render_comment_apart(LARGE) == render_comment(LARGE)


def test_when_many_wait_the_next_is_asked_to_come_again(monkeypatch):
    monkeypatch.setattr(apart, "_line", Line(at_once=1, in_line=0))
    with pytest.raises(TooComplex, match="send yours again"):
        render_comment_apart(LARGE)


def test_all_places_are_free_again_after_refusals(monkeypatch):
    for _number in range(apart.IN_LINE + 1):
        with pytest.raises(TooComplex, match="square brackets"):
            render_comment_apart("[" * 9_000)


def test_the_process_is_told_no_secrets(monkeypatch):
    monkeypatch.setenv("FORUM_SECRET_KEY", "a secret")
    child_is(monkeypatch, """import json, os; print(json.dumps({"refusal": " ".join(os.environ)}))""")
    with pytest.raises(TooComplex) as told:
        render_comment_apart(LARGE)
    assert "PATH" in str(told.value)
    assert "FORUM" not in str(told.value)


def test_its_start_stays_cheap():
    """What a process of its own may load: the parsers and nothing of the site."""
    loaded = "import sys, forum.text.apart; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)
    names = told.stdout.split()
    assert "markdown_it" in names
    assert not {"flask", "flask_babel", "babel", "sqlalchemy", "jinja2", "gevent"} & set(names)
