"""What authors may decide below their posts: the table, asked of one case and of the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Forbidden
from forum.moderation import cases, decisions, queries
from forum.moderation.actions import APPEAL, APPROVE, DISMISS, FLAGGED, REJECT, REMOVE, SPAM
from forum.moderation.models import Case, Decision
from forum.moderation.permissions import may_decide_as_author, may_decide_case
from forum.posts.models import Post, PostAuthor
from tests import makers

DONE = Callable[["Scene"], object]


@dataclass
class Scene:
    """Arthur's post, where authors may decide, and a newcomer's comment that waits below it."""

    cast: object
    post: Post
    comment: Comment
    case: Case


@dataclass(frozen=True)
class Row:
    sentence: str
    may: bool
    who: str = "arthur"
    then: list[DONE] = field(default_factory=list)


def sets(name: str, **values) -> DONE:
    """Change the post, the comment or the case, or somebody of the cast."""

    def change(scene: Scene) -> None:
        thing = getattr(scene, name, None) or getattr(scene.cast, name)
        for key, value in values.items():
            setattr(thing, key, value)

    return change


def answers_arthur(scene: Scene) -> None:
    parent = makers.make_comment(scene.cast.arthur, scene.post)
    scene.comment.parent_id = parent.id


def answers_arthur_from_too_deep(scene: Scene) -> None:
    scene.comment.parent_id = makers.make_comment(scene.cast.alice, scene.post).id
    scene.comment.answers_id = makers.make_comment(scene.cast.arthur, scene.post).id


def answers_alice(scene: Scene) -> None:
    scene.comment.parent_id = makers.make_comment(scene.cast.alice, scene.post).id


def names_bob(scene: Scene) -> None:
    scene.cast.bob.is_author = True
    db.session.add(PostAuthor(post_id=scene.post.id, position=7, user_id=scene.cast.bob.id, name="Bob"))


def is_flagged(scene: Scene) -> None:
    cases.add_signal(scene.case, "unkind", {}, by=scene.cast.alice)


def another_is_flagged(scene: Scene) -> None:
    other = makers.make_comment(scene.cast.alice, scene.post)
    cases.add_signal(cases.open_for(other, FLAGGED), "unkind", {}, by=scene.cast.bob)


def soon() -> object:
    return clock.now() + timedelta(days=1)


TABLE = [
    Row("an author decides on what is held below their post", True),
    Row("a reply to somebody else is no matter", True, then=[answers_alice]),
    Row("flags on another comment are no matter", True, then=[another_is_flagged]),
    Row("who is named as an author is one", True, "bob", [names_bob]),
    Row("an author of other posts is none of this one", False, "bob", [sets("bob", is_author=True)]),
    Row("who is no author any more decides nothing", False, then=[sets("arthur", is_author=False)]),
    Row("a suspended author decides nothing", False, then=[lambda s: sets("arthur", suspended_until=soon())(s)]),
    Row("without the setting nobody but moderators decides", False, then=[sets("post", authors_moderate=False)]),
    Row("a member decides nothing", False, "alice"),
    Row("a guest decides nothing", False, "guest"),
    Row("a moderator has a desk of their own", False, "mona"),
    Row(
        "an author's own comment is for others", False, then=[lambda s: sets("comment", author_id=s.cast.arthur.id)(s)]
    ),
    Row("a reply to the author is for others", False, then=[answers_arthur]),
    Row("so is one that hangs on something else", False, then=[answers_arthur_from_too_deep]),
    Row("a flagged comment is for moderators", False, then=[sets("case", kind=FLAGGED)]),
    Row("so is a held one of which a reader complains", False, then=[is_flagged]),
    Row("suspected spam is for moderators", False, then=[sets("case", kind=SPAM)]),
    Row("an appeal is for moderators", False, then=[sets("case", kind=APPEAL)]),
    Row("new words for a public comment are for moderators", False, then=[sets("comment", state="published")]),
    Row("a closed case is nobody's", False, then=[lambda s: sets("case", closed_at=clock.now())(s)]),
]


@pytest.fixture
def scene(app, cast) -> Scene:
    post = makers.make_post(cast.arthur, "Slow buses", authors_moderate=True)
    return Scene(cast, post, *makers.make_held(cast.nora, post, "My first words."))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.sentence)
def test_the_table_of_what_authors_may_decide(row, scene):
    for change in row.then:
        change(scene)
    db.session.commit()
    db.session.expire_all()
    who = None if row.who == "guest" else getattr(scene.cast, row.who)
    verdict = may_decide_as_author(who, scene.case)
    assert bool(verdict) is row.may
    assert bool(verdict.reason) is not row.may, "a refusal says why"
    listed = [] if who is None else queries.waiting_below_posts_of(who)
    assert [case.id for case in listed] == ([scene.case.id] if row.may else [])


@pytest.mark.parametrize("action", [APPROVE, REJECT])
def test_authors_approve_and_reject(action, scene):
    assert may_decide_case(scene.cast.arthur, scene.case, action)


@pytest.mark.parametrize("action", [REMOVE, DISMISS, "restore", "mark_spam", "uphold", "overturn"])
def test_authors_take_no_other_decision(action, scene):
    assert not may_decide_case(scene.cast.arthur, scene.case, action)


def test_what_an_author_may_not_decide_is_not_decided(scene):
    scene.post.authors_moderate = False
    db.session.commit()
    for decide in (
        lambda: decisions.approve(scene.case, scene.cast.arthur, scene.case.version),
        lambda: decisions.reject(scene.case, scene.cast.arthur, scene.case.version, "unkind"),
        lambda: decisions.mark_spam(scene.case, scene.cast.arthur, scene.case.version),
    ):
        with pytest.raises(Forbidden):
            decide()
    assert scene.comment.state == "held"
    assert db.session.scalars(select(Decision)).all() == []


def test_an_author_does_not_make_people_trusted(scene):
    with pytest.raises(Forbidden):
        decisions.approve(scene.case, scene.cast.arthur, scene.case.version, trusts=True)
    assert scene.cast.nora.is_newcomer
