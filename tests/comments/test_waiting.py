"""While another process renders a large text, this one holds nothing that others wait for.

A web process is one thread. A greenlet that waits in the middle of its changes would keep the next writer waiting for
SQLite, and with it the thread, and so itself.
"""

from __future__ import annotations

import pytest

from forum.comments import editing, posting
from forum.foundation import signing
from forum.foundation.db import db
from forum.posts import writing
from forum.text import apart
from tests import makers
from tests.queries import counted_queries

LARGE = "Some words. " * 1_000


@pytest.fixture
def changes_before(app, monkeypatch):
    """How many statements changed something before each text that was rendered."""
    seen: list[int] = []
    with counted_queries() as sent:

        def noting(job):
            seen.append(sum(not statement.lstrip().upper().startswith("SELECT") for statement in sent))
            return real(job)

        real = apart._ask
        monkeypatch.setattr(apart, "_ask", noting)

        def of(act) -> list[int]:
            db.session.commit()
            sent.clear()
            seen.clear()
            act()
            return seen

        yield of


TEXT = writing.PostText(
    title="Another", body=LARGE, tags=["a"], series="S", is_published=True, authors=[writing.AuthorText("Arthur")]
)


def test_nothing_is_changed_before_a_comment_is_rendered(changes_before, cast):
    post = makers.make_post(cast.arthur)
    comment = makers.make_comment(cast.alice, post)
    token = signing.new_secret()
    assert changes_before(
        lambda: posting.write(cast.alice, post, comment, LARGE, "en", token, screen=makers.screen)
    ) == [0]
    assert changes_before(
        lambda: editing.edit(comment, cast.alice, LARGE, "en", has_case=False, screen=makers.screen)
    ) == [0]


def test_nothing_is_changed_before_a_post_is_rendered(changes_before, cast):
    post = makers.make_post(cast.arthur)
    assert changes_before(lambda: writing.write(cast.arthur, TEXT)) == [0]
    assert changes_before(lambda: writing.change(post, TEXT, post.version)) == [0]
