"""A writer is asked first, with and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps

POSTCODE = "The family at number 14, NF1 2AB, still wait for their keys."
QUESTION = "Is that a postcode?"


@pytest.fixture
def farida(visit, post) -> Page:
    page = visit("reader")
    page.goto(post.url)
    steps.box(page).fill(POSTCODE)
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_text(QUESTION)).to_be_visible()
    expect(page.get_by_role("button", name="Post comment")).to_be_hidden()
    return page


def test_a_writer_changes_what_they_were_asked_about(farida):
    farida.get_by_role("button", name="Change it").click()
    expect(farida.get_by_text(QUESTION)).to_be_hidden()
    expect(steps.box(farida)).to_be_focused()
    expect(steps.box(farida)).to_have_value(POSTCODE)
    steps.box(farida).fill("They still wait, near the quay.")
    farida.get_by_role("button", name="Post comment").click()
    expect(farida.get_by_text("Posted.")).to_be_visible()
    expect(steps.comment(farida, "near the quay")).to_be_visible()


def test_a_writer_posts_it_as_it_is_and_it_waits(farida):
    farida.get_by_role("button", name="Post as it is").click()
    expect(farida.get_by_text("Sent. A moderator reads it before others do.")).to_be_visible()


@pytest.mark.parametrize("has_scripts", [True], ids=["scripts"])
def test_typing_is_an_answer_too(farida):
    steps.box(farida).press_sequentially(" They have waited since May.")
    expect(farida.get_by_text(QUESTION)).to_be_hidden()
    expect(farida.get_by_role("button", name="Post comment")).to_be_visible()
