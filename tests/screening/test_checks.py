"""Each check alone: what it finds, in what, and of whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from forum.accounts.models import NEWCOMER, TRUSTED
from forum.comments import editing, posting
from forum.comments.findings import AskFirst
from forum.comments.models import REJECTED
from forum.foundation import clock, signing
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.moderation import decisions, flagging
from forum.screening import checks, names, settings, watching
from forum.screening.models import BLOCK, FLAG, HOLD, NUDGE
from forum.screening.pace import TooFast
from tests import makers
from tests.queries import counted_queries

LONG = "The bus to the market was late again this morning, and nobody at the stop was told why it was."


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur)


def screened(person, post, body, parent=None, *, nudged=False, lang="en"):
    text = posting.prepare(body, person, post)
    return checks.screen(person, post, parent, text, nudged=nudged, lang=lang)


def write(person, post, body, parent=None, *, nudged=False):
    comment = posting.write(person, post, parent, body, "en", signing.new_secret(), screen=checks.screen, nudged=nudged)
    db.session.commit()
    return comment


def found(screened_text) -> list[tuple[str, str]]:
    return [(finding.reason, finding.effect) for finding in screened_text.findings]


def later(minutes: float):
    return time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False)


# Watched words


@pytest.fixture
def watch(cast):
    def add(pattern, action, lang=""):
        word = watching.add(pattern, lang, action, "", cast.mona)
        db.session.commit()
        return word

    return add


def test_a_word_that_is_held_is_held_and_told(post, cast, watch):
    word = watch("disgrac*", HOLD)
    (finding,) = screened(cast.alice, post, "What a **dis**graceful waste.").findings
    assert (finding.reason, finding.effect) == (names.WORDS, "hold")
    assert finding.detail["words"] == [{"id": word.id, "pattern": "disgrac*"}]
    assert finding.detail["found"] == ["disgraceful"]
    assert finding.detail["spans"] == [[7, 18]]


def test_a_word_that_is_told_is_public_at_once(post, cast, watch, work):
    watch("neighbour", FLAG)
    comment = write(cast.alice, post, "My neighbour says so.")
    assert comment.state == "published"
    assert [finding["reason"] for finding in comment.held_for] == [names.WORDS]


def test_a_word_that_stops_is_not_taken_and_named(post, cast, watch):
    watch("free money", BLOCK)
    with pytest.raises(Refused, match="fr33 m0ney") as refusal:
        screened(cast.alice, post, "Get fr33 m0ney now")
    assert refusal.value.field == "body"


def test_a_word_that_asks_asks_once_and_then_waits(post, cast, watch):
    watch("idiot", NUDGE)
    with pytest.raises(AskFirst) as asked:
        write(cast.alice, post, "What an idiot.")
    assert "idiot" in asked.value.nudge.question
    comment = write(cast.alice, post, "What an idiot.", nudged=True)
    assert comment.state == "held"
    assert comment.held_for[0]["detail"]["asked"] is True


def test_of_several_words_the_strongest_counts_and_all_are_told(post, cast, watch):
    watch("neighbour", FLAG)
    watch("disgrace", HOLD)
    watch("idiot", NUDGE)
    found_now = screened(cast.alice, post, "A disgrace, neighbour, you idiot.", nudged=True)
    (finding,) = found_now.findings
    assert finding.effect == "hold"
    assert {row["pattern"] for row in finding.detail["words"]} == {"neighbour", "disgrace", "idiot"}


def test_a_word_hidden_in_the_address_of_a_link_is_found(post, cast, watch):
    watch("*casino*", HOLD)
    (finding,) = screened(cast.alice, post, "[Look](https://best-casino.example/play)").findings
    assert "casino" in finding.detail["found"][0]
    assert finding.detail["spans"] == [], "a reader does not see it"


def test_a_word_cut_by_markup_is_found(post, cast, watch):
    watch("free", HOLD)
    for body in ("f**re**e", "fr\\ee", "&#102;ree", "f*r*ee", "~~f~~ree"):
        assert found(screened(cast.alice, post, body)) == [(names.WORDS, "hold")], body


def test_a_word_of_one_language_is_held_in_that_language(post, cast, watch):
    watch("twpsyn", HOLD, "cy")
    assert found(screened(cast.alice, post, "Twpsyn!", lang="cy")) == [(names.WORDS, "hold")]
    assert found(screened(cast.alice, post, "Twpsyn!", lang="en")) == []


def test_moderators_are_left_alone_and_authors_are_not(post, cast, watch):
    watch("disgrace", HOLD)
    assert found(screened(cast.mona, post, "A disgrace.")) == []
    assert found(screened(cast.arthur, post, "A disgrace.")) == [(names.WORDS, "hold")]


def test_a_change_of_the_list_holds_from_the_next_comment(post, cast, watch):
    assert found(screened(cast.alice, post, "A disgrace.")) == []
    word = watch("disgrace", HOLD)
    assert found(screened(cast.alice, post, "A disgrace.")) == [(names.WORDS, "hold")]
    watching.change(word, "disgrace", "", HOLD, "", is_on=False, by=cast.mona)
    db.session.commit()
    assert found(screened(cast.alice, post, "A disgrace.")) == []
    watching.change(word, "disgrace", "", FLAG, "", is_on=True, by=cast.mona)
    db.session.commit()
    assert found(screened(cast.alice, post, "A disgrace.")) == [(names.WORDS, "flag")]
    watching.remove(word, cast.mona)
    db.session.commit()
    assert found(screened(cast.alice, post, "A disgrace.")) == []


@pytest.mark.parametrize(
    ("pattern", "action", "sentence"),
    [
        ("", HOLD, "Type a word"),
        ("*", HOLD, "two letters"),
        ("a*", HOLD, "two letters"),
        ("!", HOLD, "two letters"),
        ("x" * 101, HOLD, "Shorten"),
        ("a*b*c*d*e*f", HOLD, "at most"),
        ("fine", "explode", "Choose what happens"),
    ],
)
def test_what_would_find_nothing_or_everything_is_not_watched(pattern, action, sentence, app, cast):
    with pytest.raises(Refused, match=sentence):
        watching.add(pattern, "", action, "", cast.mona)


def test_a_word_is_on_the_list_once(watch, cast):
    watch("free", HOLD)
    with pytest.raises(Refused, match="already"):
        watching.add("FREE", "", FLAG, "", cast.mona)


# Personal information

PERSONAL = [
    ("a postcode", "They live at NF1 2AB.", "NF1 2AB"),
    ("a postcode in small letters", "they live at sw1a 1aa now", "sw1a 1aa"),
    ("a telephone number", "Call me on 07700 900123", "07700 900123"),
    ("one of a town", "Ring (01632) 960 001 after six", "(01632) 960 001"),
    ("one with the country", "+44 (0)20 7946 0018", "+44 (0)20 7946 0018"),
    ("an e-mail address", "Write to jo.bloggs@example.org!", "jo.bloggs@example.org"),
]
NOT_PERSONAL = [
    "The A1 2nd lane and the M25.",
    "It cost £1 250 000 in 2019 and 2020.",
    "On 01/02/2024 at 10.30, see 0.12345678901.",
    "Case 2024-0098-11, page 0012.",
    "@alice said so, and @bob too.",
    "Bus X5 2 times an hour, 12AB is a shop.",
]


@pytest.mark.parametrize(("body", "part"), [row[1:] for row in PERSONAL], ids=[row[0] for row in PERSONAL])
def test_personal_information_is_asked_about_and_then_waits(body, part, post, cast):
    asked = screened(cast.alice, post, body)
    assert asked.nudge is not None
    assert part in asked.nudge.found
    assert not asked.is_held
    assert found(screened(cast.alice, post, body, nudged=True)) == [(names.PERSONAL, "hold")]


@pytest.mark.parametrize("body", NOT_PERSONAL)
def test_other_numbers_are_not_asked_about(body, post, cast):
    assert screened(cast.alice, post, body).nudge is None


def test_what_somebody_quotes_is_not_asked_about(post, cast):
    assert screened(cast.alice, post, "> Call me on 07700 900123\n\nDone.").nudge is None


def test_moderators_are_asked_too_and_taken_at_their_word(post, cast):
    assert screened(cast.mona, post, "Write to office@example.org").nudge is not None
    assert found(screened(cast.mona, post, "Write to office@example.org", nudged=True)) == []


# What was posted before


def test_nearly_the_same_again_is_asked_about_and_then_waits(post, cast):
    first = write(cast.alice, post, LONG)
    again = LONG.replace("was told", "is told")
    with later(30):
        assert screened(cast.alice, post, again).nudge is not None
        (finding,) = screened(cast.alice, post, again, nudged=True).findings
    assert (finding.reason, finding.effect) == (names.REPEAT, "hold")
    assert finding.detail["comment"] == first.id
    assert finding.detail["alike"] >= 60


def test_other_words_and_short_words_again_are_no_repeat(post, cast):
    write(cast.alice, post, LONG)
    write(cast.alice, post, "Thank you!")
    with later(30):
        assert screened(cast.alice, post, "Thank you!").nudge is None
        assert (
            screened(cast.alice, post, "The tram was on time, as it has been every day for a month now.").nudge is None
        )
        assert screened(cast.bob, post, "It was late here as well, and nobody was told.").nudge is None


def test_quoting_the_same_comment_twice_is_no_repeat(post, cast):
    quotation = f"> {LONG}\n\n"
    write(cast.alice, post, f"{quotation}I was there and saw it myself at about eight o'clock.")
    with later(30):
        other = f"{quotation}And one more thing: the timetable on the wall is three years old."
        assert screened(cast.alice, post, other).nudge is None


def test_words_from_last_month_may_be_said_again(post, cast):
    write(cast.alice, post, LONG)
    with later(8 * 24 * 60):
        assert screened(cast.alice, post, LONG).nudge is None


def test_the_same_text_by_others_is_told_and_by_many_is_held(post, cast):
    for number, writer in enumerate((cast.bob, cast.arthur, cast.mona)):
        write(writer, makers.make_post(cast.arthur), LONG)
        copy = LONG.upper().replace(" ", "  ")
        expected = "flag" if number < 2 else "hold"
        assert found(screened(cast.alice, post, copy)) == [(names.SAME_TEXT, expected)]


def test_short_words_that_many_say_are_nobodys_text(post, cast):
    write(cast.bob, post, "I agree with you.")
    assert found(screened(cast.alice, post, "I agree with you.")) == []


# Rejections lately


def test_who_was_often_rejected_lately_is_read_first(post, cast):
    write(cast.alice, post, "A good thing.")
    for comment in (write(cast.alice, post, "One thing."), write(cast.alice, post, "Another thing.")):
        decisions.remove_public(comment, cast.mona, "unkind", "")
        db.session.commit()
    with later(60):
        (finding,) = screened(cast.alice, post, "And more.").findings
        assert finding.reason == names.REJECTED_LATELY
        assert finding.detail == {"against": 2, "of": 3}
    with later(60 * 24 * 31):
        assert found(screened(cast.alice, post, "And more.")) == []


def test_one_rejection_is_forgiven(post, cast):
    comment = write(cast.alice, post, "One thing.")
    comment.state = REJECTED
    db.session.commit()
    with later(60):
        assert found(screened(cast.alice, post, "And more.")) == []


# Pace and heat


@pytest.mark.parametrize(("trust", "most"), [(NEWCOMER, 4), (1, 10), (TRUSTED, 20)])
def test_nobody_posts_faster_than_their_trust_allows(trust, most, post, cast, limits):
    cast.alice.trust = trust
    start = clock.now()
    for number in range(most):
        with time_machine.travel(start + timedelta(seconds=number), tick=False):
            write(cast.alice, post, f"Comment {number}.")
    with time_machine.travel(start + timedelta(minutes=3), tick=False), pytest.raises(TooFast) as refusal:
        screened(cast.alice, post, "Another.")
    assert "post again in 7 minutes" in refusal.value.sentence
    assert f"you wrote {most} comments" in refusal.value.sentence
    with time_machine.travel(start + timedelta(minutes=10, seconds=1), tick=False):
        screened(cast.alice, post, "Another.")


def test_a_flagged_thread_goes_more_slowly_the_more_flags(post, cast):
    top = write(cast.bob, post, "Something hot.")
    answer = write(cast.arthur, post, "Something hotter.", top)
    write(cast.alice, post, "My first reply.", answer)
    screened(cast.alice, post, "Nobody has flagged it.", answer)
    for comment, flagger in ((top, cast.mona), (answer, cast.mona), (answer, cast.max)):
        flagging.flag(comment, flagger, "unkind", "")
    db.session.commit()
    weight = sum(db.session.get(type(top), c.id).flag_weight for c in (top, answer)) / 100
    assert weight > 0
    with later(1), pytest.raises(TooFast, match="more slowly"):
        screened(cast.alice, post, "My second.", answer)
    with later(2 + weight + 0.1):
        screened(cast.alice, post, "My second.", answer)
    with later(1):
        screened(cast.alice, post, "Below the post, not in the thread.")


def test_flags_on_ones_own_words_count_twice(post, cast):
    top = write(cast.alice, post, "Something hot.")
    answer = write(cast.bob, post, "Somebody answers.", top)
    flagging.flag(top, cast.bob, "unkind", "")
    db.session.commit()
    weight = db.session.get(type(top), top.id).flag_weight / 100
    with later(2 + weight + 0.5 * weight), pytest.raises(TooFast):
        screened(cast.alice, post, "Once more.", answer)
    with later(2 + 2 * weight + 0.1):
        screened(cast.alice, post, "Once more.", answer)


def test_editing_is_not_slowed_down(post, cast, limits):
    comments = [write(cast.alice, post, f"Comment {number}.") for number in range(10)]
    editing.edit(comments[0], cast.alice, "Comment nought.", "en", has_case=False, screen=checks.screen)
    assert comments[0].body == "Comment nought."


# All together


def test_a_check_that_is_off_finds_nothing(post, cast):
    links = "https://a.example https://b.example https://c.example"
    assert found(screened(cast.alice, post, links)) == [(names.LINKS, "hold")]
    settings.change(names.LINKS, cast.ada, is_on=False)
    assert found(screened(cast.alice, post, links)) == []
    settings.change(names.LINKS, cast.ada, is_on=True, numbers={"known": 3})
    assert found(screened(cast.alice, post, links)) == []


def test_all_checks_ask_the_database_as_often_for_a_long_text_and_many_comments(post, cast, watch):
    parent = write(cast.bob, post, "To be answered.")
    watch("disgrace", HOLD)
    text = posting.prepare("Short.", cast.alice, post)
    screened(cast.alice, post, "Warm.", parent)
    with counted_queries() as few:
        checks.screen(cast.alice, post, parent, text)
    for number in range(9):
        with later(15 * number):
            write(cast.alice, post, f"Something else, number {number}: {'word ' * number}.", parent)
    text = posting.prepare(f"{LONG} {'many words ' * 300}", cast.alice, post)
    with later(60 * 24):
        checks.screen(cast.alice, post, parent, text)
        with counted_queries() as many:
            checks.screen(cast.alice, post, parent, text)
    assert len(few) <= 5
    assert len(many) <= 5
