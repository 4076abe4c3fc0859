"""How long an answer took, for the developer's tools, and for nobody else's."""

from __future__ import annotations

import re

import pytest

from tests.sites import own_site


@pytest.mark.parametrize("url", ["/search?q=x", "/sign-in", "/nowhere"])
def test_in_development_an_answer_says_how_long_it_took(url, tmp_path):
    said = own_site(tmp_path).test_client().get(url).headers["Server-Timing"]
    assert re.fullmatch(r'page;dur=[\d.]+, database;dur=[\d.]+;desc="\d+ statements"', said)


def test_statements_are_counted(tmp_path):
    client = own_site(tmp_path).test_client()
    found = {url: client.get(url).headers["Server-Timing"] for url in ("/search", "/?x=1")}
    counts = {url: int(re.search(r"(\d+) statements", said)[1]) for url, said in found.items()}
    assert counts["/?x=1"] > counts["/search"]


def test_a_kept_page_says_so(tmp_path):
    client = own_site(tmp_path).test_client(use_cookies=False)
    for _time in range(2):
        assert re.fullmatch(r"front;dur=[\d.]+", client.get("/house-rules").headers["Server-Timing"])


@pytest.mark.parametrize("url", ["/search?q=x", "/house-rules", "/sign-in"])
def test_the_public_is_not_told(url, tmp_path):
    app = own_site(tmp_path, FORUM_ENV="production", FORUM_BASE_URL="https://forum.example")
    for _time in range(2):
        assert "Server-Timing" not in app.test_client(use_cookies=False).get(url).headers
