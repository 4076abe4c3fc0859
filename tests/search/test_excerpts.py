"""The part of a text that is shown, with the searched words marked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.search import analysis, excerpts
from forum.search.engine import Query, Term, Wish
from tests.search.shelf import query

pytestmark = pytest.mark.usefixtures("words")

LONG = "The council met on Monday. " * 40 + "Then a quokka ran across the room. " + "Nobody minded at all. " * 40


def excerpt(text: str, *words: str, lang: str = "en") -> str:
    """What is shown for any of these words, as they are in an index: not typed."""
    return str(excerpts.of(text, lang, Query(wishes=tuple(Wish((Term((word,)),)) for word in words))))


def typed(text: str, search: str, lang: str = "en") -> str:
    return str(excerpts.of(text, lang, query(search)))


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


PLACES = [
    ("“Say yes”, he said. Yes, say it.", '"say yes"', "“<mark>Say yes</mark>”, he said. Yes, say it."),
    ("Red cars, a red van.", '"red car" van', "<mark>Red cars</mark>, a red <mark>van</mark>."),
    ("A red car and a car.", 'car "red car"', "A <mark>red car</mark> and a <mark>car</mark>."),
    ("An e-mail, e mail; mail.", "e-mail", "An <mark>e-mail</mark>, <mark>e mail</mark>; mail."),
    ("Councils and councillors, cow.", "counc*", "<mark>Councils</mark> and <mark>councillors</mark>, cow."),
    ("A bus, a tram, a train.", "bus OR tram", "A <mark>bus</mark>, a <mark>tram</mark>, a train."),
    ("A red bus.", "bus -red", "A red <mark>bus</mark>."),
    ("Call parseMaxLength(x).", "length", "Call <mark>parseMaxLength</mark>(x)."),
    ("Call parseMaxLength(x).", "parsemaxlength", "Call <mark>parseMaxLength</mark>(x)."),
    ("Call parseMaxLength(x).", "leng*", "Call <mark>parseMaxLength</mark>(x)."),
    ("Call parseMaxLength(x).", '"max length"', "Call parseMaxLength(x)."),
    ("Mae’r bws yn hwyr.", "mae'r bws", "Mae’r <mark>bws</mark> yn hwyr."),
    ("Written in C++, not C.", "C++", "Written in <mark>C++</mark>, not C."),
    ("By Zoë, of the bus.", "author:zoe", "By Zoë, of the bus."),
]


@pytest.mark.parametrize(("text", "search", "marked"), PLACES, ids=[search for _text, search, _marked in PLACES])
def test_what_was_searched_is_marked_and_nothing_else(text, search, marked):
    assert typed(text, search) == marked
    assert str(excerpts.marked(text, "en", query(search))) == marked


def test_a_phrase_is_found_far_from_its_single_words():
    text = "Say it. Yes. " * 40 + "They say yes to that. " + "Say nothing. " * 40
    assert "They <mark>say yes</mark> to that." in typed(text, '"say yes"')


def test_all_of_a_title_is_shown():
    title = "A bus & a <tram>: " + "very long " * 40 + "bus"
    html = str(excerpts.marked(title, "en", query("bus")))
    assert html.startswith("A <mark>bus</mark> &amp; a &lt;tram&gt;: very")
    assert html.endswith("long <mark>bus</mark>")


def test_words_of_a_phrase_that_stand_far_apart_are_marked_alone():
    assert typed("e" + "-" * 400 + "mail", "e-mail").startswith("<mark>e</mark>")


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


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from(
            ["bus", "<b>", "&amp;", "quokka", "é", "北京", "\u0301", "a" * 300, "🚌", "-", "maxBus", "e-mail"]
        ),
        max_size=200,
    ),
    st.sampled_from([" ", ""]),
)
def test_an_excerpt_is_part_of_the_text_and_not_much_longer_than_it_should_be(parts, between):
    text = between.join(parts)
    html = typed(text, 'bus* "quokka bus" 北京 e e-mail OR é')
    assert not re.search(r"<(?!/?mark>)", html)
    assert html.count("<mark>") == html.count("</mark>")
    shown = re.sub("</?mark>", "", html).removeprefix("…").removesuffix("…")
    shown = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert shown in analysis.clean(text)
    assert len(shown) <= excerpts.LENGTH + 300
