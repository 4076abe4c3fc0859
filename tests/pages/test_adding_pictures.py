"""Adding a picture to what one writes: with a form, with a script, and what is said when it cannot be."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from sqlalchemy import func, select

from forum.comments.models import Comment, Draft
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.limits import limiter
from forum.media import bounds, permissions
from forum.media.models import Upload
from tests import files, makers
from tests.cast import make_user
from tests.media.test_uploading import row_of
from tests.sites import own_site
from tests.visitor import Visitor

SHOWN = re.compile(r"!\[(.*?)\]\((/media/[a-z0-9-]+\.(?:webp|jpg))\)")
REFUSED = [
    (b"", "Choose a picture first"),
    (bytes(bounds.MOST_BYTES + 1), "larger than 8 MB"),
    (files.SVG, "SVG drawings can hold programs"),
    (files.HTML, "no picture that we can show"),
    (files.jpeg()[:200], "damaged or incomplete"),
    (files.bomb_png(50_000, 50_000), "more than 40 million pixels"),
    (files.bomb_gif(10_000, 10, 10), "too long"),
]
wrong_files = pytest.mark.parametrize(("content", "words"), REFUSED, ids=[words for _content, words in REFUSED])


def sent(content: bytes, name: str = "bus.png") -> tuple[BytesIO, str]:
    return BytesIO(content), name


def count(model) -> int:
    return db.session.scalar(select(func.count(model.id)))


# With the form alone


def add(visitor, post, content: bytes, body: str = "Look:", follow: bool = True, **values):
    form = visitor.get(f"/posts/{post.slug}")
    values = {"intent": "picture", "alt": "A bus"} | values
    return visitor.submit(form, "/comments", follow=follow, body=body, picture=sent(content), **values)


def words_in(page) -> str:
    return page.form("/comments")["fields"]["body"]


def test_a_picture_stands_at_the_end_of_the_words_and_can_be_posted(cast, visit, post):
    alice = visit(cast.alice)
    page = add(alice, post, files.jpeg(1000, 500))
    [(alt, address)] = SHOWN.findall(words_in(page))
    assert words_in(page).startswith("Look:\n\n![")
    assert alt == "A bus"
    assert "The picture stands at the end of your text." in page
    page = alice.submit(page, "/comments", intent="post")
    assert f'<a href="{address}"><img src="{address}/small" alt="A bus" width="800" height="400"' in page.html
    assert visit().get(address).status == 200


def test_the_words_with_their_picture_are_kept_as_a_draft(cast, visit, post):
    page = add(visit(cast.alice), post, files.png())
    [(_alt, address)] = SHOWN.findall(words_in(page))
    assert address in db.session.scalar(select(Draft.body))
    assert address in words_in(visit(cast.alice).get(f"/posts/{post.slug}"))


@pytest.mark.parametrize("intent", ["post", "preview", "picture"])
def test_a_chosen_file_is_added_whichever_button_is_pressed(cast, visit, post, intent):
    page = add(visit(cast.alice), post, files.png(), intent=intent)
    assert len(SHOWN.findall(words_in(page))) == 1
    assert count(Comment) == 0


def test_a_description_says_what_it_says_whatever_signs_are_in_it(cast, visit, post):
    alice = visit(cast.alice)
    alt = "A *bus* [42](x) \\ `at` 5 < 6 & @bob #1 https://evil.example"
    page = alice.submit(add(alice, post, files.png(), alt=alt), "/comments", intent="post")
    [shown] = re.findall(r'<img src="/media/[^>]*alt="([^"]*)"', page.html)
    assert shown.replace("&lt;", "<").replace("&amp;", "&") == alt
    assert "evil.example" not in re.sub(r'alt="[^"]*"', "", page.html)


def test_a_picture_without_a_description_is_taken_and_named_in_the_preview(cast, visit, post):
    alice = visit(cast.alice)
    page = add(alice, post, files.jpeg(1000, 500), alt="")
    assert "Say between its brackets what it shows" in page
    page = alice.submit(page, "/comments", intent="preview")
    assert "A picture has no description." in page
    page = alice.submit(page, "/comments", intent="post")
    # A link to the whole of it must have a name.
    assert 'title="1000 × 500"' in page.html


@wrong_files
def test_what_is_wrong_is_said_at_the_field_and_no_word_is_lost(cast, visit, post, content, words):
    page = add(visit(cast.alice), post, content, "My words.", alt="My bus")
    assert page.status == 422
    assert words in page
    assert words_in(page).strip() == "My words."
    assert page.form("/comments")["fields"]["alt"] == "My bus"
    assert "<title>Error: " in page.html
    assert count(Upload) == 0


def test_a_newcomer_has_five_a_day(cast, visit, post):
    db.session.add_all([row_of(cast.nora, clock.now()) for _ in range(permissions.OF_A_NEWCOMER)])
    db.session.commit()
    page = add(visit(cast.nora), post, files.png(), "My words.")
    assert "You can add 5 pictures a day" in page
    assert words_in(page).strip() == "My words."


def test_a_file_far_too_large_is_not_even_read(cast, visit, post):
    page = add(visit(cast.alice), post, bytes(33 * 1024 * 1024), "My words.")
    assert page.status == 413


def test_a_guest_may_send_no_more_than_words(cast, visit, post):
    form = {"body": "My words.", "intent": "picture", "picture": sent(bytes(2 * 1024 * 1024))}
    assert visit().send(f"/posts/{post.slug}/comments", form).status == 413


def test_a_guest_is_offered_none_and_is_asked_who_they_are(cast, visit, post):
    assert "Add a picture" not in visit().get(f"/posts/{post.slug}")
    form = {"body": "My words.", "intent": "picture", "picture": sent(files.png())}
    assert visit().send(f"/posts/{post.slug}/comments", form).location.startswith("/sign-in?kept=")
    assert count(Upload) == 0


def test_a_picture_can_be_added_to_a_reply_and_while_editing(cast, visit, post):
    comment = makers.make_comment(cast.bob, post)
    bob = visit(cast.bob)
    page = bob.get(f"/posts/{post.slug}?reply={comment.id}")
    page = bob.submit(page, "/comments", body="Yes:", intent="picture", alt="", picture=sent(files.png()))
    assert page.form("/comments")["fields"]["parent"] == str(comment.id)
    assert len(SHOWN.findall(words_in(page))) == 1
    page = bob.get(f"/comments/{comment.id}/edit")
    page = bob.submit(page, "/edit", body="Now:", intent="picture", alt="Mine", picture=sent(files.png()))
    [(alt, address)] = SHOWN.findall(page.form("/edit")["fields"]["body"])
    assert alt == "Mine"
    page = bob.submit(page, "/edit", intent="post")
    assert address in page.html
    page = bob.submit(bob.get(f"/comments/{comment.id}/edit"), "/edit", intent="picture", picture=sent(files.SVG))
    assert page.status == 422
    assert "SVG drawings" in page


def test_an_author_adds_a_picture_to_a_post(cast, visit):
    arthur = visit(cast.arthur)
    page = arthur.get("/desk/posts/new")
    page = arthur.submit(
        page, "/desk/posts/new", title="Buses", body="Once:", intent="picture", alt="A bus", picture=sent(files.png())
    )
    form = page.form("/desk/posts/new")["fields"]
    [(alt, address)] = SHOWN.findall(form["body"])
    assert (form["title"], alt) == ("Buses", "A bus")
    assert visit().get(address).status == 404
    page = arthur.submit(page, "/desk/posts/new", intent="save", state="published")
    assert "Published." in page
    assert visit().get(address).status == 200
    assert f'<img src="{address}/small"' in visit().get("/posts/buses").html


def test_an_author_is_told_what_is_wrong_and_loses_nothing(cast, visit):
    arthur = visit(cast.arthur)
    page = arthur.submit(
        arthur.get("/desk/posts/new"), "/desk/posts/new", body="Once:", intent="picture", picture=sent(files.HTML)
    )
    assert page.status == 422
    assert "no picture that we can show" in page
    assert page.form("/desk/posts/new")["fields"]["body"].strip() == "Once:"


def test_the_words_of_a_form_with_a_file_are_shown_when_its_token_is_old(cast, visit):
    arthur = visit(cast.arthur)
    page = arthur.send("/desk/posts/new", {"body": "My long post.", "picture": sent(files.png())})
    assert page.status == 400
    assert "My long post." in page


# With a script


def post_picture(visitor, content: bytes, name: str = "bus.png", **values):
    return visitor.post("/pictures", {"picture": sent(content, name)} | values)


def test_a_script_gets_the_markdown_to_insert(cast, visit):
    page = post_picture(visit(cast.alice), files.png(), alt="A [bus]")
    assert page.status == 201
    assert page.response.mimetype == "application/json"
    [shown] = page.response.json.values()
    upload = db.session.scalar(select(Upload))
    assert shown == f"![A \\[bus\\]](/media/{upload.name})"


@wrong_files
def test_a_script_gets_a_sentence_to_show(cast, visit, content, words):
    page = post_picture(visit(cast.alice), content)
    assert page.status == 422
    assert words in page.response.json["sentence"]


@pytest.mark.parametrize("name", ["x.html", "../../x.png", "x.php", "", "a" * 300, "é;.png", "shell.svg"])
@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "application/x-php"])
def test_neither_its_name_nor_what_it_is_called_matters(cast, visit, name, media_type):
    picture = (BytesIO(files.png()), name or "blob", media_type)
    page = visit(cast.alice).post("/pictures", {"picture": picture})
    address = SHOWN.findall(page.response.json["markdown"])[0][1]
    assert visit(cast.alice).get(address).response.mimetype == "image/webp"


def test_words_in_place_of_a_file_are_no_picture(cast, visit):
    page = visit(cast.alice).post("/pictures", {"picture": "https://evil.example/x.png"})
    assert page.status == 422
    assert "Choose a picture first" in page.response.json["sentence"]


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}], ids=str)
def test_a_form_of_another_site_sends_no_picture(cast, visit, headers):
    alice = visit(cast.alice)
    fields = {"picture": sent(files.png()), "csrf_token": alice.token()}
    assert alice.send("/pictures", fields, headers=headers).status == 403
    assert alice.send("/pictures", {"picture": sent(files.png())}).status == 400
    assert count(Upload) == 0


def test_a_guest_sends_none(visit):
    guest = visit()
    assert guest.send("/pictures", {"picture": sent(files.png()), "csrf_token": guest.token()}).status == 303
    assert count(Upload) == 0


def test_pictures_have_a_limit_that_words_have_not(tmp_path):
    app = own_site(tmp_path)
    limiter.enabled = True
    limiter.reset()
    try:
        with app.test_request_context():
            uma = Visitor(app, make_user("uma"))
            assert [uma.post("/pictures").status for _ in range(11)] == [422] * 10 + [429]
    finally:
        limiter.reset()
        limiter.enabled = False
