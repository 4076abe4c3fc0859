"""The table that parser and help page share."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from forum.search import language, operators
from forum.search.engine import COMMENT, IMAGE, NEWEST

TODAY = date(2026, 11, 23)

# What each example says: the parts of its reading that are about it.
SAID = {
    "where do buses stop": {"words": ["buses", "stop"], "is_needed": False},
    '"say yes"': {"words": ["say yes"], "is_needed": True},
    'bus -red -"night bus"': {"words": ["bus"], "without": ["red", "night bus"]},
    "bus OR tram": {"words": ["bus or tram"]},
    "counc*": {"words": ["counc*"]},
    'author:"Alice Archer"': {"authors": (("alice", "archer"),)},
    "bus in:comments": {"kinds": frozenset({COMMENT})},
    'tag:"care leavers"': {"tags": ("care-leavers",)},
    "series:creative-councils": {"series": ("creative-councils",)},
    "bus post:the-front-door": {"posts": ("the-front-door",)},
    "after:last-week bus": {"since": datetime(2026, 11, 16, tzinfo=UTC)},
    "before:2026-01-31 bus": {"until": datetime(2026, 1, 31, tzinfo=UTC)},
    "bus has:image": {"contents": frozenset({IMAGE})},
    "bus is:mine": {"is_mine": True},
    "bus order:newest": {"order": NEWEST},
}
ROWS = [*operators.SIGNS, *operators.OPERATORS]


@pytest.fixture(scope="module")
def site():
    app = Flask(__name__)
    Babel(app, default_translation_directories="forum/translations")
    return app


def read(typed: str) -> language.Reading:
    return language.read(typed, today=TODAY, has_person=True)


def said(reading: language.Reading) -> dict:
    def text(term) -> str:
        return " ".join(term.words) + "*" * term.is_prefix

    return {
        **vars(reading),
        "words": [" or ".join(text(term) for term in wish.terms) for wish in reading.wishes],
        "without": [text(term) for term in reading.without],
        "is_needed": all(wish.is_needed for wish in reading.wishes),
    }


def test_every_example_is_read_as_it_says(site):
    with site.test_request_context():
        assert [str(row.example) for row in ROWS] == list(SAID)
        for example, expected in SAID.items():
            found = read(example)
            assert not found.notes, example
            assert said(found).items() >= expected.items(), example


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_every_example_of_an_operator_uses_it_and_makes_sense(site, lang):
    with site.test_request_context(), force_locale(lang):
        for row in operators.OPERATORS:
            found = read(str(row.example))
            assert not found.notes, row.example
            assert [operators.named(token.typed.partition(":")[0]) for token in found.tokens] == [row], row.example


def test_names_are_known_in_any_case_and_belong_to_one_operator():
    names = [name for row in operators.OPERATORS for name in row.names]
    assert len(set(names)) == len(names)
    assert all(operators.named(name.upper()) is operators.named(name) for name in names)
    assert operators.named("foo") is None


def test_what_an_operator_says_of_a_value_it_does_not_know_has_the_value_in_it(site):
    with site.test_request_context():
        for row in operators.OPERATORS:
            assert "“x:y”" in str(row.misread) % {"typed": "x:y"}
