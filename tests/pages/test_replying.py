"""Writing a comment: as a member, as a guest who types first, and every refusal, with the words kept."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select, update

from forum.comments import drafts, posting
from forum.comments.drafts import Typed
from forum.comments.models import Comment, Draft
from forum.foundation.db import db
from forum.posts.models import CLOSED, Post
from tests import makers
from tests.cast import PASSWORD


def url(post: Post) -> str:
    return f"/posts/{post.slug}"


def count() -> int:
    return db.session.scalar(select(func.count(Comment.id)))


def box(page) -> str:
    """What stands in the composer."""
    return page.form("/comments")["fields"]["body"]


def test_a_member_posts_and_lands_at_the_comment(post, cast, visit):
    alice = visit(cast.alice)
    answer = alice.submit(alice.get(url(post)), "/comments", follow=False, body="My **words**.")
    assert answer.status == 303
    assert answer.location.endswith("#comment-1")
    page = alice.follow(answer)
    assert "My <strong>words</strong>." in page.html
    assert 'id="comment-1"' in page.html
    assert box(page) == ""


def test_a_reply_is_written_below_the_comment_it_answers(post, cast, visit):
    parent = makers.make_comment(cast.bob, post)
    makers.make_comment(cast.bob, post, "Another branch.")
    alice = visit(cast.alice)
    page = alice.get(f"{url(post)}?reply={parent.id}")
    assert "Replying to" in page
    assert (
        page.html.index(f'id="comment-{parent.id}"')
        < page.html.index('name="body"')
        < page.html.index("Another branch.")
    )
    alice.submit(page, "/comments", body="I answer.")
    assert db.session.scalar(select(Comment.parent_id).where(Comment.body == "I answer.")) == parent.id


def test_a_script_gets_only_the_box(post, cast, visit):
    parent = makers.make_comment(cast.bob, post)
    part = visit(cast.alice).get(f"{url(post)}?reply={parent.id}", headers={"X-Fragment": "composer"})
    assert part.status == 200
    assert "<html" not in part.html
    assert part.form("/comments")["fields"]["parent"] == str(parent.id)


def test_replying_to_a_comment_that_is_not_on_the_page_leads_to_where_it_is(post, cast, visit):
    first = makers.make_comment(cast.bob, post)
    for _turn in range(5):
        last = makers.make_comment(cast.bob, post, parent=first)
    alice = visit(cast.alice)
    page = alice.follow(alice.get(f"{url(post)}?reply={last.id}"))
    assert f'id="comment-{last.id}"' in page.html
    assert page.form("/comments")["fields"]["parent"] == str(last.id)


@pytest.mark.parametrize("asked", ["nonsense", "99999999999999999999999", "-1", "4711", ""])
def test_a_reply_to_nothing_is_a_comment_on_the_post(asked, post, cast, visit):
    page = visit(cast.alice).get(f"{url(post)}?reply={asked}")
    assert page.status == 200
    assert "parent" not in page.form("/comments")["fields"]


REFUSED = [
    ("nothing", "", 422, "Write something first"),
    ("only spaces", " \n ", 422, "Write something first"),
    ("only invisible characters", "\u200b\u2060", 422, "Write something first"),
    ("too long", "x" * (posting.LONGEST + 3), 422, "Shorten your comment by 3 characters"),
]


@pytest.mark.parametrize(("body", "status", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_text_that_cannot_be_taken_is_shown_again_with_why(body, status, words, post, cast, visit):
    parent = makers.make_comment(cast.bob, post)
    alice = visit(cast.alice)
    answer = alice.submit(alice.get(f"{url(post)}?reply={parent.id}"), "/comments", body=body)
    assert answer.status == status
    assert words in answer
    assert box(answer) == body.replace("\r\n", "\n")
    assert answer.form("/comments")["fields"]["parent"] == str(parent.id)
    assert count() == 1


def test_a_failed_post_keeps_the_words_for_another_visit(post, cast, visit):
    alice, long = visit(cast.alice), "y" * (posting.LONGEST + 1)
    assert alice.submit(alice.get(url(post)), "/comments", body=long).status == 422
    assert box(visit(cast.alice).get(url(post))) == long


def test_a_closed_discussion_refuses_and_keeps_the_words(post, cast, visit):
    alice = visit(cast.alice)
    page = alice.get(url(post))
    db.session.execute(update(Post).values(policy=CLOSED))
    db.session.commit()
    answer = alice.submit(page, "/comments", body="Too late, I fear.")
    assert answer.status == 403
    assert "discussion is closed" in answer
    assert "Too late, I fear." in answer
    assert count() == 0


@pytest.mark.parametrize("how", ["withdrawn", "removed", "elsewhere", "made up"])
def test_a_vanished_comment_cannot_be_answered_and_the_words_stay(how, post, cast, visit):
    alice = visit(cast.alice)
    if how == "elsewhere":
        parent = makers.make_comment(cast.bob, makers.make_post(cast.arthur)).id
    elif how == "made up":
        parent = 4711
    else:
        make = {"withdrawn": makers.make_withdrawn, "removed": lambda *a: makers.make_removed(*a, cast.mona)}[how]
        parent = make(cast.bob, post).id
    before = count()
    answer = alice.submit(alice.get(url(post)), "/comments", body="An answer.", parent=str(parent))
    assert answer.status == 409
    assert "no longer there" in answer
    assert box(answer) == "An answer."
    assert "parent" not in answer.form("/comments")["fields"]
    assert count() == before
    alice.submit(answer, "/comments")
    assert db.session.scalar(select(Comment.parent_id).where(Comment.body == "An answer.")) is None


def test_somebody_unconfirmed_cannot_post_and_keeps_the_words(post, cast, visit):
    alice = visit(cast.alice)
    page = alice.get(url(post))
    cast.alice.confirmed_at = None
    db.session.commit()
    answer = alice.submit(page, "/comments", body="Words.")
    assert answer.status == 403
    assert "Confirm your e-mail address" in answer
    assert box(answer) == "Words."
    assert count() == 0


def test_the_same_form_sent_twice_makes_one_comment_and_the_same_answer(post, cast, visit):
    alice = visit(cast.alice)
    page = alice.get(url(post))
    first = alice.submit(page, "/comments", follow=False, body="Once.")
    second = alice.submit(page, "/comments", follow=False, body="Once.")
    assert (first.status, second.status) == (303, 303)
    assert first.location == second.location
    assert count() == 1


def test_two_forms_make_two_comments(post, cast, visit):
    alice = visit(cast.alice)
    for _turn in range(2):
        alice.submit(alice.get(url(post)), "/comments", body="Again.")
    assert count() == 2


def test_a_preview_shows_the_words_and_posts_nothing(post, cast, visit):
    alice = visit(cast.alice)
    answer = alice.submit(alice.get(url(post)), "/comments", body="My **words**.", intent="preview")
    assert answer.status == 200
    assert "<strong>words</strong>" in answer.html
    assert box(answer) == "My **words**."
    assert count() == 0
    alice.submit(answer, "/comments", intent="post")
    assert count() == 1


def test_a_preview_of_nothing_says_so(post, cast, visit):
    alice = visit(cast.alice)
    answer = alice.submit(alice.get(url(post)), "/comments", body="", intent="preview")
    assert answer.status == 422
    assert "Write something first" in answer


def test_what_was_previewed_is_there_at_the_next_visit(post, cast, visit):
    parent = makers.make_comment(cast.bob, post)
    alice = visit(cast.alice)
    alice.submit(alice.get(f"{url(post)}?reply={parent.id}"), "/comments", body="Half a thought.", intent="preview")
    again = visit(cast.alice)
    page = again.get(url(post))
    assert box(page) == ""
    assert "You have an unposted reply to Bob Barker" in page
    page = again.get(f"{url(post)}?reply={parent.id}")
    assert box(page) == "Half a thought."
    assert "unposted reply" not in page
    for address in (url(post), f"{url(post)}?reply={parent.id}"):
        assert "Half a thought." not in visit(cast.bob).get(address).html


def test_kept_words_for_a_comment_that_vanished_are_shown_all_the_same(post, cast, visit):
    parent = makers.make_comment(cast.bob, post)
    drafts.save(cast.alice, post, parent, Typed("Half a thought."))
    db.session.commit()
    db.session.execute(update(Comment).values(state="withdrawn"))
    db.session.commit()
    for address in (url(post), f"{url(post)}?reply={parent.id}"):
        assert box(visit(cast.alice).get(address)) == "Half a thought."


def test_posting_forgets_the_kept_words(post, cast, visit):
    alice = visit(cast.alice)
    page = alice.submit(alice.get(url(post)), "/comments", body="Done.", intent="preview")
    alice.submit(page, "/comments", intent="post")
    assert db.session.scalar(select(func.count(Draft.id))) == 0


def test_a_member_needs_the_pages_token(post, cast, visit):
    alice = visit(cast.alice)
    answer = alice.post(f"{url(post)}/comments", {"body": "Forged.", "csrf_token": "wrong"})
    assert answer.status == 400
    assert "Forged." in answer, "words are never lost"
    assert count() == 0


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_another_sites_form_is_refused(headers, post, visit):
    answer = visit().client.post(f"{url(post)}/comments", data={"body": "Forged."}, headers=headers)
    assert answer.status_code == 403
    assert db.session.scalar(select(func.count(Draft.id))) == 0


# Typing first, joining later


def test_a_guests_words_are_found_again_after_signing_in(post, cast, visit):
    parent = makers.make_comment(cast.bob, post)
    guest = visit()
    page = guest.get(f"{url(post)}?reply={parent.id}")
    sign_in = guest.submit(page, "/comments", body="I typed first.", intent="signin")
    assert "I typed first." in sign_in, "shown, so that nobody fears for them"
    assert count() == 1
    back = guest.submit(sign_in, "/sign-in", email=cast.alice.email, password=PASSWORD)
    assert box(back) == "I typed first."
    assert back.form("/comments")["fields"]["parent"] == str(parent.id)
    guest.submit(back, "/comments")
    assert db.session.scalar(select(Comment.author_id).where(Comment.body == "I typed first.")) == cast.alice.id


def test_a_guests_words_survive_a_wrong_password(post, cast, visit):
    guest = visit()
    page = guest.submit(guest.get(url(post)), "/comments", body="I typed first.", intent="signin")
    page = guest.submit(page, "/sign-in", email=cast.alice.email, password="wrong")
    assert "do not match" in page
    assert box(guest.submit(page, "/sign-in", email=cast.alice.email, password=PASSWORD)) == "I typed first."


def test_a_guests_words_are_found_again_after_joining_in_another_browser(app, post, cast, visit):
    guest = visit()
    join = guest.submit(guest.get(url(post)), "/comments", body="I typed first.", intent="join")
    assert "I typed first." in join
    guest.submit(join, "/join", name="Gwen Green", username="gwen", email="gwen@example.org", password=PASSWORD)
    letters = sorted((app.config["FORUM"].outbox_dir).iterdir())
    link = re.search(r"/join/confirm/[\w.\-]+", letters[-1].read_text().replace("=\n", "").replace("=3D", "=")).group()
    elsewhere = visit()
    back = elsewhere.submit(elsewhere.get(link), "/join/confirm")
    assert box(back) == "I typed first."
    page = elsewhere.submit(back, "/comments")
    assert "I typed first." in page
    assert db.session.scalar(select(Comment.state)) == "held"


def test_a_guest_who_typed_nothing_is_told(post, visit):
    guest = visit()
    answer = guest.submit(guest.get(url(post)), "/comments", body=" ", intent="join")
    assert answer.status == 422
    assert "Write something first" in answer


def test_a_guests_preview_sets_no_cookie_and_keeps_the_words(post, visit):
    guest = visit()
    answer = guest.submit(guest.get(url(post)), "/comments", body="A *look*.", intent="preview")
    assert answer.status == 200
    assert "<em>look</em>" in answer.html
    assert box(answer) == "A *look*."
    assert "Set-Cookie" not in answer.response.headers
    assert answer.response.headers["Cache-Control"] == "private, no-store"


def test_nobody_else_finds_a_guests_words(post, cast, visit):
    guest = visit()
    guest.submit(guest.get(url(post)), "/comments", body="I typed first.", intent="signin")
    mallory = visit()
    page = mallory.submit(mallory.get("/sign-in?kept=guessed"), "/sign-in", email=cast.mallory.email, password=PASSWORD)
    assert "I typed first." not in page.html
    assert "I typed first." not in mallory.get(url(post)).html


def test_a_nul_in_a_form_is_refused_and_no_error(post, cast, visit):
    alice = visit(cast.alice)
    for body, intent in (("one\x00two", "post"), ("\x00", "post"), ("one\x00two", "preview")):
        assert 400 <= alice.submit(alice.get(url(post)), "/comments", body=body, intent=intent).status < 500
    assert count() == 0


# Held, in its place


def test_a_newcomer_sees_their_held_comment_in_place_with_the_reason(post, cast, visit):
    parent = makers.make_comment(cast.alice, post, "The question.")
    makers.make_comment(cast.bob, post, "Another branch.")
    nora = visit(cast.nora)
    page = nora.submit(nora.get(f"{url(post)}?reply={parent.id}"), "/comments", body="My first words.")
    assert "It is your first comment here" in page
    places = [page.html.index(words) for words in ("The question.", "My first words.", "Another branch.")]
    assert places == sorted(places)


@pytest.mark.parametrize("who", [None, "alice", "bob", "arthur", "mona"])
def test_nobody_else_sees_a_held_comment_on_the_page(who, post, cast, visit):
    makers.make_held(cast.nora, post, "My first words.")
    assert "My first words." not in visit(getattr(cast, who) if who else None).get(url(post)).html


ADDRESSES = ["/comments/{}", "/comments/{}/history", "/comments/{}/flag", "/comments/{}/edit", "/comments/{}/withdraw"]


@pytest.mark.parametrize("address", [*ADDRESSES, "branch"])
def test_a_held_comment_is_not_told_from_one_that_never_was(address, post, cast, visit):
    comment, _case = makers.make_held(cast.nora, post, "My first words.")
    address = f"{url(post)}/branch/{{}}" if address == "branch" else address
    for person in (cast.bob, cast.arthur, None):
        browser = visit(person)
        real, invented = browser.get(address.format(comment.id)), browser.get(address.format(4711))
        if real.status == 303:
            assert person is None, "a guest is asked to sign in whichever it is"
            assert real.location.replace(str(comment.id), "4711") == invented.location
            continue
        assert (real.status, invented.status) == (404, 404)
        assert real.text.replace(str(comment.id), "4711") == invented.text


def test_too_big_a_number_is_no_comment(post, cast, visit):
    huge = 10**30
    for address in (f"/comments/{huge}", f"/comments/{huge}/history", f"{url(post)}/branch/{huge}"):
        assert visit().get(address).status == 404
