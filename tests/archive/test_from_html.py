"""HTML of other systems becomes Markdown that reads the same."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.archive import from_html
from forum.text.excerpt import plain
from forum.text.markdown import render_comment


@pytest.mark.parametrize(
    ("html", "source"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("One.\nTwo.\n\nThree.", "One.  \nTwo.\n\nThree."),
        ("<p>One<br/>two</p>", "One  \ntwo"),
        ("<b>bold</b>, <em>italic</em>, <del>gone</del>", "**bold**, *italic*, ~~gone~~"),
        ("<strong> spaced </strong>out", "**spaced** out"),
        ('<a href="https://example.org/a_b">this</a>', "[this](<https://example.org/a_b>)"),
        ('<a href="https://example.org/">https://example.org/</a>', "<https://example.org/>"),
        ("See https://example.org/a_b_c", "See https://example.org/a_b_c"),
        ("<blockquote><p>a</p><p>b</p></blockquote><p>c</p>", "> a\n>\n> b\n\nc"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n\n  - c"),
        ("<ol><li>a<li>b</ol>", "1. a\n1. b"),
        ("<pre><code>if a &lt; b:\n    go()\n</code></pre>", "```\nif a < b:\n    go()\n```"),
        ("the <code>a`b</code> sign", "the ``a`b`` sign"),
        ("<h3>Head</h3>body", "### Head\n\nbody"),
        ('<img src="https://example.org/a.png" alt="a cat">', "![a cat](<https://example.org/a.png>)"),
        ("<p>1. not a list</p><p># nor a heading</p>", "1\\. not a list\n\n\\# nor a heading"),
        ("2 * 3 * 4 = [24]", "2 \\* 3 \\* 4 = \\[24\\]"),
        ("&amp;lt;b&amp;gt;", "\\&lt;b\\&gt;"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("a<script>alert(1)</script>b", "ab"),
        ("<p>never closed", "never closed"),
        ("stray</b></div> ends", "stray ends"),
        ("", ""),
    ],
)
def test_the_form_is_kept(html, source):
    assert from_html.markdown(html) == source


@pytest.mark.parametrize(
    "html", ['<a href="javascript:alert(1)">x</a>', '<a href="/about">x</a>', '<a href="#c1">x</a>']
)
def test_links_that_lead_nowhere_here_keep_their_words_alone(html):
    assert from_html.markdown(html) == "x"


def test_emphasis_that_markdown_cannot_say_is_left_out():
    assert from_html.markdown("<b>a,</b>b <a href='https://example.org'>c</a>") == "a,b [c](<https://example.org>)"


def test_a_thousand_quotes_in_quotes_are_read_in_no_time():
    assert "deep" in from_html.markdown("<blockquote>" * 1_000 + "deep")


_TEXT = st.text(alphabet="ab1 .-+=#>*_`~|[]()<&!\\^:@/\"'", max_size=30)
_TAGS = ["p", "b", "i", "li", "ul", "ol", "code", "pre", "blockquote", "span", "a", "h2", "div", "td", "br"]


@given(_TEXT)
def test_no_sign_in_a_text_is_taken_for_markdown(text):
    source = from_html.markdown(f"<p>{escape(text)}</p>")
    assert plain(render_comment(source).html) == " ".join(text.split())


@given(st.lists(st.tuples(st.sampled_from(_TAGS), _TEXT, st.booleans(), st.booleans()), max_size=8))
def test_no_word_is_lost_or_added_however_the_tags_are_nested(pieces):
    html = "".join(f"<{tag}>" * opens + escape(text) + f"</{tag}>" * closes for tag, text, opens, closes in pieces)
    words = "".join("".join(text.split()) for _tag, text, _opens, _closes in pieces)
    shown = plain(render_comment(from_html.markdown(html)).html)
    assert "".join(shown.split()) == words
