"""Did you mean: which words are taken for misspelt, and what is proposed for them."""

from __future__ import annotations

from datetime import date

import pytest

from forum.search import language, spelling
from tests.search.shelf import comment, keep, post


@pytest.fixture
def library(whoosh):
    """An index with words of many and of few documents."""
    keep(
        whoosh,
        post(1, "The library and its letters", "Buses go to the library, and cyclists use the cycleway."),
        *(comment(number, "A letter about the library said that the council receives it.") for number in range(1, 8)),
        comment(10, "Once somebody wrote libary."),
        comment(11, "The latter stands in one place, and café Österreich too."),
        comment(12, "Peter knows pewter and petrel."),
    )
    return whoosh


def read(typed: str) -> language.Reading:
    return language.read(typed, today=date(2026, 7, 1), has_person=False)


def better(engine, typed: str, stale=()) -> str | None:
    return spelling.better(engine, read(typed), stale)


pytestmark = pytest.mark.usefixtures("words")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("libarry", "library"),  # two neighbours changed places
        ("librarry", "library"),  # one too many
        ("lbrary", "library"),  # one is missing, the second
        ("ilbrary", "library"),  # the first two changed places
        ("counzil", "council"),  # another one
        ("receeves", "receives"),
        ("lirbrarry", "library"),  # two slips in a long word
        ("osterreihc", "osterreich"),
    ],
)
def test_a_slip_is_mended(library, typed, meant):
    assert better(library, typed) == meant


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("library", "it is there"),
        ("cycleways", "it is found by its stem"),
        ("receive", "another form of it is there"),
        ("lbr", "it is short"),
        ("bxsxs", "in a short word two slips are too many"),
        ("zebra", "nothing is like it"),
        ("2lbrary", "it has a digit"),
        ("“libarry books”", "it is a phrase"),
        ("-libarry council", "it is left out"),
        ("author:libarry council", "it is a name"),
        ("libarr*", "it is a beginning"),
        ("libarry.example.org", "it is an address"),
        ("me@libarry", "it is an address"),
        ("max_libarry", "it is an expression"),
        ("colour:libarry", "it looks like an operator"),
    ],
)  # fmt: skip
def test_what_is_left_as_it_is(library, typed, why):
    assert better(library, typed) is None, why


def test_only_the_misspelt_words_are_typed_anew(library):
    typed = 'The  Libarry, (COUNZIL) "a libarry" -libarry author:libarry libarry’s cycleway OR Buses.'
    meant = 'The  Library, (COUNCIL) "a libarry" -libarry author:libarry library’s cycleway OR Buses.'
    assert better(library, typed) == meant


def test_of_words_that_are_equally_like_it_the_more_frequent_is_meant(library):
    # "letter" is in seven comments, "latter" in one.
    assert better(library, "lxtter") == "letter"


def test_fewer_slips_go_before_more_documents(whoosh):
    keep(whoosh, comment(1, "grandson"), *(comment(number, "grandest") for number in range(2, 9)))
    assert better(whoosh, "grandsen") == "grandson"


def test_a_slip_that_others_made_too_is_mended_where_the_right_word_is_much_more_frequent(whoosh):
    keep(whoosh, comment(1, "the libary"), *(comment(number, "a library") for number in range(2, 50)))
    assert better(whoosh, "libary") is None, "48 times as many are not enough"
    keep(whoosh, *(comment(number, "a library") for number in range(50, 60)))
    assert better(whoosh, "libary") == "library"


def test_a_word_that_several_documents_hold_is_right(whoosh):
    keep(
        whoosh,
        *(comment(number, "the libary") for number in range(1, 4)),
        *(comment(number, "library") for number in range(10, 200)),
    )
    assert better(whoosh, "libary") is None


def test_a_word_that_only_hidden_documents_hold_is_not_proposed(whoosh):
    keep(whoosh, comment(1, "the scandal at the council"), comment(2, "a council"))
    assert better(whoosh, "scandel") == "scandal"
    assert better(whoosh, "scandel", stale={"comment:1"}) is None
    assert better(whoosh, "scandel council", stale={"comment:1"}) is None, "though the whole search finds something"
    assert better(whoosh, "scandel cuoncil", stale={"comment:1"}) == "scandel council", "the other word is mended"


def test_a_word_that_is_forgotten_is_not_proposed(whoosh):
    keep(whoosh, comment(1, "scandal"), comment(2, "a council"))
    with whoosh.writing():
        whoosh.write({"comment:1"}, ())
    assert better(whoosh, "scandel") is None


def test_of_a_search_with_many_unknown_words_nothing_is_guessed(library):
    assert better(library, "libarry lirbary libraryy libraery") is None


def test_a_search_does_not_grow_beyond_what_may_be_typed(whoosh):
    keep(whoosh, comment(1, "organisations"))
    short, long = "organisatons " + "x " * 10, "organisatons " + "x" * (language.LONGEST - 13)
    assert better(whoosh, short) == short.replace("organisatons", "organisations")
    assert len(long) == language.LONGEST
    assert better(whoosh, long) is None


def test_words_of_other_scripts_are_compared_letter_by_letter(whoosh):
    keep(whoosh, comment(1, "библиотека открыта", lang="ru"), comment(2, "図書館", lang="ja"))
    assert better(whoosh, "библеотека") == "библиотека"
    assert better(whoosh, "図書室") is None


def test_both_engines_mend_the_same(engine):
    keep(engine, comment(1, "the library"), comment(2, "a council"), comment(3, "library letters"))
    assert better(engine, "libarry counzil") == "library council"
    assert better(engine, "libarry", stale={"comment:1", "comment:3"}) is None
