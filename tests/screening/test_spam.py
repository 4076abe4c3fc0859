"""The spam score: what it learns, from what, and when it says something."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from forum.comments.models import Comment
from forum.events import catalog
from forum.foundation.db import db
from forum.moderation import cases, decisions, learning, queries, reactions
from forum.moderation.actions import FLAGGED
from forum.moderation.actions import SPAM as SPAM_CASE
from forum.screening import bayes, checks, names, settings, spam
from forum.screening.bayes import Counts
from forum.screening.models import SpamLesson, SpamWord
from tests import makers
from tests.comments.crowds import fill
from tests.screening.test_checks import screened

ADVERT = "Buy cheap pills number {} now, free shipping today"
HONEST = "The library number {} should stay open longer on Saturdays"


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur)


def taught(post, cast, each: int) -> list[Comment]:
    """So many comments of each kind, decided on."""
    ids = fill(post, [None] * (2 * each), [cast.alice])
    rows = [db.session.get(Comment, number) for number in ids]
    for number, comment in enumerate(rows):
        is_spam = bool(number % 2)
        comment.body = (ADVERT if is_spam else HONEST).format(number)
        comment.body_html = f"<p>{comment.body}</p>"
        spam.learn(comment, is_spam=is_spam)
    db.session.commit()
    return rows


def test_it_is_silent_until_enough_was_decided_here(post, cast):
    taught(post, cast, spam.ENOUGH - 1)
    assert spam.score(bayes.words_of("Buy cheap pills now")) is None
    assert screened(cast.bob, post, "Buy cheap pills now").findings == []


def test_what_looks_like_spam_here_is_held_with_the_words_that_say_so(post, cast):
    taught(post, cast, spam.ENOUGH)
    (finding,) = screened(cast.bob, post, "Cheap pills, free shipping, buy today").findings
    assert (finding.reason, finding.effect) == (names.SPAM, "hold")
    assert finding.detail["percent"] >= 90
    assert "pills" in finding.detail["found"]
    assert screened(cast.bob, post, "When is the library open on Saturdays?").findings == []
    assert screened(cast.mona, post, "Cheap pills, free shipping, buy today").findings == []


def test_a_comment_that_looks_like_spam_opens_a_case_of_suspected_spam(post, cast):
    taught(post, cast, spam.ENOUGH)
    comment = makers.make_comment(cast.bob, post, "Words.")
    comment.state, comment.held_for = "held", [{"reason": names.SPAM, "effect": "hold", "detail": {"percent": 97}}]
    db.session.commit()
    reactions.open_case(catalog.CommentHeld(comment.id))
    assert queries.open_case_of(comment).kind == SPAM_CASE


def test_what_is_unlearned_was_never_learned(post, cast):
    comments = taught(post, cast, 5)
    before = _all_words(), settings.kept()[names.SPAM].numbers["spam"]
    extra = makers.make_comment(cast.bob, post, "An entirely different text about pills and trams.")
    spam.learn(extra, is_spam=True)
    spam.learn(extra, is_spam=True)
    assert _all_words() != before[0]
    spam.unlearn(extra)
    spam.unlearn(extra)
    db.session.commit()
    assert (_all_words(), settings.kept()[names.SPAM].numbers["spam"]) == before
    assert db.session.scalar(select(func.count(SpamLesson.comment_id))) == len(comments)


def test_the_other_decision_takes_the_first_back(post, cast):
    comment = makers.make_comment(cast.alice, post, "Pills and trams.")
    spam.learn(comment, is_spam=True)
    spam.learn(comment, is_spam=False)
    db.session.commit()
    assert db.session.get(SpamWord, "pills").spam == 0
    assert db.session.get(SpamWord, "pills").honest == 1
    assert spam.learned_here().spam == 0


def test_an_edit_after_the_decision_does_not_confuse_what_is_taken_back(post, cast):
    comment = makers.make_comment(cast.alice, post, "Pills and trams.")
    spam.learn(comment, is_spam=True)
    comment.body_html = "<p>Other words.</p>"
    spam.unlearn(comment)
    db.session.commit()
    assert _all_words() == {}


def test_it_learns_from_decisions_once_they_stand(post, cast):
    advert = makers.make_comment(cast.alice, post, "Pills!")
    unkind = makers.make_comment(cast.alice, post, "You are unkind.")
    fine = makers.make_comment(cast.alice, post, "A fine point.")
    made = [
        _decided(advert, cast, lambda case: decisions.mark_spam(case, cast.mona, case.version)),
        _decided(unkind, cast, lambda case: decisions.remove(case, cast.mona, case.version, "unkind", "")),
        _decided(fine, cast, lambda case: decisions.dismiss(case, cast.mona, case.version)),
    ]
    assert _lessons() == {}
    for decision in made:
        learning.learn(catalog.DecisionFinal(decision.id))
        learning.learn(catalog.DecisionFinal(decision.id))
    assert _lessons() == {advert.id: True, fine.id: False}


def test_the_words_of_a_quotation_teach_nothing_of_the_writer(post, cast):
    comment = makers.make_comment(cast.alice, post, "> Cheap pills\n\nIs this allowed here?")
    spam.learn(comment, is_spam=False)
    db.session.commit()
    assert db.session.get(SpamWord, "pills") is None


def _decided(comment, cast, decide):
    decision = decide(cases.open_for(comment, FLAGGED))
    db.session.commit()
    return decision


def _lessons() -> dict[int, bool]:
    return dict(db.session.execute(select(SpamLesson.comment_id, SpamLesson.is_spam)).tuples().all())


def _all_words() -> dict[str, tuple[int, int]]:
    rows = db.session.execute(select(SpamWord.word, SpamWord.spam, SpamWord.honest))
    return {word: (in_spam, in_honest) for word, in_spam, in_honest in rows}


# The formulas

KNOWN = {"spam": Counts(10, 0), "both": Counts(5, 5), "honest": Counts(0, 10)}


def test_a_word_speaks_for_where_it_was_seen():
    assert bayes.weight(Counts(10, 0), 10, 10) > 0.9
    assert bayes.weight(Counts(0, 10), 10, 10) < 0.1
    assert bayes.weight(Counts(5, 5), 10, 10) == pytest.approx(0.5)
    assert bayes.weight(Counts(0, 0), 10, 10) == bayes.UNKNOWN


def test_a_word_seen_once_says_less_than_one_seen_often():
    assert 0.5 < bayes.weight(Counts(1, 0), 50, 50) < bayes.weight(Counts(20, 0), 50, 50)


def test_fishers_method_agrees_with_its_definition():
    """Of three numbers 0.5: -2 ln of the product is 4.1589, and chi-squared with 6 degrees exceeds that in 0.6552."""
    assert bayes._survival([0.5, 0.5, 0.5]) == pytest.approx(0.6552, abs=1e-4)


@given(st.lists(st.floats(0.001, 0.999), max_size=40))
def test_the_score_of_any_words_is_a_number_and_turns_round_with_them(weights):
    raw = bayes.raw_score(weights)
    assert math.isfinite(raw)
    assert raw == pytest.approx(-bayes.raw_score([1 - share for share in weights]), abs=1e-6)


@given(st.lists(st.tuples(st.floats(-14, 14), st.booleans()), max_size=60))
def test_the_fitted_probability_is_one_and_never_falls_with_the_score(told):
    curve = bayes.fit(told)
    assert 0 <= curve.probability(-3) <= curve.probability(0) <= curve.probability(3) <= 1


def test_the_probability_is_as_often_right_as_it_says():
    """Of texts with a score of 1, three in four were spam: so it says about 75%."""
    told = [(1.0, number % 4 != 0) for number in range(400)] + [(-1.0, number % 4 == 0) for number in range(400)]
    curve = bayes.fit(told)
    assert curve.probability(1) == pytest.approx(0.75, abs=0.02)
    assert curve.probability(-1) == pytest.approx(0.25, abs=0.02)


@given(st.text(max_size=300))
def test_any_text_has_words_that_the_database_can_keep(text):
    words = bayes.words_of(text, ["https://[", "http://a.example/x", "https://" + "x" * 200])
    assert len(words) == len(set(words)) <= bayes.MOST_WORDS
    assert all(0 < len(word) <= 60 for word in words)


def test_all_checks_have_words_for_everything_they_say(app):
    for check in checks.CHECKS:
        assert checks.sentences.label(check.name)
        assert checks.sentences.for_writer(check.name).endswith(".")
        assert checks.sentences.does(check.name).endswith(".")
        for number in check.numbers:
            assert (check.name, number.name) in checks.sentences.NUMBERS
            assert number.least <= number.default <= number.most
