"""Search boxes: what is offered while one types, and the box of a discussion."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import steps
from tests.journeys.places import SHORT

scripts_only = pytest.mark.parametrize("has_scripts", [True], ids=["scripts"])

TITLE = "The library that stayed open by accident"


@pytest.fixture
def guest(visit) -> Page:
    """At a page without other fields, once the index is there."""
    page = visit()
    steps.find(page, "library")
    page.goto("/house-rules")
    return page


def box(page: Page) -> Locator:
    """The one at the top of every page."""
    return page.get_by_role("banner").get_by_role("combobox", name="Search")


def offered(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def said(page: Page) -> Locator:
    return page.get_by_role("banner").get_by_role("status")


@scripts_only
def test_suggestions_are_chosen_with_the_keyboard(guest):
    guest.keyboard.press("/")
    guest.keyboard.type("accid")

    field, discussion = box(guest), offered(guest).filter(has_text=TITLE)
    expect(discussion).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(said(guest)).to_contain_text(re.compile(r"^\d+ suggestions?\. Choose with the arrow keys\.$"))
    expect(guest.get_by_role("option", selected=True)).to_have_count(0)

    guest.keyboard.press("ArrowDown")
    expect(offered(guest).first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", offered(guest).first.get_attribute("id"))
    guest.keyboard.press("ArrowUp")
    expect(guest.get_by_role("option", selected=True)).to_have_count(0)
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    guest.keyboard.press("ArrowUp")
    expect(offered(guest).last).to_have_attribute("aria-selected", "true")
    expect(field).to_be_focused()
    while discussion.get_attribute("aria-selected") != "true":
        guest.keyboard.press("ArrowUp")
    guest.keyboard.press("Enter")
    guest.wait_for_url(f"**{SHORT}")


@scripts_only
def test_escape_closes_the_list_first_and_enter_searches_for_what_was_typed(guest):
    box(guest).press_sequentially("librar")
    expect(offered(guest).first).to_be_visible()
    guest.keyboard.press("Escape")
    expect(offered(guest)).to_have_count(0)
    expect(box(guest)).to_have_value("librar")
    expect(box(guest)).to_have_attribute("aria-expanded", "false")
    expect(said(guest)).to_be_empty()
    guest.keyboard.type("y")
    expect(offered(guest).first).to_be_visible()
    guest.keyboard.press("Enter")
    guest.wait_for_url("**/search?q=library")


@scripts_only
def test_the_list_goes_when_the_field_is_left_or_emptied(guest):
    box(guest).press_sequentially("librar")
    expect(offered(guest).first).to_be_visible()
    guest.keyboard.press("Tab")
    expect(offered(guest)).to_have_count(0)
    box(guest).press("End")
    box(guest).press_sequentially("y")
    expect(offered(guest).first).to_be_visible()
    box(guest).fill("")
    expect(offered(guest)).to_have_count(0)


@scripts_only
def test_a_line_is_chosen_with_the_pointer(guest):
    guest.goto("/search")
    field = guest.get_by_role("main").get_by_label("Words to look for")
    field.press_sequentially("accid")
    offered(guest).filter(has_text="accident").first.click()
    guest.wait_for_url("**/search?q=accident")
    expect(steps.heading(guest, "Search")).to_be_visible()


@scripts_only
def test_only_the_last_letters_are_asked_about(guest):
    asked: list[str] = []
    guest.on("request", lambda request: asked.append(request.url) if "/search/suggest" in request.url else None)
    box(guest).press_sequentially("l")
    box(guest).press_sequentially("ibrary", delay=1)
    expect(offered(guest).first).to_be_visible()
    assert asked[-1].endswith("?q=library")
    assert len(asked) < len("library")


def test_the_box_of_a_discussion_finds_what_is_in_it(guest):
    guest.goto(SHORT)
    form = guest.get_by_role("search", name="This discussion")
    form.get_by_label("Search in this discussion").fill("library")
    form.get_by_role("button", name="Search").click()

    guest.wait_for_url("**/search?*")
    results = guest.get_by_role("main").get_by_role("article")
    expect(results.first).to_be_visible()
    for title in results.get_by_role("heading").all_inner_texts():
        assert TITLE.casefold() in title.casefold() or title.startswith("In reply"), title
    expect(guest.get_by_role("main").get_by_label("Words to look for")).to_have_value(
        f"library post:{SHORT.removeprefix('/posts/')}"
    )
