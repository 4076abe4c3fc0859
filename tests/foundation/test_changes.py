"""The number that moves with what guests see: for every change, in its transaction, and for nothing else."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import create_engine, text

from forum.accounts import passwords, profile, sessions
from forum.comments import keeping
from forum.comments.models import Comment
from forum.foundation import changes
from forum.foundation.changes import SEEN, UNSEEN, UNSEEN_COLUMNS, SiteChanges, Watch
from forum.foundation.db import db, engine_options
from forum.marks import marking
from forum.moderation import flagging
from forum.posts import writing
from tests import makers
from tests.held import Held
from tests.sites import own_site


@pytest.fixture
def post(app, cast):
    post = makers.make_post(cast.arthur, "Slow buses", series="Buses", part=1, tags=["routes"])
    makers.make_comment(cast.alice, post)
    return post


@pytest.fixture
def watch(app):
    """Another process's look at the number; it looks each time."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    watch = Watch(url, engine_options(url))
    yield watch
    watch.forget()


@pytest.fixture
def others(app):
    """A pool of connections that are not this test's."""
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def _always_look(monkeypatch):
    monkeypatch.setattr(changes, "LOOK_EVERY", 0)


def only_on(kind: str) -> None:
    if db.engine.dialect.name != kind:
        pytest.skip(f"about {kind}")


# What is counted


def test_every_table_is_named_as_seen_or_not(app):
    assert set(SEEN) | UNSEEN == set(db.metadata.tables)
    assert not set(SEEN) & UNSEEN


def test_the_columns_that_are_not_seen_are_columns(app):
    for table, names in UNSEEN_COLUMNS.items():
        assert names < set(db.metadata.tables[table].columns.keys())


def _shape(statement: str) -> str:
    return re.sub(r"\s+", " ", statement.replace("public.", "")).strip()


def test_a_migrated_database_counts_what_the_models_say(app):
    kind = db.engine.dialect.name
    found = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'site_changes%'"
    if kind == "postgresql":
        found = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE 'site_changes%'"
    wanted = {_shape(statement) for statement in changes.triggers(kind) if "CREATE TRIGGER" in statement}
    assert {_shape(row) for row in db.session.scalars(text(found))} == wanted
    assert wanted


def test_the_counting_function_of_a_migrated_database_is_that_of_the_models(app):
    only_on("postgresql")
    body = db.session.scalar(text("SELECT prosrc FROM pg_proc WHERE proname = 'note_site_change'"))
    assert _shape(body) in _shape(changes.triggers("postgresql")[0])


def test_a_site_made_from_the_models_counts_too(tmp_path):
    site = own_site(tmp_path)
    with site.app_context():
        before = db.session.scalar(db.select(SiteChanges.number))
        db.session.execute(text("INSERT INTO tags (slug, name) VALUES ('x', 'X')"))
        assert db.session.scalar(db.select(SiteChanges.number)) > before


_BY_HAND = {
    "posts": "UPDATE posts SET thread_version = thread_version + 1",
    "post_authors": "UPDATE post_authors SET name = 'Somebody'",
    "post_tags": "DELETE FROM post_tags",
    "tags": "INSERT INTO tags (slug, name) VALUES ('x', 'X')",
    "series": "UPDATE series SET name = 'Trams'",
    "comments": "UPDATE comments SET like_count = like_count + 1",
    "decisions": "UPDATE decisions SET reason = 'spam'",
    "users": "UPDATE users SET name = 'Somebody'",
}


@pytest.mark.parametrize("table", SEEN)
def test_any_statement_on_what_guests_see_moves_the_number(table, post, cast, watch, others):
    makers.make_removed(cast.bob, post, cast.mona)
    before = watch.number()
    with others.begin() as connection:
        connection.execute(text(_BY_HAND[table]))
    assert watch.number() > before


def test_the_number_moves_with_the_commit_and_not_before(post, watch, others):
    before = watch.number()
    with others.begin() as connection:
        connection.execute(text("UPDATE posts SET title = 'Other'"))
        assert watch.number() == before
    assert watch.number() > before


def test_what_is_undone_does_not_move_it(post, watch, others):
    before = watch.number()
    with others.connect() as connection:
        connection.execute(text("UPDATE posts SET title = 'Other'"))
        connection.rollback()
    assert watch.number() == before


def test_what_follows_an_undone_savepoint_is_counted(post, watch, others):
    before = watch.number()
    with others.begin() as connection:
        inner = connection.begin_nested()
        connection.execute(text("UPDATE posts SET title = 'Undone'"))
        inner.rollback()
        connection.execute(text("UPDATE posts SET title = 'Done'"))
    assert watch.number() > before


_OWN = {
    "signing in": lambda post, alice: sessions.open_for(alice, kept=False, user_agent="x"),
    "a bookmark": lambda post, alice: marking.bookmark(db.session.get(Comment, 1), alice),
    "a draft": lambda post, alice: keeping.keep(post, None, "Not yet.", "en"),
    "a flag": lambda post, alice: flagging.flag(db.session.get(Comment, 1), alice, "spam", ""),
    "another password": lambda post, alice: setattr(alice, "password_hash", passwords.hashed("other words of mine")),
    "another language": lambda post, alice: setattr(alice, "language", "cy"),
    "another way to read": lambda post, alice: (setattr(alice, "theme", "dark"), setattr(alice, "uses_keys", False)),
    "how far one has read": lambda post, alice: db.session.execute(
        text("INSERT INTO reading_positions (user_id, post_id, seen_at) VALUES (:user, :post, CURRENT_TIMESTAMP)"),
        {"user": alice.id, "post": post.id},
    ),
    "the relay": lambda post, alice: db.session.execute(text("UPDATE events SET relayed_at = created_at")),
    "the index": lambda post, alice: db.session.execute(text("DELETE FROM search_pending")),
}


