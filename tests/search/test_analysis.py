"""Which words a text has."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.search import analysis

TERMS = [
    ("Buses were running", "en", ["bus", "were", "run"]),
    ("Buses were running", "cy", ["buses", "were", "running"]),
    ("the council’s rule, don't", "en", ["the", "council", "rule", "don"]),
    ("l'eau d'or o'neill", "fr", ["l", "eau", "d", "or", "o", "neill"]),
    ("Crème brûlée Straße ŁÓDŹ", "fr", ["creme", "brulee", "strasse", "lodz"]),
    # Welsh
    ("Mae'r tŷ i'r dŵr, o’r môr", "cy", ["mae", "ty", "i", "r", "dwr", "o", "r", "mor"]),
    ("di-waith gyda'i ŵyr", "cy", ["di", "waith", "gyda", "wyr"]),
    # Without spaces
    ("北京大学", "zh", ["北京", "京大", "大学"]),
    ("京", "zh", ["京"]),
    ("Python入門2", "ja", ["python", "入門", "2"]),
    # Code and addresses: words that follow each other
    ("max_len e-mail", "en", ["max", "len", "e", "mail"]),
    ("https://example.org/a_b?c=1", "en", ["https", "exampl", "org", "a", "b", "c", "1"]),
    ("C++, c# or F#; C #1", "en", ["cplusplus", "csharp", "or", "fsharp", "c", "1"]),
    # Words of several stand behind, whole ones where they are
    ("the maxLength of it", "en", ["the", "maxlength", "of", "it", "max", "length"]),
    ("parseXMLFile maxLength", "en", ["parsexmlfil", "maxlength", "pars", "xml", "file", "max", "length"]),
    ("YouTube YouTube", "en", ["youtub", "youtub", "you", "tube"]),
    ("NHS MPs McDonald", "cy", ["nhs", "mps", "mcdonald", "mc", "donald"]),
    ("aBcDeFgHiJkLmNoP", "cy", ["abcdefghijklmnop"]),
    ("", "en", []),
    ("— ! 🚌", "en", []),
]


@pytest.mark.parametrize(("text", "lang", "terms"), TERMS, ids=[text or "nothing" for text, *_ in TERMS])
def test_a_text_has_these_terms_in_this_order(text, lang, terms):
    assert analysis.terms(text, lang) == terms


def test_a_searched_word_stands_for_itself_and_for_its_english_stem():
    assert analysis.forms("running") == {"running", "run"}
    assert analysis.forms("bws") == {"bws"}


@pytest.mark.parametrize(("plural", "singular"), [("buses", "bus"), ("children", "child"), ("crises", "crisis")])
def test_unusual_plurals_are_found_by_their_singular(plural, singular):
    assert analysis.terms(plural, "en") == analysis.terms(singular, "en")


def test_words_as_they_are_written_have_their_parts_behind_them():
    assert analysis.spelt("Running maxLength, a Café") == ["running", "maxlength", "a", "cafe", "max", "length"]


@pytest.mark.parametrize(("text", "is_unspaced"), [("北京", True), ("北京a", False), ("", False), ("हिन्दी", False)])
def test_which_scripts_have_no_spaces(text, is_unspaced):
    assert analysis.is_unspaced(text) is is_unspaced


TEXTS = st.one_of(st.text(max_size=300), st.text(alphabet="aAbBC+#'’_-. 1é北\u0301ŵ", max_size=300))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(TEXTS, st.sampled_from(["en", "cy", "zh", "ar"]))
def test_words_are_never_empty_and_stand_where_they_say(text, lang):
    text = analysis.clean(text)
    last = -1
    for word in analysis.words(text):
        assert word.text
        assert not any(sign.isspace() for sign in word.text)
        assert last < word.start < word.end <= len(text)
        assert all(analysis.parts(text, word))
        last = word.start
    assert all(analysis.terms(text, lang)), "an empty term cannot be indexed"
    written = [word.text for word in analysis.words(text)]
    assert analysis.spelt(text)[: len(written)] == written
