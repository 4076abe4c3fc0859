"""Closing the replies below a comment."""

from __future__ import annotations

import re
from contextlib import nullcontext

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps


@pytest.fixture
def branch(sender, post) -> tuple[str, str]:
    """A comment and a reply to it, by their words."""
    top, reply = f"Top {steps.rare_word()}.", f"Reply {steps.rare_word()}."
    author = sender("author")
    author.write(post, top)
    author.answer(post, reply, top)
    return top, reply


def toggle(page: Page):
    return page.locator("summary.toggle")


@pytest.mark.parametrize("who", [None, "reader"])
def test_what_is_closed_is_found_closed_again_where_a_script_remembers_it(who, visit, post, branch, has_scripts):
    _top, reply = branch
    page = visit(who)
    page.goto(post.url)
    expect(page.get_by_text(reply)).to_be_visible()
    with _told(page, who is not None and has_scripts, "fold"):
        toggle(page).click()
    expect(page.get_by_text(reply)).to_be_hidden()
    expect(toggle(page)).to_have_text(re.compile("Show 1 reply"))

    page.reload()
    if not has_scripts:
        expect(page.get_by_text(reply)).to_be_visible()
        return
    expect(page.get_by_text(reply)).to_be_hidden()

    with _told(page, who is not None, "unfold"):
        toggle(page).click()
    expect(page.get_by_text(reply)).to_be_visible()
    page.reload()
    expect(page.get_by_text(reply)).to_be_visible()


@pytest.mark.parametrize("who", [None, "reader"])
def test_the_address_of_a_comment_opens_the_branch_it_stands_in(who, visit, post, branch, has_scripts):
    if not has_scripts:
        pytest.skip("without scripts nothing is remembered")
    _top, reply = branch
    page = visit(who)
    page.goto(post.url)
    card = page.locator("article.card").filter(has_text=reply)
    address = card.get_by_role("link", name="Link to").get_attribute("href")
    with _told(page, who is not None, "fold"):
        toggle(page).click()

    page.goto(address)
    expect(page.get_by_text(reply)).to_be_visible()
    expect(page.locator("article.card:target")).to_be_in_viewport()


def _told(page: Page, is_member: bool, act: str):
    """Wait until the server has heard of it; a guest's browser tells nobody."""
    if is_member:
        return page.expect_response(lambda answer: answer.url.endswith(f"/{act}") and answer.status == 204)
    return nullcontext()
