"""Hostile texts are answered, or refused with a sentence; none runs away.

The tests count work, not seconds, so that they say the same on a slow machine; docs/markdown.md has the seconds.
"""

from __future__ import annotations

import pytest

from forum.text import bounds, highlighting
from forum.text.markdown import MAX_CHARS, TooComplex, render_comment, render_post

REFUSED = {
    "too long": "a" * (MAX_CHARS + 1),
    "too many lines": "a\n" * 2_500,
    "5,000 opening brackets": "[" * 5_000,
    "images that never end": "![" * 5_000,
    "footnotes that never end": "[^a]: x\n\n" + "[^" * 5_000,
    "references to references": "[a][" * 1_500,
    "10,000 half addresses": "://" * 10_000,
    "addresses of one letter": "http://a " * 3_500,
    "bare names everywhere": "*a.com " * 4_500,
    "a table of many cells": "|a" * 800 + "\n" + "|-" * 800 + "\n" + "|a" * 800,
    "a table that fills itself up": "a|" * 100 + "\n" + "-|" * 100 + "\n" + "a\n" * 1_000,
    "many tables": ("|a" * 38 + "\n" + "|-" * 38 + "\n" + "|\n" * 30 + "\n") * 60,
    "quotes that end at once": (">" * 19 + "# a\nb\n") * 1_200,
    "one long address used 1,900 times": "[a]: /" + "x" * 2_000 + "\n\n" + "[a]" * 1_900,
    "one footnote used 501 times": "[^a]: x\n\n" + "[^a]" * 501,
    "emphasis everywhere": "*a* " * 7_900,
    "one letter in two emphasised": "*a" * 8_000,
    "mentions everywhere": "@ab " * 7_900,
    "spoilers everywhere": "||a|| " * 5_000,
}

ANSWERED = {
    "10,000 quote marks": ">" * 10_000,
    "quotes in quotes on many lines": ">" * 20 + "\n" + "a b c d e f\n" * 2_400,
    "mixed emphasis": "_*a " * 8_000,
    "a list in a list in a list": "- " * 16_000,
    "deep lists": "\n".join(" " * (2 * (line % 120)) + "- a" for line in range(250)),
    "backticks of every length": "".join("`" * length + " " for length in range(1, 250)),
    "backticks": "`" * 32_000,
    "uneven backticks": "`a``" * 8_000,
    "links in links": "[" * 900 + "a" + "](/x)" * 900,
    "images in images": "![" * 900 + "a" + "](/x)" * 900,
    "links without an end": "[a](" * 1_900,
    "destinations without an end": "[a](" + "(" * 31_000,
    "titles without an end": '[a](/b "' * 1_900,
    "one footnote used 500 times": "[^a]: x\n\n" + "[^a]" * 500,
    "footnotes in footnotes": "[^a]: " * 1_900,
    "ampersands": "&" * 32_000,
    "entities": "&copy;" * 5_300,
    "angle brackets": "<" * 32_000,
    "backslashes": "\\" * 32_000,
    "dots that might be names": "a." * 16_000,
    "names joined by plus": "www.a.com " + "+a." * 10_000,
    "names joined by bars": "|www.a" * 5_000,
    "at signs": "a@" * 16_000,
    "definitions": "[a]: /x\n" * 1_900,
    "an address with brackets": "http://a.example/" + "(" * 31_000,
    "bars": "|" * 32_000,
    "tabs": "\t" * 32_000,
}


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED.keys())
def test_too_much_work_is_refused_with_a_sentence(source: str) -> None:
    with pytest.raises(TooComplex) as refusal:
        render_comment(source)
    assert str(refusal.value).startswith("This text ")
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("source", ANSWERED.values(), ids=ANSWERED.keys())
def test_strange_but_bounded_texts_are_answered(source: str) -> None:
    html = render_comment(source[:MAX_CHARS]).html
    assert len(html) < 4 * bounds.MAX_OUTPUT


def test_a_long_ordinary_text_is_no_problem() -> None:
    paragraph = "Some *words* with a [link](https://a.example/b), `code`, @alice and **more** of them.\n\n"
    assert render_post((paragraph * 400)[:MAX_CHARS]).links > 300


def test_nesting_ends_at_twenty() -> None:
    assert render_comment(">" * 100 + " a").html.count("<blockquote>") <= 20


def test_only_so_much_code_is_coloured_in_one_text() -> None:
    block = "```python\n" + "x = 1\n" * 600 + "```\n\n"
    html = render_comment(block * 3).html
    assert 0 < html.count("<span") <= highlighting.MAX_SPANS
    assert html.count("<code class=") == 3
