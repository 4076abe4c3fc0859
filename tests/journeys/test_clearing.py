"""Fifty cases of every kind, cleared by keyboard alone, and by mouse without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps, waiting

LISTS = {"held": 20, "flagged": 15, "spam": 15}
# What is pressed for one case after another: keys that decide at once, and keys that open a form first.
KEYS = {"held": "aars", "flagged": "aax", "spam": "as"}
HAS_MOVED_ON = """number => document.querySelector("[data-case]")?.dataset.case !== number
                            && document.readyState === "complete" """
FINAL = {"r": "Reject and send message", "x": "Remove comment", "s": "Mark as spam"}


def heard(page: Page, number: str) -> None:
    """The next case has come, or the list, when it was the last."""
    page.wait_for_function(HAS_MOVED_ON, arg=number)


@pytest.fixture
def queue(running) -> int:
    return waiting.fill(running, *LISTS.values())


@pytest.mark.parametrize("has_scripts", [True], indirect=True)
def test_fifty_cases_are_cleared_by_keyboard_alone(visit, queue):
    page = visit("moderator")
    for tab, many in LISTS.items():
        page.goto(f"/moderation?tab={tab}&post={queue}")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.get_by_role("region", name="Decide")).to_be_visible()
        for turn in range(many):
            number = page.locator("[data-case]").get_attribute("data-case")
            key = KEYS[tab][turn % len(KEYS[tab])]
            page.keyboard.press(key)
            if key in FINAL:
                fill_by_keyboard(page, FINAL[key])
            heard(page, number)
        expect(page.get_by_text("Nothing that waits fits these filters.")).to_be_visible()


def fill_by_keyboard(page: Page, final_words: str) -> None:
    """Go through the form that has opened, to its last button, and press it."""
    for _field in range(8):
        if page.evaluate("document.activeElement.textContent.trim()") == final_words:
            return page.keyboard.press("Enter")
        if page.evaluate("document.activeElement.name") == "reason":
            page.keyboard.press("u")
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to “{final_words}”")


@pytest.mark.parametrize("has_scripts", [False], indirect=True)
def test_fifty_cases_are_cleared_by_mouse_without_scripts(visit, queue):
    page = visit("moderator")
    for tab, many in LISTS.items():
        page.goto(f"/moderation?tab={tab}&post={queue}")
        page.locator(".queue-row__link").first.click()
        for turn in range(many - 10):
            key = KEYS[tab][turn % len(KEYS[tab])]
            box = page.get_by_role("region", name="Decide")
            if key in FINAL:
                box.locator("summary").filter(has_text=re.compile("^(Reject|Remove|Spam)…")).filter(
                    has=page.locator(f"kbd:text-is('{key.upper()}')")
                ).click()
                for reason in box.get_by_label("Reason (the writer sees it)").locator("visible=true").all():
                    reason.select_option("unkind")
                box.get_by_role("button", name=FINAL[key]).click()
            else:
                box.locator("[data-key=a]").click()
        # The last ten at once.
        page.goto(f"/moderation?tab={tab}&post={queue}")
        for tick in page.locator(".queue-row__tick").all():
            tick.check()
        page.locator(".several__bar").get_by_role("button", name="Spam").click()
        expect(steps.heading(page, "Mark 10 comments as spam?")).to_be_visible()
        page.get_by_role("button", name="Mark 10 as spam").click()
        expect(steps.heading(page, "10 of 10 cases decided")).to_be_visible()
        page.get_by_role("link", name="Back to the queue").click()
        page.goto(f"/moderation?tab={tab}&post={queue}")
        expect(page.get_by_text("Nothing that waits fits these filters.")).to_be_visible()


@pytest.mark.parametrize("has_scripts", [True], indirect=True)
def test_what_one_moderator_does_changes_on_the_screen_of_the_other(visit, running):
    queue = waiting.fill(running, 3, 0, 0)
    gwen, des = visit("moderator"), visit("colleague")
    for page in (gwen, des):
        page.goto(f"/moderation?tab=held&post={queue}")
    gwen.locator(".queue-row__link").nth(1).click()
    expect(des.locator(".queue-row").nth(1)).to_contain_text("Claimed by")

    des.locator(".queue-row__link").nth(1).click()
    expect(des.locator("[data-claim]")).to_contain_text("Claimed by Gwenllian")
    words = des.locator("[data-case] .words").last
    before = words.bounding_box()
    gwen.keyboard.press("a")
    expect(des.locator("[data-ended]")).to_contain_text("Approved")
    expect(des.locator("[data-ended]")).to_contain_text("Gwenllian")
    expect(des.get_by_role("button", name="Approve").first).to_be_disabled()
    assert words.bounding_box() == before, "nothing that is read moves"
    expect(des.locator(".queue-row").nth(1)).to_contain_text("Approved by Gwenllian")


@pytest.mark.parametrize("has_scripts", [True], indirect=True)
def test_a_decision_is_undone_by_its_key_and_the_keys_rest_in_fields(visit, running):
    queue = waiting.fill(running, 2, 0, 0)
    page = visit("moderator")
    page.goto(f"/moderation?tab=held&post={queue}")
    page.locator(".queue-row__link").first.click()
    first = page.locator("[data-case]").get_attribute("data-case")
    page.keyboard.press("a")
    heard(page, first)
    expect(page.get_by_text("Approved.", exact=True)).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("Undone. The case is open again.")).to_be_visible()
    expect(page.locator("[data-case]")).to_have_attribute("data-case", first)
    # A destructive key only opens its form; in a field the letters are letters.
    page.keyboard.press("r")
    message = page.get_by_label("Message to").locator("visible=true")
    message.fill("")
    message.press_sequentially("arx")
    expect(message).to_have_value("arx")
    expect(page.locator("[data-case]")).to_have_attribute("data-case", first)
    page.get_by_role("link", name="Cancel").locator("visible=true").click()
    page.keyboard.press("e")
    expect(page.locator(".several__bar")).to_contain_text("1 selected")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("In the queue of moderators")
