"""A post longer than one text may be is shown whole."""

from __future__ import annotations

import re

import pytest

from forum.archive import long_posts
from forum.text.excerpt import plain
from forum.text.markdown import MAX_CHARS, TooComplex, render_post

PARAGRAPH = "The bench stood by the river for forty years and nobody asked it anything. " * 5


def chapters(number: int) -> str:
    return "\n\n".join(f"## Chapter {n}\n\n{PARAGRAPH}\n\n{PARAGRAPH}" for n in range(1, number + 1))


def test_a_short_post_is_rendered_as_ever():
    assert long_posts.render("## A\n\nb[^1]\n\n[^1]: c") == render_post("## A\n\nb[^1]\n\n[^1]: c").html


def test_no_word_of_a_long_post_is_lost():
    source = chapters(100)
    assert len(source) > 2 * MAX_CHARS
    html = long_posts.render(source)
    assert plain(html).count("Chapter") == 100
    assert html.count("<p>") == 200


def test_links_defined_at_the_end_work_in_every_part():
    source = "See [the map][Map].\n\n" + chapters(60) + "\n\nAgain: [map].\n\n[map]: https://example.org/map"
    assert long_posts.render(source).count('href="https://example.org/map"') == 2


def test_footnotes_lead_to_their_words_and_back():
    source = (
        "First[^a].\n\n" + chapters(60) + "\n\nLast[^b].\n\n[^a]: See [^b].\n\n[^b]: The river.\n\n    And the oak."
    )
    html = long_posts.render(source)
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    targets = re.findall(r'href="#([^"]+)"', html)
    assert targets
    assert set(targets) <= set(ids)


def test_code_is_never_cut():
    code = "```python\n" + "\n\n".join(f"value_{n} = {n}" for n in range(700)) + "\n```"
    html = long_posts.render("\n\n".join([chapters(15), code, chapters(15)]))
    assert html.count("<pre>") == 1


def test_a_post_that_is_one_endless_block_is_refused():
    with pytest.raises(TooComplex):
        long_posts.render("word " * 10_000)


def test_a_post_as_long_as_a_library_is_refused():
    with pytest.raises(TooComplex):
        long_posts.render("word\n\n" * 100_000)
