"""Readers flag what breaks a rule and guests report what is illegal; each learns what became of it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys import steps


def write(page: Page, post: steps.Post, words: str) -> None:
    page.goto(post.url)
    steps.box(page).fill(words)
    page.get_by_role("main").get_by_role("button", name="Post comment").click()
    expect(card(page, words)).to_be_visible()


def card(page: Page, words: str):
    return page.get_by_role("article").filter(has_text=words)


def take_up(moderator: Page, words: str) -> None:
    moderator.goto("/moderation?tab=flagged")
    moderator.get_by_role("main").get_by_role("link").filter(has_text=words).first.click()
    expect(moderator.get_by_role("region", name="Decide")).to_be_visible()


def test_a_reader_flags_and_sees_it_among_their_flags(visit, post):
    words = f"Cheap boats, call {steps.rare_word()}."
    write(visit("reader"), post, words)
    flagger = visit("colleague")
    flagger.goto(post.url)

    card(flagger, words).get_by_role("link", name=re.compile("^Flag the comment")).click()
    flagger.get_by_role("radio", name="Advertising or spam").check()
    flagger.get_by_label("In your words").fill("It sells something.")
    flagger.get_by_role("button", name="Send flag").click()

    expect(flagger.get_by_text("Thank you. A moderator will look.")).to_be_visible()
    flagger.goto("/account/flags")
    expect(flagger.get_by_text("A moderator will look").first).to_be_visible()
    expect(flagger.get_by_text("It sells something.").first).to_be_visible()
    moderator = visit("moderator")
    take_up(moderator, words)
    expect(moderator.get_by_text("It sells something.").first).to_be_visible()


def test_a_guest_reports_a_comment_and_asks_what_became_of_it(visit, post):
    words = f"Mr {steps.rare_word()} stole the money."
    write(visit("reader"), post, words)
    guest = visit()
    guest.goto(post.url)

    card(guest, words).get_by_role("link", name=re.compile("^Flag the comment")).click()
    guest.get_by_role("link", name="Report illegal content").click()
    guest.get_by_label("Which law does it break").fill("Defamation")
    guest.get_by_label("Why is it illegal?").fill("Nobody stole anything.")
    guest.get_by_role("button", name="Send report").click()
    expect(guest.get_by_text("Say that you believe this to be true").first).to_be_visible()
    expect(guest.get_by_label("Why is it illegal?")).to_have_value("Nobody stole anything.")
    guest.get_by_label("I believe in good faith").check()
    guest.get_by_role("button", name="Send report").click()

    expect(guest.get_by_text("Your report has reached the moderators")).to_be_visible()
    expect(guest.get_by_text("A moderator has not decided yet.")).to_be_visible()
    reference = guest.locator(".reference").inner_text()
    again = visit()
    again.goto(f"/reports/{reference.lower()}")
    expect(again.get_by_text("A moderator has not decided yet.")).to_be_visible()
    moderator = visit("moderator")
    take_up(moderator, words)
    expect(moderator.get_by_text("Nobody stole anything.").first).to_be_visible()


def test_the_line_in_place_of_a_removed_comment_leads_to_the_log(visit, post):
    words = f"Unkind words, {steps.rare_word()}."
    write(visit("reader"), post, words)
    moderator = visit("moderator")
    moderator.goto(post.url)
    card(moderator, words).get_by_role("link", name=re.compile("^Remove the comment")).click()
    moderator.get_by_label("Reason (the writer sees it)").select_option("unkind")
    moderator.get_by_role("button", name=re.compile("^Remove")).click()
    guest = visit()
    guest.goto(post.url)

    guest.get_by_role("link", name="In the moderation log").click()

    expect(steps.heading(guest, re.compile("^Entry"))).to_be_visible()
    expect(guest.get_by_role("cell", name="Removed")).to_be_visible()
    expect(guest.get_by_text(words)).to_have_count(0)
    guest.get_by_role("link", name="see its place").click()
    expect(guest.get_by_text("A moderator removed this comment")).to_be_visible()
