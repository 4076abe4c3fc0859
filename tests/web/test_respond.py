"""Going back to where somebody was, and never elsewhere."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.web.respond import safe_path


@pytest.fixture(autouse=True)
def here():
    """A request to http://localhost/."""
    with Flask(__name__).test_request_context(base_url="http://localhost"):
        yield


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/series", "/series"),
        ("/posts/a-post?order=newest", "/posts/a-post?order=newest"),
        ("/search?q=%C5%B5y", "/search?q=%C5%B5y"),
        ("/cy/ŵy", "/cy/ŵy"),
        ("http://localhost/series", "/series"),
        ("http://localhost/series?x=1", "/series?x=1"),
        ("https://localhost/series", "/series"),
    ],
)
def test_a_page_of_this_site_is_gone_back_to(target, path):
    assert safe_path(target) == path


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "http://evil.example",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "\x01//evil.example",
        "https:evil.example",
        "https:/evil.example",
        "http:///evil.example",
        "http://localhost@evil.example/",
        "https://evil.example#localhost",
        "https://evil.example\\@localhost/",
        "http://localhost.evil.example/",
        "http://localhost//evil.example",
        "//localhost//evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://localhost/",
        "http://localhost:9/",
        "//[",
        "http://[::1",
        "evil.example",
        "x" * 3000,
        "/" + "x" * 3000,
    ],
)
def test_an_address_elsewhere_is_never_followed(target):
    assert safe_path(target) is None


@pytest.mark.parametrize("target", [None, ""])
def test_nowhere_is_nowhere(target):
    assert safe_path(target) is None
