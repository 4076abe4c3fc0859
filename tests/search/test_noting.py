"""Whatever changes what may be found is noted by the database itself, in the transaction of the change."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from forum.accounts import profile
from forum.comments.models import Comment
from forum.foundation.db import db
from forum.search import noting
from forum.search.models import Pending
from tests.makers import make_comment, make_held, make_post, make_removed


def notes() -> dict[tuple[str, int], int]:
    db.session.flush()
    db.session.expire_all()
    return {(row.kind, row.thing_id): row.version for row in db.session.scalars(select(Pending))}


@pytest.fixture
def scene(cast, work):
    """A public discussion that the index knows."""
    post = make_post(cast.arthur)
    comment = make_comment(cast.alice, post)
    make_held(cast.nora, post)
    work()
    assert notes() == {}
    return post, comment


def test_a_new_comment_is_noted_with_its_writer(cast, scene):
    comment = make_comment(cast.bob, scene[0])
    assert notes() == {("comment", comment.id): 1, ("person", cast.bob.id): 1}


def test_further_comments_of_somebody_leave_the_note_about_them_alone(cast, scene, work):
    comment = make_comment(cast.alice, scene[0])
    assert notes() == {("comment", comment.id): 1}
    work()
    db.session.execute(text("UPDATE comments SET state = 'removed' WHERE id = :id"), {"id": comment.id})
    assert notes() == {("comment", comment.id): 1}


def test_a_first_public_comment_is_noted_with_its_writer_though_others_stand_below_a_draft(cast, scene, work):
    draft = make_post(cast.arthur)
    make_comment(cast.bob, draft)
    db.session.execute(text("UPDATE posts SET state = 'draft' WHERE id = :id"), {"id": draft.id})
    work()
    comment = make_comment(cast.bob, scene[0])
    assert notes() == {("comment", comment.id): 1, ("person", cast.bob.id): 1}


def test_what_waits_for_a_moderator_is_not(cast, scene):
    make_held(cast.nora, scene[0])
    assert notes() == {}


@pytest.mark.parametrize("state", ["held", "rejected", "removed", "withdrawn"])
def test_a_comment_that_ceases_to_be_public_is_noted_by_whatever_statement(state, cast, scene):
    db.session.execute(
        text("UPDATE comments SET state = :state WHERE author_id = :me"), {"state": state, "me": cast.alice.id}
    )
    assert set(notes()) == {("comment", scene[1].id), ("person", cast.alice.id)}


def test_other_words_are_noted_and_likes_are_not(cast, scene):
    db.session.execute(text("UPDATE comments SET like_count = 3, like_score = 7, descendant_count = 1"))
    assert notes() == {}
    db.session.execute(text("UPDATE comments SET body_html = '<p>x</p>'"))
    assert notes() == {("comment", scene[1].id): 1}


def test_a_note_made_again_rises_and_stays_one(scene):
    for number in range(3):
        db.session.execute(text("UPDATE comments SET body_html = :html"), {"html": f"<p>{number}</p>"})
    assert notes() == {("comment", scene[1].id): 3}


def test_a_discussion_is_noted_whole_with_everybody_in_it(cast, scene):
    post, comment = scene
    other = make_post(cast.arthur)
    make_comment(cast.bob, other)
    before = notes()
    db.session.execute(text("UPDATE posts SET state = 'draft' WHERE id = :id"), {"id": post.id})
    new = {key for key, version in notes().items() if version != before.get(key)}
    assert new == {
        ("post", post.id), ("comment", comment.id), ("person", cast.alice.id), ("person", cast.arthur.id),
    }  # fmt: skip


def test_a_post_with_another_title_or_author_is_noted_and_one_that_only_grows_is_not(cast, scene):
    post = scene[0]
    db.session.execute(text("UPDATE posts SET comment_count = 9, thread_version = 9"))
    assert notes() == {}
    db.session.execute(text("UPDATE posts SET title = 'Other'"))
    assert notes() == {("post", post.id): 1}
    db.session.execute(text("DELETE FROM post_authors"))
    assert notes() == {("post", post.id): 2, ("person", cast.arthur.id): 1}


def test_another_name_is_one_note_however_much_somebody_wrote(cast, scene, work):
    make_comment(cast.alice, scene[0])
    work()
    before = notes()
    profile.change(cast.alice, "Alice Baker", "", "", "")
    assert {key for key, version in notes().items() if version != before.get(key)} == {("person", cast.alice.id)}


def test_a_deleted_comment_is_noted(cast, scene):
    removed, public = make_removed(cast.bob, scene[0], cast.mona).id, scene[1].id
    before = notes()
    db.session.execute(text("DELETE FROM comments WHERE state = 'published'"))
    new = {key for key, version in notes().items() if version != before.get(key)}
    assert new == {("comment", public), ("person", cast.alice.id)}
    assert db.session.get(Comment, removed) is not None


def test_the_note_goes_with_the_change_that_is_undone(cast, scene):
    db.session.execute(text("UPDATE comments SET body_html = '<p>x</p>'"))
    db.session.rollback()
    assert notes() == {}


def test_a_migrated_database_notes_what_the_models_say(app):
    kind = db.engine.dialect.name
    if kind == "postgresql":
        found = "SELECT 'BEGIN' || split_part(prosrc, 'BEGIN', 2) FROM pg_proc WHERE proname LIKE 'search_notes%'"
        wanted = {body.split("$$")[1].strip() for body in noting.triggers(kind) if "FUNCTION" in body and "$$" in body}
    else:
        found = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search_notes%'"
        wanted = set(noting.triggers(kind))
    assert {row.strip() for row in db.session.scalars(text(found))} == wanted
    assert len(wanted) == 11
