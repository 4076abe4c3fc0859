"""What a page carries for its live updates."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from flask_babel import force_locale, ngettext

from forum.comments.queries import LIKED, NEWEST, OLDEST
from forum.reading import updates
from forum.reading.news import NEW_FIRST
from tests.makers import make_comment, make_post


def told(page, name: str) -> str:
    main = page.html[page.html.index("<main") :]
    return unescape(re.search(rf' data-{name}="([^"]*)"', main)[1])


@pytest.mark.parametrize("who", [None, "alice"])
def test_a_page_goes_on_exactly_where_it_was_made(cast, visit, who):
    post = make_post(cast.arthur)
    make_comment(cast.bob, post)
    reader = visit(getattr(cast, who) if who else None)
    page = reader.get(f"/posts/{post.slug}")
    since = f"{told(page, 'url')}/since?after={told(page, 'after')}&version={told(page, 'version')}"
    assert reader.get(since).status == 204
    later = make_comment(cast.bob, post)
    assert [one["comment"] for one in reader.get(since).response.json["news"]] == [later.id]


def test_a_branch_has_them_too_and_knows_what_it_is_about(cast, visit):
    post = make_post(cast.arthur)
    comment = make_comment(cast.bob, post)
    page = visit().get(f"/posts/{post.slug}/branch/{comment.id}")
    assert told(page, "top") == str(comment.id)


def test_all_copies_of_a_page_are_the_same_whatever_happens_elsewhere(cast, visit):
    post = make_post(cast.arthur)
    make_comment(cast.bob, post)
    first = visit().get(f"/posts/{post.slug}")
    make_comment(cast.bob, make_post(cast.arthur))
    # With a parameter that no page reads, so that nothing is kept of the whole page.
    second = visit().get(f"/posts/{post.slug}?nothing=1")
    assert told(first, "after") == told(second, "after")


def test_a_draft_has_none(cast, visit):
    draft = make_post(cast.arthur, is_published=False)
    assert "<live-thread" not in visit(cast.arthur).get(f"/posts/{draft.slug}").html


PLACES = [
    (OLDEST, None, None, updates.LAST),
    (OLDEST, "before", None, updates.LAST),
    (OLDEST, None, "after", updates.ELSEWHERE),
    (LIKED, None, None, updates.LAST),
    (LIKED, None, "after", updates.ELSEWHERE),
    (NEWEST, None, "after", updates.FIRST),
    (NEWEST, "before", None, updates.ELSEWHERE),
    (NEW_FIRST, None, None, updates.FIRST),
]


@pytest.mark.parametrize(("order", "earlier", "later", "place"), PLACES)
def test_a_new_comment_belongs_at_the_end_that_the_order_says(order, earlier, later, place):
    assert updates.place_of_new(order, earlier, later) == place


# The forms of a plural, as Unicode names them and browsers ask for them.
FORMS = {"en": {"one", "other"}, "cy": {"zero", "one", "two", "few", "many", "other"}}


@pytest.mark.parametrize("language", FORMS)
def test_a_script_finds_a_sentence_for_every_form_of_the_language(app, language):
    with force_locale(language):
        forms = updates._forms(lambda num: ngettext("%(num)d new comment", "%(num)d new comments", num))
    assert forms.keys() == FORMS[language]
    assert "#" in forms["other"]
    assert not re.search(r"\d", "".join(forms.values()))


def test_the_sentences_are_on_the_page(cast, visit):
    words = json.loads(told(visit().get(f"/posts/{make_post(cast.arthur).slug}"), "words"))
    assert words["new"]["other"] == "# new comments."
    assert words["show"] == {"one": "Show it", "other": "Show them"}
