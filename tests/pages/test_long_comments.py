"""A comment as long as one may be, wherever comments are shown."""

from __future__ import annotations

import pytest

from forum.comments import posting
from forum.foundation.db import db
from forum.search import rebuild
from tests import makers
from tests.letters import letters

WIDE = "🦊" * (posting.LONGEST - 20) + " and a quokka."
PROSE = ("A quokka goes by *bus* to [the sea](/posts/sea), every day of the week. " * 500)[: posting.LONGEST].strip()


@pytest.mark.parametrize("body", [WIDE, PROSE], ids=["wide letters", "prose"])
def test_it_is_posted_read_decided_and_found(body, app, cast, visit, work):
    post = makers.make_post(cast.arthur)
    nora, mona, guest = visit(cast.nora), visit(cast.mona), visit()
    page = nora.get(f"/posts/{post.slug}")
    shown = nora.submit(page, "/comments", body=body, intent="post")
    assert shown.status == 200
    assert body[:14] in shown

    queue = mona.get("/moderation")
    assert queue.status == 200
    assert len(queue.html) < 30_000, "only its beginning stands in the list"
    case = queue.html.split("/moderation/cases/")[1].split('"')[0]
    mona.submit(mona.get(f"/moderation/cases/{case}"), "/approve")
    makers.end_undoing()
    work()
    work()
    (letter,) = letters(app, cast.nora.email)
    assert len(letter.text) < 2_000

    assert body[:14] in guest.get(f"/posts/{post.slug}")
    rebuild.run()
    found = guest.get("/search?q=quokka")
    assert "<mark>quokka</mark>" in found.html
    assert len(found.html) < 30_000


def test_one_more_letter_is_too_long_and_nothing_is_lost(cast, visit):
    post = makers.make_post(cast.arthur)
    alice, body = visit(cast.alice), "🦊" * (posting.LONGEST + 1)
    answer = alice.submit(alice.get(f"/posts/{post.slug}"), "/comments", body=body, intent="post")
    assert answer.status == 422
    assert "Shorten your comment by 1 character" in answer
    assert answer.form("/comments")["fields"]["body"] == body


def test_one_that_is_too_much_work_is_refused_with_the_words_kept(cast, visit):
    post = makers.make_post(cast.arthur)
    alice, body = visit(cast.alice), "[" * 9_000
    answer = alice.submit(alice.get(f"/posts/{post.slug}"), "/comments", body=body, intent="post")
    assert answer.status == 422
    assert "too many square brackets" in answer
    assert answer.form("/comments")["fields"]["body"] == body


def test_its_history_is_shown(cast, visit):
    comment = makers.make_comment(cast.alice, makers.make_post(cast.arthur), PROSE)
    makers.make_comment(cast.bob, comment.post, parent=comment)
    alice = visit(cast.alice)
    alice.submit(alice.get(f"/comments/{comment.id}/edit"), "/edit", body=PROSE.replace("quokka", "wombat", 3))
    db.session.refresh(comment)
    history = visit().get(f"/comments/{comment.id}/history")
    assert history.text.count("[taken out: quokka ] [added: wombat ]") == 3
