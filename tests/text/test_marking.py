"""Words marked in HTML."""

from __future__ import annotations

import re

import pytest

from forum.text.marking import marked
from forum.text.safe import stored

CASES = [
    ("a word", "<p>It is a disgrace.</p>", ["disgrace"], "<p>It is a <mark>disgrace</mark>.</p>"),
    ("whatever its case", "<p>DisGrace!</p>", ["disgrace"], "<p><mark>DisGrace</mark>!</p>"),
    ("not inside another word", "<p>class ass</p>", ["ass"], "<p>class <mark>ass</mark></p>"),
    ("inside one where it stands nowhere else", "<p>xxspamxx</p>", ["spam"], "<p>xx<mark>spam</mark>xx</p>"),
    (
        "across elements",
        "<p>dis<em>gra</em>ce</p>",
        ["disgrace"],
        "<p><mark>dis</mark><em><mark>gra</mark></em><mark>ce</mark></p>",
    ),
    ("not across paragraphs", "<p>dis</p><p>grace</p>", ["disgrace"], "<p>dis</p><p>grace</p>"),
    ("with Markdown in what was matched", "<p><b>dis</b>grace</p>", ["**dis**grace"],
     "<p><b><mark>dis</mark></b><mark>grace</mark></p>"),
    ("spaced out", "<p>d i s grace</p>", ["disgrace"], "<p><mark>d i s grace</mark></p>"),
    ("with invisible signs", "<p>dis\u200bgrace</p>", ["dis\u200bgrace"], "<p><mark>dis\u200bgrace</mark></p>"),
    ("written with references", "<p>A &amp; B &lt;3</p>", ["a & b"], "<p><mark>A &amp; B</mark> &lt;3</p>"),
    ("never in a tag", '<p><a href="/spam" title="a > spam">x</a></p>', ["spam"],
     '<p><a href="/spam" title="a > spam">x</a></p>'),
    ("two words", "<p>one two three</p>", ["one", "three"], "<p><mark>one</mark> two <mark>three</mark></p>"),
    ("a phrase over a line break", "<p>bad\nword</p>", ["bad word"], "<p><mark>bad\nword</mark></p>"),
    ("nothing", "<p>x</p>", ["", "**"], "<p>x</p>"),
]  # fmt: skip


@pytest.mark.parametrize(("html", "words", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_word_is_marked(html, words, expected):
    assert marked(stored(html), words) == expected


@pytest.mark.parametrize("word", ["<script>", "p", "&lt;", "amp", "href", '"', "</p>", "mark", ".*", "("])
def test_no_word_breaks_the_html(word):
    html = '<p class="a">Some <a href="/p?a=1&amp;b=2" rel="nofollow">p &lt;script&gt; (mark) "amp"</a> text .*</p>'
    result = marked(stored(html), [word])
    assert re.sub("</?mark>", "", result) == html
    assert re.findall(r"<mark>([^<]*)</mark>", result) == re.findall(r"<mark>(.*?)</mark>", result)
    assert result.count("<mark>") == result.count("</mark>")


def test_a_very_long_comment_is_marked_soon():
    html = stored("<p>" + "spam " * 6_000 + "</p>")
    assert marked(html, ["spam"] * 100).count("<mark>") == 6_000
