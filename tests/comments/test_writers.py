"""Who wrote last below a post: in their order, each once, and as of now."""

from __future__ import annotations

from forum.comments import withdrawing, writers
from forum.foundation import transaction
from tests import makers
from tests.queries import counted_queries


def names_below(*posts) -> list[list[str]]:
    found = writers.last_below({post.id: post.thread_version for post in posts}, each=2)
    return [[person.username for person in found.get(post.id, [])] for post in posts]


def test_the_last_one_stands_first_and_nobody_twice(cast, post):
    quiet = makers.make_post(cast.arthur)
    for person in (cast.mona, cast.alice, cast.bob, cast.alice):
        makers.make_comment(person, post)
    assert names_below(post, quiet) == [["alice", "bob"], []]


def test_whoever_writes_next_and_whoever_withdraws_is_noticed(cast, post):
    makers.make_comment(cast.alice, post)
    assert names_below(post) == [["alice"]]
    comment = makers.make_comment(cast.bob, post)
    assert names_below(post) == [["bob", "alice"]]
    withdrawing.withdraw(comment)
    transaction.commit()
    assert names_below(post) == [["alice"]]


def test_discussions_that_have_not_changed_are_not_looked_at(cast, post):
    makers.make_comment(cast.alice, post)
    names_below(post)
    with counted_queries() as sent:
        assert names_below(post) == [["alice"]]
    assert len([one for one in sent if "FROM comments" in one]) == 0
