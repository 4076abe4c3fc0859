"""Drafts over HTTP: saved while one writes, private, in a list, never in the way of newer ones."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select, update

from forum.comments import drafts
from forum.comments.models import Comment, Draft
from forum.foundation.db import db
from forum.posts.models import CLOSED, Post
from tests import makers

SCRIPT = {"X-Fragment": "draft"}


def url(post) -> str:
    return f"/posts/{post.slug}"


def fields(page) -> dict:
    return page.form("/comments")["fields"]


def keep(visitor, page, body, **values):
    """What the page's script does while one writes."""
    form = page.form("/comments")
    where = form["action"].replace("/comments", "/draft")
    return visitor.send(where, form["fields"] | {"body": body} | values, headers=SCRIPT)


def version_in(answer) -> str:
    return re.search(r'data-version="(\d+)"', answer.html).group(1)


def how_many() -> int:
    return db.session.scalar(select(func.count(Draft.id)))


def test_words_saved_here_are_in_the_box_on_another_device(post, cast, visit):
    laptop, phone = visit(cast.alice), visit(cast.alice)
    answer = keep(laptop, laptop.get(url(post)), "Half a thought.")
    assert answer.status == 200
    assert "Draft saved at" in answer
    page = phone.get(url(post))
    assert fields(page)["body"] == "Half a thought."
    assert fields(page)["draft"] == version_in(answer)
    assert "Your words are kept" in page


def test_each_box_shows_its_own_words(post, cast, visit):
    parent = makers.make_comment(cast.bob, post)
    alice = visit(cast.alice)
    keep(alice, alice.get(url(post)), "To all.")
    keep(alice, alice.get(f"{url(post)}?reply={parent.id}"), "To Bob.")
    assert fields(alice.get(url(post)))["body"] == "To all."
    page = alice.get(f"{url(post)}?reply={parent.id}")
    assert fields(page)["body"] == "To Bob."
    assert "To all." in page, "the box below the post is there too"


def test_a_page_names_the_replies_that_wait_elsewhere(post, cast, visit):
    parent = makers.make_comment(cast.bob, post)
    alice = visit(cast.alice)
    keep(alice, alice.get(f"{url(post)}?reply={parent.id}"), "To Bob.")
    page = alice.get(url(post))
    assert "You have an unposted reply to Bob Barker" in page
    assert f"{url(post)}?reply={parent.id}#reply" in page.html
    assert "unposted" not in visit(cast.bob).get(url(post))


def test_a_stale_page_overwrites_nothing_and_shows_what_is_newer(post, cast, visit):
    laptop, phone = visit(cast.alice), visit(cast.alice)
    stale = laptop.get(url(post))
    keep(phone, phone.get(url(post)), "Newer, <b>on the train</b>.")
    answer = keep(laptop, stale, "Older, at the desk.")
    assert answer.status == 409
    assert "A newer draft was saved elsewhere at" in answer
    assert "Newer, &lt;b&gt;on the train&lt;/b&gt;." in answer.html
    assert drafts.at(cast.alice, post.id).body == "Newer, <b>on the train</b>."
    kept = keep(laptop, stale, "Older, at the desk.", draft=version_in(answer))
    assert kept.status == 200
    assert drafts.at(cast.alice, post.id).body == "Older, at the desk."


def test_without_a_script_a_newer_draft_is_shown_and_chosen_by_buttons(post, cast, visit):
    laptop, phone = visit(cast.alice), visit(cast.alice)
    stale = laptop.get(url(post))
    keep(phone, phone.get(url(post)), "From the train.")
    looked = laptop.submit(stale, "/comments", body="At the desk.", intent="preview")
    assert looked.status == 200
    assert "A newer draft was saved elsewhere at" in looked
    assert fields(looked)["body"] == "At the desk."
    assert drafts.at(cast.alice, post.id).body == "From the train."

    shown = laptop.submit(looked, "/comments", intent="theirs")
    assert fields(shown)["body"] == "From the train."
    assert "At the desk." in shown, "nothing is lost by looking"
    assert drafts.at(cast.alice, post.id).body == "From the train."

    mine = laptop.submit(looked, "/comments", intent="mine")
    assert fields(mine)["body"] == "At the desk."
    assert "A newer draft" not in mine
    assert drafts.at(cast.alice, post.id).body == "At the desk."


def test_posting_from_a_stale_page_leaves_the_newer_draft(post, cast, visit):
    laptop, phone = visit(cast.alice), visit(cast.alice)
    stale = laptop.get(url(post))
    keep(phone, phone.get(url(post)), "Newer, and longer.")
    page = laptop.submit(stale, "/comments", body="Said already.")
    assert "Said already." in page
    assert fields(page)["body"] == "Newer, and longer."


