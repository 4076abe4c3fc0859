"""Flags, removals, and two moderators at one case."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys import steps


def test_a_flagged_comment_is_removed_with_a_reason_for_all(visit, post):
    word = steps.rare_word()
    farida, nora, mona, guest = visit("reader"), visit("newcomer"), visit("moderator"), visit()
    steps.write(farida, post, f"You are a {word}.")
    steps.find(guest, word)

    nora.goto(post.url)
    steps.comment(nora, word).get_by_role("link", name=re.compile("^Flag")).click()
    nora.get_by_label("Unkind to a person").check()
    nora.get_by_role("button", name="Send flag").click()
    expect(nora.get_by_text("Thank you. A moderator will look.")).to_be_visible()

    steps.open_case(mona, "flagged", word)
    steps.give_reason(mona, "Remove", "unkind", "Say what you think of the idea.")
    mona.get_by_role("button", name="Remove comment").click()
    expect(mona.get_by_text("Removed. A line with the reason stays in its place.")).to_be_visible()

    guest.goto(post.url)
    line = "A moderator removed this comment: it was unkind to a person (house rule 2)."
    expect(steps.comment(guest, line)).to_be_visible()
    expect(guest.get_by_text(word)).to_have_count(0)
    steps.lose(guest, word)
    # The letter waits until the decision can no longer be undone; their own page says it at once.
    farida.goto("/account/comments")
    own = farida.get_by_role("main").get_by_role("listitem").filter(has_text="Unkind to a person (house rule 2)")
    expect(own.first).to_be_visible()


def test_the_second_of_two_moderators_is_told_who_decided_what(visit, sender, watched, post, has_scripts):
    word = steps.rare_word()
    steps.set_policy(visit("author"), post, "checked")
    sender("reader").write(post, f"Two people look at {word}.")
    mona, seen = visit("moderator"), watched("colleague")
    max_ = seen.page
    for page in (mona, max_):
        steps.open_case(page, "held", word)
    expect(max_.get_by_text(re.compile("^Claimed by Gwenllian"))).not_to_have_count(0)
    mona.get_by_role("button", name="Approve", exact=True).click()
    expect(mona.get_by_text("Approved.", exact=True)).to_be_visible()

    max_.locator("summary").filter(has_text=re.compile("^Reject…")).click()
    max_.get_by_label("Reason (the writer sees it)").locator("visible=true").select_option("unkind")
    max_.get_by_label("Message to").locator("visible=true").fill("Not like this.")
    with max_.expect_response(re.compile("/reject$")) as answer:
        max_.get_by_role("button", name="Reject and send message").click()

    assert answer.value.status == 409
    expect(steps.heading(max_, "Somebody was faster")).to_be_visible()
    decision = max_.get_by_role("listitem").filter(has_text=word)
    expect(decision).to_contain_text(re.compile(r"Approved[\s\S]*Gwenllian"))
    expect(max_.get_by_label("Your message, if you need it again")).to_have_value("Not like this.")
    # The one page that the walk through all pages cannot come to alone; axe-core is a script.
    assert not has_scripts or seen.violations() == []
    max_.goto(post.url)
    expect(steps.comment(max_, word)).to_be_visible()
