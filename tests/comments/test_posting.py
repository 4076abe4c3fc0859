"""Posting a comment."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from sqlalchemy import func, select

from forum.comments import counting, keeping, posting, withdrawing
from forum.comments.models import Comment
from forum.comments.permissions import may_reply, may_write
from forum.events.log import EventRow
from forum.foundation import clock, signing
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.posts.models import CLOSED, Post
from tests import makers
from tests.comments.crowds import fill


def test_a_known_persons_comment_is_public_at_once(app, cast):
    post = makers.make_post(cast.arthur)
    comment = makers.make_comment(cast.alice, post, "I take the **bus**.")
    assert comment.state == "published"
    assert comment.published_at is not None
    assert "<strong>bus</strong>" in comment.body_html
    db.session.refresh(post)
    assert (post.comment_count, post.people_count, post.last_comment_by_id) == (1, 1, cast.alice.id)


def test_a_newcomers_first_comment_is_held_and_counted_nowhere(app, cast):
    post = makers.make_post(cast.arthur)
    comment = makers.make_comment(cast.nora, post)
    assert comment.state == "held"
    assert [finding["reason"] for finding in comment.held_for] == ["first_comment"]
    db.session.refresh(post)
    assert (post.comment_count, post.people_count, post.last_comment_by_id) == (0, 0, None)


def test_posting_makes_readers_pages_out_of_date_and_holding_does_not(app, cast):
    post = makers.make_post(cast.arthur)
    before = post.thread_version
    makers.make_comment(cast.nora, post)
    db.session.refresh(post)
    assert post.thread_version == before
    makers.make_comment(cast.alice, post)
    db.session.refresh(post)
    assert post.thread_version > before


@pytest.mark.parametrize(
    "body",
    [
        "",
        "   \n\t ",
        "\u200b\u200b",
        "\u2060 \ufeff",
        "\u00ad",
        "&#8203;",
        "\u3164\u2800",
        "[](https://example.org)",
        "\x00",
    ],
    ids=["nothing", "spaces", "zero width", "joiners", "soft hyphen", "entity", "fillers", "empty link", "nul"],
)
def test_a_comment_that_shows_nothing_is_refused(body, app, cast):
    post = makers.make_post(cast.arthur)
    with pytest.raises(Refused, match="Write something first") as refusal:
        posting.write(cast.alice, post, None, body, "en", "", screen=makers.screen)
    assert refusal.value.field == "body"
    db.session.rollback()
    assert db.session.scalar(select(func.count(Comment.id))) == 0


@pytest.mark.parametrize("body", ["👍", "?", "ا", "![a bus](https://example.org/bus.png)", "1", "हाँ"])
def test_a_comment_of_one_sign_is_enough(body, app, cast):
    assert makers.make_comment(cast.alice, makers.make_post(cast.arthur), body).state == "published"


def test_a_too_long_comment_is_refused_with_how_much_too_long(app, cast):
    post = makers.make_post(cast.arthur)
    with pytest.raises(Refused, match="by 7 characters"):
        posting.write(cast.alice, post, None, "x" * (posting.LONGEST + 7), "en", "", screen=makers.screen)
    assert makers.make_comment(cast.alice, post, "y" * posting.LONGEST).state == "published"


def test_a_nul_in_the_words_is_dropped(app, cast):
    comment = makers.make_comment(cast.alice, makers.make_post(cast.arthur), "one\x00two")
    assert comment.body == "onetwo"


def test_a_comment_has_the_language_it_says_or_that_of_the_post(app, cast):
    post = makers.make_post(cast.arthur, lang="cy")
    assert makers.make_comment(cast.alice, post, lang="de").lang == "de"
    assert makers.make_comment(cast.alice, post, lang="klingon").lang == "cy"


WHO_MAY_REPLY = [
    ("a member to the post", "alice", None, None),
    ("a member to a comment", "alice", "public", None),
    ("a newcomer", "nora", None, None),
    ("a guest", None, None, "Sign in or create an account"),
    ("somebody whose address is not confirmed", "unconfirmed", None, "Confirm your e-mail address"),
    ("a member to a comment that was withdrawn", "alice", "withdrawn", "no longer there"),
    ("a member to a comment that was removed", "alice", "removed", "no longer there"),
    ("a member to a held comment", "alice", "held", "no longer there"),
    ("the writer of a held comment to it", "nora", "held", "no longer there"),
    ("a member to a comment below another post", "alice", "elsewhere", "no longer there"),
]


@pytest.mark.parametrize(
    ("who", "parent", "refusal"), [row[1:] for row in WHO_MAY_REPLY], ids=[r[0] for r in WHO_MAY_REPLY]
)
def test_who_may_reply(who, parent, refusal, app, cast):
    post, other = makers.make_post(cast.arthur), makers.make_post(cast.arthur)
    make = {
        "public": lambda: makers.make_comment(cast.bob, post),
        "withdrawn": lambda: makers.make_withdrawn(cast.bob, post),
        "removed": lambda: makers.make_removed(cast.bob, post, cast.mona),
        "held": lambda: makers.make_comment(cast.nora, post),
        "elsewhere": lambda: makers.make_comment(cast.bob, other),
    }
    person = None if who is None else cast.alice if who == "unconfirmed" else getattr(cast, who)
    if who == "unconfirmed":
        person.confirmed_at = None
    verdict = may_reply(person, post, make[parent]() if parent else None)
    assert bool(verdict) == (refusal is None)
    assert refusal is None or refusal in verdict.reason


@pytest.mark.parametrize("how", ["its policy", "its closing time", "being a draft"])
def test_nobody_writes_below_a_post_closed_by(how, app, cast):
    values = {
        "its policy": {"policy": CLOSED},
        "its closing time": {"closes_at": clock.now()},
        "being a draft": {"is_published": False},
    }
    post = makers.make_post(cast.arthur, **values[how])
    for person in (cast.alice, cast.arthur, cast.mona, cast.ada):
        assert not may_write(person, post)
        assert not may_reply(person, post, None)


def test_the_same_form_sent_twice_makes_one_comment(app, cast):
    post, token = makers.make_post(cast.arthur), signing.new_secret()
    first = posting.write(cast.alice, post, None, "Once.", "en", token, screen=makers.screen)
    db.session.commit()
    second = posting.write(cast.alice, post, None, "Once.", "en", token, screen=makers.screen)
    db.session.commit()
    assert second is first
    assert db.session.scalar(select(func.count(Comment.id))) == 1
    assert counting.differences() == []


def test_two_people_may_have_the_same_form_token(app, cast):
    post, token = makers.make_post(cast.arthur), signing.new_secret()
    one = posting.write(cast.alice, post, None, "One.", "en", token, screen=makers.screen)
    other = posting.write(cast.bob, post, None, "Two.", "en", token, screen=makers.screen)
    db.session.commit()
    assert one.id != other.id


def test_a_comment_that_becomes_public_is_told_once(app, cast):
    comment = makers.make_comment(cast.alice, makers.make_post(cast.arthur))
    told = db.session.scalars(select(EventRow.payload).where(EventRow.name == "CommentPublished")).all()
    assert told == [{"comment_id": comment.id}]


def in_threads(app, count, act):
    """Run act(number) in this many threads at once, each as a request of its own; what they raised."""
    start, failures = threading.Barrier(count), []

    def run(number: int) -> None:
        try:
            with app.app_context(), app.test_request_context():
                start.wait(timeout=20)
                act(number)
                db.session.remove()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return failures


def test_the_same_form_sent_at_once_from_six_threads_makes_one_comment(app, cast):
    post, parent_of = makers.make_post(cast.arthur), {}
    parent = makers.make_comment(cast.bob, post)
    writer, post_id, parent_id, token = cast.alice.id, post.id, parent.id, signing.new_secret()
    db.session.commit()

    def send(number: int) -> None:
        post = db.session.get(Post, post_id)
        answered = db.session.get(Comment, parent_id)
        comment = posting.write(
            db.session.get(type(cast.alice), writer), post, answered, "Once.", "en", token, screen=makers.screen
        )
        db.session.commit()
        parent_of[number] = comment.id

    assert in_threads(app, 6, send) == []
    db.session.expire_all()
    assert len(set(parent_of.values())) == 1
    assert db.session.scalar(select(func.count(Comment.id)).where(Comment.author_id == writer)) == 1
    assert counting.differences() == []


def test_eight_threads_replying_to_one_comment_lose_nothing(app, cast):
    """Ten replies each; SQLite waits for its turn, and every reply has a path of its own."""
    post = makers.make_post(cast.arthur)
    parent = makers.make_comment(cast.bob, post)
    post_id, parent_id, people = post.id, parent.id, [cast.alice.id, cast.bob.id, cast.mona.id, cast.arthur.id]
    db.session.commit()

    def reply(number: int) -> None:
        for turn in range(10):
            author = db.session.get(type(cast.alice), people[number % 4])
            answered = db.session.get(Comment, parent_id)
            posting.write(
                author, db.session.get(Post, post_id), answered, f"{number} {turn}", "en", "", screen=makers.screen
            )
            db.session.commit()

    assert in_threads(app, 8, reply) == []
    db.session.expire_all()
    replies = db.session.scalars(select(Comment).where(Comment.parent_id == parent_id)).all()
    assert len({row.path for row in replies}) == 80
    assert sorted(row.rank for row in replies) == list(range(1, 81))
    assert Counter(row.body.split()[0] for row in replies) == Counter({str(n): 10 for n in range(8)})
    assert (post.comment_count, parent.descendant_count) == (81, 80)
    assert counting.differences() == []


def test_writers_at_different_heights_of_one_branch_do_not_block_each_other(app, cast):
    """Each takes its own parent and counts in the rows above it: without an order they would wait for each other."""
    post = makers.make_post(cast.arthur)
    rows = fill(post, [None, 0, 1, 2, 3, 4], [cast.bob])
    post_id, people = post.id, [cast.alice.id, cast.bob.id]
    db.session.commit()

    def change(number: int) -> None:
        for turn in range(8):
            author = db.session.get(type(cast.alice), people[number % 2])
            answered = db.session.get(Comment, rows[(number * 2 + turn) % len(rows)])
            comment = posting.write(
                author, db.session.get(Post, post_id), answered, "Up and down.", "en", "", screen=makers.screen
            )
            db.session.commit()
            if turn % 2:
                withdrawing.withdraw(db.session.get(Comment, comment.id))
                db.session.commit()

    assert in_threads(app, 4, change) == []
    db.session.expire_all()
    assert counting.differences() == []


def test_kept_words_keep_no_nul(app, cast):
    post = makers.make_post(cast.arthur)
    secret = keeping.keep(post, None, "one\x00two", "en")
    db.session.commit()
    assert keeping.find(secret).body == "onetwo"
