"""What people type, read; and what cannot be read, refused or searched as plain words."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.foundation.errors import Refused
from forum.search import language
from forum.search.engine import COMMENT, IMAGE, LINK, NEWEST, PERSON, POST, Term, Wish
from forum.search.language import Reading, Token
from tests.search.shelf import comment, keep, keys, query

pytestmark = pytest.mark.usefixtures("words")

TODAY = date(2026, 11, 23)


def read(typed: str, *, has_person: bool = True) -> Reading:
    return language.read(typed, today=TODAY, has_person=has_person)


def meant(reading: Reading) -> Reading:
    """Without how it was typed: what it comes to."""
    return replace(reading, typed="", tokens=(), words=(), notes=())


def wishes(*terms: str) -> tuple[Wish, ...]:
    """One wish for each: words that follow each other with spaces between; "a|b" is either."""
    return tuple(Wish(tuple(Term(tuple(one.split())) for one in each.split("|"))) for each in terms)


def phrase(*words: str) -> Wish:
    return Wish((Term(words),), is_needed=True)


def midnight(*day: int) -> datetime:
    return datetime(*day, tzinfo=UTC)


READINGS = [
    # Words
    ("red bus", Reading(wishes=wishes("red", "bus"))),
    ("  red   BUS red ", Reading(wishes=wishes("red", "bus"))),
    ("bus,tram;train (night)", Reading(wishes=wishes("bus", "tram", "train", "night"))),
    ("bus/tram", Reading(wishes=wishes("bus", "tram"))),
    ("1,000 buses", Reading(wishes=wishes("1 000", "buses"))),
    ("red AND bus", Reading(wishes=wishes("red", "bus"))),
    # Words of several
    ("well-known", Reading(wishes=wishes("well known"))),
    ("max_len", Reading(wishes=wishes("max len"))),
    ("e-mail me@example.org", Reading(wishes=wishes("e mail", "me example org"))),
    ("http://example.org/a/path?x=1", Reading(wishes=wishes("http example org a path", "x 1"))),
    ("src/app.py", Reading(wishes=wishes("src app py"))),
    ("12:30 C++: localhost:8000", Reading(wishes=wishes("12 30", "cplusplus", "localhost 8000"))),
    ("std::vector mailto:a@b.org", Reading(wishes=wishes("std vector", "mailto a b org"))),
    ("don't", Reading(wishes=wishes("don"))),
    ("北京大学", Reading(wishes=wishes("北京 京大 大学"))),
    ("ysgolion mae'r i’r", Reading(wishes=wishes("ysgolion"))),
    # Questions
    ("How do I find the bus?", Reading(wishes=wishes("find", "bus"))),
    ("what is the", Reading(wishes=wishes("what", "is", "the"))),
    ("Sut mae'r bws?", Reading(wishes=wishes("bws"))),
    ("the author:alice", Reading(authors=(("alice",),))),
    # Phrases
    ('"say yes" bus', Reading(wishes=(phrase("say", "yes"), *wishes("bus")))),
    ("“say yes”", Reading(wishes=(phrase("say", "yes"),))),
    ("„say yes” «all right»", Reading(wishes=(phrase("say", "yes"), phrase("all", "right")))),
    ('"The" of', Reading(wishes=(phrase("the"),))),
    ('bus"red car"', Reading(wishes=(*wishes("bus"), phrase("red", "car")))),
    ('bus""', Reading(wishes=wishes("bus"))),
    ('"mine"', Reading(wishes=(phrase("mine"),))),
    ('"author:alice OR -bus*"', Reading(wishes=(phrase("author", "alice", "or", "bus"),))),
    # Leaving out
    ("bus -red", Reading(wishes=wishes("bus"), without=(Term(("red",)),))),
    ("bus −red", Reading(wishes=wishes("bus"), without=(Term(("red",)),))),
    ('bus -"red car" -e-mail', Reading(wishes=wishes("bus"), without=(Term(("red", "car")), Term(("e", "mail"))))),
    ("bus -car*", Reading(wishes=wishes("bus"), without=(Term(("car",), is_prefix=True),))),
    ("bus -mine", Reading(wishes=wishes("bus"), without=(Term(("mine",)),))),
    # One or other
    ("bus OR tram", Reading(wishes=wishes("bus|tram"))),
    ("bws NEU dram trên", Reading(wishes=wishes("bws|dram", "tren"))),
    ("a OR b OR c", Reading(wishes=wishes("a|b|c"))),
    ('bus OR "red car"', Reading(wishes=wishes("bus|red car"))),
    ('"blue car" OR "red car"', Reading(wishes=(replace(wishes("blue car|red car")[0], is_needed=True),))),
    ("bus or tram", Reading(wishes=wishes("bus", "tram"))),
    ("author:alice OR author:bob", Reading(authors=(("alice",), ("bob",)))),
    # Beginnings
    ("counc*", Reading(wishes=(Wish((Term(("counc",), is_prefix=True),)),))),
    ("Éta*", Reading(wishes=(Wish((Term(("eta",), is_prefix=True),)),))),
    ("bus* OR tra*", Reading(wishes=(Wish((Term(("bus",), is_prefix=True), Term(("tra",), is_prefix=True))),))),
    ("东京*", Reading(wishes=wishes("东京"))),
    # People
    ("author:alice bus", Reading(wishes=wishes("bus"), authors=(("alice",),))),
    ('author:"Alice Archer"', Reading(authors=(("alice", "archer"),))),
    ("Author:Zoë awdur:siân", Reading(authors=(("zoe",), ("sian",)))),
    ("bus -author:alice", Reading(wishes=wishes("bus"), without_authors=(("alice",),))),
    ("mine bus", Reading(wishes=wishes("bus"), is_mine=True)),
    ("is:mine author:me", Reading(is_mine=True)),
    # Kinds, and what a discussion is about
    ("in:posts in:comment", Reading(kinds=frozenset({POST, COMMENT}))),
    ("bus -in:people", Reading(wishes=wishes("bus"), kinds=frozenset({POST, COMMENT}))),
    ("in:people yn:sylwadau", Reading(kinds=frozenset({PERSON, COMMENT}))),
    ("in:creative-councils", Reading(series=("creative-councils",))),
    ('series:"Creative Councils" in:posts', Reading(series=("creative-councils",), kinds=frozenset({POST}))),
    (
        'tag:"care leavers" -tag:money -series:old -post:one',
        Reading(tags=("care-leavers",), without_tags=("money",), without_series=("old",), without_posts=("one",)),
    ),
    ("post:the-front-door post:other", Reading(posts=("the-front-door", "other"))),
    # Days: any of several of one kind will do, and what is not before is after
    ("after:2026-01 bus", Reading(wishes=wishes("bus"), since=midnight(2026, 1, 1))),
    ("after:2026-03-01 after:2026-02-01", Reading(since=midnight(2026, 2, 1))),
    ("before:2026-03-01 before:2026-02-01", Reading(until=midnight(2026, 3, 1))),
    (
        "bus -before:2026-01-31 -after:2026-03",
        Reading(wishes=wishes("bus"), since=midnight(2026, 1, 31), until=midnight(2026, 3, 1)),
    ),
    ("after:last week buses", Reading(wishes=wishes("buses"), since=midnight(2026, 11, 16))),
    ('after:"last week" cyn:ddoe', Reading(since=midnight(2026, 11, 16), until=midnight(2026, 11, 22))),
    # Contents and order
    ("has:image has:links", Reading(contents=frozenset({IMAGE, LINK}))),
    ("bus -has:image", Reading(wishes=wishes("bus"), without_contents=frozenset({IMAGE}))),
    ("bus order:liked order:newest", Reading(wishes=wishes("bus"), order=NEWEST)),
]


@pytest.mark.parametrize(("typed", "reading"), READINGS, ids=[typed for typed, _reading in READINGS])
def test_it_is_read_as_people_mean_it(typed, reading):
    found = read(typed)
    assert meant(found) == reading
    assert not found.notes


MALFORMED = [
    ("titel:bus", wishes("titel", "bus"), "“titel:” is nothing to narrow by"),
    ("title:bus^4~2", wishes("title", "bus 4 2"), "“title:” is nothing"),
    ('foo:"red bus"', wishes("foo", "red", "bus"), "“foo:” is nothing"),
    ("author: alice", wishes("author", "alice"), "right after the colon"),
    ('tag:"" bus', wishes("tag", "bus"), "right after the colon"),
    ("after:soon", wishes("soon"), "A date looks like"),
    ("bus before:2026-02-30", wishes("bus", "2026 02 30"), "A date looks like"),
    ("after:99999y bus", wishes("99999y", "bus"), "A date looks like"),
    ("has:video", wishes("video"), "has:image"),
    ("is:open", wishes("open"), "is:mine"),
    ("bus order:odd", wishes("bus", "order", "odd"), "The orders are"),
    ("author:?!", wishes("author"), "no name"),
    ("tag:!!", wishes("tag"), "no name"),
    ('bus "red', wishes("bus", "red"), "no partner"),
    ("bus - red", wishes("bus", "red"), "A minus leaves out"),
    ("bus --red", wishes("bus", "red"), "A minus leaves out"),
    ("bus NOT red", wishes("bus", "red"), "“NOT” leaves nothing out"),
    ("bus OR", wishes("bus"), "“OR” was searched as a plain word"),
    ("OR bus", wishes("bus"), "“OR” was searched as a plain word"),
    ("bus OR OR tram", wishes("bus", "tram"), "“OR” was searched as a plain word"),
    ("bus OR author:zoe", wishes("bus"), "“OR” was searched as a plain word"),
    ("author:alice OR tag:money bus", wishes("bus"), "“OR” was searched as a plain word"),
    ("bu* tram", wishes("bu", "tram"), "three letters or more"),
    ("b*s", wishes("b s"), "only stand at the end"),
    ("*bus e-ma*", wishes("bus", "e ma"), "only stand at the end"),
    ("bus *", wishes("bus"), "only stand at the end"),
]


@pytest.mark.parametrize(("typed", "expected", "sentence"), MALFORMED, ids=[typed for typed, *_ in MALFORMED])
def test_what_makes_no_sense_is_searched_as_plain_words_and_says_so(typed, expected, sentence):
    found = read(typed)
    assert found.wishes == expected
    assert len(found.notes) == 1 + (typed == "*bus e-ma*")
    assert sentence in found.notes[0]


def test_what_makes_no_sense_is_still_left_out_after_a_minus():
    assert read("bus -titel:red").without == (Term(("titel",)), Term(("red",)))
    found = read("bus -is:mine")
    assert not found.is_mine
    assert "cannot be left out" in found.notes[0]


def test_leaving_out_every_kind_of_result_leaves_out_none_and_says_so():
    found = read("bus -in:posts -in:comments -in:people")
    assert not found.kinds
    assert "all kinds were searched" in found.notes[0]


@pytest.mark.parametrize("typed", ["bus mine", "bus is:mine", "bus author:me"])
def test_a_guest_has_nothing_of_their_own(typed):
    found = read(typed, has_person=False)
    assert not found.is_mine
    assert not found.tokens
    assert found.wishes[0] == wishes("bus")[0]
    assert "sign in" in found.notes[0]


def test_the_same_note_is_not_said_twice():
    assert len(read("bus - red - tram").notes) == 1


REFUSALS = [
    ("a" * 501, "500 characters"),
    (" ".join(f"word{n}" for n in range(49)), "48 words"),
    (" OR ".join(f"w{n}" for n in range(49)), "48 words"),
    (" ".join(f"-word{n}" for n in range(9)) + " bus", "8 phrases"),
    (" ".join(f"begin{n}*" for n in range(9)), "8 phrases"),
    (" ".join(f'"a phrase{n}"' for n in range(9)), "8 phrases"),
    (" ".join(f"tag:t{n}" for n in range(49)), "48 words"),
    ("-bus", "what to leave out"),
    ("-author:alice -in:posts", "what to leave out"),
    ("", "Type a word"),
    ("!!! ??? …", "Type a word"),
    ("🚌", "Type a word"),
    ("_", "Type a word"),
    ("\x00", "Type a word"),
    ('"" -', "Type a word"),
    ("order:newest", "Type a word"),
]


@pytest.mark.parametrize(("typed", "sentence"), REFUSALS, ids=[typed[:20] for typed, _sentence in REFUSALS])
def test_what_cannot_be_searched_is_refused_in_plain_words(typed, sentence):
    with pytest.raises(Refused, match=sentence) as refusal:
        read(typed)
    assert refusal.value.field == "q"


def test_of_nothing_but_small_words_the_first_twelve_are_searched():
    small = "the of and to in is that it for on with as be at by this"
    assert [wish.terms[0].words[0] for wish in read(small).wishes] == small.split()[:12]


def test_twelve_telling_words_are_searched_however_many_small_ones_stand_between():
    assert len(read(" of the ".join(f"word{n}" for n in range(12))).wishes) == 12


def test_a_word_said_again_is_no_more_work():
    assert len(read("bus " * 40).wishes) == 1


def test_of_a_very_long_phrase_the_beginning_is_searched():
    found = read('"' + " ".join(str(n) for n in range(50)) + '"')
    assert len(found.wishes[0].terms[0].words) == 30
    assert "first 30 words" in found.notes[0]


TYPED = 'bus -author:"Alice A" in:posts in:creative-councils after:last week mine order:newest'


def test_every_operator_can_be_taken_out():
    assert read(TYPED).tokens == (
        _token("author", "Alice A", '-author:"Alice A"', is_without=True),
        _token("in", "posts", "in:posts"),
        _token("series", "creative-councils", "in:creative-councils"),
        _token("after", "2026-11-16", "after:last week"),
        _token("mine", "", "mine"),
        _token("order", "newest", "order:newest"),
    )


def _token(name: str, value: str, typed: str, *, is_without: bool = False) -> Token:
    return Token(name, value, typed, " ".join(TYPED.replace(typed, "").split()), is_without)


@pytest.mark.parametrize(
    ("typed", "rests"),
    [
        ("author:a OR author:b bus", ["author:b bus", "author:a bus"]),
        ("tag:a OR tag:b OR tag:c", ["tag:b OR tag:c", "tag:a OR tag:c", "tag:a OR tag:b"]),
        ("tag:a", [""]),
        ('bus  "red  car"  tag:a', ['bus  "red  car"']),
    ],
)
def test_what_is_left_without_an_operator_makes_sense(typed, rests):
    assert [token.rest for token in read(typed).tokens] == rests


def test_the_words_that_are_looked_for_stand_where_they_say():
    found = read('The Énergy -red "say yes" author:bob  trams')
    assert [found.typed[word.start : word.end] for word in found.words] == ["Énergy", "say", "yes", "trams"]
    assert [word.text for word in found.words] == ["energy", "say", "yes", "trams"]


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
    "1/0 %00 %s {0} {{7*7}} ${x} %(typed)s:x after:%(typed)s",
    "key:comment:1 kind:comment",
    "a OR b OR c OR d OR e OR f NEAR g",
    "北" * 200,
    "\n\t\r bus \x0b\x1f",
    "after:0000-00-00 before:9999999m after:0d",
    "in:in:in:posts tag:tag: post:-1",
]


def test_hostile_searches_are_answered_or_refused(engine):
    keep(engine, comment(1, "A bus, and a <script> of words."))
    for typed in HOSTILE:
        with suppress(Refused):
            assert keys(engine.find(query(typed), 10)) in ([], ["comment:1"])


PIECES = [
    *("author:", "in:", "tag:", "after:", "before:", "has:", "is:", "order:", "post:", "wedi:", "foo:", "http://"),
    *("-", "−", '"', "“", "”", "*", " OR ", " NEU ", "OR", "NOT", " mine ", "last week", "2026-01", "7d", "posts"),
    *("bus", "’s", " ", " ", " ", "the", "é", "\u0301", "北京", "हि", "max_len", "C++", ":", ",", "/", "\x00", "🚌"),
]


@settings(max_examples=500, deadline=None, derandomize=True)
@given(
    st.one_of(
        st.text(max_size=220),
        st.text(alphabet='ab"“”-:*()é北 authorOR/', max_size=500),
        st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    ),
    st.booleans(),
)
def test_whatever_is_typed_is_read_or_refused_with_little_to_do(typed, has_person):
    found = None
    with suppress(Refused):
        found = read(typed, has_person=has_person)
    if found is None:
        return
    terms = [*(term for wish in found.wishes for term in wish.terms), *found.without]
    assert len(terms) + len(found.tokens) <= language.MOST_TERMS
    assert all(1 <= len(term.words) <= 30 and all(term.words) for term in terms)
    assert all(len(term.words[0]) >= 3 for term in terms if term.is_prefix)
    assert any(getattr(found, field.name) != field.default for field in fields(Reading) if field.name != "typed")
    for token in found.tokens:
        assert token.typed in found.typed
        assert len(token.rest) < len(found.typed)
        with suppress(Refused):
            assert len(read(token.rest, has_person=has_person).tokens) < len(found.tokens)
