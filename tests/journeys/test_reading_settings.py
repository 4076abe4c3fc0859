"""Choosing how to read."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys import steps

LIGHT, DARK = "rgb(252, 250, 251)", "rgb(23, 18, 23)"


def paper(page: Page) -> str:
    return page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")


def test_a_member_reads_in_the_dark_on_a_light_device_and_the_newest_first(visit, sender, post):
    first, second = (f"{place} {steps.rare_word()}." for place in ("First", "Second"))
    author = sender("author")
    author.write(post, first)
    author.write(post, second)
    page = visit()
    steps.join(page, "Robin Reader")
    page.get_by_text(re.compile("^Menu of")).locator("..").click()
    page.get_by_role("link", name="Reading").click()
    assert paper(page) == LIGHT
    page.get_by_label("Dark").check()
    page.get_by_label("Newest first").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert paper(page) == DARK

    page.goto(post.url)
    assert paper(page) == DARK
    expect(page.locator("article.card").first).to_contain_text(second)
    page.emulate_media(media="print")
    assert paper(page) == "rgb(255, 255, 255)", "paper stays white"


def test_the_list_of_keys_is_a_page_where_no_script_opens_a_window(visit, has_scripts):
    page = visit()
    page.goto("/")
    page.get_by_role("link", name="Keyboard").click()
    if has_scripts:
        expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    else:
        expect(steps.heading(page, "Keyboard")).to_be_visible()
    expect(page.get_by_text("Next and previous comment")).to_be_visible()
