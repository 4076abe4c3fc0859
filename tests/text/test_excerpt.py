"""Texts without their markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from forum.text.excerpt import beginning, excerpt, plain
from forum.text.markdown import render_comment
from forum.text.safe import stored


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("**a** *b* `c` [d](/e)", "a b c d"),
        ("one\ntwo\n\nthree", "one two three"),
        ("half**way**", "halfway"),
        ("- a\n- b", "a b"),
        ("|a|b|\n|-|-|\n|c|d|", "a b c d"),
        ("# Title\nText", "Title Text"),
        ("a  \nb", "a b"),
        ("x < y & <b>z</b>", "x < y & <b>z</b>"),
        ("it was ||the butler|| again", "it was … again"),
        ("it was ||the *very* old **butler**|| again", "it was … again"),
        ("a[^1] b\n\n[^1]: note", "a b note"),
        ("![a *b*](https://c.example/d.png)", "a b"),
        ("- [x] a", "a"),
        ("@alice #12", "@alice #12"),
        ("```python\nimport os\n```", "import os"),
        ("a\u202eb", "ab"),
        ("", ""),
    ],
)
def test_only_the_words_are_left(source: str, words: str) -> None:
    assert plain(source) == words


def test_html_is_known_by_its_type() -> None:
    assert plain(stored("<p>a <em>b</em> &lt;c&gt;</p>")) == "a b <c>"
    assert plain(render_comment("a *b* <c>").html) == "a b <c>"
    assert plain("<p>a</p>") == "<p>a</p>"


@pytest.mark.parametrize(
    ("text", "length", "beginning"),
    [
        ("short", 200, "short"),
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("one two, three", 12, "one two…"),
        ("abcdefghij", 5, "abcd…"),
        ("a bcdefghijkl", 8, "a bcdef…"),
        ("e\u0301" * 5, 6, "e\u0301e\u0301…"),
        ("👍🏽👍🏽👍🏽", 4, "👍🏽…"),
        ("👩\u200d👧👩\u200d👧", 5, "👩\u200d👧…"),
        ("🇬🇧🇫🇷🇩🇪", 4, "🇬🇧…"),
        ("日本語の文章です", 5, "日本語の…"),
    ],
)
def test_an_excerpt_ends_after_a_word_or_at_least_a_character(text: str, length: int, beginning: str) -> None:
    assert excerpt(text, length) == beginning


@given(st.text(max_size=60), st.integers(min_value=1, max_value=50))
def test_an_excerpt_is_never_longer_than_asked(text: str, length: int) -> None:
    assert len(excerpt(text, length)) <= length


TEXTS = [
    "Some words.",
    'A *long* one, with `code`, [a link](https://a.example/b "and a title") and ||a secret||. ' * 300,
    "字" * 5_000,
    "&amp; &lt; é " * 2_000,
    "|a|b|\n|-|-|\n" + "|c|d|\n" * 300,
    "||a secret as long as this|| and *more* " * 200,
    "",
]


@pytest.mark.parametrize("source", TEXTS)
@pytest.mark.parametrize("length", [5, 120, 300, 10_000])
def test_the_beginning_of_a_text_is_the_excerpt_of_all_of_it(source: str, length: int) -> None:
    html = render_comment(source).html
    assert beginning(html, length) == excerpt(plain(html), length)


def test_of_a_long_text_only_the_beginning_is_read() -> None:
    read: list[slice] = []

    class Watched(Markup):
        def __getitem__(self, part):
            read.append(part)
            return super().__getitem__(part)

    assert beginning(Watched("<p>Some words.</p>" * 10_000), 100).startswith("Some words. Some words.")
    assert max(part.stop for part in read) < 5_000
