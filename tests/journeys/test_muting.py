"""Not reading what somebody writes."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys import steps


def test_a_muted_persons_words_are_covered_until_they_are_asked_for(visit, sender, post):
    word, answer = steps.rare_word(), f"Please stay kind, {steps.rare_word()}."
    adaeze = sender("author")
    adaeze.write(post, f"Provoking {word}.")
    sender("moderator").answer(post, answer, word)
    reader = visit()
    # Of an account that no other journey uses.
    steps.join(reader, "Moss Muter")
    reader.goto(post.url)
    steps.comment(reader, word).get_by_role("link", name="Adaeze Nwosu-Clarke", exact=True).click()
    reader.get_by_role("button", name="Mute Adaeze Nwosu-Clarke").click()
    expect(reader.get_by_text("Adaeze Nwosu-Clarke is muted. Nobody is told.")).to_be_visible()

    reader.goto(post.url)
    expect(reader.get_by_text(word)).to_be_hidden()
    expect(reader.get_by_text(answer)).to_be_visible()
    reader.get_by_text("Show this comment").click()
    expect(reader.get_by_text(word)).to_be_visible()

    reader.goto("/account/reading")
    reader.get_by_role("button", name="Unmute Adaeze Nwosu-Clarke").click()
    expect(reader.get_by_text("Nobody. You can mute somebody on their page.")).to_be_visible()
    reader.goto(post.url)
    expect(reader.get_by_text(word)).to_be_visible()


def test_who_flags_a_comment_can_mute_its_writer_instead(visit, sender, post):
    word = steps.rare_word()
    sender("author").write(post, f"Not against the rules: {word}.")
    reader = visit()
    steps.join(reader, "Fern Flagger")
    reader.goto(post.url)
    steps.comment(reader, word).get_by_role("link", name="Flag the comment").click()
    reader.get_by_role("button", name="Mute Adaeze Nwosu-Clarke").click()

    expect(reader.get_by_text("Show this comment")).to_be_visible()
    expect(reader.get_by_text(word)).to_be_hidden()
