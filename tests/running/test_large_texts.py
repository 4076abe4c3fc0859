"""A large text being rendered does not hold up the one process that answers everybody."""

from __future__ import annotations

import threading
import urllib.parse
import urllib.request
from pathlib import Path

from tests.running.conftest import Site
from tests.text.test_apart import QUOTES

POST = "/posts/the-library-that-stayed-open-by-accident"


def test_others_are_answered_while_a_hostile_text_is_rendered(tmp_path: Path):
    site = Site(tmp_path)
    site.start_and_wait()
    address = f"http://localhost:{site.settings['PORT']}"
    answered: list[str] = []

    def preview() -> None:
        form = urllib.parse.urlencode({"body": QUOTES, "intent": "preview"}).encode()
        with urllib.request.urlopen(f"{address}{POST}/comments", form) as answer:
            assert b"a b c d e f" in answer.read()
        answered.append("the text")

    asking = threading.Thread(target=preview)
    asking.start()
    while asking.is_alive():
        with urllib.request.urlopen(f"{address}/healthz"):
            answered.append("another request")
    asking.join()
    site.end()

    # One or two may have come before it. Were it rendered in that process, none could have come meanwhile.
    assert answered.index("the text") >= 5
