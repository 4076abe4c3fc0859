"""What of the database the index is told."""

from __future__ import annotations

from sqlalchemy.orm import Session

from forum.foundation.db import db
from forum.search import documents
from forum.search.engine import COMMENT, PERSON, POST
from tests.makers import make_comment, make_held, make_post, make_removed


def told(kind: str, *ids: int) -> list[documents.Document]:
    db.session.commit()
    with Session(db.engine) as reading:
        return documents.public(reading, kind, set(ids))


def test_a_post_with_its_authors(cast):
    post = make_post(cast.arthur, "Buses", body="See ![a bus](https://example.org/bus.png)", question="What now?")
    (document,) = told(POST, post.id)
    assert (document.title, document.body) == ("Buses", "See a bus What now?")
    assert document.authors == (cast.arthur.name, "arthur")
    assert document.writer_id == cast.arthur.id
    assert document.contents == ("image",)


def test_a_comment_names_its_writer_by_number_alone(cast):
    post = make_post(cast.arthur)
    comment = make_comment(cast.alice, post, "Read [this](https://example.org), #1 and @alice")
    (document,) = told(COMMENT, comment.id)
    assert (document.post_id, document.writer_id, document.authors) == (post.id, cast.alice.id, ())
    assert document.contents == ("link",)
    assert told(COMMENT, make_comment(cast.alice, post, "#1 and @alice").id)[0].contents == ()


def test_words_of_another_comment_are_not_counted_twice(cast):
    post = make_post(cast.arthur)
    first = make_comment(cast.alice, post, "A quokka.")
    text = f"Before.\n\n> A quokka.\n>\n> > deeper\n>\n> Alice, #{first.id}\n\nAfter.\n\n> a proverb\n\nEnd."
    (document,) = told(COMMENT, make_comment(cast.bob, post, text).id)
    assert document.body == "Before. After. a proverb End."


def test_people_are_told_of_who_wrote_something_public(cast):
    post = make_post(cast.arthur)
    make_comment(cast.alice, post)
    make_held(cast.nora, post)
    make_removed(cast.bob, post, cast.mona)
    make_post(cast.max, is_published=False)
    cast.alice.role, cast.alice.bio = "Gardener", "Grows leeks."
    everybody = [person.id for person in (cast.alice, cast.arthur, cast.nora, cast.bob, cast.max, cast.mona)]
    found = {document.id: document for document in told(PERSON, *everybody)}
    assert set(found) == {cast.alice.id, cast.arthur.id}
    alice = found[cast.alice.id]
    assert (alice.title, alice.body) == (cast.alice.name, "alice Gardener Grows leeks.")
    assert (alice.writer_id, alice.post_id) == (alice.id, 0)


def test_everything_is_what_is_public_and_counted(cast):
    post = make_post(cast.arthur)
    comment = make_comment(cast.alice, post)
    make_comment(cast.alice, make_post(cast.arthur, is_published=False))
    make_held(cast.nora, post)
    db.session.commit()
    with Session(db.engine) as reading:
        keys = {document.key for document in documents.everything(reading)}
        assert documents.count(reading) == len(keys)
    assert keys == {f"post:{post.id}", f"comment:{comment.id}", f"person:{cast.alice.id}", f"person:{cast.arthur.id}"}
