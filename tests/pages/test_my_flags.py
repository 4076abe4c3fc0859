"""A member's own flags, what became of them, and the letters about them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation import decisions, flagging, queries, undoing
from tests import makers
from tests.letters import letters
from tests.queries import counted_queries


@pytest.fixture
def flagged(app, cast, post):
    comment = makers.make_comment(cast.alice, post, "Buy my boat.")
    flagging.flag(comment, cast.bob, "spam", "It is about a boat.")
    db.session.commit()
    return comment


def decide(comment, by, act: str, *rest):
    case = queries.open_case_of(comment)
    made = getattr(decisions, act)(case, by, case.version, *rest)
    db.session.commit()
    return made


def later(minutes: float = 11) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False)


def subjects(app, to: str) -> list[str]:
    return [letter.subject for letter in letters(app, to)]


def test_a_flag_waits_until_somebody_looks(flagged, post, cast, visit):
    page = visit(cast.bob).get("/account/flags")
    assert "A moderator will look" in page
    assert post.title in page
    assert "It is about a boat." in page


@pytest.mark.parametrize(
    ("act", "words"),
    [("remove", "A moderator agreed"), ("mark_spam", "A moderator agreed"), ("dismiss", "read it, and it stays")],
)
def test_what_became_of_it_is_told_on_the_page_and_by_letter_when_it_lasts(act, words, app, flagged, cast, visit, work):
    decide(flagged, cast.mona, act, *(["spam"] if act == "remove" else []))
    work()
    bob = visit(cast.bob)
    assert "A moderator will look" in bob.get("/account/flags")
    assert subjects(app, "bob@example.org") == []
    with later():
        work()
        work()
        assert words in visit(cast.bob).get("/account/flags")
    assert subjects(app, "bob@example.org") == ["What became of your flag"]


def test_an_undone_decision_is_told_to_nobody(app, flagged, cast, visit, work):
    undoing.undo(decide(flagged, cast.mona, "remove", "spam"), cast.mona)
    db.session.commit()
    with later():
        work()
        assert "A moderator will look" in visit(cast.bob).get("/account/flags")
    assert subjects(app, "bob@example.org") == []


def test_words_that_are_gone_are_not_on_the_page_nor_in_the_letter(app, flagged, cast, visit, work):
    decide(flagged, cast.mona, "remove", "spam")
    with later():
        work()
        page = visit(cast.bob).get("/account/flags")
    assert "Buy my boat" not in page
    assert "Alice" not in page
    (letter,) = letters(app, "bob@example.org")
    assert "Buy my boat" not in letter.text + letter.html
    assert "Mona" not in letter.text + letter.html


def test_the_letters_can_be_turned_off_and_on(app, flagged, cast, visit, work):
    bob = visit(cast.bob)
    page = bob.submit(bob.get("/account/flags"), "/account/flags", mail="off")
    assert "We do not write to you" in page
    decide(flagged, cast.mona, "remove", "spam")
    with later():
        work()
    assert subjects(app, "bob@example.org") == []
    page = bob.submit(bob.get("/account/flags"), "/account/flags", mail="on")
    assert "We write to you when" in page


def test_nobody_sees_the_flags_of_others(flagged, cast, visit):
    page = visit(cast.mallory).get("/account/flags")
    assert "You have flagged nothing." in page
    assert visit().get("/account/flags").status == 303


def test_a_comment_its_writer_took_back_is_told_as_that(flagged, cast, visit):
    alice = visit(cast.alice)
    alice.submit(alice.get(f"/comments/{flagged.id}/withdraw"), "/withdraw")
    assert "The writer took it back" in visit(cast.bob).get("/account/flags")


def test_the_page_costs_the_same_however_many_there_are(flagged, post, cast, visit):
    bob = visit(cast.bob)
    bob.get("/account/flags")
    with counted_queries() as few:
        bob.get("/account/flags")
    for _number in range(10):
        flagging.flag(makers.make_comment(cast.alice, post), cast.bob, "spam", "")
    db.session.commit()
    bob.get("/account/flags")
    with counted_queries() as many:
        bob.get("/account/flags")
    assert len(many) == len(few)
