"""The statement of reasons, the warning on every page, appealing, and the answer."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation import appeals, decisions, flagging, queries, sanctions
from forum.moderation.models import Decision
from tests import makers
from tests.letters import letters


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur, "Slow buses")


@pytest.fixture
def rejected(post, cast) -> Comment:
    assert cast.max
    return makers.make_rejected(cast.nora, post, cast.mona, "Slow, slow, slow.", message="Kinder, please.")


def decision_on(comment) -> Decision:
    return queries.decisions_on([comment.id])[comment.id][-1]


def page_of(decision) -> str:
    return f"/decisions/{decision.id}"


def age(decision: Decision) -> None:
    """Made long enough ago that it can no longer be undone."""
    db.session.execute(
        update(Decision).where(Decision.id == decision.id).values(created_at=clock.now() - timedelta(minutes=11))
    )
    db.session.commit()


def test_the_statement_says_what_why_on_which_words_and_how_to_appeal(rejected, cast, visit):
    page = visit(cast.nora).get(page_of(decision_on(rejected)))
    assert page.status == 200
    for words in (
        "Your comment is not published",
        "Slow, slow, slow.",
        "Slow buses",
        "Unkind to a person (house rule 2)",
        "Kinder, please.",
        "An automatic check of this site marked it first: It is your first comment here",
        "A moderator decided, a person and no machine.",
        "Another moderator, who had no part in it, looks at it again.",
        "You can appeal once, until",
    ):
        assert words in page, words
    assert "Mona" not in page, "who decided is not told"
    assert page.response.headers["Cache-Control"] == "private, no-store"


def test_it_says_when_no_check_but_a_reader_or_a_moderator_began_it(post, cast, visit):
    assert cast.max
    flagged, found = makers.make_comment(cast.alice, post), makers.make_comment(cast.alice, post)
    flagging.flag(flagged, cast.bob, "unkind", "")
    db.session.commit()
    removed = [remove(comment, cast.mona) for comment in (flagged, found)]
    alice = visit(cast.alice)
    first, second = (alice.get(page_of(decision)) for decision in removed)
    assert "A reader marked it." in first
    assert "Bob" not in first, "who flagged is not told"
    assert "A moderator came across it. No automatic check had marked it." in second


def remove(comment, by) -> Decision:
    made = decisions.remove_public(comment, by, "unkind", "")
    db.session.commit()
    return made


def test_only_its_writer_and_moderators_read_it(rejected, cast, visit):
    address = page_of(decision_on(rejected))
    assert visit(cast.bob).get(address).status == 404
    assert visit(cast.arthur).get(address).status == 404
    assert "/sign-in" in visit().get(address).location
    page = visit(cast.max).get(address)
    assert "You read this as a moderator. It is for Nora New. Mona Mild decided." in page
    assert "Send the appeal" not in page
    assert visit(cast.bob).get("/decisions/999").status == 404


def test_a_decision_that_is_none_of_these_has_no_page(post, cast, visit):
    _comment, case = makers.make_held(cast.nora, post)
    made = decisions.approve(case, cast.mona, case.version)
    db.session.commit()
    assert visit(cast.nora).get(page_of(made)).status == 404


def test_the_card_and_my_comments_and_the_line_in_its_place_lead_there(rejected, post, cast, visit):
    removed = makers.make_removed(cast.alice, post, cast.mona)
    nora, alice = visit(cast.nora), visit(cast.alice)
    assert page_of(decision_on(rejected)) in nora.get(f"/posts/{post.slug}").html
    assert page_of(decision_on(rejected)) in nora.get("/account/comments").html
    assert page_of(decision_on(removed)) in alice.get(f"/posts/{post.slug}").html
    assert page_of(decision_on(removed)) in alice.get("/account/comments").html
    for other in (visit(), visit(cast.bob)):
        assert "/decisions/" not in other.get(f"/posts/{post.slug}").html


def test_the_letter_says_the_same_and_comes_when_it_is_final(rejected, cast, app, work):
    work()
    assert [letter.subject for letter in letters(app, "nora@example.org")] == []
    age(decision_on(rejected))
    work()  # the clock says that it is final
    work()  # the letter goes
    (letter,) = letters(app, "nora@example.org")
    assert letter.subject == "Your comment is not published"
    for words in ("Slow, slow, slow.", "Unkind to a person", "Kinder, please.", "ask another moderator"):
        assert words in letter.text
        assert words in letter.html
    assert page_of(decision_on(rejected)) in letter.text
    assert "Mona" not in letter.text + letter.html


def test_an_appeal_is_made_answered_and_told_of(rejected, post, cast, visit, app, work):
    nora, max_ = visit(cast.nora), visit(cast.max)
    address = page_of(decision_on(rejected))
    empty = nora.submit(nora.get(address), "/appeal", words=" ", follow=False)
    assert empty.status == 422
    assert "Say why you think that it should be decided otherwise" in empty
    sent = nora.submit(nora.get(address), "/appeal", words="It is about the bus.")
    assert "Your appeal is sent." in sent
    assert "It is about the bus." in sent
    assert "Send the appeal" not in sent
    assert [letter.subject for letter in letters(app, "nora@example.org")] == ["We have your appeal"]

    queue = max_.get("/moderation?tab=appeal")
    case = queries.open_case_of(rejected)
    assert f"/moderation/cases/{case.id}" in queue.html
    shown = max_.get(f"/moderation/cases/{case.id}")
    assert "It is about the bus." in shown
    wordless = max_.submit(shown, "/answer", verdict="overturn", words="")
    assert wordless.status == 422
    done = max_.submit(shown, "/answer", verdict="overturn", words="You are right.")
    assert done.status == 200
    assert "Slow, slow, slow." in visit().get(f"/posts/{post.slug}")
    page = nora.get(address)
    assert "The decision is taken back, and all that it did." in page
    assert "You are right." in page
    age(db.session.get(Decision, appeals.against(decision_on_id(address)).answer_id))
    work()
    work()
    assert letters(app, "nora@example.org")[-1].subject == "Your appeal: the decision is taken back"
    assert "You are right." in letters(app, "nora@example.org")[-1].text


def decision_on_id(address: str) -> Decision:
    return db.session.get(Decision, int(re.search(r"\d+", address).group()))


def test_whoever_decided_sees_the_appeal_but_no_form(rejected, cast, visit):
    appeals.make(decision_on(rejected), cast.nora, "It is about the bus.")
    db.session.commit()
    case = queries.open_case_of(rejected)
    made = appeals.against(decision_on(rejected))
    mona = visit(cast.mona)
    page = mona.get(f"/moderation/cases/{case.id}")
    assert "You had a part in this decision" in page
    assert "Send the answer" not in page
    forced = mona.post(
        f"/moderation/appeals/{made.id}/answer", {"verdict": "uphold", "words": "No.", "version": str(case.version)}
    )
    assert forced.status == 403
    assert appeals.by_id(made.id).answer_id is None


def test_the_second_answer_is_told_of_the_first(rejected, cast, visit):
    appeals.make(decision_on(rejected), cast.nora, "It is about the bus.")
    db.session.commit()
    case = queries.open_case_of(rejected)
    max_, ada = visit(cast.max), visit(cast.ada)
    pages = [visitor.get(f"/moderation/cases/{case.id}") for visitor in (max_, ada)]
    max_.submit(pages[0], "/answer", verdict="uphold", words="It stands.")
    lost = ada.submit(pages[1], "/answer", verdict="overturn", words="No.", follow=False)
    assert lost.status == 409
    assert "Max Moss" in lost
    assert rejected.state == "rejected"


# Warnings


def test_a_warning_stands_on_every_page_until_it_is_read(post, cast, visit):
    sanctions.warn(cast.alice, cast.mona, "unkind", "Speak of the <b>service</b>.")
    db.session.commit()
    alice = visit(cast.alice)
    for address in ("/", f"/posts/{post.slug}", "/account/comments", "/house-rules"):
        page = alice.get(address)
        assert "A moderator has warned you" in page, address
        assert "Speak of the &lt;b&gt;service&lt;/b&gt;." in page.html
        assert "warned you" not in visit(cast.bob).get(address)
        assert "warned you" not in visit().get(address)
    done = alice.submit(alice.get("/"), "/read")
    assert "Thank you. You can write again." in done
    assert "A moderator has warned you" not in alice.get(f"/posts/{post.slug}")


def test_nobody_reads_anothers_warning(cast, visit):
    made = sanctions.warn(cast.alice, cast.mona, "unkind", "Words.")
    db.session.commit()
    for person in (cast.bob, cast.mona):
        assert visit(person).post(f"/account/warnings/{made.id}/read").status == 404
    assert cast.alice.has_warning


# In place of the box


@pytest.mark.parametrize("kind", ["warn", "silence", "suspend"])
def test_in_place_of_the_box_it_says_why_and_no_word_is_lost(kind, post, cast, visit):
    alice = visit(cast.alice)
    open_page = alice.get(f"/posts/{post.slug}")
    length = [] if kind == "warn" else [24]
    made = getattr(sanctions, kind)(cast.alice, cast.mona, "unkind", "Words.", *length)
    db.session.commit()
    refused = alice.submit(open_page, "/comments", body="Half an hour of *typing*.", follow=False)
    assert refused.status == 403
    assert "Half an hour of *typing*." in refused
    assert "Your words are kept below and in your drafts." in refused
    page = alice.get(f"/posts/{post.slug}")
    assert "Half an hour of *typing*." in page
    assert f"/decisions/{made.decision_id}" in page.html
    assert 'name="body"' not in page.html
    assert "Half an hour of" in alice.get("/account/drafts")
    assert db.session.query(Comment).count() == 0


def test_the_boxes_of_others_stay(post, cast, visit):
    sanctions.silence(cast.alice, cast.mona, "unkind", "Words.", 24)
    db.session.commit()
    bob = visit(cast.bob)
    assert 'name="body"' in bob.get(f"/posts/{post.slug}").html
    assert 'name="body"' not in visit(cast.alice).get(f"/posts/{post.slug}").html
    assert 'name="body"' in bob.get(f"/posts/{post.slug}").html
    assert 'name="body"' in visit().get(f"/posts/{post.slug}").html


def test_every_door_is_shut_to_a_suspended_person_and_the_others_stand_open(post, cast, visit):
    own, other = makers.make_comment(cast.alice, post), makers.make_comment(cast.bob, post)
    alice = visit(cast.alice)
    sanctions.suspend(cast.alice, cast.mona, "unkind", "Words.", 24)
    db.session.commit()
    assert alice.post(f"/posts/{post.slug}/draft", {"body": "Kept.", "token": "t"}).status == 303
    shut = [
        (f"/posts/{post.slug}/comments", {"body": "No."}),
        (f"/comments/{own.id}/edit", {"body": "No.", "version": "1"}),
        (f"/comments/{other.id}/like", {}),
        (f"/comments/{other.id}/flag", {"reason": "spam"}),
        ("/account/profile", {"name": "Somebody Else"}),
    ]
    for address, values in shut:
        page = alice.post(address, values)
        assert page.status == 403, address
        assert "suspended until" in page, address
    assert own.body != "No."
    assert other.like_count == 0
    assert alice.get(f"/comments/{own.id}/withdraw").status == 200
    assert alice.post(f"/comments/{other.id}/bookmark").status == 303
    assert alice.post(f"/comments/{own.id}/withdraw").status == 303
    assert own.state == "withdrawn"