def test_a_save_that_arrives_after_its_post_brings_nothing_back(post, cast, visit):
    alice = visit(cast.alice)
    page = alice.get(url(post))
    alice.submit(page, "/comments", body="Said.")
    answer = keep(alice, page, "Said.")
    assert answer.status == 200
    assert version_in(answer) == "0"
    assert how_many() == 0


def test_emptying_the_box_deletes_the_draft(post, cast, visit):
    alice = visit(cast.alice)
    page = alice.get(url(post))
    keep(alice, page, "Half a thought.")
    answer = keep(alice, page, "  ")
    assert answer.status == 200
    assert "saved" not in answer
    assert how_many() == 0


def test_words_for_a_closed_discussion_are_kept_and_led_to(post, cast, visit):
    alice = visit(cast.alice)
    page = alice.get(url(post))
    db.session.execute(update(Post).values(policy=CLOSED))
    db.session.commit()
    assert keep(alice, page, "Too late.").status == 200
    seen = alice.get(url(post))
    assert "Too late." in seen
    assert "/account/drafts" in seen.html
    answer = alice.submit(page, "/comments", body="Too late.")
    assert answer.status == 403
    assert "/account/drafts" in answer.html


# Private


def test_nobody_else_sees_a_draft(post, cast, visit):
    parent = makers.make_comment(cast.bob, post)
    alice = visit(cast.alice)
    keep(alice, alice.get(url(post)), "Secret to all.")
    keep(alice, alice.get(f"{url(post)}?reply={parent.id}"), "Secret to Bob.")
    for visitor in (visit(), visit(cast.bob), visit(cast.mona), visit(cast.ada), visit(cast.arthur)):
        for address in (url(post), f"{url(post)}?reply={parent.id}", "/account/drafts", "/account/comments",
                        f"{url(post)}?reply={parent.id}&quote=1", "/search?q=secret", "/people/alice"):  # fmt: skip
            assert "Secret to" not in visitor.get(address).html, address


def test_nobody_saves_into_anothers_draft(post, cast, visit):
    alice, mallory = visit(cast.alice), visit(cast.mallory)
    page = alice.get(url(post))
    version = version_in(keep(alice, page, "Hers."))
    stolen = fields(page) | {"draft": version, "body": "Mine.", "csrf_token": mallory.token()}
    assert mallory.send(f"{url(post)}/draft", stolen, headers=SCRIPT).status == 200
    assert drafts.at(cast.alice, post.id).body == "Hers."
    assert drafts.at(cast.mallory, post.id).body == "Mine."


def test_nobody_deletes_anothers_draft(post, cast, visit):
    alice = visit(cast.alice)
    keep(alice, alice.get(url(post)), "Hers.")
    number = drafts.at(cast.alice, post.id).id
    visit(cast.mallory).post(f"/account/drafts/{number}/delete")
    assert how_many() == 1


@pytest.mark.parametrize("token", ["", "x", None])
def test_a_draft_is_not_saved_without_the_pages_token(token, post, cast, visit):
    alice = visit(cast.alice)
    sent = {"body": "Forged."} | ({} if token is None else {"csrf_token": token})
    assert alice.send(f"{url(post)}/draft", sent, headers=SCRIPT).status == 400
    assert how_many() == 0


def test_a_guest_saves_no_draft(post, visit):
    guest = visit()
    page = guest.get(url(post))
    assert "data-save=" not in page.html
    answer = guest.post(f"{url(post)}/draft", {"body": "Mine."}, headers=SCRIPT)
    assert answer.location.startswith("/sign-in")
    assert how_many() == 0


def test_a_draft_cannot_be_hung_on_a_strange_comment(post, cast, visit):
    elsewhere = makers.make_comment(cast.bob, makers.make_post(cast.arthur))
    alice = visit(cast.alice)
    for parent in (str(elsewhere.id), "4711", "x", "9" * 30):
        page = alice.get(url(post))
        assert keep(alice, page, "Words.", parent=parent).status == 200
        assert db.session.scalars(select(Draft.parent_id)).all() == [None]


def test_a_held_comment_is_not_told_of_by_a_draft_that_answers_it(post, cast, visit):
    held, _case = makers.make_held(cast.nora, post, "Nora’s secret.")
    alice = visit(cast.alice)
    keep(alice, alice.get(url(post)), "Words.", parent=str(held.id))
    for address in ("/account/drafts", url(post), f"{url(post)}?reply={held.id}"):
        assert "Nora" not in alice.get(address), address


