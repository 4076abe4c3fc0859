"""A member's drafts: one in each place, saved by compare and swap, forgotten when posted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from forum.comments import drafts, posting
from forum.comments.drafts import Newer, Typed
from forum.comments.models import Comment, Draft
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Refused
from tests import makers


@pytest.fixture
def parent(post, cast):
    return makers.make_comment(cast.bob, post)


@pytest.fixture
def save(post, cast):
    def save(body, seen=0, token="", parent=None, by=None, lang="en"):
        draft = drafts.save(by or cast.alice, post, parent, Typed(body, lang, seen, token))
        db.session.commit()
        return draft

    return save


def words(cast, post, parent=None):
    draft = drafts.at(cast.alice, post.id, parent.id if parent else None)
    return draft.body if draft else None


def test_each_place_has_words_of_its_own(save, cast, post, parent):
    save("To all.")
    save("To Bob.", parent=parent)
    assert words(cast, post) == "To all."
    assert words(cast, post, parent) == "To Bob."
    assert set(drafts.below(cast.alice, post.id)) == {0, parent.id}


def test_each_person_has_words_of_their_own(save, cast, post):
    save("Hers.")
    save("His.", by=cast.bob)
    assert words(cast, post) == "Hers."
    assert [draft.body for draft in drafts.all_of(cast.bob)] == ["His."]


def test_who_saw_the_draft_writes_over_it(save, cast, post):
    first = save("One")
    second = save("One two", seen=first.version)
    assert second.id == first.id
    assert words(cast, post) == "One two"


def test_who_did_not_see_it_hears_of_it_and_overwrites_nothing(save, cast, post):
    seen = save("One").version
    save("One and a half", seen=seen)
    for stale in (seen, 0, seen + 7):
        with pytest.raises(Newer) as heard:
            save("Another", seen=stale)
        assert heard.value.draft.body == "One and a half"
    assert words(cast, post) == "One and a half"


def test_who_heard_of_it_may_keep_their_own(save, cast, post):
    save("One")
    with pytest.raises(Newer) as heard:
        save("Another")
    save("Another", seen=heard.value.draft.version)
    assert words(cast, post) == "Another"


def test_the_same_words_from_elsewhere_are_no_conflict(save):
    first = save("One")
    assert save("One", seen=0).id == first.id


def test_a_composer_that_lost_an_answer_goes_on(save, cast, post):
    """Its save of the last moment was kept; the page, come back, still has the version before."""
    before = save("One", token="here").version
    save("One two", seen=before, token="here")
    save("One two three", seen=before, token="here")
    assert words(cast, post) == "One two three"


def test_a_composer_does_not_follow_itself_past_another(save, cast, post):
    seen = save("One", token="here").version
    save("Two", seen=seen, token="there")
    with pytest.raises(Newer):
        save("One more", seen=seen, token="here")
    assert words(cast, post) == "Two"


def test_a_draft_made_anew_is_not_taken_for_the_one_before(save):
    old = save("Old.").version
    save("", seen=old)
    assert save("New.") is not None
    with pytest.raises(Newer):
        save("Old, with more.", seen=old)


def test_no_words_forget_the_draft(save, cast, post):
    assert save(" \n ", seen=save("One").version) is None
    assert words(cast, post) is None


def test_no_words_forget_no_newer_draft(save, cast, post):
    save("One")
    with pytest.raises(Newer):
        save("", seen=0)
    assert words(cast, post) == "One"


def test_a_save_that_comes_after_its_post_brings_nothing_back(save, cast, post):
    posting.write(cast.alice, post, None, "Said.", "en", "the form", screen=makers.screen)
    db.session.commit()
    assert save("Said.", token="the form") is None
    assert words(cast, post) is None


def test_posting_forgets_the_draft_it_was_made_of(save, cast, post):
    for what, saved, typed in (
        ("its version", Typed("Sai"), lambda draft: Typed("Said.", seen=draft.version)),
        ("its composer", Typed("Sai", token="here"), lambda draft: Typed("Said.", token="here")),
        ("its words", Typed("Said."), lambda draft: Typed("Said.")),
    ):
        draft = drafts.save(cast.alice, post, None, saved)
        drafts.forget_posted(cast.alice, post, None, typed(draft))
        db.session.commit()
        assert words(cast, post) is None, what


def test_posting_leaves_newer_words_and_those_of_other_places(save, cast, post, parent):
    save("Newer, from the train.")
    save("To Bob.", parent=parent)
    drafts.forget_posted(cast.alice, post, None, Typed("Said.", seen=1, token="here"))
    assert words(cast, post) == "Newer, from the train."
    assert words(cast, post, parent) == "To Bob."


def test_words_for_a_comment_that_is_gone_move_with_their_composer(save, cast, post, parent):
    seen = save("To Bob.", parent=parent).version
    db.session.execute(update(Comment).values(state="withdrawn"))
    db.session.commit()
    save("To all, then.", seen=seen)
    assert words(cast, post) == "To all, then."
    assert words(cast, post, parent) is None


def test_words_for_a_comment_that_is_there_do_not_move(save, cast, post, parent):
    seen = save("To Bob.", parent=parent).version
    save("To all.", seen=seen)
    assert words(cast, post, parent) == "To Bob."


def test_nobody_deletes_anothers_draft(save, cast, post):
    draft = save("Hers.")
    drafts.drop(cast.mallory, draft.id)
    assert words(cast, post) == "Hers."
    drafts.drop(cast.alice, draft.id)
    assert words(cast, post) is None


def test_a_draft_goes_a_month_after_it_was_last_changed(save, cast, post):
    start = clock.now()
    with time_machine.travel(start, tick=False):
        seen = save("One").version
    with time_machine.travel(start + timedelta(days=20), tick=False):
        save("One two", seen=seen)
    with time_machine.travel(start + timedelta(days=45), tick=False):
        drafts.forget_old()
        assert words(cast, post) == "One two"
        assert drafts.all_of(cast.alice) != []
    with time_machine.travel(start + timedelta(days=51), tick=False):
        assert drafts.all_of(cast.alice) == []
        assert drafts.below(cast.alice, post.id) == {}
        assert drafts.waiting_for(cast.alice) is None
        drafts.forget_old()
        assert words(cast, post) is None


@pytest.mark.parametrize(("body", "length"), [("one\x00two", 6), ("x" * 50_000, 50_000)])
def test_whatever_was_typed_is_kept(body, length, save):
    assert len(save(body).body) == length


def test_a_draft_has_an_end(save, cast, post):
    with pytest.raises(Refused, match="by 1 character"):
        save("x" * (drafts.LONGEST + 1))
    assert words(cast, post) is None


def test_nobody_fills_the_database_with_drafts(save, cast, post, monkeypatch):
    monkeypatch.setattr(drafts, "MOST", 2)
    seen = save("One").version
    for _turn in range(2):
        parent = makers.make_comment(cast.bob, post)
        if _turn:
            with pytest.raises(Refused, match="You have 2 drafts"):
                save("Third", parent=parent)
        else:
            save("Second", parent=parent)
    save("One, changed", seen=seen)
    assert words(cast, post) == "One, changed"


@pytest.fixture
def four_at_once(app, cast, post):
    """Four composers save, each words of its own, all with the same version before their eyes."""

    def outcomes(seen: int = 0) -> list[str]:
        number, person = post.id, cast.alice.id
        db.session.commit()

        def save_once(turn: int) -> str:
            with app.test_request_context():
                user, there = db.session.get(type(cast.alice), person), db.session.get(type(post), number)
                try:
                    drafts.save(user, there, None, Typed(f"Words {turn}", seen=seen, token=str(turn)))
                    db.session.commit()
                    return "kept"
                except Newer:
                    db.session.rollback()
                    return "told"

        with ThreadPoolExecutor(4) as many:
            return list(many.map(save_once, range(4)))

    return outcomes


def test_of_many_first_saves_at_once_one_is_kept_and_the_others_hear_of_it(four_at_once):
    assert sorted(four_at_once()) == ["kept", "told", "told", "told"]
    assert db.session.scalar(select(func.count(Draft.id))) == 1


def test_of_many_saves_on_one_version_at_once_one_is_kept_and_the_others_hear_of_it(four_at_once, save):
    assert sorted(four_at_once(seen=save("One").version)) == ["kept", "told", "told", "told"]
