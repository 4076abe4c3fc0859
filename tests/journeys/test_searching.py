"""Looking for something and narrowing what was found, with JavaScript and without."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys import steps


def test_results_are_narrowed_by_a_tick_and_widened_again(visit, post, has_scripts):
    word = steps.rare_word()
    steps.write(visit("reader"), post, f"The {word} sings.")
    steps.write(visit("author"), post, f"My {word} does not.")
    guest = visit()
    steps.look_until(
        guest, f"/search?q={word}", lambda: steps.results(guest, word).count() == 2, f"{word} was not found twice"
    )
    writer = guest.get_by_role("group", name="Author").get_by_role("checkbox").first
    writer.check()
    if not has_scripts:
        guest.get_by_role("button", name="Filter").click()
    expect(guest).to_have_url(re.compile("author="))
    expect(steps.results(guest, word)).to_have_count(1)
    expect(guest.get_by_role("status").filter(has_text="1 result")).to_be_visible()
    expect(writer).to_be_checked()
    if has_scripts:
        expect(writer).to_be_focused()
    guest.get_by_role("list", name="Narrowed by").get_by_role("link").click()
    expect(steps.results(guest, word)).to_have_count(2)


def test_going_back_shows_what_was_found_before(visit, has_scripts):
    guest = visit()
    guest.goto("/search?q=letters")
    total = guest.get_by_role("main").get_by_text(re.compile(r"^\d+ results?$"))
    before = total.inner_text()
    guest.get_by_role("checkbox", name="Posts").check()
    if not has_scripts:
        guest.get_by_role("button", name="Filter").click()
    expect(guest).to_have_url(re.compile("type=posts"))
    expect(total).not_to_have_text(before)
    guest.go_back()
    expect(total).to_have_text(before)
