"""The site without a pointer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import steps

pytestmark = pytest.mark.parametrize("has_scripts", [True], ids=["scripts"])

# More stops than any page of a small discussion has.
MOST_STOPS = 80


def test_signing_in_and_replying_take_no_pointer(visit, sender, post, sign_ins):
    word, words = steps.rare_word(), f"No mouse wrote {steps.rare_word()}."
    sender("author").write(post, f"Answer {word} without a mouse.")
    ada = visit()
    ada.goto("/")
    press_on(ada, ada.get_by_role("banner").get_by_role("link", name="Sign in"))
    type_into(ada, ada.get_by_label("E-mail address"), sign_ins["admin"].email)
    type_into(ada, ada.get_by_label("Password", exact=True), sign_ins["admin"].password)
    ada.keyboard.press("Enter")
    expect(ada.get_by_text(re.compile("^Menu of"))).to_be_attached()

    press_on(ada, ada.get_by_role("article").get_by_role("link", name=post.title))
    press_on(ada, ada.get_by_role("link", name="Skip to the comments"))
    press_on(ada, steps.comment(ada, word).get_by_role("link", name=re.compile("^Reply")))
    expect(steps.reply_box(ada)).to_be_focused()
    ada.keyboard.type(words)
    press_on(ada, ada.get_by_role("button", name="Post reply"))

    expect(steps.replies_to(ada, word).filter(has_text=words)).to_be_visible()


def test_skip_links_move_the_focus_past_what_repeats(visit, post):
    guest = visit()
    guest.goto(post.url)
    guest.keyboard.press("Tab")
    expect(guest.get_by_role("link", name="Skip to the content")).to_be_focused()
    guest.keyboard.press("Enter")
    expect(guest.get_by_role("main")).to_be_focused()

    guest.reload()
    press_on(guest, guest.get_by_role("link", name="Skip to the comments"))
    expect(guest.get_by_role("region", name="Have your say")).to_be_focused()


def test_a_slash_goes_to_the_search_box_and_is_typed_inside_fields(visit, post):
    guest = visit()
    guest.goto(post.url)
    guest.keyboard.press("/")
    search = guest.get_by_role("banner").get_by_role("combobox")
    expect(search).to_be_focused()
    expect(search).to_be_empty()

    steps.box(guest).focus()
    guest.keyboard.type("and/or")

    expect(steps.box(guest)).to_have_value("and/or")


def test_escape_closes_the_menu_and_gives_the_focus_back(visit):
    farida = visit("reader")
    farida.goto("/")
    opener = farida.get_by_role("banner").locator("summary")
    press_on(farida, opener)
    expect(farida.get_by_role("button", name="Sign out")).to_be_visible()
    farida.keyboard.press("Tab")

    farida.keyboard.press("Escape")

    expect(farida.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(opener).to_be_focused()


def press_on(page: Page, target: Locator) -> None:
    """Tab to it and press Enter."""
    tab_to(page, target)
    page.keyboard.press("Enter")


def type_into(page: Page, field: Locator, words: str) -> None:
    tab_to(page, field)
    page.keyboard.type(words)


def tab_to(page: Page, target: Locator) -> None:
    expect(target).to_be_attached()
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the Tab key does not reach {target}")
