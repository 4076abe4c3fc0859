"""Watched words are found however they are written, and innocent words are not."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.screening.folding import fold, fold_alike, places
from forum.screening.patterns import Matcher, Pattern

# What is watched, what somebody writes, what of it is found.
FOUND = [
    ("as it is", "free", "Get it free now", "free"),
    ("at the end of a sentence", "free", "It is FREE!", "FREE"),
    ("in capitals", "free", "FrEe", "FrEe"),
    ("with accents", "free", "frée", "frée"),
    ("an accent in the pattern", "café", "at the CAFE", "CAFE"),
    ("with combining marks", "free", "f\u0336r\u0336e\u0336e\u0336", "f\u0336r\u0336e\u0336e\u0336"),
    ("wide letters", "free", "ＦＲＥＥ", "ＦＲＥＥ"),
    ("mathematical letters", "free", "𝓯𝓻𝓮𝓮 now", "𝓯𝓻𝓮𝓮"),
    ("letters in circles", "free", "ⓕⓡⓔⓔ", "ⓕⓡⓔⓔ"),
    ("letters on black squares", "free", "🅵🆁🅴🅴", "🅵🆁🅴🅴"),
    ("small capitals", "free", "ꜰʀᴇᴇ", "ꜰʀᴇᴇ"),
    ("a ligature", "first", "ﬁrst", "ﬁrst"),
    ("Cyrillic letters in a Latin word", "free", "frее", "frее"),
    ("Greek letters in a Latin word", "viagra", "νiagra", "νiagra"),
    ("a word that is Cyrillic throughout", "spam", "ѕрам for you all", "ѕрам"),
    ("an i without its dot", "viagra", "vıagra", "vıagra"),
    ("with an invisible space", "free", "fr\u200bee", "fr\u200bee"),
    ("with a soft hyphen", "free", "fr\u00adee", "fr\u00adee"),
    ("with a joiner and a selector", "free", "f\u200dre\ufe0fe", "f\u200dre\ufe0fe"),
    ("spelled out", "free", "f r e e money", "f r e e"),
    ("spelled out in lines", "free", "F\nR\nE\nE", "F\nR\nE\nE"),
    ("with dots", "free", "f.r.e.e", "f.r.e.e"),
    ("with hyphens", "free", "f-r-e-e", "f-r-e-e"),
    ("with underlines", "free", "f_r_e_e", "f_r_e_e"),
    ("with a dot in the middle", "free", "fr.ee", "fr.ee"),
    ("a letter held long", "free", "freeeeeee", "freeeeeee"),
    ("all letters held", "free", "fffrrreeee", "fffrrreeee"),
    ("one doubled in a long word", "viagra", "viaagra", "viaagra"),
    ("digits for letters", "free", "fr33", "fr33"),
    ("a digit that may be i or l", "viagra", "v1agra", "v1agra"),
    ("signs for letters", "spam", "$p@m", "$p@m"),
    ("a sign within", "shit", "sh!t", "sh!t"),
    ("signs, spelled out", "shit", "s h ! t", "s h ! t"),
    ("beside a hyphen", "free", "free-range", "free"),
    ("a phrase", "guaranteed returns", "with guaranteed returns", "guaranteed returns"),
    ("a phrase across lines and signs", "guaranteed returns", "Guaranteed,\n✨ RETURNS", "Guaranteed,\n✨ RETURNS"),
    ("a phrase with digits", "guaranteed returns", "gu4ranteed r3turns", "gu4ranteed r3turns"),
    ("the beginning of words", "disgrac*", "a disgraceful waste", "disgraceful"),
    ("the end of words", "*bet", "unibet", "unibet"),
    ("the middle of words", "*casino*", "onlinecasino24", "onlinecasino24"),
    ("a star and a sign for a letter", "*casino*", "c@sino", "c@sino"),
    ("a star in a phrase", "free * money", "free easy money", "free easy money"),
    ("a number", "419", "a 419 letter", "419"),
    ("Chinese, where words have no spaces", "免费", "现在免费送", "免费"),
    ("Hindi", "मुफ़्त", "यह मुफ़्त है", "मुफ़्त"),
    ("Arabic with vowel signs", "مجانا", "مَجَّانًا", "مَجَّانًا"),
    ("Russian in capitals", "бесплатно", "БЕСПЛАТНО!", "БЕСПЛАТНО"),
    ("Welsh", "twpsyn", "Twpsyn wyt ti", "Twpsyn"),
]

INNOCENT = [
    ("part of a word", "ass", "A class assembled"),
    ("part of a longer word", "free", "carefree"),
    ("two words that make it together", "penis", "the pen is red"),
    ("a word that ends where another begins", "ass", "as so often"),
    ("an apostrophe", "hell", "He'll go"),
    ("another with a doubled letter", "god", "a good idea"),
    ("a doubled letter less", "ass", "as it is"),
    ("a slash", "andor", "and/or"),
    ("digits alone", "ass", "455 people"),
    ("one letter after another that are not its", "free", "a b c d e f"),
    ("a Russian word that looks Latin, among Russian words", "cop", "весь этот сор в избе"),
    ("the words of a phrase apart", "free money", "free parking for money"),
    ("the words of a phrase turned round", "free money", "money free"),
    ("a star that needs its letters", "disgrac*", "a disc"),
    ("no words", "free", "!!! ... 😀"),
    ("nothing", "free", ""),
]


def found(pattern: str, text: str, lang: str = "") -> list[str]:
    hits = Matcher([Pattern(1, pattern)]).find(text, lang)
    return [text[start:end] for where in hits.values() for start, end in where]


@pytest.mark.parametrize(("pattern", "text", "part"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND])
def test_a_word_is_found_however_it_is_written(pattern, text, part):
    assert found(pattern, text) == [part]


@pytest.mark.parametrize(("pattern", "text"), [row[1:] for row in INNOCENT], ids=[row[0] for row in INNOCENT])
def test_innocent_words_are_left_alone(pattern, text):
    assert found(pattern, text) == []


def test_a_word_of_one_language_is_found_in_comments_of_that_language_alone():
    matcher = Matcher([Pattern(1, "twpsyn", "cy"), Pattern(2, "gift", "de"), Pattern(3, "spam")])
    text = "twpsyn gift spam"
    assert {pattern.text for pattern in matcher.find(text, "cy")} == {"twpsyn", "spam"}
    assert {pattern.text for pattern in matcher.find(text, "en")} == {"spam"}


def test_every_place_of_a_word_is_told():
    assert found("free", "free and Free, or f r e e") == ["free", "Free", "f r e e"]


# Properties

WORDS = st.text(string.ascii_lowercase, min_size=3, max_size=12)
FILLING = st.text(st.sampled_from("bcdfghjklmnp ,.!?\n"), max_size=40)


@given(word=WORDS, before=FILLING, after=FILLING)
def test_a_word_between_others_is_found_where_it_stands(word, before, after):
    text = f"{before} {word} {after}"
    hits = Matcher([Pattern(1, word)]).find(text)
    assert hits, text
    (places_found,) = hits.values()
    assert any(place.start <= len(before) + 1 < place.end for place in places_found)


EVASIONS = [
    lambda word: word.upper(),
    lambda word: "\u200b".join(word),
    lambda word: " ".join(word),
    lambda word: ".".join(word),
    lambda word: "".join(letter * 3 for letter in word),
    lambda word: "".join(f"{letter}\u0301" for letter in word),
    lambda word: "".join(chr(ord(letter) - ord("a") + 0x1D4EA) for letter in word),
    lambda word: "".join(chr(ord(letter) - ord("a") + 0xFF41) for letter in word),
]


@given(word=WORDS, evade=st.sampled_from(EVASIONS))
def test_whatever_the_word_each_evasion_is_seen_through(word, evade):
    assert found(word, f"say {evade(word)} now")


@given(word=WORDS, text=st.text(max_size=200))
def test_what_is_found_is_a_part_of_the_text(word, text):
    for start, end in (place for where in Matcher([Pattern(1, word)]).find(text).values() for place in where):
        assert 0 <= start < end <= len(text)


ANY_WORD = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=2, max_size=8)


@given(words=st.lists(ANY_WORD, min_size=1, max_size=3))
def test_words_of_any_script_are_found_in_themselves(words):
    text = " ".join(words)
    if Pattern(1, text).words:
        assert found(text, f"({text})"), Pattern(1, text).words


@given(text=st.text(max_size=100))
def test_every_folded_character_knows_its_place(text):
    for alike, folded in ((False, fold(text)), (True, fold_alike(text))):
        known = places(text, alike)
        assert known is None or len(known) == len(folded) + 1
        assert known is None or known == sorted(known)


HOSTILE = {
    "one letter": "a" * 30_000,
    "spelled out": "a " * 15_000,
    "dots": "a." * 15_000,
    "signs for letters": "1|!" * 10_000,
    "a letter and a digit": "a1 " * 10_000,
    "dollars": "$a" * 15_000,
    "marks": "a" + "\u0301" * 29_999,
    "nothing to be seen": "a\u200b" * 15_000,
    "different words": " ".join(f"ab{number}c" for number in range(5_000)),
    "words with hyphens": "ab-" * 10_000,
    "pictures": "😀" * 30_000,
    "Cyrillic": "фыва " * 6_000,
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_keeps_a_long_list_busy(text):
    """A quadratic search would take minutes for these; the time limit of the test is generous."""
    words = [Pattern(number, word) for number, word in enumerate(["aaaa", "a*a*a*a", "*a1*", "il il", "1l1", "illi"])]
    many = [Pattern(100 + number, f"word{number}") for number in range(500)]
    Matcher([*words, *many]).find(text, "en")


@settings(max_examples=30)
@given(st.lists(st.text(max_size=20), max_size=20), st.text(max_size=100))
def test_any_list_can_be_looked_for_in_any_text(patterns, text):
    Matcher(Pattern(number, pattern) for number, pattern in enumerate(patterns)).find(text, "en")
