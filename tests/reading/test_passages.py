"""The part of a text that has the words, with the words marked."""

from __future__ import annotations

import pytest

from forum.reading.passages import LENGTH, passage


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("Late buses.", ["BUS"], "Late <mark>bus</mark>es."),
        ("The café.", ["cafe"], "The <mark>café</mark>."),
        ("The cafe\u0301.", ["café"], "The <mark>cafe\u0301</mark>."),
        ("An o\ufb03ce.", ["office"], "An <mark>o\ufb03ce</mark>."),
        ("An o\ufb03ce.", ["of"], "An <mark>o\ufb03</mark>ce."),
        ("<b>bold</b> & bus", ["bus"], "&lt;b&gt;bold&lt;/b&gt; &amp; <mark>bus</mark>"),
        ("One & two", ["&"], "One <mark>&amp;</mark> two"),
        ("A bus, a bus.", ["bus"], "A <mark>bus</mark>, a <mark>bus</mark>."),
        ("A busman.", ["bus", "busman"], "A <mark>busman</mark>."),
        ("Nothing here.", ["tram"], "Nothing here."),
        ("Nothing here.", ["", " "], "Nothing here."),
    ],
)
def test_words_are_marked_as_the_text_has_them(text, words, shown):
    assert passage([text], words) == shown


def test_the_first_text_that_has_a_word_is_shown_and_else_the_first():
    texts = ["As it is read.", "As it is written: https://spam.example."]
    assert passage(texts, ["spam"]) == "As it is written: https://<mark>spam</mark>.example."
    assert passage(texts, ["tram"]) == "As it is read."
    assert passage([], ["tram"]) == ""


def test_a_long_text_is_cut_around_the_word_between_others():
    text = f"{'before ' * 100}needle {'after ' * 100}"
    shown = passage([text], ["needle"])
    assert shown.startswith("…before ")
    assert shown.endswith(" after…")
    assert "<mark>needle</mark>" in shown
    assert len(shown) < LENGTH + 20


def test_a_word_that_is_longer_than_the_passage_is_marked_as_far_as_it_is_shown():
    shown = passage(["x" * 2 * LENGTH], ["x" * (LENGTH + 40)])
    assert shown.startswith("<mark>xxx")
    assert shown.endswith("x</mark>…")
