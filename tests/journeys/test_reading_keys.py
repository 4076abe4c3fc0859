"""Reading a discussion by one-letter keys, and turning them off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps

pytestmark = pytest.mark.parametrize("has_scripts", [True], ids=["scripts"])


@pytest.fixture
def words(sender, post) -> list[str]:
    """A comment, an answer of the author of the post to it, an answer to that, and another comment."""
    made = [f"{name} {steps.rare_word()}." for name in ("First", "Second", "Third", "Fourth")]
    farida, author = sender("reader"), sender("author")
    farida.write(post, made[0])
    author.answer(post, made[1], made[0])
    farida.answer(post, made[2], made[1])
    farida.write(post, made[3])
    return made


@pytest.fixture
def guest(visit, post, words) -> Page:
    page = visit()
    page.goto(post.url)
    return page


def is_at(page: Page, words: str) -> None:
    focused = page.locator("article.card:focus")
    expect(focused).to_contain_text(words)
    expect(focused).to_be_in_viewport()


def test_j_and_k_go_from_comment_to_comment(guest, words):
    for there in words:
        guest.keyboard.press("j")
        is_at(guest, there)
    guest.keyboard.press("j")
    is_at(guest, words[3])
    expect(guest.get_by_text("There is none further down this page.")).to_be_attached()
    for there in reversed(words[:3]):
        guest.keyboard.press("k")
        is_at(guest, there)


def test_p_goes_to_the_comment_that_is_answered_and_a_to_the_author(guest, words):
    guest.keyboard.press("a")
    is_at(guest, words[1])
    guest.keyboard.press("p")
    is_at(guest, words[0])
    guest.keyboard.press("p")
    is_at(guest, words[0])


def test_the_focus_can_be_seen(guest, words):
    guest.keyboard.press("j")
    is_at(guest, words[0])
    assert guest.locator("article.card:focus").evaluate("card => getComputedStyle(card).outlineStyle") != "none"


def test_r_answers_the_comment_and_c_the_post(visit, post, words):
    page = visit("moderator")
    page.goto(post.url)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(steps.reply_box(page)).to_be_focused()
    expect(steps.reply_box(page)).to_have_value("")
    page.keyboard.type("jkr?")
    expect(steps.reply_box(page)).to_have_value("jkr?")

    page.locator("article.card").filter(has_text=words[3]).get_by_role("link", name="Link to").focus()
    page.keyboard.press("c")
    expect(steps.box(page)).to_be_focused()
    expect(steps.box(page)).to_have_value("")


def test_l_likes_the_comment_and_takes_it_back(visit, post, words):
    page = visit("moderator")
    page.goto(post.url)
    page.keyboard.press("j")
    heart = page.locator("article.card").filter(has_text=words[0]).get_by_role("button", name="Like the comment")
    page.keyboard.press("l")
    expect(heart).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("l")
    expect(heart).to_have_attribute("aria-pressed", "false")


def test_closed_replies_are_passed_by_and_opened_for_what_is_looked_for(guest, words):
    guest.locator("summary.toggle").first.click()
    expect(guest.get_by_text(words[1])).to_be_hidden()
    guest.locator("body").focus()
    guest.evaluate("document.activeElement.blur()")
    guest.evaluate("scrollTo(0, 0)")
    guest.keyboard.press("j")
    is_at(guest, words[0])
    guest.keyboard.press("j")
    is_at(guest, words[3])
    guest.keyboard.press("k")
    guest.keyboard.press("a")
    is_at(guest, words[1])
    expect(guest.get_by_text(words[2])).to_be_visible()


def test_keys_with_ctrl_and_keys_in_fields_are_left_alone(guest, words):
    guest.keyboard.press("Control+j")
    guest.keyboard.press("Alt+j")
    expect(guest.locator("article.card:focus")).to_have_count(0)
    steps.box(guest).focus()
    guest.keyboard.type("just ask")
    expect(steps.box(guest)).to_have_value("just ask")


def test_a_question_mark_lists_the_keys_and_escape_gives_the_focus_back(guest, words):
    guest.keyboard.press("j")
    guest.keyboard.press("?")
    window = guest.get_by_role("dialog", name="Keyboard")
    expect(window).to_contain_text("Next and previous comment")
    guest.keyboard.press("j")
    expect(window).to_be_visible()
    guest.keyboard.press("Escape")
    expect(window).to_have_count(0)
    is_at(guest, words[0])


def test_a_guest_turns_the_keys_off_in_their_browser(guest, post, words):
    guest.keyboard.press("?")
    window = guest.get_by_role("dialog", name="Keyboard")
    window.get_by_role("button", name="Turn the keys off").click()
    expect(window).to_contain_text("The keys are off.")
    window.get_by_role("button", name="Close").click()
    for key in ("j", "?", "/"):
        guest.keyboard.press(key)
    expect(guest.locator("article.card:focus, dialog")).to_have_count(0)
    expect(guest.get_by_role("banner").get_by_role("combobox")).not_to_be_focused()

    guest.goto("/keyboard")
    guest.get_by_role("button", name="Turn the keys on").click()
    guest.goto(post.url)
    guest.keyboard.press("/")
    expect(guest.get_by_role("banner").get_by_role("combobox")).to_be_focused()


def test_a_guest_turns_the_keys_off_in_all_windows_and_on_the_page_they_go_back_to(guest, post, words):
    other = guest.context.new_page()
    other.goto(post.url)
    guest.goto("/keyboard")
    guest.get_by_role("button", name="Turn the keys off").click()
    expect(guest.get_by_text("The keys are off.")).to_be_visible()
    guest.go_back()
    for page in (guest, other):
        expect(page.get_by_role("heading", level=1, name=post.title)).to_be_visible()
        page.keyboard.press("j")
        expect(page.locator("article.card:focus")).to_have_count(0)

    other.goto("/keyboard")
    other.get_by_role("button", name="Turn the keys on").click()
    expect(other.get_by_text("The keys are on.")).to_be_visible()
    guest.keyboard.press("j")
    is_at(guest, words[0])


def test_a_member_turns_them_off_for_every_browser(visit, post, words):
    page = visit()
    who = steps.join(page, "Kit Keyless")
    page.goto(post.url)
    page.get_by_role("link", name="Keyboard").click()
    window = page.get_by_role("dialog", name="Keyboard")
    window.get_by_role("button", name="Turn the keys off").click()
    expect(window).to_contain_text("The keys are off.")
    window.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(page.locator("article.card:focus")).to_have_count(0)

    other = visit()
    steps.sign_in(other, who)
    other.goto(post.url)
    for key in ("j", "/"):
        other.keyboard.press(key)
    expect(other.locator("article.card:focus")).to_have_count(0)
    expect(other.get_by_role("banner").get_by_role("combobox")).not_to_be_focused()

    other.goto("/account/reading")
    other.get_by_label("One-letter keys").check()
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_text("Saved.")).to_be_visible()
    other.goto(post.url)
    other.keyboard.press("j")
    is_at(other, words[0])
