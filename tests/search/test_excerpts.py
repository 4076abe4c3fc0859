"""The part of a text that is shown, with the searched words marked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.search import analysis, excerpts
from forum.search.engine import Query

LONG = "The council met on Monday. " * 40 + "Then a quokka ran across the room. " + "Nobody minded at all. " * 40


def excerpt(text: str, *words: str, lang: str = "en") -> str:
    return str(excerpts.of(text, lang, Query(words=words)))


def plain(html: str) -> str:
    return re.sub("</?mark>", "", html)


@pytest.mark.parametrize(
    ("text", "word", "marked"),
    [
        ("She was running late.", "run", "She was <mark>running</mark> late."),
        ("A Café, it says.", "cafe", "A <mark>Café</mark>, it says."),
        ("A Cafe\u0301, it says.", "cafe", "A <mark>Café</mark>, it says."),
        ("The council’s rule.", "council", "The <mark>council</mark>’s rule."),
        ("Straße", "strasse", "<mark>Straße</mark>"),
        ("a<b>bus</b>&", "bus", "a&lt;b&gt;<mark>bus</mark>&lt;/b&gt;&amp;"),
        ("No match here.", "quokka", "No match here."),
        ("", "quokka", ""),
    ],
)
def test_words_are_marked_in_the_form_they_have(text, word, marked):
    assert excerpt(text, word) == marked


def test_words_that_follow_each_other_share_a_mark():
    assert excerpt("They say  yes to it.", "say", "yes") == "They <mark>say  yes</mark> to it."
    assert excerpt("我们去北京大学", "北京", "京大", "大学", lang="zh") == "我们去<mark>北京大学</mark>"


def test_a_long_text_is_cut_around_the_first_match():
    html = excerpt(LONG, "quokka")
    assert "a <mark>quokka</mark> ran across the room." in html
    assert html.startswith("…")
    assert html.endswith("…")
    assert len(plain(html)) <= excerpts.LENGTH + 2


def test_a_place_with_more_of_the_words_is_preferred():
    text = "A quokka. " + "Nothing here. " * 60 + "A quokka on a bicycle. " + "Nothing here. " * 60
    assert "<mark>quokka</mark> on a <mark>bicycle</mark>" in excerpt(text, "quokka", "bicycle")


def test_an_excerpt_begins_and_ends_at_words():
    inside = plain(excerpt(LONG, "quokka")).strip("…")
    assert f" {inside.strip()} ".replace("  ", " ") in f" {LONG} "


def test_a_match_at_the_end_shows_what_leads_to_it():
    html = excerpt("Word after word. " * 100 + "quokka", "quokka")
    assert html.endswith("<mark>quokka</mark>")
    assert len(plain(html)) > excerpts.LENGTH / 2


def test_markup_in_a_text_stays_text_wherever_it_is_cut():
    html = excerpt("<img src=x onerror=alert(1)> quokka <script>alert(2)</script> " * 20, "quokka", "script")
    assert not re.search(r"<(?!/?mark>)", html)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(["bus", "<b>", "&amp;", "quokka", "é", "北京", "\u0301", "a" * 300, "🚌", "-"]), max_size=200
    ),
    st.sampled_from([" ", ""]),
)
def test_an_excerpt_is_part_of_the_text_and_not_much_longer_than_it_should_be(parts, between):
    text = between.join(parts)
    html = excerpts.of(text, "en", Query(words=("bus", "quokka", "北京", "e")))
    assert not re.search(r"<(?!/?mark>)", html)
    assert html.count("<mark>") == html.count("</mark>")
    shown = re.sub("</?mark>", "", html).removeprefix("…").removesuffix("…")
    shown = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert shown in analysis.clean(text)
    assert len(shown) <= excerpts.LENGTH + 300
