"""No door says a word that readers must not read: every route, for every state a comment can be in, as everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from forum.accounts.models import User
from forum.comments import editing, withdrawing
from forum.comments.findings import Finding, Screened
from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.live import broadcaster
from forum.moderation import decisions, flagging, queries, undoing
from forum.moderation.actions import UNDO_FOR
from forum.moderation.models import Case, Decision
from forum.posts.models import Post
from tests import makers, worker
from tests.apart import apart
from tests.cast import Cast
from tests.conftest import DATABASES, Sites
from tests.house.doors import CHANGES_THE_READER, DOORS, FOR_EVERYBODY_ALIKE, Asked
from tests.letters import letters
from tests.live.ears import Ear
from tests.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
# Flags of this many members hide a comment.
HIDES_AT = 1


@dataclass
class Secret:
    """A comment in a state: a word to look for it by, and one that is never sent and must not come."""

    state: str
    writer: User
    comment: Comment
    # Whether an author of the post may decide on it.
    is_for_authors: bool = False

    @property
    def find(self) -> str:
        return f"zqfind{self.state}ux"

    @property
    def word(self) -> str:
        return word_of(self.state)


@dataclass
class Scene:
    """A discussion with a comment in every state, each answering a public one and each answered."""

    app: Flask
    cast: Cast
    post: Post
    answered: Comment
    secrets: dict[str, Secret] = field(default_factory=dict)
    # What a guest got while they were public: address → (its tag, the words seen there).
    before: dict[str, tuple[str, set[str]]] = field(default_factory=dict)

    def person(self, who: str) -> User | None:
        return None if who == "guest" else getattr(self.cast, who)

    def hidden(self) -> list[Secret]:
        return [secret for secret in self.secrets.values() if secret.state != "public"]


def word_of(state: str) -> str:
    return f"zqsecret{state}ux"


def text_of(state: str) -> str:
    return f"The zqfind{state}ux says {word_of(state)}."


# Public at first, then hidden in these ways.


def _remove(secret: Secret, cast: Cast) -> None:
    decisions.remove_public(secret.comment, cast.mona, "unkind", "")


def _withdraw(secret: Secret, _cast: Cast) -> None:
    withdrawing.withdraw(secret.comment)


def _spam(secret: Secret, cast: Cast) -> None:
    flagging.flag(secret.comment, cast.max, "spam", "")
    case = queries.open_case_of(secret.comment)
    decisions.mark_spam(case, cast.mona, case.version)


def _flags(secret: Secret, cast: Cast) -> None:
    flagging.flag(secret.comment, cast.max, "unkind", "", hides_at=HIDES_AT)
    assert secret.comment.state == "held", "one flag was to hide it"


ONCE_PUBLIC = {"removed": _remove, "withdrawn": _withdraw, "spam": _spam, "flags": _flags}


# Never public, or only by mistake.


def _reject(secret: Secret, cast: Cast) -> None:
    case = queries.open_case_of(secret.comment)
    decisions.reject(case, cast.mona, case.version, "unkind")


def _approve_and_undo(secret: Secret, cast: Cast) -> None:
    case = queries.open_case_of(secret.comment)
    undoing.undo(decisions.approve(case, cast.mona, case.version), cast.mona)


HELD_AT_FIRST = {"held": None, "rejected": _reject, "undone": _approve_and_undo}


@pytest.fixture(scope="module", params=DATABASES)
def scene(request: pytest.FixtureRequest, sites: Sites) -> Iterator[Scene]:
    """One for all tests of a database, which leave it as it is; what changes something comes last."""
    app = sites.fresh(request.param)
    with app.test_request_context(base_url="http://localhost:8000"):
        yield _made(app, Cast())
        db.session.remove()


def _made(app: Flask, cast: Cast) -> Scene:
    post = makers.make_post(cast.arthur, "Slow buses", series="Buses", tags=["tides"], authors_moderate=True)
    made = Scene(app, cast, post, makers.make_comment(cast.alice, post, "A public comment."))
    bob, nora = cast.bob, cast.nora
    for state in ("public", *ONCE_PUBLIC):
        _add(made, state, bob)
        makers.make_comment(cast.alice, post, "A public answer.", parent=made.secrets[state].comment)
        _edit_with_a_trace(made.secrets[state], cast)
    made.secrets["edit"] = Secret("edit", bob, makers.make_comment(bob, post, "Old words.", made.answered))
    _work(app)
    _look_while_they_are_public(made)
    for state, hide in ONCE_PUBLIC.items():
        hide(made.secrets[state], cast)
        db.session.commit()
    for state, then in HELD_AT_FIRST.items():
        _add(made, state, nora)
        if then:
            then(made.secrets[state], cast)
            db.session.commit()
        made.secrets[state].is_for_authors = state != "rejected"
    _edit_what_is_held(made.secrets["edit"])
    _react(app)
    return made


def _add(scene: Scene, state: str, writer: User) -> None:
    comment = makers.make_comment(writer, scene.post, text_of(state), scene.answered)
    _react(scene.app)
    scene.secrets[state] = Secret(state, writer, comment)


def _edit_with_a_trace(secret: Secret, cast: Cast) -> None:
    """So that there is an earlier version, too, with the word in it."""
    secret.comment.published_at -= timedelta(hours=1)
    editing.edit(
        secret.comment, secret.writer, f"{text_of(secret.state)} Edited.", "en", has_case=True, screen=makers.screen
    )
    db.session.commit()


def _edit_what_is_held(secret: Secret) -> None:
    """New words for a public comment, which a moderator reads first."""

    def holds(*_text, **_how) -> Screened:
        return Screened([Finding("links", detail={"count": 9})])

    editing.edit(secret.comment, secret.writer, text_of("edit"), "en", has_case=True, screen=holds)
    assert editing.waiting_of(secret.comment) is not None


def _react(app: Flask) -> None:
    db.session.commit()
    apart(worker.run_waiting, app)
    db.session.expire_all()


def _work(app: Flask) -> None:
    _react(app)
    apart(worker.run_schedule, app)
    _react(app)


# The addresses


@dataclass(frozen=True)
class Door:
    """One request that somebody could make."""

    endpoint: str
    url: str
    fragment: str = ""
    form: tuple[tuple[str, str], ...] | None = None

    def ask(self, visitor: Visitor, token: str = "", tag: str = "") -> TestResponse:
        headers = ({"X-Fragment": self.fragment} if self.fragment else {}) | ({"If-None-Match": tag} if tag else {})
        if self.form is None:
            return apart(visitor.client.get, self.url, headers=headers)
        return apart(visitor.client.post, self.url, headers=headers, data=dict(self.form) | {"csrf_token": token})


def doors(scene: Scene, method: str = "GET") -> list[Door]:
    """Every request with this method, once for each comment it can be about."""
    found: dict[Door, None] = {}
    for secret in scene.secrets.values():
        for values in _values(scene, secret):
            found |= dict.fromkeys(_doors_about(scene.app, method, values))
    return sorted(found, key=lambda door: (door.endpoint in CHANGES_THE_READER, door.endpoint))


def _values(scene: Scene, secret: Secret) -> Iterator[dict[str, object]]:
    """What stands in addresses, for each case and decision there is about a comment."""
    number = secret.comment.id
    cases = db.session.query(Case.id).filter_by(comment_id=number).order_by(Case.id).all() or [(1,)]
    decided = db.session.query(Decision.id).filter_by(comment_id=number).all() or [(1,)]
    for (case,) in cases:
        for (decision,) in decided:
            yield {
                "slug": scene.post.slug, "comment_id": number, "id": number, "answered": scene.answered.id,
                "find": secret.find, "writer": secret.writer.username, "username": secret.writer.username,
                "user_id": secret.writer.id, "case_id": case, "case": case, "decision_id": decision,
                "post_id": scene.post.id, "name": "links", "token": "1.x", "reference": "none",
                "series": scene.post.series.slug, "tag": scene.post.tags[0].slug,
            }  # fmt: skip


def _doors_about(app: Flask, method: str, values: dict[str, object]) -> Iterator[Door]:
    for rule in app.url_map.iter_rules():
        # Its stream has no end; it is listened to below.
        if method not in rule.methods or rule.endpoint == "live.stream":
            continue
        asked = DOORS.get(rule.endpoint, Asked())
        # Numbers of what there is none of here are 1.
        known = {name: values.get(name, 1) for name in rule.arguments}
        if rule.endpoint in ("home.series", "home.tag"):
            known["slug"] = values[rule.endpoint.partition(".")[2]]
        with app.test_request_context(base_url="http://localhost"):
            url = app.url_for(rule.endpoint, **known)
        for fragment in ("", *asked.fragments):
            if method == "POST":
                for form in ({}, *asked.forms):
                    filled = tuple((name, value.format(**values)) for name, value in form.items())
                    yield Door(rule.endpoint, url, fragment, filled)
            else:
                for end in asked.ends:
                    yield Door(rule.endpoint, url + end.format(**values), fragment)


def words_in(answer: TestResponse) -> set[str]:
    """The states whose words it says, wherever: in its body, or in a header."""
    said = answer.get_data(as_text=True) + str(answer.headers)
    return set(re.findall(r"zqsecret([a-z]+)ux", said))


def _look_while_they_are_public(scene: Scene) -> None:
    guest = Visitor(scene.app)
    for door in doors(scene):
        answer = door.ask(guest)
        if not door.fragment:
            scene.before[door.url] = (answer.headers.get("ETag", ""), words_in(answer))


# What nobody else reads


def test_every_route_is_in_the_table_and_every_part_that_scripts_ask_for(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(DOORS)
    sources = "\n".join(path.read_text() for path in (ROOT / "forum").rglob("*.py"))
    named = set(re.findall(r'wants_fragment\("([\w-]+)"\)', sources))
    assert named - {part for asked in DOORS.values() for part in asked.fragments} == set()


@pytest.mark.parametrize("who", ["guest", "alice", "nora", "bob"])
def test_no_page_says_to_others_what_they_may_not_read(who, scene):
    """A guest, another member, and the writers: each reads no more than their own, and not that on shared pages.

    The index still has the words: no worker has run since."""
    person = scene.person(who)
    own = {secret.state for secret in scene.hidden() if secret.writer == person}
    visitor, said = Visitor(scene.app, person), set()
    for door in doors(scene):
        answer = door.ask(visitor)
        assert answer.status_code < 500, door.url
        mine = set() if door.endpoint in FOR_EVERYBODY_ALIKE else own
        said |= {(door.url, door.fragment, state) for state in words_in(answer) - {"public"} - mine}
    assert said == set()


def test_the_author_of_the_post_reads_what_waits_on_their_desk_and_nowhere_else(scene):
    visitor, said, desk = Visitor(scene.app, scene.cast.arthur), set(), set()
    for door in doors(scene):
        found = words_in(door.ask(visitor)) - {"public"}
        if door.endpoint in ("waiting.index", "waiting.show"):
            desk |= found
        else:
            said |= {(door.url, state) for state in found}
    assert said == set()
    assert desk == {"held", "undone"}


def test_a_moderator_reads_it_on_pages_for_moderators_and_not_on_those_that_all_share(scene):
    visitor, seen = Visitor(scene.app, scene.cast.mona), {}
    for door in doors(scene):
        for state in words_in(door.ask(visitor)) - {"public"}:
            seen.setdefault(door.endpoint, set()).add(state)
    assert {endpoint for endpoint in seen if endpoint in FOR_EVERYBODY_ALIKE} == set()
    assert {"held", "flags", "edit", "undone"} <= seen["queue.case"]


# What was kept


def test_a_page_that_was_kept_is_not_the_same_any_more(scene):
    """The tags that a guest's browser has from before, and the pages that the site kept for guests."""
    guest, asked = Visitor(scene.app), 0
    for door in doors(scene):
        tag, said = scene.before.get(door.url, ("", set()))
        if said - {"public"} and tag and not door.fragment:
            answer = door.ask(guest, tag=tag)
            assert answer.status_code != 304, door.url
            assert words_in(answer) <= {"public"}, door.url
            asked += 1
    assert asked > 5, "hardly a page had a tag"


