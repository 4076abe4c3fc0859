"""What a check or a word would have found, before it is switched on."""

from __future__ import annotations

import pytest

from forum.foundation.db import db
from forum.moderation import cases, decisions, undoing
from forum.moderation.actions import FLAGGED
from forum.reading import screening as shown
from forum.screening import checks, names, settings, trial
from forum.screening.models import BLOCK, HOLD
from forum.screening.patterns import Matcher, Pattern
from forum.screening.words import Watched
from tests import makers


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur)


def words(pattern: str, action: str = HOLD) -> Watched:
    return Watched({1: action}, Matcher([Pattern(1, pattern)]))


def test_a_word_is_tried_on_comments_with_what_became_of_them(post, cast):
    let = makers.make_comment(cast.alice, post, "A disgrace, I say.")
    case = cases.open_for(let, FLAGGED)
    decisions.dismiss(case, cast.mona, case.version)
    db.session.commit()
    makers.make_removed(cast.bob, post, cast.mona, "You are a disgrace.")
    makers.make_comment(cast.bob, post, "Disgrace upon disgrace.")
    makers.make_comment(cast.bob, post, "Nothing here.")
    makers.make_withdrawn(cast.bob, post, "A disgrace, but withdrawn.")
    comments = trial.newest()
    tried = shown.tried(comments, trial.of_words(words("disgrace"), comments))
    assert (tried.looked_at, tried.hits, tried.let_through, tried.stopped) == (4, 3, 1, 1)
    assert tried.error_rate == 50
    assert tried.rows[0].found == ["Disgrace", "disgrace"]


def test_an_undone_decision_lets_nothing_through(post, cast):

    comment = makers.make_comment(cast.alice, post, "A disgrace, I say.")
    case = cases.open_for(comment, FLAGGED)
    decision = decisions.dismiss(case, cast.mona, case.version)
    db.session.commit()
    undoing.undo(decision, cast.mona)
    db.session.commit()
    comments = trial.newest()
    tried = shown.tried(comments, trial.of_words(words("disgrace"), comments))
    assert (tried.let_through, tried.error_rate) == (0, None)


def test_a_word_that_would_stop_a_comment_counts_too(post, cast):
    makers.make_comment(cast.alice, post, "Free money!")
    assert len(trial.of_words(words("free money", BLOCK), trial.newest())) == 1


def test_moderators_comments_are_left_out_as_they_will_be(post, cast):
    makers.make_comment(cast.mona, post, "A disgrace.")
    assert trial.of_words(words("disgrace"), trial.newest()) == []


@pytest.mark.parametrize("check", [check for check in checks.CHECKS if check.tries], ids=lambda check: check.name)
def test_every_check_that_says_so_can_be_tried(check, post, cast):
    first = makers.make_comment(cast.alice, post, "See https://a.example, https://b.example and call 07700 900123.")
    makers.make_comment(cast.bob, post, "And I.", first)
    trial.of_check(check, check.numbers_of(settings.Kept()), trial.newest())


def test_a_check_that_is_off_can_be_tried_and_changes_nothing(post, cast):
    makers.make_comment(cast.alice, post, "See https://a.example and https://b.example today.")
    settings.change(names.LINKS, cast.ada, is_on=False)
    db.session.commit()
    links = checks.BY_NAME[names.LINKS]
    assert len(trial.of_check(links, {"known": 1, "trusted": 9}, trial.newest())) == 1
    assert trial.of_check(links, {"known": 2, "trusted": 9}, trial.newest()) == []
    assert settings.kept()[names.LINKS].is_on is False


def test_a_repeat_of_the_past_is_seen_as_it_was_then(post, cast):
    long = "The bus to the market was late again this morning and nobody was told why."
    makers.make_comment(cast.alice, post, long)
    again = makers.make_comment(cast.alice, post, f"{long} Really.")
    (hit,) = trial.of_check(checks.BY_NAME[names.REPEAT], {"alike": 60, "days": 7}, trial.newest())
    assert hit.comment.id == again.id
