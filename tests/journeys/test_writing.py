"""An author writes a post."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys import steps


def test_a_draft_is_previewed_then_published_in_a_series_and_found(visit):
    word = steps.rare_word()
    title, series = f"What {word} taught us", f"Lessons of {steps.rare_word()}"
    arthur, guest = visit("author"), visit()
    arthur.goto("/desk")
    arthur.get_by_role("main").get_by_role("link", name="Write a post").click()
    arthur.get_by_label("Title", exact=True).fill(title)
    arthur.get_by_label("Standfirst").fill("Less than we hoped.")
    arthur.get_by_label("Text", exact=True).fill("## A heading\n\nAnd *so* on.")
    arthur.get_by_label("Series").fill(series)
    arthur.get_by_label("Part", exact=False).first.fill("1")
    arthur.get_by_label("Parts planned").fill("3")
    arthur.get_by_label("Tags").fill(f"{word}, lessons")
    arthur.get_by_role("button", name="Preview").click()
    preview = arthur.get_by_role("region", name="Preview")
    expect(preview.get_by_role("heading", name="A heading")).to_be_visible()
    expect(arthur.get_by_label("Title", exact=True)).to_have_value(title)

    steps.set_state(arthur, "draft")
    arthur.get_by_role("link", name="See the post").click()
    expect(steps.heading(arthur, title)).to_be_visible()
    address = arthur.url
    assert guest.goto(address).status == 404

    arthur.get_by_role("link", name="Edit this post").click()
    steps.set_state(arthur, "published")

    guest.goto("/")
    guest.get_by_role("article").filter(has_text=title).get_by_role("link", name=title).click()
    expect(guest).to_have_url(address)
    expect(guest.get_by_role("navigation", name="Series")).to_contain_text("part 1 of 3")
    guest.get_by_role("navigation", name="Series").get_by_role("link", name=series).click()
    expect(guest.get_by_role("article").filter(has_text=title)).to_be_visible()
    guest.goto("/series")
    expect(guest.get_by_role("link", name=series)).to_be_visible()
    expect(steps.find(guest, word).get_by_role("link", name=title)).to_be_visible()


def test_an_address_is_offered_with_what_is_wrong_and_nothing_is_lost(visit):
    arthur = visit("author")
    arthur.goto("/desk/posts/new")
    arthur.get_by_label("Text", exact=True).fill("A text that has no title.")
    arthur.get_by_role("button", name="Save").click()

    expect(arthur.get_by_role("heading", name="Please check 1 thing")).to_be_visible()
    expect(arthur.get_by_label("Text", exact=True)).to_have_value("A text that has no title.")
