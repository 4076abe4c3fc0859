"""From notes to the index: nothing forgotten, nothing twice, whatever dies in between."""

from __future__ import annotations

from sqlalchemy import select, text

from forum.foundation import jobs
from forum.foundation.db import db
from forum.posts.models import Post
from forum.search import documents, indexing, rebuild, site_index
from forum.search.models import Pending
from forum.search.whoosh_engine import WhooshEngine
from tests.apart import apart
from tests.makers import make_comment, make_post, make_removed
from tests.search.shelf import comment, found


def waiting() -> dict[tuple[str, int], int]:
    db.session.expire_all()
    return {(row.kind, row.thing_id): row.version for row in db.session.scalars(select(Pending))}


def drain(app) -> int:
    """The worker's turn, in a transaction of its own."""
    done = apart(jobs.in_context, app, indexing.drain)
    db.session.expire_all()
    return done


def note(post: Post) -> None:
    """As after a change of the post."""
    db.session.execute(text("UPDATE posts SET title = title WHERE id = :id"), {"id": post.id})


def finds(typed: str) -> list[str]:
    return found(site_index.engine(), typed)


def test_what_becomes_public_is_found_after_the_workers_turn(cast, work):
    post = make_post(cast.arthur, "Buses at night", body="They run **every** hour.", standfirst="About time.")
    reply = make_comment(cast.alice, post, "Mine had a quokka in it.")
    work()
    assert finds("hour") == finds('"about time"') == [f"post:{post.id}"]
    assert finds("in:posts author:arthur") == [f"post:{post.id}"]
    assert finds("quokka") == finds("author:alice in:comments quokka") == [f"comment:{reply.id}"]
    assert waiting() == {}
    assert not rebuild.check()


def test_a_worker_that_dies_after_the_index_repeats_its_work_harmlessly(app, cast, work):
    post = make_post(cast.arthur, "Quokka")
    work()
    note(post)
    db.session.commit()
    assert indexing.drain() == 1
    db.session.rollback()  # as when it dies before its commit
    assert waiting() == {("post", post.id): 1}
    assert drain(app) == 1
    assert waiting() == {}
    assert finds("quokka") == [f"post:{post.id}"]


def test_a_note_renewed_while_the_index_is_written_is_not_forgotten(app, cast, work, monkeypatch):
    post = make_post(cast.arthur, "Quokka")
    work()
    note(post)
    db.session.commit()
    write = WhooshEngine.write

    def write_while_it_changes(engine, keys, found):
        write(engine, keys, found)
        note(post)
        db.session.commit()

    monkeypatch.setattr(WhooshEngine, "write", write_while_it_changes)
    drain(app)
    assert waiting() == {("post", post.id): 2}


def test_only_what_is_lasting_is_indexed(app, cast, work):
    post = make_post(cast.arthur, "Buses")
    work()
    note(post)
    db.session.commit()
    post.title = "Quokka"
    db.session.flush()
    assert indexing.drain() == 1
    assert finds("buses") == [f"post:{post.id}"]
    assert finds("quokka") == []


def test_while_another_process_writes_nothing_is_done_and_nothing_lost(app, cast, work):
    post = make_post(cast.arthur, "Quokka")
    with site_index.engine().writing():
        work()
        assert ("post", post.id) in waiting()
    work()
    assert waiting() == {}
    assert finds("quokka") == [f"post:{post.id}"]


def test_the_database_is_free_while_the_index_is_written(app, cast, work, monkeypatch):
    """On SQLite one open write would make every reader who posts wait."""
    post = make_post(cast.arthur, "Quokka")
    work()
    note(post)
    db.session.commit()
    write = WhooshEngine.write

    def write_and_look(engine, keys, found):
        assert not db.session().in_transaction()
        assert db.engine.pool.checkedout() == 0
        write(engine, keys, found)

    monkeypatch.setattr(WhooshEngine, "write", write_and_look)
    db.session.remove()
    assert drain(app) == 1


