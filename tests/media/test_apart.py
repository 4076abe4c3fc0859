"""The process that decodes: it answers, holds no secret, may do little, and its end is nobody else's."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from forum.apart import ROOT, Line
from forum.media import apart, bounds, remade
from forum.media.remade import Unusable
from tests import files


def reason_of(content: bytes, purpose: str = remade.PICTURE) -> str:
    with pytest.raises(Unusable) as refusal:
        apart.remake(content, purpose)
    return refusal.value.reason


def in_its_place(code: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run this where decoding runs: behind the same import and the same limits."""
    confined = "from forum.media import decoding; decoding._confine()\n"
    return subprocess.run(
        [sys.executable, "-c", confined + code], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )


def test_a_picture_comes_back_from_it_as_it_was_made():
    made = apart.remake(files.jpeg(1000, 500), remade.PICTURE)
    assert (made.kind, made.width, made.height, made.is_moving) == ("image/jpeg", 1000, 500, False)
    assert made.whole.startswith(b"\xff\xd8\xff")
    assert len(made.small) < len(made.whole)
    assert apart.remake(files.animation(), remade.PICTURE).is_moving
    assert apart.remake(files.png(), remade.AVATAR).width == bounds.AVATAR


@pytest.mark.parametrize("content", [files.SVG, files.HTML, files.png()[:40], files.bomb_png(50_000, 50_000), b""])
def test_a_reason_comes_back_too(content):
    assert reason_of(content) in (remade.DRAWING, remade.UNKNOWN, remade.DAMAGED, remade.TOO_MANY_PIXELS)


def test_it_sees_nothing_of_the_settings(monkeypatch):
    monkeypatch.setenv("FORUM_SECRET_KEY", "a secret of thirty-two characters or more")
    told = []
    monkeypatch.setattr(
        apart,
        "_COMMAND",
        [sys.executable, "-c", "import os, sys; sys.exit(any(name.startswith('FORUM') for name in os.environ))"],
    )
    monkeypatch.setattr(apart, "_read", lambda made: told.append("answered"))
    apart.remake(b"x", remade.PICTURE)
    assert told, "it had settings in its environment"


@pytest.mark.parametrize(
    "act",
    [
        "open('/etc/hostname')",
        "open('/tmp/written-by-a-picture', 'w')",
        "import socket; socket.socket()",
        "import subprocess; subprocess.run(['true'])",
        "bytearray(2 * 1024**3)",
    ],
)
def test_it_may_open_nothing_and_take_little(act):
    done = in_its_place(act)
    assert done.returncode == 1, done.stdout
    assert "OSError" in done.stderr or "MemoryError" in done.stderr


def test_it_ends_when_it_takes_too_long(monkeypatch):
    endless = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
    monkeypatch.setattr(apart, "_COMMAND", [sys.executable, "-c", endless])
    assert reason_of(b"x") == remade.TOO_MUCH_WORK


def test_it_ends_when_it_only_waits(monkeypatch):
    monkeypatch.setattr(apart, "_COMMAND", [sys.executable, "-c", "import time; time.sleep(60)"])
    monkeypatch.setattr(apart, "PATIENCE", 0.2)
    assert reason_of(b"x") == remade.TOO_MUCH_WORK


@pytest.mark.parametrize("end", ["import os; os.abort()", "import sys; sys.exit(3)", "raise MemoryError"])
def test_its_death_is_a_refusal(monkeypatch, end):
    monkeypatch.setattr(apart, "_COMMAND", [sys.executable, "-c", end])
    assert reason_of(b"x") in (remade.TOO_MUCH_WORK, remade.DAMAGED)


@pytest.mark.parametrize(
    "answer",
    [
        '{"kind": "text/html", "width": 1, "height": 1, "is_moving": false, "whole": 6}\n<html>',
        '{"kind": "image/webp", "width": 1, "height": 1, "is_moving": false, "whole": 6}\n<html><html>',
        '{"kind": "image/jpeg", "width": 99999999, "height": 1, "is_moving": false, "whole": 3}\n',
        "{}\n",
        "nonsense",
        "",
    ],
)
def test_what_it_says_is_believed_only_of_pictures(monkeypatch, answer):
    monkeypatch.setattr(apart, "_COMMAND", [sys.executable, "-c", f"print({answer!r}, end='')"])
    with pytest.raises((RuntimeError, ValueError, KeyError)):
        apart.remake(b"x", remade.PICTURE)


def test_who_comes_when_many_wait_is_asked_to_try_again(monkeypatch):
    monkeypatch.setattr(apart, "_line", Line(at_once=1, in_line=1))
    with apart._line.place():
        assert reason_of(files.png()) == remade.BUSY
    assert apart.remake(files.png(), remade.PICTURE).width == 60


def test_refusals_give_their_places_back(monkeypatch):
    monkeypatch.setattr(apart, "_line", Line(at_once=1, in_line=2))
    for _ in range(3):
        assert reason_of(files.HTML) == remade.UNKNOWN
    assert apart.remake(files.png(), remade.PICTURE).width == 60


def test_the_web_process_does_not_load_the_decoder():
    code = "import forum.app, sys; sys.exit(any(name.split('.')[0] == 'PIL' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=dict(os.environ), check=False).returncode == 0
