"""What may not be read any more is found by nobody: from the moment of the change, in every number and every hint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import delete

from forum.accounts import profile
from forum.comments import editing, withdrawing
from forum.comments.models import Comment
from forum.foundation.db import db
from forum.moderation import cleaning, decisions, flagging, queries, undoing
from forum.posts import writing
from forum.reading import suggestions
from forum.search import find, site_index
from forum.search.asked import Asked
from forum.search.engine import COMMENT, LIKED, NEWEST, PERSON, POST
from tests.cast import make_user
from tests.makers import make_comment, make_held, make_post, make_rejected, make_removed, make_withdrawn, screen

SECRET = "xylophone"
# With a slip that a better spelling would mend.
SLIP = "xylophome"


@pytest.fixture(autouse=True)
def engine(app) -> Iterator[None]:
    """On PostgreSQL the engine that keeps its index there; on SQLite the one with files. Both are empty."""
    before = app.config["FORUM"]
    if db.engine.dialect.name == "postgresql":
        app.config["FORUM"] = replace(before, search_engine="postgresql")
        made = site_index.engine()
        with made.writing():
            made.replace([])
    yield
    app.config["FORUM"] = before


# ---- What was public once ----


class Scene:
    """A discussion with the secret word in a comment by Xylia, all of it known to the index; and one without."""

    def __init__(self, cast) -> None:
        self.cast = cast
        self.writer = make_user("xylia", name="Xylia Xander")
        self.post = make_post(cast.arthur, "Instruments", series="Quartet", tags=["music"])
        self.comment = make_comment(self.writer, self.post, f"My {SECRET} is blue https://example.org/.")
        self.other = make_comment(cast.bob, make_post(cast.arthur), "My instrument is blue too.")

    def remove(self) -> None:
        decisions.remove_public(self.comment, self.cast.mona, "unkind", "")

    def withdraw(self) -> None:
        withdrawing.withdraw(self.comment)

    def flag_until_it_is_hidden(self) -> None:
        for person in (self.cast.alice, self.cast.bob, self.cast.arthur, self.cast.mallory):
            flagging.flag(self.comment, person, "unkind", "", hides_at=2)

    def clean_up_after_its_writer(self) -> None:
        cleaning.clean_up(self.writer, self.cast.mona)

    def unpublish_the_post(self) -> None:
        self._change_post(is_published=False)

    def edit_the_word_out(self) -> None:
        editing.edit(self.comment, self.writer, "My instrument is blue.", "en", has_case=False, screen=screen)

    def delete_the_row(self) -> None:
        db.session.execute(delete(Comment).where(Comment.id == self.comment.id))

    def _change_post(self, **values) -> None:
        text = writing.PostText(**{"title": self.post.title, "body": "Words.", "is_published": True} | values)
        writing.change(self.post, text, self.post.version)


GOES = [
    Scene.remove,
    Scene.withdraw,
    Scene.flag_until_it_is_hidden,
    Scene.clean_up_after_its_writer,
    Scene.unpublish_the_post,
    Scene.edit_the_word_out,
    Scene.delete_the_row,
]


@pytest.fixture
def scene(cast, work) -> Scene:
    scene = Scene(cast)
    work()
    assert find.run(Asked(SECRET)).total == 1
    assert site_index.engine().known([SECRET]) == {SECRET: 1}
    return scene


@pytest.mark.parametrize("act", GOES, ids=lambda act: act.__name__)
def test_what_goes_is_gone_at_once_and_after_the_index_has_learnt_it(scene, work, visit, act):
    act(scene)
    db.session.commit()
    assert_nobody_finds_it(scene.cast)
    assert SECRET not in visit().get("/search?q=xylo*&order=newest").html
    work()
    assert_nobody_finds_it(scene.cast)
    assert site_index.engine().known([SECRET]) == {}


@pytest.mark.parametrize(
    "act", [Scene.remove, Scene.withdraw, Scene.clean_up_after_its_writer, Scene.unpublish_the_post]
)
def test_a_person_of_whom_nothing_can_be_read_is_not_found_either(scene, work, act):
    assert {hit.person.username for hit in find.run(Asked("xander")).hits} == {"xylia"}
    act(scene)
    db.session.commit()
    for learn in (lambda: None, work):
        learn()
        for q in ("xander", "author:xander", "xylia in:people", "xan*"):
            assert_finds_nothing(find.run(Asked(q)), q)


def test_what_a_person_has_taken_out_of_their_profile_is_not_found(cast, work):
    make_comment(cast.alice, make_post(cast.arthur), "Hello")
    profile.change(cast.alice, "Alice Archer", "", "", f"I play the {SECRET}.")
    work()
    assert find.run(Asked(SECRET)).total == 1
    profile.change(cast.alice, "Alice Archer", "", "", "I play.")
    db.session.commit()
    assert_nobody_finds_it(cast)
    work()
    assert_nobody_finds_it(cast)


def test_what_is_published_again_is_found_again(scene, work):
    scene.unpublish_the_post()
    work()
    scene._change_post(is_published=True)
    work()
    assert find.run(Asked(SECRET)).total == 1


def test_an_approval_that_is_undone_takes_it_out_again(cast, work):
    written, case = make_held(cast.nora, make_post(cast.arthur), f"My {SECRET}")
    assert_nobody_finds_it(cast)
    decision = decisions.approve(case, cast.mona, case.version)
    work()
    assert [hit.comment.id for hit in find.run(Asked(SECRET)).hits] == [written.id]
    undoing.undo(decision, cast.mona)
    db.session.commit()
    assert_nobody_finds_it(cast)
    case = queries.open_case_of(written)
    decisions.approve(case, cast.mona, case.version)
    work()
    decisions.remove_public(written, cast.mona, "unkind", "")
    db.session.commit()
    assert_nobody_finds_it(cast)
    work()
    assert_nobody_finds_it(cast)


# ---- What never was ----


def held(cast, post) -> Comment:
    return make_held(cast.nora, post, SECRET)[0]


def rejected(cast, post) -> Comment:
    return make_rejected(cast.nora, post, cast.mona, SECRET)


def removed(cast, post) -> Comment:
    return make_removed(cast.alice, post, cast.mona, SECRET)


def withdrawn(cast, post) -> Comment:
    return make_withdrawn(cast.alice, post, SECRET)


@pytest.mark.parametrize("make", [held, rejected, removed, withdrawn], ids=lambda make: make.__name__)
def test_a_comment_that_is_not_public_is_never_in_the_index(cast, work, make):
    hidden = make(cast, make_post(cast.arthur))
    work()
    assert f"comment:{hidden.id}" not in site_index.engine().entries()
    assert_nobody_finds_it(cast)


def test_new_words_that_wait_for_a_moderator_are_not_found_and_the_old_ones_are(cast, work):
    written = make_comment(cast.alice, make_post(cast.arthur), "Words that anybody may read.")
    links = " ".join(f"https://example.org/{n}" for n in range(5))
    editing.edit(written, cast.alice, f"{SECRET} {links}", "en", has_case=False, screen=screen)
    work()
    assert editing.waiting_of(written) is not None
    assert_nobody_finds_it(cast)
    assert find.run(Asked("anybody")).total == 1
    assert find.run(Asked("anybody has:link")).total == 0


def test_a_draft_and_its_authors_are_never_found(cast, work):
    draft = make_post(cast.arthur, SECRET, body=SECRET, is_published=False)
    make_comment(cast.bob, make_post(cast.ada), "Hello")
    work()
    assert not {f"post:{draft.id}", f"person:{cast.arthur.id}"} & site_index.engine().entries().keys()
    assert_nobody_finds_it(cast)
    assert_finds_nothing(find.run(Asked("arthur"), cast.ada), "arthur")


def test_a_spoiler_is_neither_found_nor_shown(cast, work):
    make_comment(cast.alice, make_post(cast.arthur), f"The murderer is ||{SECRET}||, you know.")
    work()
    assert_nobody_finds_it(cast)
    [hit] = find.run(Asked("murderer")).hits
    assert SECRET not in hit.excerpt


def test_nobody_is_named_for_words_that_were_taken_away(cast, work, visit):
    page = make_post(cast.arthur)
    parent = make_comment(cast.bob, page, "unkind words")
    make_comment(cast.alice, page, "quokka", parent)
    work()
    assert "In reply to Bob Barker" in visit().get("/search?q=quokka")
    decisions.remove_public(parent, cast.mona, "unkind", "")
    db.session.commit()
    assert "Bob Barker" not in visit().get("/search?q=quokka")


# ---- How it is looked for ----

QUERIES = (
    Asked(SECRET),
    Asked(SECRET, kinds=(COMMENT,)),
    Asked(SECRET, kinds=(POST, PERSON)),
    Asked(SECRET, order=NEWEST),
    Asked(SECRET, order=LIKED),
    Asked(f'"my {SECRET}"'),
    Asked("xylo*", order=NEWEST),
    Asked(f"{SECRET} OR zebra"),
    Asked(f"{SECRET} author:xander"),
    Asked(f"{SECRET} in:comments after:2001-01-01 has:link"),
    Asked(f"{SECRET} series:quartet"),
    Asked(f"{SECRET} tag:music"),
    Asked(f"{SECRET} -zebra"),
    Asked(SLIP),
)
# Of a thing that others found too, neither the number of results nor any other may tell.
BESIDE = ("blue", "in:comments", "blue has:link", "author:xander in:comments", "in:comments series:quartet")


def assert_nobody_finds_it(cast) -> None:
    """Neither the thing nor a number or a hint that would tell of it, whoever asks and however."""
    for asked in QUERIES:
        assert_finds_nothing(find.run(asked), asked)
    for viewer in (cast.nora, cast.mona):
        assert_finds_nothing(find.run(Asked(SECRET), viewer), viewer)
        assert_finds_nothing(find.run(Asked(f"{SECRET} is:mine"), viewer), viewer)
    for q in BESIDE:
        found = find.run(Asked(q))
        assert not any(SECRET in hit.excerpt for hit in found.hits)
        counts = [sum(value.count for value in values) for values in (found.facets.kinds, found.facets.years)]
        assert [found.total, *counts] == [len(found.hits)] * 3, q
    assert not any(SECRET in line.text for typed in ("xylo", SECRET, SLIP) for line in suggestions.lines(typed))


def assert_finds_nothing(found: find.Found, asked: object) -> None:
    facets = found.facets
    values = [*facets.kinds, *facets.series, *facets.tags, *facets.authors, *facets.years]
    assert (found.hits, found.total, found.suggestion) == ([], 0, None), asked
    assert [value.count for value in values if value.count] == [], asked
    assert not any("some of them" in note for note in found.notes), asked
