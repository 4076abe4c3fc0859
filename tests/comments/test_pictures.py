"""The pictures of comments: in use while their words are, and gone with them."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from forum.comments import drafts, editing, pictures, posting, withdrawing
from forum.comments.drafts import Typed
from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.media import avatars, names, sweeping
from forum.media.models import COMMENT, Upload
from forum.media.storage import site_storage
from forum.moderation import decisions
from forum.posts import writing
from tests import files, makers
from tests.media.test_uploading import send
from tests.media.test_uses import is_unused, places

A_DAY = timedelta(hours=25)
NO_PICTURE = "abcdefghijkmnpqrstuvwxyz2{}-60x40.webp"


@pytest.fixture
def picture(app, cast):
    return send(cast.alice)


def showing(*uploads: Upload) -> str:
    return "Look:\n\n" + "\n\n".join(f"![A bus](/media/{upload.name})" for upload in uploads)


def let_pass(time: timedelta) -> None:
    """Everything happened so much earlier."""
    for column in (Upload.unused_since, Comment.hidden_at, Comment.created_at, Comment.edited_at):
        before = [(row.id, getattr(row, column.key)) for row in db.session.scalars(select(column.class_))]
        for number, when in before:
            if when is not None:
                values = {column.key: when - time}
                db.session.execute(update(column.class_).where(column.class_.id == number).values(values))
    db.session.commit()
    db.session.expire_all()


def sweep() -> int:
    count = pictures.sweep()
    db.session.commit()
    db.session.expire_all()
    return count


def is_there(name: str) -> bool:
    row = db.session.scalar(select(Upload.id).where(Upload.name == name))
    stored = [site_storage().exists(file) for file in (name, names.small(name))]
    assert stored == [row is not None] * 2, "a row and its files go together"
    return row is not None


# In use


def test_a_comments_picture_is_in_use_and_counts_as_no_link(post, picture, cast):
    comment = makers.make_comment(cast.alice, post, showing(picture, picture, picture, picture))
    assert comment.is_public
    assert places() == {(picture.id, COMMENT, comment.id)}
    assert not is_unused(picture)


def test_a_comment_of_a_picture_alone_says_something(post, picture, cast):
    assert makers.make_comment(cast.alice, post, f"![](/media/{picture.name})").is_public


def test_ten_pictures_are_enough(post, cast):
    body = "\n\n".join(f"![x](/media/{NO_PICTURE.format(sign)})" for sign in "abcdefghijk")
    with pytest.raises(Refused, match="at most 10 pictures") as refusal:
        posting.write(cast.alice, post, None, body, "en", "", screen=makers.screen)
    assert refusal.value.field == "body"


def test_an_edit_that_nobody_has_seen_lets_a_picture_go(post, picture, cast):
    comment = makers.make_comment(cast.alice, post, showing(picture))
    other = send(cast.alice)
    editing.edit(comment, cast.alice, showing(other), "en", has_case=False, screen=makers.screen)
    db.session.commit()
    assert places() == {(other.id, COMMENT, comment.id)}
    assert is_unused(picture)


def test_a_picture_in_words_that_wait_is_in_use_nowhere_and_kept_until_they_are_decided_on(post, cast):
    comment = makers.make_comment(cast.alice, post, "First.")
    other = send(cast.alice)
    links = "https://a.example https://b.example https://c.example"
    editing.edit(comment, cast.alice, f"{links}\n\n{showing(other)}", "en", has_case=False, screen=makers.screen)
    db.session.commit()
    assert places() == set(), "in use by a public comment it would be shown to everybody"
    let_pass(A_DAY)
    assert sweep() == 0
    editing.apply_waiting(comment)
    db.session.commit()
    assert places() == {(other.id, COMMENT, comment.id)}


def test_a_picture_goes_with_words_that_were_dropped(post, cast):
    comment = makers.make_comment(cast.alice, post, "First.")
    other = send(cast.alice)
    links = "https://a.example https://b.example https://c.example"
    editing.edit(comment, cast.alice, f"{links}\n\n{showing(other)}", "en", has_case=False, screen=makers.screen)
    editing.drop_waiting(comment)
    db.session.commit()
    let_pass(A_DAY)
    assert sweep() == 1


def test_what_stands_in_the_history_stays_there_with_its_picture(post, picture, cast):
    comment = makers.make_comment(cast.alice, post, showing(picture))
    let_pass(timedelta(minutes=10))
    db.session.execute(update(Comment).values(published_at=clock.now() - timedelta(minutes=10)))
    db.session.expire_all()
    editing.edit(comment, cast.alice, "No picture any more.", "en", has_case=False, screen=makers.screen)
    db.session.commit()
    assert comment.edited_at is not None
    assert places() == {(picture.id, COMMENT, comment.id)}


def test_an_edit_of_words_changes_nothing_about_pictures(post, picture, cast):
    comment = makers.make_comment(cast.alice, post, showing(picture))
    editing.edit(comment, cast.alice, showing(picture) + " Look!", "en", has_case=False, screen=makers.screen)
    db.session.commit()
    assert places() == {(picture.id, COMMENT, comment.id)}


# Swept


def test_a_picture_that_nothing_shows_is_gone_after_a_day(picture, cast):
    name = picture.name
    assert sweep() == 0
    assert is_there(name)
    let_pass(A_DAY)
    assert sweep() == 1
    assert not is_there(name)
    assert sweep() == 0


def test_pictures_of_comments_posts_and_people_stay(post, picture, cast):
    in_post = send(cast.arthur)
    makers.make_comment(cast.alice, post, showing(picture))
    text = writing.PostText("A post", showing(in_post), is_published=True)
    writing.change(post, text, post.version, cast.arthur)
    avatars.change(cast.alice, files.png())
    db.session.commit()
    kept = [picture.name, in_post.name, cast.alice.avatar]
    let_pass(timedelta(days=400))
    assert sweep() == 0
    assert all(is_there(name) for name in kept)


def test_a_draft_keeps_its_pictures_also_the_words_it_pushed_aside(post, picture, cast):
    aside = send(cast.alice)
    draft = drafts.save(cast.alice, post, None, Typed(showing(picture)))
    draft.earlier = showing(aside)
    db.session.commit()
    let_pass(A_DAY)
    assert sweep() == 0
    draft.earlier = None
    db.session.commit()
    assert sweep() == 1
    assert is_there(picture.name)


def test_a_held_comment_keeps_its_picture(post, cast):
    picture = send(cast.nora)
    makers.make_held(cast.nora, post, showing(picture))
    let_pass(timedelta(days=100))
    assert sweep() == 0


def test_a_withdrawn_comments_picture_goes_in_a_day(post, picture, cast):
    name, comment = picture.name, makers.make_comment(cast.alice, post, showing(picture))
    withdrawing.withdraw(comment)
    db.session.commit()
    assert sweep() == 0
    let_pass(A_DAY)
    assert sweep() == 1
    assert not is_there(name)


@pytest.mark.parametrize("fate", ["removed", "rejected"])
def test_a_decision_can_be_undone_for_a_month(post, cast, fate):
    writer = cast.alice if fate == "removed" else cast.nora
    picture = send(writer)
    if fate == "removed":
        decisions.remove_public(makers.make_comment(writer, post, showing(picture)), cast.mona, "unkind", "")
    else:
        makers.make_rejected(writer, post, cast.mona, showing(picture))
    db.session.commit()
    let_pass(timedelta(days=29))
    sweep()
    let_pass(A_DAY)
    assert sweep() == 0, "its day begins when its month is over"
    let_pass(A_DAY)
    assert sweep() == 1


def test_a_sweep_that_comes_while_somebody_posts_takes_nothing(post, picture, cast, monkeypatch):
    """The words are posted between the sweep's look and its deletion."""
    let_pass(A_DAY)

    def post_meanwhile(unused):
        makers.make_comment(cast.alice, post, showing(picture))
        return set()

    monkeypatch.setattr(pictures, "_in_drafts", post_meanwhile)
    assert sweep() == 0
    assert is_there(picture.name)


def test_more_than_a_batch_is_swept_at_once(cast, monkeypatch):
    monkeypatch.setattr(sweeping, "BATCH", 2)
    for _ in range(5):
        send(cast.alice)
    let_pass(A_DAY)
    assert sweep() == 5


# Files without a row


def test_a_file_that_no_row_knows_goes_after_a_day(picture, cast):
    stray = f"zz{picture.name[2:]}"
    site_storage().put(stray, b"x", "image/webp")
    assert sweeping.delete_strays() == 0
    age_of_files(A_DAY)
    assert sweeping.delete_strays() == 1
    assert is_there(picture.name)
    assert not site_storage().exists(stray)


def age_of_files(age: timedelta) -> None:
    folder = site_storage()
    for path in folder._root.glob("*/*"):
        then = (clock.now() - age).timestamp()
        os.utime(path, (then, then))
