"""Replying in a thread."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys import steps


def test_a_reply_is_written_below_the_comment_it_answers(visit, sender, post, has_scripts):
    first, second, third = (f"{place} says {steps.rare_word()}." for place in ("First", "Second", "Third"))
    sender("author").write(post, first)
    farida, arthur = sender("reader"), visit("author")
    farida.answer(post, second, first)
    arthur.goto(post.url)

    steps.open_reply(arthur, second)
    # With JavaScript it opens in place; without, the same page comes with it.
    expect(arthur).to_have_url(post.url if has_scripts else re.compile(r"\?reply=\d+"))
    steps.reply_box(arthur).fill(third)
    arthur.get_by_role("button", name="Post reply").click()

    expect(steps.replies_to(arthur, second).filter(has_text=third)).to_be_visible()
    expect(steps.replies_to(arthur, first).filter(has_text=third)).to_be_visible()


def test_a_preview_shows_the_comment_and_keeps_the_words(visit, post):
    word = steps.rare_word()
    words = f"The **{word}** is bold, and so is\n\n> a quotation."
    farida = visit("reader")
    farida.goto(post.url)
    steps.box(farida).fill(words)
    farida.get_by_role("button", name="Preview").click()

    preview = farida.get_by_role("region", name="Preview")
    expect(preview.get_by_role("strong")).to_have_text(word)
    expect(preview.get_by_role("blockquote")).to_have_text("a quotation.")
    # With JavaScript the box is behind the preview, with the words still in it.
    expect(farida.locator("#add-comment textarea, textarea#add-comment").first).to_have_value(words)
    farida.get_by_role("button", name="Post comment").click()
    expect(steps.comment(farida, word).get_by_role("strong").filter(has_text=word)).to_be_visible()


def test_a_double_click_posts_once(visit, post):
    word = steps.rare_word()
    farida = visit("reader")
    farida.goto(post.url)
    steps.box(farida).fill(f"I press {word} twice.")

    farida.get_by_role("button", name="Post comment").dblclick()

    expect(steps.comment(farida, word)).to_be_visible()
    farida.goto(post.url)
    expect(steps.comment(farida, word)).to_have_count(1)


def test_cancelling_a_reply_leads_back_to_the_comment(visit, sender, post):
    word = steps.rare_word()
    sender("author").write(post, f"Nobody answers {word}.")
    farida = visit("reader")
    farida.goto(post.url)
    steps.open_reply(farida, word)

    farida.get_by_role("link", name="Cancel").click()

    expect(steps.reply_box(farida)).to_have_count(0)
    expect(steps.box(farida)).to_be_visible()
