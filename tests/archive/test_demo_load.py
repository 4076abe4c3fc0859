"""The demo is loaded once, and looks lived in."""

from __future__ import annotations

import stat
from datetime import timedelta

import pytest
from sqlalchemy import select

from forum.accounts import passwords, queries
from forum.accounts.models import User
from forum.archive import demo_load
from forum.comments import counting
from forum.comments.models import HELD, PUBLISHED, REMOVED, WITHDRAWN, Comment
from forum.events.log import EventRow
from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation import queries as cases
from forum.moderation.actions import FLAGGED
from forum.posts.models import Post


@pytest.fixture
def kept(app):
    """The file with the sign-ins, not there yet."""
    place = app.config["FORUM"].data_dir / demo_load.SIGN_INS
    place.unlink(missing_ok=True)
    yield place
    place.unlink(missing_ok=True)


def in_state(state: str) -> list[Comment]:
    return list(db.session.scalars(select(Comment).where(Comment.state == state).order_by(Comment.id)))


def test_each_role_can_sign_in_with_what_is_printed(kept):
    sign_ins = demo_load.load_once()
    assert [role for role, _address, _password in sign_ins] == [
        "reader", "newcomer", "author", "moderator", "moderator", "admin",
    ]  # fmt: skip
    people = [queries.by_email(address) for _role, address, _password in sign_ins]
    for person, (_role, _address, password) in zip(people, sign_ins, strict=True):
        assert person.is_confirmed
        assert passwords.is_right(password, person.password_hash)
    reader, newcomer, author, mona, max_, admin = people
    assert (newcomer.is_newcomer, author.is_author, admin.is_admin) == (True, True, True)
    assert mona.is_moderator
    assert max_.is_moderator
    assert mona != max_
    assert {reader.is_newcomer, reader.is_staff, reader.is_author} == {False}


def test_nobody_else_has_a_password_or_may_read_these(kept):
    demo_load.load_once()
    assert len(db.session.scalars(select(User.id).where(User.password_hash.is_not(None))).all()) == 6
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_second_call_changes_nothing_and_says_the_same(kept):
    sign_ins = demo_load.load_once()
    before = db.session.execute(select(Comment.id, Comment.version)).all()
    assert demo_load.load_once() == sign_ins
    assert db.session.execute(select(Comment.id, Comment.version)).all() == before


def test_a_site_with_people_of_its_own_stays_as_it_is(kept, cast):
    assert cast.alice.id
    assert demo_load.load_once() == []
    assert db.session.scalars(select(Post)).all() == []


def test_sign_ins_of_another_database_are_not_told(kept, cast):
    demo_load._keep(kept, [("reader", "gone@demo.example", "words")])
    assert cast.alice.id
    assert demo_load.load_once() == []


def test_comments_of_every_kind_are_there_and_the_index_hears_of_them(kept):
    demo_load.load_once()
    for state in (HELD, REMOVED, WITHDRAWN):
        assert in_state(state), state
    assert len(in_state(PUBLISHED)) > 100
    assert any(comment.depth >= 3 for comment in in_state(PUBLISHED))
    assert counting.differences() == []
    told = set(db.session.scalars(select(EventRow.name)))
    assert {"PostPublished", "CommentPublished"} <= told


def test_a_moderator_finds_held_and_flagged_comments_in_the_queue(kept):
    demo_load.load_once()
    held = cases.waiting("held")
    assert [case.opened_at for case in held] == sorted(comment.created_at for comment in in_state(HELD))
    assert all(case.comment.held_for for case in held)
    assert all(case.comment.is_public for case in cases.waiting(FLAGGED))
    assert cases.open_counts()[FLAGGED] >= 2
    removed = in_state(REMOVED)[0]
    assert cases.removals_of([removed.id])[removed.id].by.is_moderator


def test_it_looks_as_old_as_it_is_told_whenever_it_is_loaded(kept):
    demo_load.load_once()
    newest = max(comment.created_at for comment in in_state(HELD))
    assert clock.now() - newest < timedelta(hours=2)
    posts = db.session.scalars(select(Post).order_by(Post.published_at)).all()
    assert clock.now() - posts[0].published_at > timedelta(days=30)
    for comment in db.session.scalars(select(Comment)):
        assert comment.post.published_at < comment.created_at <= clock.now()


def test_its_pages_can_be_read(kept, visit):
    demo_load.load_once()
    home = visit().get("/")
    assert home.status == 200
    for post in db.session.scalars(select(Post)).all():
        page = visit().get(f"/posts/{post.slug}")
        assert page.status == 200
        assert post.title in page
