"""CommonMark's own examples, but for those that docs/markdown.md lists with the reason."""

from __future__ import annotations

import re
import shutil

import pytest

from forum.text import addresses, pipeline, references, sanitise
from forum.text.markdown import render_comment

from .commonmark import ROOT, SPECIFICATION, Example, examples, form

GUIDE = ROOT / "docs" / "markdown.md"


@pytest.fixture(scope="module")
def specification() -> list[Example]:
    if not SPECIFICATION.exists() and shutil.which("npm") is None:
        pytest.skip("npm, which fetches CommonMark's examples, is not installed")
    assert SPECIFICATION.exists(), "CommonMark's examples were not fetched: run npm ci --ignore-scripts"
    return examples()


def listed() -> dict[str, set[int]]:
    """The table of the guide: a reason, and the numbers of examples it explains; 1-3 is a range."""
    _before, table = GUIDE.read_text(encoding="utf-8").split("| Why | Examples |\n|---|---|\n")
    rows: dict[str, set[int]] = {}
    for row in table.partition("\n\n")[0].splitlines():
        _edge, reason, numbers, _end = row.split("|")
        ranges = re.findall(r"(\d+)(?:-(\d+))?", numbers)
        rows[reason.strip()] = {n for first, last in ranges for n in range(int(first), int(last or first) + 1)}
    return rows


def differing(specification: list[Example]) -> set[int]:
    return {one.number for one in specification if form(stored(one.source)) != form(one.html)}


def stored(source: str) -> str:
    """A comment's HTML, in a discussion where nobody and nothing is there to be named."""
    return references.link(render_comment(source).html, set(), set())


def test_the_whole_specification_is_there(specification):
    assert len(specification) == 652


def test_every_example_gives_what_it_should_but_for_those_in_the_guide(specification):
    found, told = differing(specification), set().union(*listed().values())
    assert sorted(found - told) == [], "these differ, and the guide does not say so"
    assert sorted(told - found) == [], "these do not differ any more, and the guide says they do"


def test_examples_said_to_differ_by_their_address_differ_by_nothing_else(specification, monkeypatch):
    (by_address,) = (numbers for reason, numbers in listed().items() if "address we refuse" in reason)
    schemes = {"http", "https", "mailto", "irc", "a+b+c", "made-up-scheme", "localhost"}
    monkeypatch.setattr(addresses, "is_allowed", lambda url: True)
    monkeypatch.setitem(sanitise._VALUES, ("a", "href"), lambda url: True)
    monkeypatch.setattr(sanitise, "_SCHEMES", schemes)
    monkeypatch.setattr(pipeline, "_parser", pipeline._parser.__wrapped__)
    assert sorted(differing([one for one in specification if one.number in by_address])) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a</p>", "<p>b</p>"),
        ("<p>a b</p>", "<p>ab</p>"),
        ("<p>a</p>", "a"),
        ("<ul><li>a</li></ul>", "<ul><li><p>a</p></li></ul>"),
        ('<p><a href="/a">b</a></p>', '<p><a href="/c">b</a></p>'),
        ('<p><a href="/a" title="c">b</a></p>', '<p><a href="/a">b</a></p>'),
        ("<pre><code>a\n b</code></pre>", "<pre><code>a b</code></pre>"),
        ("<p><em>a</em> b</p>", "<p><em>a b</em></p>"),
        ("<p>&amp;lt;</p>", "<p>&lt;</p>"),
        ('<ol start="2"><li>a</li></ol>', "<ol><li>a</li></ol>"),
    ],
)
def test_the_judge_tells_these_apart(one, other):
    assert form(one) != form(other)
