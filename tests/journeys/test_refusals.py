"""What cannot be posted is answered at the composer, and the words stay."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from forum.comments import posting
from tests.journeys import steps


def test_an_empty_comment_is_refused(visit, post):
    farida = visit("reader")
    farida.goto(post.url)

    farida.get_by_role("button", name="Post comment").click()

    expect(alert(farida)).to_contain_text("Write something first")
    expect(steps.box(farida)).to_be_focused()


def test_a_comment_one_character_too_long_is_refused_and_kept(visit, post):
    words = "long " * (posting.LONGEST // 5) + "!"
    farida = visit("reader")
    farida.goto(post.url)
    steps.box(farida).fill(words)

    farida.get_by_role("button", name="Post comment").click()

    expect(alert(farida)).to_contain_text("Shorten your comment by 1 character")
    expect(steps.box(farida)).to_have_value(words)


def test_a_discussion_that_closed_meanwhile_says_so_and_keeps_the_words(visit, post):
    words = f"Too late for {steps.rare_word()}."
    farida = visit("reader")
    farida.goto(post.url)
    steps.box(farida).fill(words)
    steps.set_policy(visit("author"), post, "closed")

    farida.get_by_role("button", name="Post comment").click()

    expect(alert(farida)).to_contain_text("Not posted: this discussion is closed.")
    expect(steps.box(farida)).to_have_value(words)


def test_a_comment_that_vanished_while_it_was_answered_says_so_and_keeps_the_words(visit, post):
    word, words = steps.rare_word(), f"I answer {steps.rare_word()}."
    arthur, farida = visit("author"), visit("reader")
    steps.write(arthur, post, f"Gone soon: {word}.")
    farida.goto(post.url)
    steps.open_reply(farida, word)
    steps.reply_box(farida).fill(words)
    steps.withdraw(arthur, word)

    farida.get_by_role("button", name="Post reply").click()

    expect(alert(farida)).to_contain_text("The comment you answer is no longer there.")
    expect(steps.box(farida)).to_have_value(words)
    farida.get_by_role("button", name="Post comment").click()
    expect(steps.comment(farida, words)).to_be_visible()


def alert(page: Page):
    return page.get_by_role("main").get_by_role("alert")
