"""What people type, read; and what cannot be read, refused or searched as plain words."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.foundation.errors import Refused
from forum.search import analysis, language
from forum.search.engine import Query
from forum.search.whoosh_engine import WhooshEngine
from tests.search.shelf import MOST, comment, keep

pytestmark = pytest.mark.usefixtures("words")

READINGS = [
    ("red bus", Query(words=("red", "bus"))),
    ("  red   BUS red ", Query(words=("red", "bus"))),
    ("what is the bus", Query(words=("bus",))),
    ("what is the", Query(words=("what", "is", "the"))),
    ('"say yes" bus', Query(words=("bus",), phrases=(("say", "yes"),))),
    ("„say yes” bus", Query(words=("say", "yes", "bus"))),
    ("“say yes”", Query(phrases=(("say", "yes"),))),
    ("bus -red", Query(words=("bus",), without=(("red",),))),
    ('bus -"red car"', Query(words=("bus",), without=(("red", "car"),))),
    ("bus -e-mail", Query(words=("bus",), without=(("e", "mail"),))),
    ("well-known", Query(words=("well", "known"))),
    ("bus - red", Query(words=("bus", "red"))),
    ("bus --red", Query(words=("bus", "red"))),
    ("author:alice bus", Query(words=("bus",), authors=("alice",))),
    ('author:"Alice Archer"', Query(authors=("alice", "archer"))),
    ("Author:Zoë", Query(authors=("zoe",))),
    ("bus -author:alice", Query(words=("bus",), without_authors=("alice",))),
    ("author: alice", Query(words=("author", "alice"))),
    ("author:", Query(words=("author",))),
    ("coauthor:alice", Query(words=("coauthor", "alice"))),
    ("in:posts bus", Query(words=("posts", "bus"))),
    ('bus "red', Query(words=("bus", "red"))),
    ('bus""', Query(words=("bus",))),
    ('"" bus', Query(words=("bus",))),
    ("red AND bus OR car", Query(words=("red", "bus", "car"))),
    ("bus* wild?card", Query(words=("bus", "wild", "card"))),
    ("title:bus^4~2", Query(words=("title", "bus", "4", "2"))),
    ("[a TO z} bus", Query(words=("z", "bus"))),
]


@pytest.mark.parametrize(("typed", "query"), READINGS, ids=[typed for typed, _query in READINGS])
def test_it_is_read_as_people_mean_it(typed, query):
    assert language.read(typed) == query


REFUSALS = [
    ("a" * 201, "200 characters"),
    (" ".join(f"word{n}" for n in range(13)), "12 words"),
    (" ".join(f"-word{n}" for n in range(13)) + " bus", "12 words"),
    ("author:" + ".".join("abcdefghijklm"), "12 words"),
    ("-bus", "what to leave out"),
    ("-author:alice", "what to leave out"),
    ("", "Type a word"),
    ("!!! ??? …", "Type a word"),
    ("🚌", "Type a word"),
    ("_", "Type a word"),
    ("\x00", "Type a word"),
]


@pytest.mark.parametrize(("typed", "sentence"), REFUSALS, ids=[typed[:20] for typed, _sentence in REFUSALS])
def test_what_cannot_be_searched_is_refused_in_plain_words(typed, sentence):
    with pytest.raises(Refused, match=sentence):
        language.read(typed)


def test_twelve_telling_words_are_searched_however_many_small_ones_stand_between():
    typed = " of the ".join(f"word{n}" for n in range(12))
    assert len(language.read(typed).words) == 12


HOSTILE = [
    "'; DROP TABLE posts; --",
    "<script>alert(1)</script>",
    "((((((((((a",
    "a" * 200,
    "*" * 200,
    "* *:* ?",
    '"' * 199,
    "-" * 200,
    "a\x00b \ud800 \uffff",
    "\u202ebus",
    "title:[* TO *] AND NOT (",
    "author:author:author:a",
    "e\u0301" * 60,
    "\u0301" * 200,
    "ﷺ" * 100,
    "İıſßẞ",
    "1/0 %00 %s {0} {{7*7}} ${x}",
    "key:comment:1 kind:comment",
    "a OR b OR c OR d OR e OR f NEAR g",
    "北" * 10,
    "\n\t\r bus \x0b\x1f",
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_searches_are_answered_or_refused(engine, typed):
    keep(engine, comment(1, "A bus, and a <script> of words."))
    _search(engine, typed)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=220),
        st.text(alphabet='ab"“”-:*()é北 author', max_size=200),
        st.lists(
            st.sampled_from(["author:", "-", '"', "“", "bus", "’s", " ", "in:", "OR", "é", "\u0301", "北京", "हि"]),
            max_size=40,
        ).map("".join),
    )
)
def test_no_search_fails(shared_engine, typed):
    _search(shared_engine, typed)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["en", "cy", "zh", "ar"]))
def test_words_are_never_empty_and_stand_where_they_say(text, lang):
    text = analysis.clean(text)
    last = -1
    for word in analysis.words(text):
        assert word.text
        assert not any(sign.isspace() for sign in word.text)
        assert last < word.start < word.end <= len(text)
        last = word.start
    assert all(analysis.terms(text, lang)), "an empty term cannot be indexed"


@pytest.fixture(scope="module")
def shared_engine(tmp_path_factory):
    made = WhooshEngine(tmp_path_factory.mktemp("index"))
    with made.writing():
        made.replace([comment(n, f"bus number{n} é 北京 author") for n in range(20)])
    return made


def _search(engine, typed: str) -> None:
    started = time.process_time()
    with suppress(Refused):
        engine.find(language.read(typed), MOST)
    assert time.process_time() - started < 0.3
