"""People show pictures: in what they write, and beside their names."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import files
from tests.journeys import steps
from tests.journeys.test_keyboard import press_on, tab_to, type_into

with_scripts_only = pytest.mark.parametrize("has_scripts", [True], ids=["scripts"])
IN_THE_TEXT = "The picture stands"


@pytest.fixture
def bus(tmp_path) -> Path:
    return written(tmp_path / "bus.jpg", files.jpeg(1000, 500, exif=files.exif()))


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def choose(place: Page | Locator, path: Path, description: str = "") -> None:
    """Add a picture with the part of this form, or of the only one on the page that has it."""
    place.locator("summary").filter(has_text="Add a picture").click()
    place.get_by_label("Picture", exact=True).set_input_files(path)
    place.get_by_label("What does it show?").fill(description)
    place.get_by_role("button", name="Add to the text").click()


def is_loaded(picture: Locator) -> bool:
    picture.scroll_into_view_if_needed()
    loading = "image => image.complete || new Promise(done => { image.onload = image.onerror = done })"
    picture.evaluate(f"async image => {{ await ({loading})(image) }}")
    return picture.evaluate("image => image.naturalWidth > 0")


def test_a_picture_that_is_chosen_and_described_is_seen_by_all(visit, post, bus):
    word = steps.rare_word()
    farida, guest = visit("reader"), visit()
    farida.goto(post.url)
    steps.box(farida).fill(f"Look at {word}:")
    choose(farida, bus, f"The bus of {word}")
    expect(farida.get_by_text(IN_THE_TEXT)).to_be_visible()
    expect(steps.box(farida)).to_have_value(
        re.compile(rf"^Look at {word}:\s+!\[The bus of {word}\]\(/media/\S+-1000x500\.jpg\)\s*$")
    )
    farida.get_by_role("button", name="Post comment").click()

    guest.goto(post.url)
    shown = steps.comment(guest, word).get_by_role("img", name=f"The bus of {word}")
    assert is_loaded(shown)
    steps.comment(guest, word).get_by_role("link", name=f"The bus of {word}").click()
    expect(guest).to_have_url(re.compile(r"/media/\S+-1000x500\.jpg$"))
    assert is_loaded(guest.get_by_role("img"))


def test_what_is_wrong_with_a_file_is_said_and_no_word_is_lost(visit, post, tmp_path):
    farida = visit("reader")
    farida.goto(post.url)
    steps.box(farida).fill("Words that must stay.")
    choose(farida, written(tmp_path / "bus.jpg", files.jpeg(300, 300)[:900]), "A bus")
    expect(farida.get_by_text("This picture is damaged or incomplete.")).to_be_visible()
    expect(steps.box(farida)).to_have_value("Words that must stay.")
    expect(farida.get_by_label("What does it show?")).to_have_value("A bus")


def test_a_picture_can_be_added_to_a_reply(visit, sender, post, bus):
    word, reply = steps.rare_word(), steps.rare_word()
    sender("author").write(post, f"Show me {word}.")
    farida = visit("reader")
    farida.goto(post.url)
    steps.open_reply(farida, word)
    steps.reply_box(farida).fill(f"Here is {reply}.")
    choose(farida.get_by_role("form", name="Reply to"), bus, "A bus")
    expect(farida.get_by_text(IN_THE_TEXT)).to_be_visible()
    farida.get_by_role("button", name="Post reply").click()
    assert is_loaded(steps.replies_to(farida, word).filter(has_text=reply).get_by_role("img", name="A bus"))


def test_an_author_shows_a_picture_in_a_post(visit, bus):
    word = steps.rare_word()
    arthur, guest = visit("author"), visit()
    arthur.goto("/desk/posts/new")
    arthur.get_by_label("Title", exact=True).fill(f"What {word} looks like")
    arthur.get_by_label("Text", exact=True).fill("It looks like this.")
    choose(arthur, bus, f"The bus of {word}")
    expect(arthur.get_by_text(IN_THE_TEXT)).to_be_visible()
    steps.set_state(arthur, "published")
    arthur.get_by_role("link", name="See the post").click()
    expect(steps.heading(arthur, word)).to_be_visible()
    guest.goto(arthur.url)
    assert is_loaded(guest.get_by_role("img", name=f"The bus of {word}"))


def test_a_newcomers_picture_waits_with_their_words(visit, post, bus):
    word = steps.rare_word()
    olamide, guest = visit(), visit()
    steps.join(olamide, "Olamide Fry")
    olamide.goto(post.url)
    steps.box(olamide).fill(f"May I show {word}?")
    choose(olamide, bus, "A bus")
    expect(olamide.get_by_text(IN_THE_TEXT)).to_be_visible()
    olamide.get_by_role("button", name="Post comment").click()
    held = steps.comment(olamide, word).get_by_role("img", name="A bus")
    assert is_loaded(held)
    assert guest.goto(held.get_attribute("src")).status == 404
    guest.goto(post.url)
    expect(guest.get_by_text(word)).to_have_count(0)


def test_a_chosen_avatar_stands_beside_the_name_and_can_be_taken_away(visit, post, bus):
    word = steps.rare_word()
    ruth, guest = visit("admin"), visit()
    steps.write(ruth, post, f"This is {word}.")
    ruth.goto("/account/profile")
    ruth.get_by_label("Your picture").set_input_files(bus)
    ruth.get_by_role("button", name="Use this picture").click()
    expect(ruth.get_by_text("Saved.", exact=True)).to_be_visible()
    guest.goto(post.url)
    assert is_loaded(steps.comment(guest, word).locator(".avatar__picture"))

    ruth.get_by_role("button", name="Use my initials").click()
    expect(ruth.get_by_role("button", name="Use my initials")).to_have_count(0)
    guest.goto(post.url)
    expect(steps.comment(guest, word).locator(".avatar__picture")).to_have_count(0)


# With scripts


def bring(page: Page, target: Locator, kind: str, *given: tuple[str, str, bytes], text: str = "") -> bool:
    """Drop or paste these files (name, media type, content) into a field; whether the browser's own act goes on."""
    packed = [
        {"name": name, "type": kind, "base64": base64.b64encode(content).decode()} for name, kind, content in given
    ]
    act = """(field, [kind, given, text]) => {
      const data = new DataTransfer();
      for (const one of given) {
        const bytes = Uint8Array.from(atob(one.base64), (sign) => sign.charCodeAt(0));
        data.items.add(new File([bytes], one.name, { type: one.type }));
      }
      if (text) data.setData("text/plain", text);
      const options = { bubbles: true, cancelable: true };
      const event = kind === "paste"
        ? new ClipboardEvent("paste", { ...options, clipboardData: data })
        : new DragEvent(kind, { ...options, dataTransfer: data });
      return field.dispatchEvent(event);
    }"""
    return target.evaluate(act, [kind, packed, text])


