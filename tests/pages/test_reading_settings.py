"""How a member reads: saved, and kept to on every page."""

from __future__ import annotations

import re

import pytest

from forum.foundation.db import db
from forum.marks import muting
from forum.marks.models import Fold
from tests import makers

PAGE = "/account/reading"


def root(page) -> str:
    """The beginning of the page, which says how it looks."""
    return re.search(r"<html[^>]*>", page.html)[0]


def test_choices_are_saved_and_shown_again(cast, visit):
    alice = visit(cast.alice)
    page = alice.submit(alice.get(PAGE), PAGE, order="newest", theme="dark")
    assert "Saved." in page
    fields = page.form(PAGE)["fields"]
    assert (fields["order"], fields["theme"], fields["uses_keys"]) == ("newest", "dark", "y")
    form = page.form(PAGE)["fields"]
    form.pop("uses_keys")
    alice.post(PAGE, form)
    assert "uses_keys" not in alice.get(PAGE).form(PAGE)["fields"]
    assert (cast.alice.uses_keys, cast.alice.theme) == (False, "dark")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("order", "Choose one of these orders"),
        ("theme", "Choose light, dark"),
        ("language", "Choose a language of the list"),
    ],
)
def test_what_is_not_offered_is_refused(name, words, cast, visit):
    alice = visit(cast.alice)
    page = alice.submit(alice.get(PAGE), PAGE, **{name: "sideways"})
    assert page.status == 422
    assert words in page
    assert (cast.alice.reading_order, cast.alice.theme, cast.alice.language) == ("", "", None)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_light_or_dark_is_kept_to_on_every_page(theme, cast, visit):
    cast.alice.theme = theme
    db.session.commit()
    for address in ("/", PAGE, "/posts/nothing"):
        page = visit(cast.alice).get(address)
        assert f'data-theme="{theme}"' in root(page)
        assert f'<meta name="color-scheme" content="{theme}">' in page.html


@pytest.mark.parametrize("who", [None, "alice"])
def test_without_a_choice_the_device_decides(who, cast, visit):
    page = visit(getattr(cast, who) if who else None).get("/")
    assert "data-theme" not in root(page)
    assert '<meta name="color-scheme" content="light dark">' in page.html


def test_the_language_of_the_site_is_chosen_here_and_given_back_to_the_browser(cast, visit):
    alice = visit(cast.alice)
    page = alice.get(PAGE)
    assert page.form(PAGE)["fields"]["language"] == ""
    assert "As my browser asks English Cymraeg" in page
    assert '<span lang="cy">Cymraeg</span>' in page.html
    saved = alice.submit(page, PAGE, language="cy")
    assert 'lang="cy"' in root(saved)
    assert "Wedi’i gadw." in saved
    assert (cast.alice.language, alice.client.get_cookie("language").value) == ("cy", "cy")
    assert saved.form(PAGE)["fields"]["language"] == "cy"
    back = alice.submit(saved, PAGE, language="")
    assert 'lang="en"' in root(back)
    assert "Saved." in back
    assert (cast.alice.language, alice.client.get_cookie("language")) == (None, None)
    assert 'lang="cy"' in root(alice.get("/", headers={"Accept-Language": "cy"}))


def test_what_the_browser_keeps_of_the_language_is_not_lost_by_saving_something_else(cast, visit):
    alice = visit(cast.alice)
    alice.client.set_cookie("language", "cy")
    saved = alice.submit(alice.get(PAGE), PAGE, theme="dark")
    assert 'lang="cy"' in root(saved)
    assert 'lang="cy"' in root(alice.get("/"))


def test_where_one_language_is_spoken_there_is_none_to_choose(cast, visit, app, tmp_path, monkeypatch):
    cast.alice.language = "cy"
    db.session.commit()
    monkeypatch.setitem(app.config, "BABEL_TRANSLATION_DIRECTORIES", str(tmp_path))
    alice = visit(cast.alice)
    page = alice.get(PAGE)
    assert "Language of the site" not in page
    assert "Saved." in alice.submit(page, PAGE, theme="dark")
    assert cast.alice.language == "cy", "and what was chosen before is left alone"


def test_muted_people_stand_here_and_are_unmuted_here(cast, visit):
    muting.mute(cast.mallory, cast.alice)
    db.session.commit()
    alice = visit(cast.alice)
    page = alice.get(PAGE)
    assert "Mallory Malice" in page
    answer = alice.post("/people/mallory/unmute", page.form(PAGE)["fields"] | {"next": PAGE})
    assert answer.location == PAGE
    assert "Mallory Malice is no longer muted." in alice.follow(answer)
    assert "Nobody. You can mute somebody on their page." in alice.get(PAGE)


