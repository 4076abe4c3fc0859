"""Reading on below a comment: in place with scripts, as a page without."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.places import DISCUSSION


def test_a_thread_is_continued_by_keyboard(visit, has_scripts):
    page = visit()
    page.goto(DISCUSSION)
    link = page.get_by_role("link", name=re.compile("^Continue this thread")).first
    target = link.get_attribute("href").split("#")[0]
    link.focus()
    page.keyboard.press("Enter")
    if has_scripts:
        expect(page.locator("article.card:focus")).to_contain_text("In reply to")
        assert "/branch/" not in page.url
    else:
        expect(page.get_by_role("navigation", name="In reply to")).to_be_visible()
        assert target in page.url


def test_a_discussion_is_read_flat_and_by_its_author(visit):
    page = visit()
    page.goto(DISCUSSION)
    page.get_by_role("link", name="Flat", exact=True).click()
    expect(page.get_by_text(re.compile("^In reply to")).first).to_be_visible()
    page.get_by_role("link", name=re.compile("^The author’s replies")).click()
    expect(page.get_by_text("Only what the author wrote.")).to_be_visible()
