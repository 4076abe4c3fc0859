"""Who waits for a moderator because of who they are, where they write, and how many links they post."""

from __future__ import annotations

import pytest

from forum.accounts.models import TRUSTED
from forum.comments import posting
from forum.foundation.db import db
from forum.posts.models import CHECKED, OPEN
from tests import makers

TWO_LINKS = "https://a.example and https://b.example"
THREE_LINKS = f"{TWO_LINKS} and https://c.example"
WORDS = "Only words."

TABLE = [
    ("a known person's words are shown", "alice", OPEN, WORDS, []),
    ("a newcomer's words wait", "nora", OPEN, WORDS, ["first_comment"]),
    ("a newcomer's three links wait for both reasons", "nora", OPEN, THREE_LINKS, ["first_comment", "links"]),
    ("two links are support for a point", "alice", OPEN, TWO_LINKS, []),
    ("three links are how advertising looks", "alice", OPEN, THREE_LINKS, ["links"]),
    ("somebody trusted may link", "trusted", OPEN, THREE_LINKS, []),
    ("everybody waits where it is checked first", "alice", CHECKED, WORDS, ["checked_first"]),
    ("somebody trusted waits there too", "trusted", CHECKED, WORDS, ["checked_first"]),
    ("a newcomer waits there for both reasons", "nora", CHECKED, WORDS, ["first_comment", "checked_first"]),
    ("a moderator never waits", "mona", CHECKED, THREE_LINKS, []),
    ("an administrator never waits", "ada", CHECKED, THREE_LINKS, []),
    ("the post's author answers at once", "arthur", CHECKED, THREE_LINKS, []),
]


def reasons(person, post, body) -> list[str]:
    found = makers.screen(person, post, None, posting.prepare(body, person, post))
    return [finding.reason for finding in found.findings]


@pytest.mark.parametrize(
    ("who", "policy", "body", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_who_waits(who, policy, body, expected, app, cast):
    post = makers.make_post(cast.arthur, policy=policy)
    person = cast.alice if who == "trusted" else getattr(cast, who)
    if who == "trusted":
        person.trust = TRUSTED
    assert reasons(person, post, body) == expected


def test_a_guest_author_with_an_account_answers_below_their_post_at_once(app, cast):
    post = makers.make_post(cast.arthur, policy=CHECKED)
    post.authors[0].user_id = cast.nora.id
    db.session.commit()
    assert reasons(cast.nora, post, WORDS) == []


def test_the_moderator_is_told_how_many_links_and_where_they_lead(app, cast):
    post = makers.make_post(cast.arthur)
    found = makers.screen(cast.alice, post, None, posting.prepare(THREE_LINKS, cast.alice, post))
    (finding,) = found.findings
    assert finding.detail["count"] == 3
    assert finding.detail["found"] == ["https://a.example", "https://b.example", "https://c.example"]
