"""What is offered to somebody who has typed the beginning of a search."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from forum.foundation.db import db
from forum.posts import writing
from forum.search import stale, suggesting
from forum.search.models import Pending
from tests import makers
from tests.cast import make_user
from tests.queries import counted_queries


def titles(typed: str) -> list[str]:
    return [post.title for post in suggesting.suggest(typed).posts]


def searches(typed: str) -> list[str]:
    return list(suggesting.suggest(typed).searches)


@pytest.fixture
def site(cast, work):
    slow = makers.make_post(cast.arthur, "Slow buses in Tredegar", series="Care leavers", part=1, tags=["care leavers"])
    telephone = "Nobody answers the busy telephone."
    makers.make_post(cast.arthur, "The front door", body=telephone, standfirst="On busybodies.")
    makers.make_post(cast.arthur, "Buses at night", body="They stop at the front.", tags=["care", "night"])
    makers.make_comment(make_user("busbert", name="Albert Bus"), slow, "Hello.")
    work()
    return slow


def test_discussions_have_all_words_and_the_last_one_may_be_begun(site):
    assert set(titles("bus")) == {"Slow buses in Tredegar", "The front door", "Buses at night"}
    assert titles("bus")[-1] == "The front door", "titles rise"
    assert titles("slow bus") == ["Slow buses in Tredegar"]
    assert titles("front tele") == ["The front door"]
    assert titles("tele front") == [], "only the last one"
    assert titles("tele ") == [], "a space ends the word"
    assert titles("telephone ") == ["The front door"]


def test_the_last_word_is_completed_with_those_of_titles_and_standfirsts(site):
    assert searches("bus") == ["buses", "busybodies"], "those of more discussions first"
    assert searches("Slow  tred") == ["Slow  tredegar"], "the rest stays as it was typed"
    assert searches("buses") == []
    assert searches("bus ") == []
    assert searches("busy tele") == [], "nothing of the texts: they would have to be read"


def test_what_narrows_a_search_narrows_what_is_offered(site):
    assert titles("series:care-leavers bus") == ["Slow buses in Tredegar"]
    assert titles("-tredegar bus") == ["Buses at night", "The front door"]
    assert set(titles("author:arthur bus")) == set(titles("bus"))
    assert titles("author:nobody bus") == []


def test_series_and_tags_are_found_by_the_beginning_of_their_names(site):
    found = suggesting.suggest("Care")
    assert [one.name for one in found.series] == ["Care leavers"]
    assert [one.name for one in found.tags] == ["care", "care leavers"]
    assert [one.name for one in suggesting.suggest("care le").tags] == ["care leavers"]
    assert suggesting.suggest("leavers").tags == []


def test_a_series_or_tag_of_drafts_only_is_not_known(site, cast):
    makers.make_post(cast.arthur, "Not yet", is_published=False, series="Secret series", tags=["secretive"])
    found = suggesting.suggest("secret")
    assert (found.series, found.tags, found.posts, found.searches) == ([], [], [], [])


def test_people_are_found_by_username_or_name_once_they_have_said_something(site, cast):
    for typed in ("busb", "albert", "@busb", "Albert B"):
        assert [person.username for person in suggesting.suggest(typed).people] == ["busbert"], typed
    assert [person.username for person in suggesting.suggest("arth").people] == ["arthur"], "posts are something said"
    make_user("busybody")
    assert [person.username for person in suggesting.suggest("bus").people] == ["busbert"]


def test_who_has_held_comments_only_is_not_known(cast, post, work):
    makers.make_held(cast.nora, post)
    work()
    assert suggesting.suggest("nora").people == []


def test_a_discussion_that_is_taken_back_is_gone_at_once(site):
    assert searches("tred") == ["tredegar"]
    writing.change(site, writing.PostText(title=site.title, body=site.body, is_published=False), site.version)
    db.session.commit()
    assert titles("slow bus") == []
    assert searches("tred") == []
    assert suggesting.suggest("care le").series == []


def test_while_the_index_has_very_much_to_learn_it_is_not_asked(site, monkeypatch):
    monkeypatch.setattr(stale, "MOST", 3)
    monkeypatch.setattr(stale, "_NOTED", stale._NOTED.limit(4))
    notes = [{"kind": "comment", "thing_id": number, "version": 1} for number in range(1000, 1005)]
    db.session.execute(insert(Pending), notes)
    assert titles("bus") == []
    assert suggesting.suggest("care").tags


def test_without_an_index_there_are_the_other_suggestions(cast):
    makers.make_post(cast.arthur, "Slow buses", tags=["buses"])
    found = suggesting.suggest("bus")
    assert found.posts == []
    assert [tag.name for tag in found.tags] == ["buses"]


@pytest.mark.parametrize(
    "typed",
    ["", " ", "b", " b ", "-", "--", "*", "“", '"bus', "author:", "author:x", "-bus", "%", "_%", "\\", "'", "x" * 500,
     "bus OR", "OR", "bus*", "in:", "😀😀", "\U0010ffff\U0010ffff", "ẛ̣ẛ̣", "a b c d e f g h i j k l m n o p"],
)  # fmt: skip
def test_whatever_is_typed_is_answered(site, typed):
    suggesting.suggest(typed)


def test_the_queries_do_not_grow_with_what_there_is(site, cast, work):
    def queries() -> int:
        db.session.expire_all()
        with counted_queries() as made:
            suggesting.suggest("bus")
        return len(made)

    few = queries()
    for number in range(8):
        makers.make_comment(make_user(f"busy{number}x"), makers.make_post(cast.arthur, f"Bus number {number}"))
    work()
    assert queries() == few <= 9
