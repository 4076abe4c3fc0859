"""Which comments a moderator reads first."""

from __future__ import annotations

import pytest

from forum.accounts.models import TRUSTED
from forum.comments import screening
from forum.foundation.db import db
from forum.posts.models import CHECKED, OPEN
from forum.text import markdown
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


@pytest.mark.parametrize(
    ("who", "policy", "body", "reasons"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_screening(who, policy, body, reasons, app, cast):
    post = makers.make_post(cast.arthur, policy=policy)
    person = cast.alice if who == "trusted" else getattr(cast, who)
    if who == "trusted":
        person.trust = TRUSTED
    found = screening.screen(person, post, markdown.render_comment(body))
    assert [finding.reason for finding in found] == reasons


def test_a_guest_author_with_an_account_answers_below_their_post_at_once(app, cast):
    post = makers.make_post(cast.arthur, policy=CHECKED)
    post.authors[0].user_id = cast.nora.id
    db.session.commit()
    assert screening.screen(cast.nora, post, markdown.render_comment(WORDS)) == []


def test_the_moderator_is_told_how_many_links(app, cast):
    post = makers.make_post(cast.arthur)
    (finding,) = screening.screen(cast.alice, post, markdown.render_comment(THREE_LINKS))
    assert finding.detail == {"count": 3}
