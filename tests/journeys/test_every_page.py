"""Every page, on screens of every width: usable by all, asking nothing of strangers, without complaints."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.journeys import places, steps
from tests.journeys.conftest import DESKTOP
from tests.journeys.places import Place, Scenery
from tests.journeys.watching import NARROWEST, Watched

pytestmark = pytest.mark.parametrize("has_scripts", [True], ids=["scripts"])

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def scenery(browser: Browser, address: str, cookies: Callable, sign_ins: dict[str, steps.SignIn]) -> Scenery:
    def visit(who: str | None = None) -> Page:
        state = cookies(who) if who else None
        return browser.new_context(base_url=address, java_script_enabled=False, storage_state=state).new_page()

    arthur, farida, guest = visit("author"), visit("reader"), visit()
    post = steps.publish(arthur)
    comment = _edited_comment(farida, arthur, post)
    steps.write(visit("newcomer"), post, "Was it so?")
    guest.goto(places.DISCUSSION)
    longest = re.search(r"reply=(\d+)", _reply_link(guest))
    guest.goto("/join")
    steps.open_letter(guest, steps.fill_join(guest, "Nora New"), "Confirm your e-mail address")
    letter, confirm = guest.url, _link_of_letter(guest)
    guest.goto("/password/forgot")
    guest.get_by_label("E-mail address").fill(sign_ins["admin"].email)
    guest.get_by_role("button", name="Send the link").click()
    steps.open_letter(guest, sign_ins["admin"], "Choose a new password")
    return Scenery(
        comment=comment,
        replying=_reply_link(farida),
        branch=f"{places.DISCUSSION}/branch/{longest[1]}",
        uncommented=steps.publish(arthur).url,
        confirm=confirm,
        reset=_link_of_letter(guest),
        letter=letter,
    )


def _edited_comment(page: Page, reader: Page, post: steps.Post) -> str:
    steps.write(page, post, "It was so.")
    # What somebody liked is not changed without a mark.
    reader.goto(post.url)
    steps.like(reader, "It was so.")
    steps.comment(page, "It was so.").get_by_role("link", name="Edit").click()
    page.get_by_role("textbox", name="Your comment").fill("It was not so.")
    page.get_by_role("button", name="Save the change").click()
    return _address(steps.comment(page, "It was not so.").get_by_role("link", name=re.compile("^Link to")))


def _reply_link(page: Page) -> str:
    return _address(page.get_by_role("link", name=re.compile("^Reply")).first)


def _link_of_letter(page: Page) -> str:
    return _address(page.get_by_role("main").get_by_role("link", name=re.compile("^http")).first)


def _address(link: Locator) -> str:
    return link.get_attribute("href") or ""


@pytest.mark.parametrize("place", places.ALL, ids=lambda place: place.name)
def test_a_page_is_usable_by_all_at_every_width_and_keeps_to_itself(watched, scenery, place: Place):
    seen = watched(place.who)
    status = place.go(seen.page, scenery)
    found = [*look(seen, place), *seen.complaints, *seen.strangers]
    if place in places.SHARED:
        found += [f"sets a cookie: {address}" for address in seen.cookies]

    assert (status, found) == (place.status, [])


def look(seen: Watched, place: Place) -> list[str]:
    """All that is wrong with the page, on a desk and on a telephone."""
    found = []
    for size in (DESKTOP, PHONE):
        seen.page.set_viewport_size(size)
        # Both widths have the same colours.
        problems = seen.violations(in_colour=size is DESKTOP)
        found += [f"at {size['width']} px: {problem}" for problem in problems]
    if place.is_dark:
        seen.page.set_viewport_size(DESKTOP)
        seen.page.emulate_media(color_scheme="dark")
        found += [f"in the dark: {problem}" for problem in seen.violations_of_colours()]
    seen.page.set_viewport_size(NARROWEST)
    if seen.is_wider_than_its_window():
        found.append(f"scrolls sideways at {NARROWEST['width']} px")
    return found
