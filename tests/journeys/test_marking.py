"""Hearts and bookmarks, pressed in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys import steps

PRESSED = re.compile("true")


def test_a_liked_comment_shows_how_many_like_it_and_the_heart_can_be_taken_back(visit, sender, post):
    word = steps.rare_word()
    sender("reader").write(post, f"A point about {word}.")
    arthur, guest = visit("author"), visit()
    arthur.goto(post.url)
    heart = steps.comment(arthur, word).get_by_role("button", name="Like the comment")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", PRESSED)
    expect(steps.comment(arthur, word).get_by_role("link", name="1 like", exact=True)).to_be_visible()

    guest.goto(post.url)
    steps.comment(guest, word).get_by_role("link", name="1 like", exact=True).click()
    expect(steps.heading(guest, "1 person likes this comment")).to_be_visible()

    arthur.reload()
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "false")
    expect(steps.comment(arthur, word).get_by_role("link", name="1 like", exact=True)).to_have_count(0)


def test_a_bookmarked_comment_is_found_again(visit, sender, post):
    word = steps.rare_word()
    sender("reader").write(post, f"Worth keeping: {word}.")
    arthur = visit("author")
    arthur.goto(post.url)
    mark = steps.comment(arthur, word).get_by_role("button", name="Bookmark the comment")
    mark.click()
    expect(mark).to_have_attribute("aria-pressed", PRESSED)

    arthur.goto("/account/bookmarks")
    expect(arthur.get_by_text(word)).to_be_visible()


def test_a_heart_on_a_comment_that_is_gone_meanwhile_says_so(visit, post):
    word = steps.rare_word()
    farida, arthur = visit("reader"), visit("author")
    steps.write(farida, post, f"Soon gone: {word}.")
    arthur.goto(post.url)
    steps.withdraw(farida, word)

    steps.comment(arthur, word).get_by_role("button", name="Like the comment").click()
    expect(steps.heading(arthur, "This thread has come loose")).to_be_visible()
