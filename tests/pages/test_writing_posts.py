"""The author's desk and the editor."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from forum.foundation.db import db
from forum.posts.models import Post
from tests import makers
from tests.visitor import _Forms

NEW = "/desk/posts/new"
GOOD = {"title": "Slow buses", "body": "Why are **buses** slow?"}


def editor(page) -> dict[str, str]:
    """The fields of the editor, whose form is sent to its own page."""
    reader = _Forms()
    reader.feed(page.html)
    (form,) = [form for form in reader.forms if "title" in form["fields"]]
    return form["fields"]


def send(person, page, **values):
    """Fill in the editor and press its button."""
    fields = editor(page) | {"intent": "save"} | values
    return person.follow(person.post(page.response.request.path, fields))


@pytest.fixture
def arthur(app, cast, visit):
    return visit(cast.arthur)


def test_an_author_writes_a_draft_that_only_they_see_and_publishes_it(arthur, cast, visit):
    page = send(arthur, arthur.get(NEW), **GOOD)
    assert "Draft saved." in page
    assert visit().get("/posts/slow-buses").status == 404
    assert visit(cast.bob).get("/posts/slow-buses").status == 404
    assert "Slow buses" in arthur.get("/desk")
    page = send(arthur, page, state="published")
    assert "Published." in page
    public = visit().get("/posts/slow-buses")
    assert "<strong>buses</strong>" in public.html
    assert "Arthur Author" in public
    page = send(arthur, page, state="draft")
    assert visit().get("/posts/slow-buses").status == 404


def test_everything_filled_in_is_in_the_form_again(arthur, visit):
    filled = GOOD | {
        "standfirst": "A standfirst.", "question": "And you?", "series": "Buses", "part": "2", "total": "4",
        "tags": "routes, fares", "lang": "cy", "policy": "checked", "closes_at": "2031-07-01T12:30",
        "state": "published", "slug": "buses-that-are-slow", "authors-0-name": "Gwen Guest",
        "authors-0-role": "Driver", "authors-0-organisation": "Bus Co",
    }  # fmt: skip
    page = send(arthur, arthur.get(NEW), **filled)
    kept = {name: editor(page).get(name) for name in filled}
    assert kept == filled | {"tags": "fares, routes"}
    public = visit().get("/posts/buses-that-are-slow")
    for words in ("A standfirst.", "And you?", "Gwen Guest", "Bus Co", "routes"):
        assert words in public


REFUSED = [
    ("no title", {"title": ""}, "Give the post a title"),
    ("no text", {"body": " "}, "Write something first"),
    ("a part that is no number", {"part": "two", "series": "Buses"}, ""),
    ("a part without a series", {"part": "2"}, "Name the series"),
    ("a time that is none", {"closes_at": "soon"}, ""),
    ("a policy that is none", {"policy": "whatever"}, ""),
]


@pytest.mark.parametrize(("values", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_refused_post_keeps_every_field(values, words, arthur):
    typed = GOOD | {"standfirst": "A standfirst I worked on.", "tags": "routes", "question": "And you?"} | values
    answer = send(arthur, arthur.get(NEW), **typed)
    assert answer.status == 422
    assert words in answer
    for name in ("title", "standfirst", "body", "tags", "question"):
        assert editor(answer)[name].strip() == typed[name].strip(), name
    assert db.session.scalar(select(func.count(Post.id))) == 0


def test_the_second_of_two_editors_is_told_and_keeps_the_words(arthur, cast):
    post = makers.make_post(cast.arthur, "Slow buses")
    one, other = arthur.get(f"/desk/posts/{post.id}"), arthur.get(f"/desk/posts/{post.id}")
    send(arthur, one, title="From the first window")
    answer = send(arthur, other, title="From the second window")
    assert answer.status == 409
    assert "Somebody saved this post" in answer
    assert editor(answer)["title"] == "From the second window"
    db.session.refresh(post)
    assert post.title == "From the first window"


def test_a_preview_saves_nothing(arthur):
    answer = send(arthur, arthur.get(NEW), **GOOD, intent="preview")
    assert answer.status == 200
    assert "<strong>buses</strong>" in answer.html
    assert db.session.scalar(select(func.count(Post.id))) == 0


def test_another_author_line_keeps_what_was_typed(arthur):
    answer = send(arthur, arthur.get(NEW), **GOOD, intent="add_author")
    assert answer.status == 200
    assert "authors-1-name" in editor(answer)
    assert editor(answer)["title"] == "Slow buses"
    saved = send(arthur, answer, **{"authors-1-name": "Gwen Guest"})
    assert "Draft saved." in saved
    assert [author.name for author in db.session.scalar(select(Post)).authors] == ["Arthur Author", "Gwen Guest"]


def test_two_posts_of_one_title_both_have_an_address(arthur, visit):
    for _turn in range(2):
        send(arthur, arthur.get(NEW), **GOOD, state="published")
    assert visit().get("/posts/slow-buses").status == 200
    assert visit().get("/posts/slow-buses-2").status == 200


@pytest.mark.parametrize("address", [NEW, "/desk", "/desk/posts/1"])
@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("mona", 403), (None, 303)])
def test_the_desk_is_for_authors(address, who, status, app, cast, visit):
    makers.make_post(cast.arthur)
    assert visit(getattr(cast, who) if who else None).get(address).status == status


def test_another_author_cannot_change_a_post_and_not_even_find_a_draft(app, cast, visit):
    cast.bob.is_author = True
    public, draft = makers.make_post(cast.arthur), makers.make_post(cast.arthur, is_published=False)
    bob = visit(cast.bob)
    assert bob.get(f"/desk/posts/{public.id}").status == 403
    assert bob.post(f"/desk/posts/{public.id}", GOOD | {"version": "1"}).status == 403
    assert bob.get(f"/desk/posts/{draft.id}").status == 404
    assert bob.post(f"/desk/posts/{draft.id}", GOOD | {"version": "1"}).status == 404
    assert bob.get("/desk/posts/4711").status == 404


def test_an_administrator_changes_any_post(app, cast, visit):
    post = makers.make_post(cast.arthur)
    ada = visit(cast.ada)
    send(ada, ada.get(f"/desk/posts/{post.id}"), title="Mended")
    db.session.refresh(post)
    assert (post.title, post.owner_id) == ("Mended", cast.arthur.id)


def test_the_desk_lists_drafts_first_and_only_ones_own(app, cast, visit):
    makers.make_post(cast.arthur, "Out already")
    makers.make_post(cast.arthur, "Still a draft", is_published=False)
    makers.make_post(cast.ada, "Somebody else's")
    page = visit(cast.arthur).get("/desk")
    assert page.html.index("Still a draft") < page.html.index("Out already")
    assert "Somebody else's" not in page
