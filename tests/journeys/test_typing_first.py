"""A reader who is not signed in types first, and finds the words again."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys import steps


def test_words_typed_before_joining_wait_in_whichever_browser_confirms(visit, post):
    words = f"I typed {steps.rare_word()} before I had an account."
    here, elsewhere = visit(), visit()
    here.goto(post.url)
    steps.box(here).fill(words)
    here.get_by_role("button", name="Create an account to post").click()
    expect(here.get_by_text(words)).to_be_visible()
    nora = steps.fill_join(here, "Nora New")

    steps.confirm(elsewhere, nora)

    expect(elsewhere).to_have_url(f"{post.url}#add-comment")
    expect(steps.box(elsewhere)).to_have_value(words)
    elsewhere.get_by_role("button", name="Post comment").click()
    expect(steps.comment(elsewhere, words)).to_contain_text("Waiting for a moderator.")
    elsewhere.goto(post.url)
    expect(steps.box(elsewhere)).to_be_empty()


def test_words_typed_before_signing_in_wait_at_the_comment_they_answer(visit, sender, post, sign_ins):
    answered, words = f"Does {steps.rare_word()} work?", f"It does, says {steps.rare_word()}."
    sender("author").write(post, answered)
    farida = visit()
    farida.goto(post.url)
    steps.open_reply(farida, answered)
    steps.reply_box(farida).fill(words)
    farida.get_by_role("form", name="Reply to").get_by_role("button", name="Sign in to post").click()
    steps.fill_sign_in(farida, sign_ins["reader"])

    expect(steps.reply_box(farida)).to_have_value(words)
    farida.get_by_role("button", name="Post reply").click()
    expect(steps.replies_to(farida, answered).filter(has_text=words)).to_be_visible()


def test_the_code_of_the_letter_confirms_too(visit):
    nora, elsewhere = visit(), visit()
    nora.goto("/join")
    who = steps.fill_join(nora, "Nora New")
    steps.open_letter(elsewhere, who, "Confirm your e-mail address")

    nora.get_by_label("Or type the 6-digit code").fill(steps.code_in_letter(elsewhere))
    nora.get_by_role("button", name="Continue").click()

    expect(nora.get_by_text("Welcome. Your e-mail address is confirmed.")).to_be_visible()
