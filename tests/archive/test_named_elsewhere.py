"""Names and numbers in imported texts, and large ones among them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from forum.comments.models import Comment
from forum.foundation.db import db
from forum.posts.models import Post
from forum.text import apart
from tests.archive import made_up


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "blog"


def test_people_and_numbers_of_another_site_are_not_those_of_ours(app, cast, folder):
    assert cast.alice.username == "alice"
    texts = made_up.blog(
        folder, [made_up.post(markdown="By @alice, see #1.")], [made_up.comment(1, text="@alice wrote #1 before.")]
    )
    assert made_up.run(app, texts).exit_code == 0
    assert db.session.scalar(select(Post.body_html)) == "<p>By @alice, see #1.</p>\n"
    assert db.session.scalar(select(Comment.body_html)) == "<p>@alice wrote #1 before.</p>\n"


def test_large_texts_are_rendered_without_a_process_for_each(app, folder, monkeypatch):
    monkeypatch.setattr(apart, "_ask", None)
    large = "Some words. " * 1_000
    texts = made_up.blog(folder, [made_up.post(markdown=large)], [made_up.comment(1, text=large)])
    done = made_up.run(app, texts)
    assert done.exit_code == 0, done.output
    assert len(db.session.scalar(select(Comment.body_html))) > apart.LARGE
