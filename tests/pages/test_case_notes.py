"""Notes for colleagues on a person and on a case, which nobody else reads."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from forum.foundation.db import db
from forum.moderation.models import Note
from tests import makers


@pytest.fixture
def case(app, cast):
    return makers.make_held(cast.nora, makers.make_post(cast.arthur, "Slow buses"), "My first words.")[1]


def page_of(case) -> str:
    return f"/moderation/cases/{case.id}"


@pytest.mark.parametrize("about", ["/cases/1/notes", "/people/nora/notes"])
def test_a_note_is_read_by_colleagues_and_by_nobody_else(about, case, cast, visit):
    mona = visit(cast.mona)
    mona.submit(mona.get(page_of(case)), about, words="Writes in <anger>. The facts check out.")
    page = visit(cast.max).get(page_of(case))
    assert "Writes in <anger>. The facts check out." in page
    assert "Mona Mild" in page
    for person in (cast.nora, cast.arthur, None):
        for address in ("/people/nora", "/posts/slow-buses", page_of(case)):
            assert "The facts check out" not in visit(person).get(address)


def test_an_empty_or_endless_note_is_not_saved(case, cast, visit):
    mona = visit(cast.mona)
    for words, told in (("  ", "Write the note first"), ("x" * 2_001, "Shorten the note by 1 character")):
        for about in ("/cases/1/notes", "/people/nora/notes"):
            answer = mona.submit(mona.get(page_of(case)), about, words=words)
            assert answer.status == 422
            assert told in answer
    assert db.session.scalar(select(Note.id)) is None


def test_whoever_wrote_a_note_deletes_it_and_a_colleague_does_not(case, cast, visit):
    mona, max_ = visit(cast.mona), visit(cast.max)
    mona.submit(mona.get(page_of(case)), "/cases/1/notes", words="A slip.")
    number = db.session.scalar(select(Note.id))
    assert "/delete" not in max_.get(page_of(case)).html
    assert max_.post(f"/moderation/notes/{number}/delete").status == 403
    page = mona.submit(mona.get(page_of(case)), f"/notes/{number}/delete")
    assert "Note deleted." in page
    assert "A slip." not in page
    assert mona.post(f"/moderation/notes/{number}/delete").status == 404


def test_nobody_is_noted_who_is_not_there(app, cast, visit):
    assert visit(cast.mona).post("/moderation/people/nobody/notes", {"words": "x"}).status == 404