PNG = ("plan.png", "image/png", files.png(300, 200))
GIF = ("dance.gif", "image/gif", files.animation(width=120, height=90))


@with_scripts_only
@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_a_picture_comes_in_at_the_caret_and_is_described_there(visit, post, kind):
    farida = visit("reader")
    farida.goto(post.url)
    box = steps.box(farida)
    box.fill("Before. After.")
    box.evaluate("field => field.setSelectionRange(7, 7)")
    assert not bring(farida, box, kind, PNG)
    describe = farida.get_by_label("Describe “plan.png”")
    expect(describe).to_be_visible()
    expect(box).to_have_value(re.compile(r"^Before\.\n\n!\[\]\(/media/\S+-300x200\.webp\)\n\nAfter\.$"))
    expect(farida.get_by_text("The picture stands in your text.")).to_be_visible()
    describe.fill("The *plan* [new]")
    describe.press("Enter")
    expect(box).to_have_value(re.compile(r"!\[The \\\*plan\\\* \\\[new\\\]\]\(/media/"))
    expect(farida).to_have_url(post.url)


@with_scripts_only
def test_several_come_one_after_another_in_their_order(visit, post):
    farida = visit("reader")
    farida.goto(post.url)
    box = steps.box(farida)
    box.fill("Look:")
    bring(farida, box, "drop", PNG, ("bad.jpg", "image/jpeg", b"no picture"), GIF)
    expect(box).to_have_value(
        re.compile(r"^Look:\n\n!\[\]\(/media/\S+-300x200\.webp\)\n\n!\[\]\(/media/\S+-moving\.webp\)\s*$")
    )
    expect(farida.get_by_text("bad.jpg: This file is no picture that we can show.")).to_be_visible()
    farida.get_by_label("Describe “plan.png”").fill("A plan")
    farida.get_by_role("button", name="Add the description").click()
    farida.get_by_label("Describe “dance.gif”").fill("A dance")
    farida.get_by_role("button", name="Add the description").click()
    expect(box).to_have_value(re.compile(r"!\[A plan\].*!\[A dance\]", re.S))
    expect(farida.get_by_label("What does it show?")).to_be_visible()