# The keys


def test_the_list_of_keys_is_a_page_for_everybody(cast, visit):
    for person in (None, cast.alice):
        page = visit(person).get("/keyboard")
        assert page.status == 200
        assert "Next new comment" in page
    assert "Set-Cookie" not in visit().get("/keyboard").response.headers
    assert "csrf_token" not in visit().get("/keyboard").html


def test_the_keys_are_turned_off_and_on_again(cast, visit):
    alice = visit(cast.alice)
    assert 'data-keys="on"' in root(alice.get("/"))
    form = alice.get("/keyboard").form("/keyboard")
    page = alice.follow(alice.post("/keyboard", form["fields"] | {"keys": "off"}))
    assert "The keys are off." in page
    assert 'data-keys="off"' in root(alice.get("/"))
    alice.post("/keyboard", form["fields"] | {"keys": "on"})
    assert 'data-keys="on"' in root(alice.get("/"))
    assert "data-keys" not in root(visit().get("/"))


def test_a_script_gets_the_list_alone(cast, visit):
    for person in (None, cast.alice):
        page = visit(person).get("/keyboard", headers={"X-Fragment": "keys"})
        assert page.html.strip().startswith("<dialog")
        assert "<html" not in page.html


# Closed branches


@pytest.fixture
def comment(cast):
    post = makers.make_post(cast.arthur, "Slow buses")
    comment = makers.make_comment(cast.bob, post)
    makers.make_comment(cast.mona, post, "An answer.", parent=comment)
    return comment


OPEN, CLOSED = '<details class="thread__branch" open>', '<details class="thread__branch">'


@pytest.mark.parametrize("address", ["/posts/slow-buses", "/posts/slow-buses?order=newest"])
def test_a_closed_branch_is_found_closed_again(address, comment, cast, visit):
    alice = visit(cast.alice)
    assert alice.post(f"/comments/{comment.id}/fold", headers={"X-Fragment": "fold"}).status == 204
    assert CLOSED in alice.get(address).html
    assert OPEN in visit(cast.bob).get(address).html
    assert OPEN in visit().get(address).html
    assert alice.post(f"/comments/{comment.id}/unfold").location == f"/comments/{comment.id}"
    assert OPEN in alice.get(address).html


def test_a_branch_stays_open_where_one_is_about_to_answer_in_it(comment, cast, visit):
    reply = makers.make_comment(cast.bob, comment.post, parent=comment)
    alice = visit(cast.alice)
    alice.post(f"/comments/{comment.id}/fold")
    for answered in (comment, reply):
        assert CLOSED not in alice.get(f"/posts/slow-buses?reply={answered.id}").html


def test_a_branch_stays_open_where_ones_own_comment_waits_in_it(comment, cast, visit):
    nora = visit(cast.nora)
    nora.post(f"/comments/{comment.id}/fold")
    assert CLOSED in nora.get("/posts/slow-buses").html
    makers.make_held(cast.nora, comment.post, parent=comment)
    assert CLOSED not in nora.get("/posts/slow-buses").html


def test_replies_below_a_comment_that_is_gone_are_closed_too(comment, cast, visit):
    gone = makers.make_removed(cast.bob, comment.post, cast.mona)
    assert visit(cast.alice).post(f"/comments/{gone.id}/fold").status == 303


def test_nobody_closes_what_they_cannot_see(cast, visit, comment):
    held, _case = makers.make_held(cast.nora, comment.post)
    alice = visit(cast.alice)
    assert alice.post(f"/comments/{held.id}/fold").status == 404
    assert alice.post("/comments/99999/fold").status == 404
    assert alice.send(f"/comments/{comment.id}/fold", {}).status == 400, "without its token"
    assert db.session.query(Fold).all() == []
    assert "/sign-in" in visit().post(f"/comments/{comment.id}/fold").location


def test_the_page_of_a_branch_shows_it_open(comment, cast, visit):
    alice = visit(cast.alice)
    alice.post(f"/comments/{comment.id}/fold")
    assert CLOSED not in alice.get(f"/posts/slow-buses/branch/{comment.id}").html


def test_a_chosen_order_is_the_order_of_every_discussion(comment, cast, visit):
    later = makers.make_comment(cast.mona, comment.post)
    alice = visit(cast.alice)
    alice.submit(alice.get(PAGE), PAGE, order="newest")
    here = alice.get("/posts/slow-buses").html
    assert here.index(f"comment-{later.id}") < here.index(f"comment-{comment.id}")
    asked = alice.get("/posts/slow-buses?order=oldest").html
    assert asked.index(f"comment-{comment.id}") < asked.index(f"comment-{later.id}")
