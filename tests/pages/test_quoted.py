"""What a comment quotes of one that is no longer public is not shown to anybody."""

from __future__ import annotations

import pytest

from forum.comments import quoting
from forum.foundation.db import db
from forum.moderation import decisions, undoing
from tests import makers
from tests.queries import counted_queries

SECRET = "She lives behind the chapel."


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur, "Slow buses")


@pytest.fixture
def source(cast, post):
    return makers.make_comment(cast.alice, post, SECRET)


def answer(cast, post, *quoted, words="I do not think so.", parent=None):
    body = "\n\n".join([*(quoting.whole(one) for one in quoted), words])
    return makers.make_comment(cast.bob, post, body, parent=parent)


@pytest.fixture
def reply(cast, post, source):
    return answer(cast, post, source, parent=source)


def everywhere(post, reply) -> list[str]:
    here = f"/posts/{post.slug}"
    return [
        here, f"{here}?order=newest", f"{here}?view=flat", f"{here}/branch/{reply.id}", f"{here}?reply={reply.id}",
        f"/comments/{reply.id}/flag", f"/comments/{reply.id}/report", f"/comments/{reply.id}/likes", "/people/bob",
        "/people/bob/comments.atom", f"/comments/{reply.id}/history", "/search?q=chapel", "/account/comments",
    ]  # fmt: skip


def shown(visit, cast, addresses) -> set[str]:
    """Where guests or members read the words."""
    people = [visit(), visit(cast.nora), visit(cast.bob)]
    return {address for person in people for address in addresses if "behind the chapel" in person.get(address).html}


def remove(comment, by):
    made = decisions.remove_public(comment, by, "personal", "")
    db.session.commit()
    return made


def test_the_words_of_a_removed_comment_are_gone_from_quotations_and_come_back(post, source, reply, cast, visit):
    there = shown(visit, cast, everywhere(post, reply))
    assert {f"/posts/{post.slug}", "/people/bob"} <= there
    made = remove(source, cast.mona)
    assert shown(visit, cast, everywhere(post, reply)) == set()
    page = visit().get(f"/posts/{post.slug}")
    assert f"What was quoted here is no longer public: #{source.id}" in page.text
    assert "I do not think so." in page.text
    undoing.undo(made, cast.mona)
    db.session.commit()
    assert shown(visit, cast, everywhere(post, reply)) == there


def test_nor_those_of_a_withdrawn_one(post, source, reply, cast, visit):
    alice = visit(cast.alice)
    alice.submit(alice.get(f"/comments/{source.id}/withdraw"), "/withdraw")
    db.session.refresh(source)
    assert source.state == "withdrawn"
    assert shown(visit, cast, everywhere(post, reply)) == set()


def test_nor_in_what_was_written_or_changed_after_the_removal(post, source, reply, cast, visit):
    body = f"{quoting.whole(source)}\n\nLate."
    remove(source, cast.mona)
    late = makers.make_comment(cast.bob, post, body)
    bob = visit(cast.bob)
    bob.submit(bob.get(f"/comments/{reply.id}/edit"), "/edit", body=f"{reply.body}\n\nAnd more.")
    for one in (late, reply):
        assert shown(visit, cast, everywhere(post, one)) == set()
    assert "And more." in visit().get(f"/posts/{post.slug}").text


def test_of_two_quotations_the_other_stays(post, source, cast, visit):
    other = makers.make_comment(cast.alice, post, "Buses run on Sundays.")
    answer(cast, post, source, other)
    remove(source, cast.mona)
    page = visit().get("/people/bob")
    assert "Buses run on Sundays." in page.text
    assert "chapel" not in page.html


def test_a_quotation_in_a_quotation_goes_alone(post, source, cast, visit):
    body = f"> > {SECRET}\n> >\n> > Alice, #{source.id}\n>\n> Said at the meeting.\n\nHm."
    makers.make_comment(cast.bob, post, body)
    remove(source, cast.mona)
    page = visit().get(f"/posts/{post.slug}")
    assert "chapel" not in page.html
    assert "Said at the meeting." in page.text
    assert page.html.count("<blockquote>") == page.html.count("</blockquote>")


def test_the_writers_own_source_is_never_changed(post, source, reply, cast, visit):
    remove(source, cast.mona)
    assert "chapel" in visit(cast.bob).get(f"/comments/{reply.id}/edit").html, "their own source is never changed"


def test_many_quotations_take_one_query_more(post, source, cast, visit):
    guest, costs = visit(), []
    for more in (1, 9):
        for _number in range(more):
            answer(cast, post, source, words="Again.")
        with counted_queries() as sent:
            guest.get(f"/posts/{post.slug}")
        costs.append(len([one for one in sent if "FROM events" not in one]))
    assert costs[0] == costs[1]
