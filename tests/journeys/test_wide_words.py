"""Tables, code and words wider than a telephone scroll where they stand, and the page does not."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps

NARROW = {"width": 320, "height": 640}
WIDE = "\n\n".join(
    [
        "x" * 300,
        "`" + "code_" * 60 + "`",
        "```python\n" + "value = " + "1 + " * 100 + "1\n```",
        "|" + " heading |" * 20 + "\n|" + "---|" * 20 + "\n|" + " a cell |" * 20,
        "https://example.org/" + "path/" * 60,
    ]
)


@pytest.fixture
def has_scripts() -> bool:
    return False


def does_not_scroll(page: Page, address: str) -> None:
    page.goto(address)
    widest = page.evaluate("document.documentElement.scrollWidth")
    assert widest <= NARROW["width"], f"{address} is {widest} px wide"


def test_no_page_scrolls_sideways_whatever_people_write(visit):
    post = steps.publish(visit("author"), text=f"Wide things:\n\n{WIDE}")
    farida, mona = visit("reader"), visit("moderator")
    word = steps.rare_word()
    farida.goto(post.url)
    steps.box(farida).fill(f"My {word}:\n\n{WIDE}")
    farida.get_by_role("button", name="Post comment").click()
    link = steps.comment(farida, word).get_by_role("link", name="Link to the comment").get_attribute("href")
    mona.goto(f"{link}/flag")
    mona.get_by_label("Unkind to a person").check()
    mona.get_by_role("button", name="Send flag").click()
    expect(mona.get_by_text("Thank you. A moderator will look.")).to_be_visible()
    for page in (farida, mona):
        page.set_viewport_size(NARROW)

    own_pages = [f"{link}/{name}" for name in ("history", "edit", "withdraw", "likes")]
    reply = f"{post.url}?reply={link.rpartition('/')[2]}"
    for address in (post.url, reply, *own_pages, "/people/farida", "/account/comments", f"/search?q={word}"):
        does_not_scroll(farida, address)
    steps.open_case(mona, "flagged", word)
    does_not_scroll(mona, mona.url)
    does_not_scroll(mona, f"{link}/remove")