@with_scripts_only
def test_words_that_bring_a_picture_of_themselves_along_stay_words(visit, post):
    farida = visit("reader")
    farida.goto(post.url)
    assert bring(farida, steps.box(farida), "paste", PNG, text="Words of a document")
    assert bring(farida, steps.box(farida), "paste", text="Only words")


@with_scripts_only
def test_words_wait_for_a_picture_that_is_on_its_way(visit, post):
    farida = visit("reader")
    farida.goto(post.url)
    box = steps.box(farida)
    box.fill(f"Look at {steps.rare_word()}:")
    held = []
    farida.route("**/pictures", lambda route: held.append(route))
    bring(farida, box, "drop", PNG)
    expect(farida.get_by_text("Sending the picture “plan.png”")).to_be_visible()
    farida.get_by_role("button", name="Post comment").click()
    expect(farida.get_by_text("A picture is still being sent.")).to_be_visible()
    box.press_sequentially(" now")
    held[0].continue_()
    expect(box).to_have_value(re.compile(r"now.*!\[\]\(/media/|!\[\]\(/media/\S+\)\s+now", re.S))
    farida.get_by_role("button", name="Post comment").click()
    expect(farida.get_by_text("Posted.", exact=True)).to_be_visible()


@with_scripts_only
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 429}, "You have sent many pictures in a short time."),
        ({"status": 400}, "so the picture was not sent"),
        ({"status": 413}, "This file is larger than 8 MB."),
        ({"status": 502}, "Check your connection"),
        (None, "Check your connection"),
    ],
    ids=str,
)
def test_when_it_cannot_be_sent_the_writer_is_told_and_keeps_the_words(visit, post, answer, words):
    farida = visit("reader")
    farida.goto(post.url)
    steps.box(farida).fill("Words that must stay.")
    farida.route("**/pictures", lambda route: route.fulfill(**answer) if answer else route.abort())
    bring(farida, steps.box(farida), "drop", PNG)
    expect(farida.get_by_text(words)).to_be_visible()
    expect(steps.box(farida)).to_have_value("Words that must stay.")


@with_scripts_only
def test_a_picture_is_added_and_described_without_a_pointer(visit, post, bus):
    farida = visit("reader")
    farida.goto(post.url)
    word = steps.rare_word()
    type_into(farida, steps.box(farida), f"By keys: {word}.")
    press_on(farida, farida.locator("summary").filter(has_text="Add a picture"))
    field = farida.get_by_label("Picture", exact=True)
    tab_to(farida, field)
    with farida.expect_file_chooser() as chooser:
        farida.keyboard.press("Space")
    chooser.value.set_files(bus)
    type_into(farida, farida.get_by_label("What does it show?"), "A bus")
    press_on(farida, farida.get_by_role("button", name="Add to the text"))
    expect(steps.box(farida)).to_be_focused()
    expect(steps.box(farida)).to_have_value(re.compile(rf"{word}\.\s+!\[A bus\]\(/media/"))
    press_on(farida, farida.get_by_role("button", name="Post comment"))
    assert is_loaded(steps.comment(farida, word).get_by_role("img", name="A bus"))


@with_scripts_only
def test_an_animation_stands_still_until_it_is_opened(visit, post):
    word = steps.rare_word()
    farida = visit("reader")
    farida.goto(post.url)
    steps.box(farida).fill(f"{word}:")
    bring(farida, steps.box(farida), "drop", GIF)
    describe = farida.get_by_label("Describe “dance.gif”")
    describe.fill("A dance")
    describe.press("Enter")
    farida.get_by_role("button", name="Post comment").click()
    shown = steps.comment(farida, word).get_by_role("img", name="A dance")
    assert is_loaded(shown)
    still = farida.request.get(shown.get_attribute("src")).body()
    moving = farida.request.get(
        steps.comment(farida, word).get_by_role("link", name="A dance").get_attribute("href")
    ).body()
    assert b"ANIM" not in still[:100]
    assert b"ANIM" in moving[:100]