def test_what_cannot_be_kept_is_said(post, cast, visit):
    alice = visit(cast.alice)
    answer = keep(alice, alice.get(url(post)), "x" * (drafts.LONGEST + 1))
    assert answer.status == 422
    assert how_many() == 0


# In a list


def test_my_drafts_lead_back_to_where_they_are_posted(post, cast, visit):
    parent = makers.make_comment(cast.bob, post)
    alice = visit(cast.alice)
    keep(alice, alice.get(url(post)), "To *all*.")
    keep(alice, alice.get(f"{url(post)}?reply={parent.id}"), "To <b>Bob</b>.")
    page = alice.get("/account/drafts")
    assert page.status == 200
    assert post.title in page
    assert "To *all*." in page
    assert "To <b>Bob</b>." in page
    assert "in reply to Bob Barker" in page
    assert f"{url(post)}#add-comment" in page.html
    assert f"{url(post)}?reply={parent.id}#reply" in page.html
    assert page.html.index("Bob&lt;/b&gt;") < page.html.index("To *all*."), "the newest first"


def test_a_draft_is_deleted_from_the_list(post, cast, visit):
    alice = visit(cast.alice)
    keep(alice, alice.get(url(post)), "Half a thought.")
    number = drafts.at(cast.alice, post.id).id
    page = alice.follow(alice.post(f"/account/drafts/{number}/delete"))
    assert "The draft is deleted." in page
    assert "You have posted everything you wrote." in page
    assert fields(alice.get(url(post)))["body"] == ""
    assert alice.post(f"/account/drafts/{number}/delete").status == 303, "twice is no error"


def test_drafts_that_cannot_be_posted_any_more_are_shown_to_be_copied(post, cast, visit):
    parent = makers.make_comment(cast.bob, post)
    alice = visit(cast.alice)
    keep(alice, alice.get(f"{url(post)}?reply={parent.id}"), "To Bob.")
    db.session.execute(update(Comment).values(state="withdrawn"))
    db.session.execute(update(Post).values(policy=CLOSED))
    db.session.commit()
    page = alice.get("/account/drafts")
    assert "To Bob." in page
    assert "in reply to a comment that is gone" in page
    assert "This discussion is closed." in page
    assert "Go on writing" not in page
    db.session.execute(update(Post).values(state="draft"))
    db.session.commit()
    page = alice.get("/account/drafts")
    assert "To Bob." in page
    assert post.title not in page


def test_words_for_a_comment_that_vanished_are_posted_below_the_post_and_gone_from_the_drafts(post, cast, visit):
    parent = makers.make_comment(cast.bob, post)
    alice = visit(cast.alice)
    keep(alice, alice.get(f"{url(post)}?reply={parent.id}"), "To Bob.")
    db.session.execute(update(Comment).values(state="withdrawn"))
    db.session.commit()
    page = alice.get(url(post))
    assert fields(page)["body"] == "To Bob."
    alice.submit(page, "/comments", body="To all, then.")
    assert how_many() == 0


def test_of_two_drafts_one_for_a_vanished_comment_both_are_found(post, cast, visit):
    parent = makers.make_comment(cast.bob, post)
    alice = visit(cast.alice)
    keep(alice, alice.get(f"{url(post)}?reply={parent.id}"), "To Bob.")
    keep(alice, alice.get(url(post)), "To all.")
    db.session.execute(update(Comment).values(state="withdrawn"))
    db.session.commit()
    page = alice.get(url(post))
    assert fields(page)["body"] == "To all."
    assert "an unposted reply to a comment that is gone" in page
    assert "/account/drafts" in page.html


def test_a_draft_keeps_its_language(post, cast, visit):
    alice = visit(cast.alice)
    keep(alice, alice.get(url(post)), "Hanner meddwl.", lang="cy")
    page = alice.get(url(post))
    assert fields(page)["lang"] == "cy"
    assert re.search(r'<textarea[^>]*lang="cy"', page.html)


def test_a_composer_offers_the_language_its_writer_used_last(post, cast, visit):
    assert fields(visit(cast.alice).get(url(post)))["lang"] == "en"
    makers.make_comment(cast.alice, makers.make_post(cast.arthur, lang="cy"), "Dyna ni.", lang="cy")
    assert fields(visit(cast.alice).get(url(post)))["lang"] == "cy"
    assert fields(visit(cast.bob).get(url(post)))["lang"] == "en"