def test_the_doors_are_those_that_would_say_it(scene):
    """What is public is found at all of them: else the tests above would prove nothing."""
    guest = Visitor(scene.app)
    seen = {door.endpoint for door in doors(scene) if "public" in words_in(door.ask(guest))}
    expected = {
        "posts.show", "posts.branch", "comments.history", "composing.quote", "people.show", "people.feed",
        "search.index", "live.comments", "flags.show", "reports.report",
    }  # fmt: skip
    assert expected <= seen
    before = {state for _tag, said in scene.before.values() for state in said}
    assert set(ONCE_PUBLIC) <= before


# What is told without being asked


def test_the_stream_of_an_open_page_says_numbers_only(scene, monkeypatch):
    monkeypatch.setattr(broadcaster, "PAUSE", 0.02)
    live = scene.app.extensions["live"] = broadcaster.Broadcaster(None, is_limited=True)
    ear = Ear.at(scene.app, scene.post, after=1)
    told = "".join(f"{one.name} {one.id} {one.data}" for one in ear.read())
    ear.close()
    live.close()
    assert live.wait_until_idle(10)
    assert told
    assert "zqsecret" not in told


# What changes something


def test_a_newcomer_whose_approval_was_undone_is_new_again(scene):
    assert scene.cast.nora.is_newcomer


