"""How soon the search page knows what happened: a member's comment is published, and taken back.

On the site as it is served, with its worker. A guest asks the page for a word that only this comment has, over and
over, from the moment the comment is sent until it is found, and from the moment it is withdrawn until it is gone.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from statistics import median
from typing import NamedTuple

from benchmarks.discussions import source
from benchmarks.driver import POSTED, Connection, Request, forms
from benchmarks.servers import PATIENCE
from benchmarks.site import Site

ROUNDS = 20
# Seconds between two looks at the page.
PAUSE = 0.01


class Round(NamedTuple):
    """Milliseconds of one comment."""

    found: float
    gone: float
    forgotten: float


def measure(site: Site) -> dict[str, float]:
    """Milliseconds until a comment is found and gone, and until the index itself has forgotten it."""
    dice = random.Random(66)
    # The first waits until the worker has started, and is not counted.
    found, gone, forgotten = zip(*[_round(site, dice, number) for number in range(ROUNDS + 1)][1:], strict=True)
    return {
        "found_ms": median(found),
        "slowest_found_ms": max(found),
        "gone_ms": median(gone),
        "slowest_gone_ms": max(gone),
        "slowest_forgotten_ms": max(forgotten),
    }


def _round(site: Site, dice: random.Random, number: int) -> Round:
    word = f"quillionth{number}"
    cookie = site.cookies[number % len(site.cookies)]
    (posting,) = forms(site.served, site.made["slug"], cookie, [f"{source(dice)} {word}"], f"search-{number}")
    watching = Watching(site, word)
    sent = time.monotonic()
    comment = _sent(site, posting)
    found = watching.until(partial(watching.shows, comment), sent)
    sent = time.monotonic()
    _withdraw(site, posting, comment)
    gone = watching.until(partial(watching.lacks, comment), sent)
    return Round(found, gone, watching.until(watching.nothing_waits, sent))


class Watching:
    """A guest who looks for one word."""

    def __init__(self, site: Site, word: str) -> None:
        self._site = site
        self._guest = Connection(site.served.port)
        self._page = Request(f"/search?q={word}")

    def shows(self, comment: str) -> bool:
        html, _headers = self._guest.send(self._page)
        return re.search(rf"comments?[-/]{comment}\b", html.decode()) is not None

    def lacks(self, comment: str) -> bool:
        return not self.shows(comment)

    def nothing_waits(self) -> bool:
        return not self._site.database.number("SELECT count(*) FROM search_pending")

    def until(self, holds: Callable[[], bool], since: float) -> float:
        """Milliseconds."""
        while not holds():
            if time.monotonic() - since > PATIENCE:
                raise RuntimeError(f"{self._page.path} did not change within {PATIENCE} s")
            time.sleep(PAUSE)
        return (time.monotonic() - since) * 1000


def _sent(site: Site, posting: Request) -> str:
    """The number of the comment that this makes."""
    _body, told = Connection(site.served.port).send(posting)
    number = re.search(r"comments?[-/](\d+)", told["Location"])
    assert number, f"the answer names no comment: {told['Location']}"
    return number[1]


def _withdraw(site: Site, posting: Request, comment: str) -> None:
    assert posting.form
    form = {"csrf_token": posting.form["csrf_token"]}
    Connection(site.served.port).send(replace(posting, path=f"/comments/{comment}/withdraw", form=form, status=POSTED))
