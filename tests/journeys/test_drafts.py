"""Words that are not posted yet: on two devices, without a connection, without a session."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import steps

scripts_only = pytest.mark.parametrize("has_scripts", [True], ids=["scripts"])


def type_and_wait(page: Page, words: str) -> None:
    """Type until the server has it."""
    steps.box(page).fill(words)
    with page.expect_response(lambda answer: answer.url.endswith("/draft") and answer.ok):
        pass
    expect(page.get_by_text(re.compile("Draft saved at"))).to_be_visible()


def keep(page: Page, words: str, has_scripts: bool) -> None:
    """Write without posting, as far as the words are on the server."""
    if has_scripts:
        type_and_wait(page, words)
    else:
        steps.box(page).fill(words)
        page.get_by_role("button", name="Preview").click()
        expect(page.get_by_text(re.compile("Draft saved at"))).to_be_visible()


def newer(page: Page) -> Locator:
    """What is said of a draft that another browser saved."""
    return page.locator("[data-newer]").get_by_text(re.compile("A newer draft was saved elsewhere at"))


def test_words_of_one_device_are_on_the_other_until_they_are_posted(visit, post, has_scripts):
    words = f"Begun at the desk, {steps.rare_word()}."
    desk, train = visit("reader"), visit("reader")
    desk.goto(post.url)
    keep(desk, words, has_scripts)
    train.goto(post.url)
    expect(steps.box(train)).to_have_value(words)
    train.get_by_role("button", name="Post comment").click()
    expect(steps.comment(train, words)).to_be_visible()
    desk.goto(post.url)
    expect(steps.box(desk)).to_have_value("")
    desk.goto("/account/drafts")
    expect(desk.get_by_role("article").filter(has_text=words)).to_have_count(0)


def test_a_reply_that_was_begun_is_named_and_found_again(visit, sender, post, has_scripts):
    first, words = steps.rare_word(), f"Half of it, {steps.rare_word()}."
    sender("author").write(post, f"One says {first}.")
    farida = visit("reader")
    farida.goto(post.url)
    steps.open_reply(farida, first)
    if has_scripts:
        steps.reply_box(farida).fill(words)
        # Closing the box keeps the words, however fast it is done.
        with farida.expect_response(lambda answer: answer.url.endswith("/draft")):
            farida.get_by_role("link", name="Cancel").click()
    else:
        steps.reply_box(farida).fill(words)
        farida.get_by_role("form", name="Reply to").get_by_role("button", name="Preview").click()
    farida.goto(post.url)
    expect(farida.get_by_text("You have an unposted reply to")).to_be_visible()
    expect(steps.box(farida)).to_have_value("")
    farida.get_by_role("link", name="Go on writing").click()
    expect(steps.reply_box(farida)).to_have_value(words)
    farida.get_by_role("button", name="Post reply").click()
    expect(steps.replies_to(farida, first).filter(has_text=words)).to_be_visible()
    farida.goto(post.url)
    expect(farida.get_by_text("You have an unposted reply to")).to_have_count(0)


def test_drafts_are_listed_and_deleted(visit, post, has_scripts):
    words = f"Not said, {steps.rare_word()}."
    farida = visit("reader")
    farida.goto(post.url)
    keep(farida, words, has_scripts)
    farida.goto("/account/drafts")
    draft = farida.get_by_role("article").filter(has_text=words)
    expect(draft).to_contain_text(post.title)
    draft.get_by_role("link", name="Go on writing").click()
    expect(steps.box(farida)).to_have_value(words)
    farida.goto("/account/drafts")
    farida.get_by_role("article").filter(has_text=words).get_by_role("button", name="Delete").click()
    expect(farida.get_by_text("The draft is deleted.")).to_be_visible()
    expect(draft).to_have_count(0)
    farida.goto(post.url)
    expect(steps.box(farida)).to_have_value("")


# Two devices at once


@pytest.fixture
def both(visit, post, has_scripts) -> tuple[Page, Page]:
    """A desk whose page is older than what was written on the train; and the desk has been told."""
    desk, train = visit("reader"), visit("reader")
    desk.goto(post.url)
    train.goto(post.url)
    keep(train, "From the train.", has_scripts)
    steps.box(desk).fill("At the desk.")
    if not has_scripts:
        desk.get_by_role("button", name="Preview").click()
    expect(newer(desk)).to_be_visible()
    expect(steps.box(desk)).to_have_value("At the desk.")
    return desk, train


def test_the_newer_draft_is_shown_and_nothing_is_lost_by_it(both, post, has_scripts):
    desk, train = both
    desk.get_by_role("button", name="Show the newer one").click()
    expect(steps.box(desk)).to_have_value("From the train.")
    expect(newer(desk)).to_have_count(0)
    if has_scripts:
        desk.keyboard.press("ControlOrMeta+z")
        expect(steps.box(desk)).to_have_value("At the desk.")
    else:
        desk.get_by_text("Other words you wrote for this place").first.click()
        expect(desk.get_by_role("textbox", name="Other words")).to_have_value("At the desk.")
    train.goto(post.url)
    expect(steps.box(train)).to_have_value("From the train.")


def test_ones_own_words_are_kept_in_place_of_the_newer_draft(both, post, has_scripts):
    desk, train = both
    with desk.expect_response(lambda answer: answer.url.endswith(("/draft", "/comments")) and answer.ok):
        desk.get_by_role("button", name="Keep mine").click()
    expect(newer(desk)).to_have_count(0)
    expect(steps.box(desk)).to_have_value("At the desk.")
    train.goto(post.url)
    expect(steps.box(train)).to_have_value("At the desk.")


# When the server cannot be reached


def cut_off(page: Page) -> None:
    """Let no script of this page reach the server, not even with its last words."""
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no connection')); }")


@scripts_only
def test_words_typed_without_a_connection_are_kept_and_one_is_asked_before_leaving(visit, post):
    farida = visit("reader")
    farida.goto(post.url)
    cut_off(farida)
    steps.box(farida).fill("In a tunnel.")
    expect(farida.get_by_text("The server cannot be reached.").first).to_be_visible()
    asked = []
    farida.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    farida.goto("/")
    assert asked == ["beforeunload"]
    farida.goto(post.url)
    expect(steps.box(farida)).to_have_value("In a tunnel.")
    expect(farida.get_by_text(re.compile("Draft saved at"))).to_be_visible()


@scripts_only
def test_nobody_is_asked_before_leaving_words_that_are_kept(visit, post):
    farida = visit("reader")
    farida.goto(post.url)
    asked = []
    farida.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    type_and_wait(farida, "Kept by the server.")
    farida.goto("/")
    assert asked == []


@scripts_only
def test_the_last_words_before_leaving_are_kept(visit, post):
    farida, elsewhere = visit("reader"), visit("reader")
    farida.goto(post.url)
    steps.box(farida).press_sequentially("One more thing")
    farida.goto("/")
    steps.look_until(
        elsewhere, post.url, lambda: steps.box(elsewhere).input_value() == "One more thing", "the words were lost"
    )


@scripts_only
def test_a_post_that_did_not_arrive_leaves_the_words(visit, post):
    farida = visit("reader")
    farida.goto(post.url)
    cut_off(farida)
    farida.route("**/comments", lambda route: route.abort())
    steps.box(farida).fill("It never arrived.")
    with farida.expect_event("requestfailed", lambda request: request.url.endswith("/comments")):
        farida.get_by_role("button", name="Post comment").click(no_wait_after=True)
    farida.unroute_all()
    farida.goto(post.url)
    expect(steps.box(farida)).to_have_value("It never arrived.")


@scripts_only
def test_words_of_one_person_do_not_turn_up_for_the_next_at_the_same_computer(visit, post, sign_ins):
    shared = visit("reader")
    shared.goto(post.url)
    cut_off(shared)
    steps.box(shared).fill("Farida’s own words.")
    expect(shared.get_by_text("The server cannot be reached.").first).to_be_visible()
    shared.on("dialog", lambda dialog: dialog.accept())
    shared.context.clear_cookies()
    steps.sign_in(shared, sign_ins["newcomer"])
    shared.goto(post.url)
    expect(steps.box(shared)).to_have_value("")
    expect(shared.get_by_text("kept on this device.").first).to_be_hidden()


# When the session ends meanwhile


def test_who_was_signed_out_meanwhile_signs_in_and_presses_once(visit, post, sign_ins):
    words = f"An hour’s work, {steps.rare_word()}."
    farida = visit("reader")
    farida.goto(post.url)
    farida.context.clear_cookies()
    steps.box(farida).fill(words)
    farida.get_by_role("button", name="Post comment").click()
    expect(farida.get_by_text("you were signed out meanwhile")).to_be_visible()
    expect(farida.get_by_text(words)).to_be_visible()
    steps.fill_sign_in(farida, sign_ins["reader"])
    expect(steps.box(farida)).to_have_value(words)
    farida.get_by_role("button", name="Post comment").click()
    expect(steps.comment(farida, words)).to_be_visible()
    expect(steps.box(farida)).to_have_value("")


@scripts_only
def test_who_is_signed_out_while_writing_is_told(visit, post):
    farida = visit("reader")
    farida.goto(post.url)
    farida.context.clear_cookies()
    steps.box(farida).fill("Still here.")
    expect(farida.get_by_text(re.compile("^You are signed out, or somebody else")).first).to_be_visible()
    expect(farida.get_by_role("status").filter(has_text="You are signed out")).to_be_attached()


def test_words_are_not_posted_under_the_name_of_whoever_signed_in_meanwhile(visit, post, sign_ins):
    words = f"Farida’s view, {steps.rare_word()}."
    farida = visit("reader")
    farida.goto(post.url)
    steps.box(farida).fill(words)
    other = farida.context.new_page()
    farida.context.clear_cookies()
    steps.sign_in(other, sign_ins["author"])
    farida.get_by_role("button", name="Post comment").click()
    expect(farida.get_by_text(re.compile("Not posted yet: .* signed in as Adaeze"))).to_be_visible()
    expect(steps.box(farida)).to_have_value(words)
    farida.get_by_role("button", name="Post comment").click()
    expect(steps.comment(farida, words)).to_be_visible()


@scripts_only
def test_a_preview_in_another_session_keeps_the_words(visit, post, sign_ins):
    farida = visit("reader")
    farida.goto(post.url)
    steps.box(farida).fill("Some *words*.")
    other = farida.context.new_page()
    farida.context.clear_cookies()
    steps.sign_in(other, sign_ins["author"])
    farida.get_by_role("button", name="Preview").click()
    expect(farida.get_by_text(re.compile("Not posted yet: .* signed in as Adaeze"))).to_be_visible()
    expect(steps.box(farida)).to_have_value("Some *words*.")