@pytest.mark.parametrize("what", _OWN)
def test_what_is_one_persons_own_or_the_machinerys_moves_nothing(what, post, cast, watch):
    assert cast.bob
    before = watch.number()
    _OWN[what](post, cast.bob)
    db.session.commit()
    assert watch.number() == before


def test_a_profile_moves_it(post, cast, watch):
    before = watch.number()
    profile.change(cast.bob, "Bob Otherwise", "", "", "")
    db.session.commit()
    assert watch.number() > before


# Several writers


def test_writers_do_not_wait_for_each_other(post, cast, others):
    only_on("postgresql")
    second = makers.make_post(cast.arthur, "Night trains")
    db.session.commit()
    with others.connect() as one, others.connect() as other:
        one.execute(text("UPDATE posts SET title = 'One' WHERE id = :id"), {"id": post.id})
        other.execute(text("SET LOCAL lock_timeout = '3s'"))
        # Raises when it has to wait.
        other.execute(text("UPDATE posts SET title = 'Other' WHERE id = :id"), {"id": second.id})
        other.commit()
        one.commit()


def test_of_two_changes_the_one_that_began_first_and_ended_last_is_noticed_too(post, cast, others, watch):
    only_on("postgresql")
    second = makers.make_post(cast.arthur, "Night trains")
    db.session.commit()
    seen = [watch.number()]
    with others.connect() as one, others.connect() as other:
        one.execute(text("UPDATE posts SET title = 'One' WHERE id = :id"), {"id": post.id})
        other.execute(text("UPDATE posts SET title = 'Other' WHERE id = :id"), {"id": second.id})
        other.commit()
        seen.append(watch.number())
        one.commit()
        seen.append(watch.number())
    assert seen == sorted(set(seen))


def test_the_parts_of_the_number_are_no_more_than_writers_at_once(post, others):
    for number in range(50):
        with others.begin() as connection:
            connection.execute(text("UPDATE posts SET title = :title"), {"title": f"Title {number}"})
    assert db.session.scalar(text("SELECT count(*) FROM site_changes")) <= 3


# Looking


def test_between_two_looks_only_this_processs_commits_are_seen(post, watch, others, monkeypatch):
    monkeypatch.setattr(changes, "LOOK_EVERY", 3600)
    before = watch.number()
    with others.begin() as connection:
        connection.execute(text("UPDATE posts SET title = 'Other'"))
    assert watch.number() == before
    db.session.execute(text("UPDATE posts SET title = 'Own'"))
    db.session.commit()
    assert watch.number() > before + 1


def test_a_commit_that_falls_into_a_look_is_looked_for_again(post, watch, others, monkeypatch):
    monkeypatch.setattr(changes, "LOOK_EVERY", 3600)
    ask = changes._ask

    def commit_meanwhile(engine):
        found = ask(engine)
        db.session.execute(text("UPDATE posts SET title = 'Own'"))
        db.session.commit()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(changes, "_ask", commit_meanwhile)
        before = watch.number()
    assert watch.number() > before


def test_nobody_is_given_the_number_of_before_while_a_look_lasts(post, app, watch, monkeypatch):
    """Else a writer's next page could be an old one, answered beside the look that their writing made due."""
    monkeypatch.setattr(changes, "LOOK_EVERY", 3600)
    before = watch.number()
    db.session.execute(text("UPDATE posts SET title = 'Own'"))
    db.session.commit()
    ask, held = changes._ask, Held()

    def slow(engine):
        held.wait()
        return ask(engine)

    monkeypatch.setattr(changes, "_ask", slow)
    found = held.ask_at_once(4, watch.number)
    assert len(found) == 4
    assert before not in found


def test_a_database_that_does_not_answer_has_no_number_and_gets_one_again(post, watch):
    before = watch.number()
    db.session.execute(text("ALTER TABLE site_changes RENAME TO away"))
    db.session.commit()
    try:
        assert watch.number() is None
    finally:
        db.session.execute(text("ALTER TABLE away RENAME TO site_changes"))
        db.session.commit()
    assert watch.number() == before


def test_who_only_looks_moves_nothing(post, cast, visit, watch):
    people = (cast.arthur, cast.mona, None)
    before = watch.number()
    for person in people:
        for url in ("/", f"/posts/{post.slug}", "/people/alice", "/search?q=buses"):
            assert visit(person).get(url).status == 200
    assert watch.number() == before


def test_a_change_of_a_draft_that_nobody_sees_is_counted_all_the_same(post, cast, watch):
    """One number for all tables: what is cheap to count may count too much, never too little."""
    before = watch.number()
    writing.write(cast.arthur, writing.PostText(title="Not yet", body="x", is_published=False))
    db.session.commit()
    assert watch.number() > before