@pytest.mark.parametrize("who", ["guest", "alice"])
def test_no_form_that_is_sent_brings_the_words_back_or_changes_a_comment(who, scene):
    person = scene.person(who)
    visitor, states = Visitor(scene.app, person), {name: secret.comment.state for name, secret in scene.secrets.items()}
    token = visitor.token()
    said = set()
    for door in doors(scene, "POST"):
        if person is None or door.endpoint not in CHANGES_THE_READER:
            answer = door.ask(visitor, token)
            assert answer.status_code < 500, (door.url, door.form)
            said |= {(door.url, door.form, state) for state in words_in(answer) - {"public"}}
    assert said == set()
    db.session.expire_all()
    assert {name: secret.comment.state for name, secret in scene.secrets.items()} == states
    assert all(word_of(name) in secret.comment.body for name, secret in scene.secrets.items() if name != "edit")


def test_when_the_worker_has_run_nothing_is_found_and_letters_go_to_the_writers_alone(scene):
    _work(scene.app)
    for later in (UNDO_FOR + timedelta(minutes=1), timedelta(days=2)):
        with time_machine.travel(clock.now() + later):
            _work(scene.app)
    guest = Visitor(scene.app)
    searches = [
        door for door in doors(scene) if door.endpoint in ("search.index", "people.feed", "moderation_log.feed")
    ]
    assert {state for door in searches for state in words_in(door.ask(guest))} == {"public"}
    sent = letters(scene.app)
    assert {scene.cast.bob.email, scene.cast.nora.email, scene.cast.mona.email} <= {letter.to for letter in sent}
    for letter in sent:
        own = {secret.state for secret in scene.secrets.values() if secret.writer.email == letter.to}
        said = set(re.findall(r"zqsecret([a-z]+)ux", letter.text + letter.html + letter.subject))
        assert said <= own, (letter.to, letter.subject)