def test_a_big_batch_is_done_in_turns(app, cast, work, monkeypatch):
    monkeypatch.setattr(indexing, "BATCH", 4)
    post = make_post(cast.arthur)
    for number in range(9):
        make_comment(cast.alice, post, f"quokka {number}")
    turns = []
    work()
    while done := drain(app):
        turns.append(done)
    assert len(finds("quokka")) == 9
    assert turns == [4, 4]


def test_a_lost_index_is_built_anew_by_the_next_change(app, cast, work):
    old = make_post(cast.arthur, "Quokka")
    work()
    for pointer in app.config["FORUM"].index_dir.glob("*/current"):
        pointer.unlink()
    make_post(cast.arthur, "Bicycle")
    work()
    assert finds("quokka") == [f"post:{old.id}"]
    assert not rebuild.check()


def test_a_rebuild_makes_what_the_events_made(app, cast, work):
    post = make_post(cast.arthur, "Buses", body="Words", standfirst="First", question="What now?", lang="cy")
    draft = make_post(cast.arthur, "Draft", is_published=False)
    parent = make_comment(cast.alice, post, "A *first* word", lang="cy")
    make_comment(cast.bob, post, "Another", parent)
    make_removed(cast.bob, post, cast.mona, "Something unkind")
    work()
    incremental = site_index.engine().entries()
    assert rebuild.run() == len(incremental) == 6
    assert site_index.engine().entries() == incremental
    assert f"post:{draft.id}" not in incremental


def test_a_rebuild_reports_its_progress(app, cast, work):
    post = make_post(cast.arthur)
    for _ in range(3):
        make_comment(cast.alice, post)
    told = []
    rebuild.run(lambda done, total: told.append((done, total)))
    assert told[-1] == (6, 6)


def test_a_rebuild_reads_in_batches(app, cast, monkeypatch):
    monkeypatch.setattr(documents, "BATCH", 2)
    post = make_post(cast.arthur)
    for _ in range(5):
        make_comment(cast.alice, post)
    assert rebuild.run() == 8


def test_at_its_start_the_worker_builds_an_index_only_where_it_must(app, cast):
    make_post(cast.arthur, "Quokka")
    assert rebuild.ensure()
    assert len(finds("quokka")) == 1
    assert not rebuild.ensure()


def test_the_check_names_what_is_wrong(app, cast, work):
    post = make_post(cast.arthur, "Buses")
    right, wrong = make_comment(cast.alice, post, "right"), make_comment(cast.alice, post, "wrong")
    work()
    engine = site_index.engine()
    with engine.writing():
        keys = {f"comment:{n}" for n in (right.id, wrong.id, 999)}
        engine.write(keys, [comment(wrong.id, "other words", on=post.id), comment(999, "ghost")])
    found = rebuild.check()
    assert found
    assert found.missing == [f"comment:{right.id}"]
    assert found.outdated == [f"comment:{wrong.id}"]
    assert found.surplus == ["comment:999"]
    db.session.add(Pending(kind="comment", thing_id=999))
    db.session.commit()
    assert rebuild.check().surplus == [], "what waits to be written is no difference"
    assert rebuild.check().waiting == 1


def test_the_commands_rebuild_and_compare(app, cast, work):
    runner = app.test_cli_runner()
    make_post(cast.arthur, "Quokka")
    db.session.remove()
    missing = runner.invoke(args=["search", "check"])
    assert missing.exit_code == 1
    assert "flask search rebuild" in missing.output
    built = runner.invoke(args=["search", "rebuild"])
    assert built.exit_code == 0, built.output
    assert "holds 2 posts, comments and people" in built.output
    same = runner.invoke(args=["search", "check"])
    assert same.exit_code == 0
    assert "agrees" in same.output
    work()
    with app.test_request_context():
        engine = site_index.engine()
        with engine.writing():
            engine.write(["post:1"], [])
    differs = runner.invoke(args=["search", "check"])
    assert differs.exit_code == 1
    assert "missing: post:1" in differs.output
