"""`flask archive import jsonl`: a blog comes in with its nesting, dates and people, once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from forum.accounts.models import User
from forum.comments import counting, tree
from forum.comments.models import Comment
from forum.events.log import EventRow
from forum.foundation.db import db
from forum.posts.models import Post
from tests import makers
from tests.archive.made_up import blog, comment, post, rejected, run


def comments_of(slug: str = "a-bench") -> dict[str, Comment]:
    """The comments of a post in reading order, by their words."""
    rows = select(Comment).join(Post, Post.id == Comment.post_id).where(Post.slug == slug).order_by(Comment.path)
    return {row.body: row for row in db.session.scalars(rows)}


def everything() -> list[tuple]:
    """All rows of all tables."""
    return [
        (table.name, *row) for table in db.metadata.sorted_tables for row in db.session.execute(table.select()).all()
    ]


@pytest.fixture
def thread(tmp_path):
    """Two comments below a post; the first has two replies, and one of them a reply."""
    rows = [comment(1), comment(2), comment(3, 1), comment(4, 3), comment(5, 1)]
    return blog(tmp_path / "blog", [post()], rows)


def test_posts_and_comments_come_in_and_a_table_says_so(app, thread):
    result = run(app, thread)
    assert result.exit_code == 0
    assert "blog: 6 new, 0 known, 0 rejected." in result.output
    lines = [line.split() for line in result.output.splitlines()]
    assert ["Comments", "5", "0", "0"] in lines
    assert ["replies", "under", "their", "parents", "3", "0"] in lines
    assert ["People", "5", "0"] in lines


def test_replies_stand_under_their_parents(app, thread):
    run(app, thread)
    found = comments_of()
    assert [body[-2] for body in found] == ["1", "3", "4", "5", "2"]
    assert [row.depth for row in found.values()] == [0, 1, 2, 1, 0]
    first, third, fourth = (found[f"Words of comment {n}."] for n in (1, 3, 4))
    assert (third.parent_id, fourth.parent_id, fourth.root_id) == (first.id, third.id, first.id)


def test_dates_are_kept(app, thread):
    run(app, thread)
    post = db.session.scalar(select(Post))
    assert post.published_at == datetime(2019, 4, 2, tzinfo=UTC)
    fourth = comments_of()["Words of comment 4."]
    assert fourth.created_at == fourth.published_at == datetime(2019, 5, 4, 12, tzinfo=UTC)


def test_every_counter_is_what_a_count_finds(app, thread):
    run(app, thread)
    assert counting.differences() == []
    post = db.session.scalar(select(Post))
    assert (post.comment_count, post.people_count) == (5, 5)
    assert post.last_comment_at == datetime(2019, 5, 5, 12, tzinfo=UTC)
    assert post.last_comment_by.name == "Writer 5"
    assert [row.rank for row in comments_of().values()] == [0, 1, 1, 2, 0]


def test_people_go_on_writing_below_what_was_imported(app, thread, cast):
    run(app, thread)
    found = comments_of()
    reply = makers.make_comment(cast.alice, db.session.scalar(select(Post)), "Mine.", found["Words of comment 1."])
    root = makers.make_comment(cast.bob, db.session.scalar(select(Post)), "Also mine.")
    assert list(comments_of()) == [
        *(f"Words of comment {n}." for n in (1, 3, 4, 5)),
        "Mine.",
        "Words of comment 2.",
        "Also mine.",
    ]
    assert (reply.rank, root.rank) == (3, 0)
    assert counting.differences() == []


def test_a_second_run_changes_nothing(app, thread):
    run(app, thread)
    before = everything()
    db.session.rollback()
    result = run(app, thread)
    assert result.exit_code == 0
    assert "blog: 0 new, 6 known, 0 rejected." in result.output
    assert everything() == before


def test_a_dry_run_tells_all_and_keeps_nothing(app, thread):
    before = everything()
    db.session.rollback()
    result = run(app, thread, "--dry-run")
    assert "blog: 6 new, 0 known, 0 rejected." in result.output
    assert "nothing was kept" in result.output
    assert everything() == before


def test_a_dry_run_counts_a_person_once_who_wrote_below_two_posts(app, tmp_path):
    rows = [comment(1, author="Ivy Dell"), comment(2, author="Ivy Dell", post="b")]
    result = run(app, blog(tmp_path / "blog", [post(), post("b")], rows), "--dry-run")
    assert ["People", "1", "0"] in [line.split() for line in result.output.splitlines()]


def test_a_later_run_adds_what_is_new(app, tmp_path, thread, work):
    run(app, thread)
    work()
    rows = [comment(1), comment(2), comment(3, 1), comment(4, 3), comment(5, 1), comment(6, 3), comment(7)]
    result = run(app, blog(thread, [post()], rows))
    assert "blog: 2 new, 6 known, 0 rejected." in result.output
    assert [body[-2] for body in comments_of()] == ["1", "3", "4", "6", "5", "2", "7"]
    assert counting.differences() == []
    assert comments_of()["Words of comment 6."].rank == 2
    told = db.session.scalars(select(EventRow.name).where(EventRow.relayed_at.is_(None))).all()
    assert told == ["CommentPublished", "CommentPublished"]


def test_comments_older_than_those_known_come_after_them(app, tmp_path):
    folder = tmp_path / "blog"
    run(app, blog(folder, [post()], [comment(9)]))
    run(app, blog(folder, [post()], [comment(2), comment(9)]))
    assert [body[-2] for body in comments_of()] == ["9", "2"]
    assert db.session.scalar(select(Post)).last_comment_at == datetime(2019, 5, 9, 12, tzinfo=UTC)


def test_siblings_are_read_by_date_whatever_their_order_in_the_file(app, tmp_path):
    run(app, blog(tmp_path / "blog", [post()], [comment(5, 3), comment(2), comment(4, 3), comment(3), comment(1)]))
    assert [body[-2] for body in comments_of()] == ["1", "2", "3", "4", "5"]


def test_a_reply_dated_before_its_parent_keeps_its_date_and_its_place(app, tmp_path):
    run(app, blog(tmp_path / "blog", [post()], [comment(2, 9), comment(9)]))
    reply = comments_of()["Words of comment 2."]
    assert reply.depth == 1
    assert reply.created_at.day == 2


def test_the_index_hears_of_each_new_post(app, tmp_path):
    run(app, blog(tmp_path / "blog", [post(), post("b")], [comment(1)]))
    assert db.session.scalars(select(EventRow.name)).all() == ["PostPublished", "PostPublished"]


def test_two_blogs_with_the_same_slugs_and_ids_stay_apart(app, tmp_path):
    run(app, blog(tmp_path / "one", [post()], [comment(1, author="Ivy Dell")]))
    run(app, blog(tmp_path / "two", [post()], [comment(1, author="Ivy Dell")]))
    assert sorted(db.session.scalars(select(Post.slug))) == ["a-bench", "a-bench-2"]
    assert db.session.scalar(select(func.count(User.id))) == 2


def test_a_thread_deeper_than_a_path_can_show_comes_in_whole(app, tmp_path):
    rows = [comment(f"c{n}", f"c{n - 1}" if n else None, text=f"Level {n}.") for n in range(tree.DEEPEST + 4)]
    result = run(app, blog(tmp_path / "blog", [post()], rows))
    assert f"{tree.DEEPEST + 5} new" in result.output
    found = list(comments_of().values())
    assert max(row.depth for row in found) == tree.DEEPEST
    assert counting.differences() == []
    deepest = [row.rank for row in found if row.depth == tree.DEEPEST]
    assert deepest == list(range(1, len(deepest) + 1))


def test_nothing_to_import_is_an_error(app, tmp_path):
    result = run(app, blog(tmp_path / "blog", ["{"], [comment(1)]))
    assert result.exit_code == 1
    assert "Nothing was imported" in result.output
    assert len(rejected(app)) == 2


def test_a_folder_without_posts_is_an_error_in_one_sentence(app, tmp_path):
    result = run(app, tmp_path)
    assert result.exit_code == 1
    assert result.output.strip() == f"Error: {tmp_path / 'posts.jsonl'} cannot be read: No such file or directory."


def test_rejected_lines_are_kept_with_the_reason_and_as_they_were(app, tmp_path):
    wrong = '{"id": "1", "post": "a-bench"}'
    result = run(app, blog(tmp_path / "blog", [post()], [wrong, comment(2)]))
    assert result.exit_code == 0
    assert str(app.config["FORUM"].data_dir / "import-rejects" / "blog.jsonl") in result.output
    assert rejected(app) == [
        {"file": "comments.jsonl", "line": 1, "reason": "“date” is missing or empty.", "original": wrong}
    ]


def test_a_clean_run_leaves_no_old_rejects_behind(app, tmp_path):
    run(app, blog(tmp_path / "blog", [post(), "{"]))
    assert rejected(app)
    run(app, blog(tmp_path / "blog", [post()]))
    assert not rejected(app)


def test_replies_to_a_comment_that_cannot_be_shown_are_rejected_with_it(app, tmp_path):
    too_long = comment(1, text="word " * 8_000)
    result = run(app, blog(tmp_path / "blog", [post()], [too_long, comment(2, 1), comment(3, 2), comment(4)]))
    assert "2 new, 0 known, 3 rejected" in result.output
    assert [row["reason"] for row in rejected(app)] == [
        "This text is too long: the limit is 32,000 characters.",
        "The comment it replies to was rejected.",
        "The comment it replies to was rejected.",
    ]


def test_comments_below_a_post_that_cannot_be_shown_are_rejected_with_it(app, tmp_path):
    endless = post("endless", markdown="| a " * 40_000)
    result = run(app, blog(tmp_path / "blog", [endless, post()], [comment(1, post="endless"), comment(2)]))
    assert "2 new, 0 known, 2 rejected" in result.output
    assert rejected(app)[0]["reason"] == "Its post was rejected."
    assert list(comments_of()) == ["Words of comment 2."]


def test_a_comment_may_be_longer_than_one_written_here(app, tmp_path):
    run(app, blog(tmp_path / "blog", [post()], [comment(1, text="word " * 6_000)]))
    assert len(next(iter(comments_of().values())).body) > 20_000


def test_html_comments_can_be_read_and_edited_as_markdown(app, tmp_path):
    text = "<p>By the <b>old</b> oak, says <a href='https://example.org/oak'>the map</a>.</p><script>alert(1)</script>"
    run(app, blog(tmp_path / "blog", [post()], [comment(1, format="html", text=text)]))
    found = next(iter(comments_of().values()))
    assert found.body == "By the **old** oak, says [the map](<https://example.org/oak>)."
    assert "<strong>old</strong>" in found.body_html
    assert "script" not in found.body_html


def test_a_post_takes_title_date_tags_excerpt_and_author_from_its_front_matter(app, tmp_path):
    matter = """
