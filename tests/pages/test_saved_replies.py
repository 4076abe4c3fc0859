"""Saved replies: written, changed and deleted by moderators."""

from __future__ import annotations

import pytest

from forum.foundation.db import db
from forum.moderation import replies


@pytest.fixture
def reply(app, cast):
    made = replies.save("Kinder", "Say it about the service.", "en", cast.mona)
    db.session.commit()
    return made


def test_a_reply_is_written_and_every_moderator_has_it(app, cast, visit):
    mona = visit(cast.mona)
    mona.submit(mona.get("/moderation/replies/new"), "/replies/new", title="Kinder", words="About the service.")
    page = visit(cast.max).get("/moderation/replies")
    assert "Kinder" in page
    assert "About the service." in page


def test_a_reply_is_changed_and_deleted(reply, cast, visit):
    max_ = visit(cast.max)
    address = f"/moderation/replies/{reply.id}"
    page = max_.submit(max_.get(address), address, title="Kinder still")
    assert "Kinder still" in page
    page = max_.submit(max_.get(address), "/delete")
    assert "Deleted." in page
    assert "Kinder still" not in page
    assert max_.get(address).status == 404


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"title": ""}, "Give the reply a name to find it by"),
        ({"title": "x" * 81}, "Shorten this by 1 character"),
        ({"words": " "}, "Write the words of the reply"),
        ({"words": "x" * 2_001}, "Shorten this by 1 character"),
        ({"lang": "xx"}, "Choose a language of the list"),
    ],
)
def test_what_is_missing_or_too_long_is_said(values, told, reply, cast, visit):
    mona = visit(cast.mona)
    for address in ("/moderation/replies/new", f"/moderation/replies/{reply.id}"):
        typed = {"title": "Kinder", "words": "About the service.", "lang": ""} | values
        answer = mona.submit(mona.get(address), address, **typed)
        assert answer.status == 422
        assert told in answer


@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("arthur", 403), (None, 303)])
def test_only_moderators(who, status, reply, cast, visit):
    person = visit(getattr(cast, who) if who else None)
    for address in ("/moderation/replies", "/moderation/replies/new", f"/moderation/replies/{reply.id}"):
        assert person.get(address).status == status
    assert person.post(f"/moderation/replies/{reply.id}/delete").status == status
