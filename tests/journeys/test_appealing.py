"""A warning that must be read, an appeal that another moderator answers, and a person who is silenced."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.watching import Watched


def open_person(page: Page, name: str) -> None:
    page.goto("/moderation/people")
    page.get_by_role("searchbox", name="Name or username").fill(name)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=name).first.click()
    expect(steps.heading(page, name)).to_be_visible()


def act(page: Page, summary: str, button: str, words: str, length: str = "") -> None:
    """Open a form on the page of a person, fill it in and send it."""
    page.get_by_text(summary, exact=True).click()
    form = page.get_by_role("form", name=summary)
    expect(form).to_be_visible()
    if length:
        form.get_by_role("radio", name=length).check()
    form.get_by_label("Reason (they see it)").select_option("unkind")
    form.get_by_label("Message to").fill(words)
    form.get_by_role("button", name=button).click()


def newcomer(watched) -> tuple[Watched, str]:
    """Somebody of this journey's own, signed in, and their name."""
    name = f"Olwen {steps.rare_word().capitalize()}"
    seen = watched()
    steps.join(seen.page, name)
    return seen, name


def test_a_warned_person_reads_it_and_writes_again(visit, watched, post, has_scripts):
    seen, name = newcomer(watched)
    olwen = seen.page
    mona = visit("moderator")
    open_person(mona, name)
    act(mona, "Warn…", "Warn and send message", "Speak of the service, not of its clerks.")
    expect(mona.get_by_text("Not read yet.")).to_be_visible()

    olwen.goto(post.url)
    bar = olwen.get_by_role("region", name="A moderator has warned you")
    expect(bar).to_contain_text("Speak of the service, not of its clerks.")
    expect(steps.box(olwen)).to_have_count(0)
    # What the walk through all pages does not come to; axe-core is a script.
    assert not has_scripts or seen.violations() == []
    bar.get_by_role("button", name="I have read this").click()
    expect(olwen.get_by_text("Thank you. You can write again.")).to_be_visible()
    olwen.goto(post.url)
    expect(bar).to_have_count(0)
    steps.box(olwen).fill("The service, then.")
    olwen.get_by_role("button", name="Post comment").click()
    expect(steps.comment(olwen, "The service, then.")).to_be_visible()


def test_a_rejected_writer_appeals_and_another_moderator_overturns(visit, watched, post, has_scripts):
    word = steps.rare_word()
    seen, name = newcomer(watched)
    answering = watched("colleague")
    olwen, mona, max_, guest = seen.page, visit("moderator"), answering.page, visit()
    steps.write(olwen, post, f"The timetable is {word}.")
    steps.open_case(mona, "held", word)
    mona.locator("summary").filter(has_text=re.compile("^Reject…")).click()
    mona.get_by_label("Reason (the writer sees it)").locator("visible=true").select_option("unkind")
    mona.get_by_label("Message to").locator("visible=true").fill("Say it kindly.")
    mona.get_by_role("button", name="Reject and send message").click()
    expect(mona.get_by_role("button", name="Undo").first).to_be_visible()

    olwen.goto(post.url)
    steps.comment(olwen, word).get_by_role("link", name="Why, and how to appeal").click()
    expect(steps.heading(olwen, "Your comment is not published")).to_be_visible()
    expect(olwen.get_by_role("main")).to_contain_text("Say it kindly.")
    assert not has_scripts or seen.violations() == []
    olwen.get_by_label("Why should it be decided otherwise?").fill("It is about the timetable.")
    olwen.get_by_role("button", name="Send the appeal").click()
    expect(olwen.get_by_text("Your appeal is sent.")).to_be_visible()

    # Who decided reads the appeal and has no form.
    row = mona.get_by_role("main").get_by_role("link").filter(has_text=word)
    steps.look_until(mona, "/moderation?tab=appeal", lambda: row.count() > 0, "no appeal")
    row.first.click()
    expect(mona.get_by_text("You had a part in this decision")).to_be_visible()
    expect(mona.get_by_role("button", name="Send the answer")).to_have_count(0)

    row = max_.get_by_role("main").get_by_role("link").filter(has_text=word)
    steps.look_until(max_, "/moderation?tab=appeal", lambda: row.count() > 0, "no appeal")
    row.first.click()
    form = max_.get_by_role("form", name="Answer the appeal")
    form.get_by_role("radio", name="Take the decision back").check()
    form.get_by_label("Your answer to").fill("You are right, it is.")
    assert not has_scripts or answering.violations() == []
    form.get_by_role("button", name="Send the answer").click()

    guest.goto(post.url)
    expect(steps.comment(guest, word)).to_be_visible()
    olwen.reload()
    expect(olwen.get_by_text("The decision is taken back, and all that it did.")).to_be_visible()
    expect(olwen.get_by_text("You are right, it is.")).to_be_visible()
    expect(olwen.get_by_text(re.compile(name))).not_to_have_count(0)


def test_a_silenced_person_loses_no_word(visit, watched, post):
    word = steps.rare_word()
    seen, name = newcomer(watched)
    olwen = seen.page
    olwen.goto(post.url)
    steps.box(olwen).fill(f"I was about to say {word}.")
    mona = visit("moderator")
    open_person(mona, name)
    act(mona, "Silence…", "Silence and send message", "Take a day.", "for 24 hours")
    expect(mona.get_by_text("In force until")).to_be_visible()

    olwen.get_by_role("button", name="Post comment").click()
    expect(olwen.get_by_text("You are silenced until")).to_be_visible()
    expect(olwen.get_by_label("Your words")).to_have_value(f"I was about to say {word}.")
    olwen.get_by_role("link", name="Why, and how to appeal").click()
    expect(steps.heading(olwen, "You are silenced")).to_be_visible()
    expect(olwen.get_by_role("main")).to_contain_text("Take a day.")

    mona.get_by_text("Lift…").click()
    mona.get_by_role("button", name="Lift it now").click()
    expect(mona.get_by_text(re.compile("^Lifted "))).not_to_have_count(0)
    olwen.goto(post.url)
    expect(steps.box(olwen)).to_have_value(f"I was about to say {word}.")