title: The bench, revisited
date: 2018-02-03
tags: [Benches, open air, open-air]
excerpt: "Where <b>people</b> sit & *why*"
author: {name: Ivy Dell}
lang: cy
"""
    run(app, blog(tmp_path / "blog", [post(title=None, date=None, front_matter=matter)]))
    found = db.session.scalar(select(Post))
    assert found.title == "The bench, revisited"
    assert found.published_at == datetime(2018, 2, 3, tzinfo=UTC)
    assert [tag.name for tag in found.tags] == ["benches", "open air"]
    assert found.standfirst == "Where people sit & why"
    assert [author.name for author in found.authors] == ["Ivy Dell"]
    assert found.lang == "cy"


def test_a_post_without_a_date_takes_that_of_its_first_comment(app, tmp_path):
    run(app, blog(tmp_path / "blog", [post(date=None), post("undated", date=None)], [comment(8), comment(3)]))
    assert db.session.scalar(select(Post)).published_at.day == 3
    assert rejected(app)[0]["reason"] == "It has no date, and no comment to take one from."


def test_imported_posts_and_threads_can_be_read(app, thread, visit):
    run(app, thread)
    page = visit().get("/posts/a-bench")
    assert page.status == 200
    for number in range(1, 6):
        assert f"Words of comment {number}." in page
