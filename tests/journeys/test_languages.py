"""Reading in the other language of the site, with and without JavaScript."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys import steps

# Smaller ones are missed by a finger (WCAG 2.2, 2.5.8).
SMALLEST = 24


def root(page: Page):
    return page.locator("html")


def press(page: Page, name: str) -> None:
    button = page.get_by_role("contentinfo").get_by_role("button", name=name, exact=True)
    box = button.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= SMALLEST
    button.click()


def test_a_guest_reads_on_in_welsh_and_goes_back_to_english(visit, post):
    page = visit()
    page.goto(f"{post.url}?order=newest")
    press(page, "Cymraeg")
    expect(page).to_have_url(f"{post.url}?order=newest")
    expect(root(page)).to_have_attribute("lang", "cy")
    page.goto("/")
    expect(steps.heading(page, "Trafodaethau")).to_be_visible()
    press(page, "English")
    expect(root(page)).to_have_attribute("lang", "en")
    expect(steps.heading(page, "Discussions")).to_be_visible()


def test_a_member_is_asked_to_sign_in_again_in_the_language_they_chose(visit):
    page = visit()
    who = steps.join(page, "Rhian Reader")
    page.goto("/account/reading")
    press(page, "Cymraeg")
    expect(root(page)).to_have_attribute("lang", "cy")
    page.locator("summary", has_text="Rhian Reader").click()
    page.get_by_role("button", name="Allgofnodi").click()
    page.goto("/sign-in")
    expect(root(page)).to_have_attribute("lang", "cy")

    other = visit()
    other.goto("/sign-in")
    other.get_by_label("E-mail address").fill(who.email)
    other.get_by_label("Password", exact=True).fill(who.password)
    other.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(root(other)).to_have_attribute("lang", "cy")


def test_times_are_in_welsh_words_whatever_the_browser_knows(visit):
    """Chromium has no Welsh of its own: what it would write instead is “-16 min” and “M11 24”."""
    page = visit()
    page.goto("/")
    press(page, "Cymraeg")
    expect(root(page)).to_have_attribute("lang", "cy")
    said = page.locator("local-time time").all_inner_texts()
    assert said
    for words in said:
        assert not re.search(r"^-|M\d\d", words), words
