"""What is noted once the answer is settled: it may fail, and the answer stands."""

from __future__ import annotations

from flask import Response

from forum.foundation.db import db
from forum.marks import reading
from forum.marks.models import ReadingPosition
from forum.web import settle
from tests import makers


def test_a_note_that_cannot_be_made_stops_neither_the_answer_nor_the_next_note(app, cast):
    post = makers.make_post(cast.arthur)
    user, number = cast.alice.id, post.id
    # Of nobody, who may have been deleted since the page was made.
    settle.afterwards(lambda: reading.record(9_999, number))
    settle.afterwards(lambda: reading.record(user, number))
    answer = app.process_response(Response("A page."))
    assert answer.status_code == 200
    db.session.rollback()
    assert [row.user_id for row in db.session.query(ReadingPosition)] == [user]


def test_nothing_is_noted_of_a_page_that_was_not_shown(app, cast):
    post = makers.make_post(cast.arthur)
    user, number = cast.alice.id, post.id
    settle.afterwards(lambda: reading.record(user, number))
    app.process_response(Response("Gone.", status=404))
    db.session.rollback()
    assert db.session.query(ReadingPosition).all() == []
