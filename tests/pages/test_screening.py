"""The pages of watched words and checks, and what a writer sees of them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from forum.comments import editing
from forum.comments.models import Comment
from forum.foundation.db import db
from forum.moderation import decisions, queries
from forum.screening import names, settings, watching
from forum.screening.models import HOLD, NUDGE, WatchedWord
from tests import makers

WORDS = "/moderation/words"


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur)


def add(cast, pattern, action) -> WatchedWord:
    word = watching.add(pattern, "", action, "", cast.mona)
    db.session.commit()
    return word


def bodies() -> list[str]:
    return list(db.session.scalars(select(Comment.body).order_by(Comment.id)))


# The writer


def test_a_writer_is_asked_first_and_can_change_it(post, cast, visit):
    alice = visit(cast.alice)
    page = alice.get(f"/posts/{post.slug}")
    asked = alice.submit(page, "/comments", body="They live at NF1 2AB.")
    assert asked.status == 422
    assert "Is that a postcode?" in asked
    assert bodies() == []
    again = alice.submit(asked, "/comments", intent="write")
    assert "Is that a postcode?" not in again
    assert again.form("/comments")["fields"]["body"] == "They live at NF1 2AB."
    posted = alice.submit(again, "/comments", body="They live near the quay.", intent="post")
    assert "Posted." in posted
    assert bodies() == ["They live near the quay."]


def test_a_writer_is_asked_first_and_can_post_it_as_it_is(post, cast, visit):
    alice = visit(cast.alice)
    asked = alice.submit(alice.get(f"/posts/{post.slug}"), "/comments", body="They live at NF1 2AB.")
    page = alice.submit(asked, "/comments", intent="as_it_is")
    assert "A moderator reads it before others do." in page
    assert "NF1 2AB" not in visit().get(f"/posts/{post.slug}").html
    (comment,) = db.session.scalars(select(Comment))
    assert comment.state == "held"
    assert comment.held_for[0]["detail"]["asked"] is True


def test_words_that_are_asked_about_are_kept_as_a_draft(post, cast, visit):
    alice = visit(cast.alice)
    alice.submit(alice.get(f"/posts/{post.slug}"), "/comments", body="They live at NF1 2AB.")
    assert "They live at NF1 2AB." in alice.get(f"/posts/{post.slug}")


def test_what_a_writer_is_asked_is_text(post, cast, visit):
    add(cast, "idiot", NUDGE)
    alice = visit(cast.alice)
    asked = alice.submit(alice.get(f"/posts/{post.slug}"), "/comments", body="An <b>idiot</b>\"'><script>1</script>")
    assert "Do you mean to say “idiot”?" in asked
    assert "<script>1" not in asked.html


def test_an_edit_is_asked_about_too(post, cast, visit):
    comment = makers.make_comment(cast.alice, post, "First words.")
    alice = visit(cast.alice)
    asked = alice.submit(alice.get(f"/comments/{comment.id}/edit"), "/edit", body="Call 07700 900123")
    assert "Is that a telephone number?" in asked
    assert editing.waiting_of(comment) is None
    page = alice.submit(asked, "/edit", intent="as_it_is")
    assert "until then others read the words of before" in page
    assert "First words." in visit().get(f"/posts/{post.slug}")
    assert "07700" not in visit().get(f"/posts/{post.slug}").html


def test_an_edit_that_waits_is_approved_or_rejected(post, cast, visit, work):
    for decide, expected in ((decisions.approve, "Call 07700 900123"), (decisions.reject, "First words.")):
        comment = makers.make_comment(cast.alice, post, "First words.")
        alice = visit(cast.alice)
        asked = alice.submit(alice.get(f"/comments/{comment.id}/edit"), "/edit", body="Call 07700 900123")
        alice.submit(asked, "/edit", intent="as_it_is")
        work()
        db.session.expire_all()
        case = queries.open_case_of(comment)
        decide(case, cast.mona, case.version, *(["personal"] if decide is decisions.reject else []))
        db.session.commit()
        assert (comment.body, comment.state) == (expected, "published")
        assert editing.waiting_of(comment) is None


def test_a_word_that_is_not_taken_loses_nothing(post, cast, visit):
    add(cast, "free money", "block")
    alice = visit(cast.alice)
    page = alice.submit(alice.get(f"/posts/{post.slug}"), "/comments", body="Here is *free money* for all")
    assert page.status == 422
    assert "“free money” is not taken on this site" in page
    assert page.form("/comments")["fields"]["body"] == "Here is *free money* for all"
    assert bodies() == []


def test_who_writes_too_fast_hears_when_to_try_again_and_keeps_the_words(post, cast, visit, limits):
    settings.change(names.PACE, cast.ada, numbers={"known": 2})
    db.session.commit()
    alice = visit(cast.alice)
    for number in range(2):
        alice.submit(alice.get(f"/posts/{post.slug}"), "/comments", body=f"Comment {number}.")
    page = alice.submit(alice.get(f"/posts/{post.slug}"), "/comments", body="One more.")
    assert page.status == 429
    assert "post again in 10 minutes" in page
    assert page.form("/comments")["fields"]["body"] == "One more."
    assert len(bodies()) == 2


# Watched words


def test_a_moderator_adds_changes_and_takes_off_a_word(app, cast, visit):
    mona = visit(cast.mona)
    page = mona.submit(mona.get(WORDS), WORDS, pattern="disgrac*", does=HOLD, note="Often an insult", intent="save")
    assert "1 word or phrase" in page
    assert "Often an insult" in page
    word = db.session.scalars(select(WatchedWord)).one()
    here = f"{WORDS}/{word.id}"
    mona.submit(mona.get(here), here, pattern="disgrac*", does=NUDGE, intent="save")
    db.session.refresh(word)
    assert (word.action, word.by_id, word.is_on) == (NUDGE, cast.mona.id, True)
    page = mona.submit(mona.get(here), f"{here}/remove")
    assert "No words are watched." in page


def test_a_word_is_tried_on_a_sentence(app, cast, visit):
    mona = visit(cast.mona)
    sentence = "What a disgraceful waste of a good car park."
    page = mona.submit(mona.get(WORDS), WORDS, pattern="disgrace", sentence=sentence, intent="try")
    assert "No match: “disgrace” is not in this sentence." in page
    page = mona.submit(page, WORDS, pattern="disgrac*", intent="try")
    assert "It matches: “disgraceful”." in page
    assert db.session.scalars(select(WatchedWord)).all() == []


def test_a_word_is_tried_on_past_comments(post, cast, visit):
    makers.make_comment(cast.alice, post, "A d.i.s.g.r.a.c.e <script>")
    mona = visit(cast.mona)
    page = mona.submit(mona.get(WORDS), WORDS, pattern="disgrace", does=HOLD, intent="trial")
    assert "Looked at the newest 1 comment:" in page
    assert "d.i.s.g.r.a.c.e" in page
    assert db.session.scalars(select(WatchedWord)).all() == []


@pytest.mark.parametrize("typed", [{"pattern": ""}, {"pattern": "*"}, {"pattern": "fine", "does": "explode"}])
def test_what_cannot_be_watched_is_refused_at_its_field(typed, app, cast, visit):
    mona = visit(cast.mona)
    page = mona.submit(mona.get(WORDS), WORDS, **({"pattern": "", "does": HOLD, "intent": "save"} | typed))
    assert page.status == 422
    assert "Error:" in page.html


def test_the_list_says_what_each_word_found_and_what_was_let_through(post, cast, visit, work):
    add(cast, "disgrace", HOLD)
    alice = visit(cast.alice)
    alice.submit(alice.get(f"/posts/{post.slug}"), "/comments", body="A disgrace, I say.")
    work()
    db.session.expire_all()
    comment = db.session.scalars(select(Comment)).one()
    case = queries.open_case_of(comment)
    assert "“disgrace”" in visit(cast.mona).get(f"/moderation/cases/{case.id}")
    decisions.approve(case, cast.mona, case.version)
    db.session.commit()
    assert "100%" in visit(cast.mona).get(WORDS)
    assert "100%" in visit(cast.mona).get("/moderation/checks")


# Checks


def test_moderators_see_every_check_and_what_it_does(app, cast, visit):
    page = visit(cast.mona).get("/moderation/checks")
    for words in ("heated thread", "watched word", "personal information", "looks like spam", "silent until"):
        assert words in page


def test_an_administrator_sets_a_check(app, cast, visit):
    ada = visit(cast.ada)
    here = "/moderation/checks/links"
    page = ada.submit(ada.get(here), here, known="5", trusted="50", is_on=None, intent="save")
    assert "Saved. It holds from the next comment." in page
    kept = settings.kept()[names.LINKS]
    assert kept.is_on is False
    assert dict(kept.numbers) == {"known": 5, "trusted": 50}


def test_a_moderator_tries_a_check_and_does_not_set_it(post, cast, visit):
    makers.make_comment(cast.alice, post, "See https://a.example today.")
    mona, here = visit(cast.mona), "/moderation/checks/links"
    page = mona.submit(mona.get(here), here, known="0", trusted="50", intent="trial")
    assert "Looked at the newest 1 comment:" in page
    assert "1 match." in page
    answer = mona.submit(mona.get(here), here, known="0", trusted="50", intent="save")
    assert answer.status == 403
    assert names.LINKS not in settings.kept()


@pytest.mark.parametrize("typed", ["", "-1", "1001", "many", "²", "9" * 30])
def test_a_number_out_of_bounds_is_refused(typed, app, cast, visit):
    ada, here = visit(cast.ada), "/moderation/checks/links"
    page = ada.submit(ada.get(here), here, known=typed, trusted="50", is_on="y", intent="save")
    assert page.status == 422
    assert "type a number from 0 to 1000" in page


def test_there_is_no_other_check(app, cast, visit):
    assert visit(cast.mona).get("/moderation/checks/nothing").status == 404
    assert visit(cast.mona).get(f"{WORDS}/99").status == 404
