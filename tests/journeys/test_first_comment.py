"""The main job: join, write, wait for a moderator, be read, be found."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys import steps


def test_a_newcomers_first_comment_is_held_then_approved_then_found(visit, post):
    word = steps.rare_word()
    words = f"My first words here are {word}."
    nora, guest, mona = visit(), visit(), visit("moderator")
    nora.goto("/")
    nora.get_by_role("banner").get_by_role("link", name="Create an account").click()
    steps.confirm(nora, steps.fill_join(nora, "Nora New"))

    steps.write(nora, post, words)
    waiting = steps.comment(nora, words)
    expect(waiting).to_contain_text("Waiting for a moderator. Only you can see it.")
    expect(waiting).to_contain_text("It is your first comment here, so somebody reads it before others do.")
    guest.goto(post.url)
    expect(steps.comment(guest, words)).to_have_count(0)

    mona.goto("/")
    mona.get_by_role("banner").get_by_role("link", name="Queue").click()
    expect(steps.heading(mona, "Queue")).to_be_visible()
    steps.open_case(mona, "held", word)
    mona.get_by_role("button", name="Approve", exact=True).click()
    expect(mona.get_by_text("Approved.", exact=True)).to_be_visible()

    guest.goto(post.url)
    expect(steps.comment(guest, words)).to_be_visible()
    steps.find(guest, word).get_by_role("link").click()
    expect(guest).to_have_url(f"{post.url}#{steps.comment(guest, words).get_attribute('id')}")
    nora.goto(post.url)
    expect(steps.comment(nora, words)).not_to_contain_text("Waiting for a moderator.")


def test_a_rejected_comment_tells_its_writer_why_and_nobody_else(visit, post):
    word = steps.rare_word()
    nora, guest, mona = visit(), visit(), visit("moderator")
    steps.join(nora, "Nora New")
    steps.write(nora, post, f"Buy my {word} today.")

    steps.open_case(mona, "held", word)
    steps.give_reason(mona, "Reject", "spam", "We sell nothing here.", "Nora New")
    mona.get_by_role("button", name="Reject and send message").click()
    expect(mona.get_by_text("Rejected. Its writer sees the reason.")).to_be_visible()

    nora.goto(post.url)
    expect(steps.comment(nora, word)).to_contain_text("Advertising or spam (house rule 5)")
    expect(steps.comment(nora, word)).to_contain_text("We sell nothing here.")
    guest.goto(post.url)
    expect(steps.comment(guest, word)).to_have_count(0)
