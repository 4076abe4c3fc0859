"""A discussion that goes on while somebody reads it."""

from __future__ import annotations

import os
import re
import signal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import steps
from tests.running.conftest import Site

# What was promised, in milliseconds.
PROMISE = 2_000


@pytest.fixture(params=[True], ids=["scripts"])
def has_scripts() -> bool:
    return True


@pytest.fixture
def reader(visit, post) -> Page:
    """A guest who reads the post, and whose page listens."""
    page = visit()
    with page.expect_response(re.compile(r"/live\?")):
        page.goto(post.url)
    return page


def bar(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("new comment"))


def write_elsewhere(page: Page, post: steps.Post, words: str) -> None:
    """Write a comment in another browser, without waiting for its page."""
    page.goto(post.url)
    steps.box(page).fill(words)
    page.get_by_role("button", name="Post comment").click(no_wait_after=True)


def top_of(part: Locator) -> float:
    return part.bounding_box()["y"]


def test_a_comment_of_another_browser_announces_itself_and_is_shown_when_asked_for(visit, post, reader):
    word = steps.rare_word()
    arthur = visit("author")
    arthur.goto(post.url)
    steps.box(arthur).fill(f"I write {word}.")
    heading = reader.get_by_role("heading", name="Have your say")
    heading.scroll_into_view_if_needed()
    place = top_of(heading)

    with arthur.expect_response(lambda answer: answer.request.method == "POST"):
        arthur.get_by_role("button", name="Post comment").click(no_wait_after=True)

    expect(bar(reader)).to_be_visible(timeout=PROMISE)
    expect(bar(reader)).to_have_text("1 new comment. Show it")
    expect(steps.comment(reader, word)).to_have_count(0)
    assert top_of(heading) == place, "the text moved"

    bar(reader).click()

    expect(steps.comment(reader, word)).to_be_visible()
    expect(steps.comment(reader, word)).to_be_focused()
    expect(steps.comment(reader, word).get_by_text("New", exact=True)).to_be_visible()
    expect(bar(reader)).to_be_hidden()
    expect(reader.get_by_text("1 comment from 1 person.")).to_be_visible()


def test_an_open_reply_box_with_words_in_it_stays_as_it_is(visit, sender, post):
    first, words = steps.rare_word(), f"Half a sentence about {steps.rare_word()}"
    arthur, farida = sender("author"), visit("reader")
    arthur.write(post, f"First {first}.")
    farida.goto(post.url)
    steps.open_reply(farida, first)
    steps.reply_box(farida).press_sequentially(words)
    place = top_of(steps.reply_box(farida))
    reply = steps.rare_word()

    arthur.answer(post, f"Reply {reply}.", first)
    expect(bar(farida)).to_be_visible()

    expect(steps.reply_box(farida)).to_be_focused()
    assert top_of(steps.reply_box(farida)) == place, "the reply box moved"
    steps.reply_box(farida).press_sequentially(", and on")
    bar(farida).click()
    expect(steps.replies_to(farida, first).filter(has_text=reply)).to_be_visible()
    expect(steps.reply_box(farida)).to_have_value(f"{words}, and on")


def test_a_reply_opens_the_branch_it_hangs_in_and_the_toggle_counts_it(visit, sender, post):
    first, second, third = (steps.rare_word() for _number in range(3))
    arthur, guest = sender("author"), visit()
    arthur.write(post, f"First {first}.")
    arthur.answer(post, f"Second {second}.", first)
    guest.goto(post.url)
    guest.locator("summary").filter(has_text="1").click()
    expect(steps.comment(guest, second)).to_be_hidden()

    sender("reader").answer(post, f"Third {third}.", second)
    bar(guest).click()

    expect(steps.replies_to(guest, second).filter(has_text=third)).to_be_visible()
    expect(steps.comment(guest, second)).to_be_visible()
    expect(guest.get_by_text("Hide 2 replies")).to_have_count(1)
    expect(guest.get_by_text("3 comments from 2 people.")).to_be_visible()


def test_several_are_shown_together_in_their_places_newest_first_too(visit, sender, post):
    words = [steps.rare_word() for _number in range(3)]
    arthur, guest = sender("author"), visit()
    arthur.write(post, f"Old {words[0]}.")
    guest.goto(f"{post.url}?order=newest")
    for word in words[1:]:
        arthur.write(post, f"New {word}.")
    expect(bar(guest)).to_have_text("2 new comments. Show them")

    bar(guest).click()

    expect(guest.get_by_role("main").get_by_role("article")).to_contain_text([words[2], words[1], words[0]])


def test_edits_and_removals_appear_by_themselves(visit, post, reader):
    before, after = steps.rare_word(), steps.rare_word()
    farida = visit("reader")
    steps.write(farida, post, f"It was {before}.")
    bar(reader).click()
    expect(steps.comment(reader, before)).to_be_visible()
    reader.get_by_role("heading", name="Have your say").click()

    steps.comment(farida, before).get_by_role("link", name="Edit").click()
    farida.get_by_role("textbox", name="Your comment").fill(f"It was {after}.")
    farida.get_by_role("button", name="Save the change").click()

    expect(steps.comment(reader, after)).to_be_visible()
    expect(steps.comment(reader, before)).to_have_count(0)

    steps.comment(farida, after).get_by_role("link", name="Withdraw").click()
    farida.get_by_role("main").get_by_role("button", name="Withdraw").click()

    expect(reader.get_by_text("The writer withdrew this comment.")).to_be_visible()
    expect(steps.comment(reader, after)).to_have_count(0)
    expect(reader.get_by_text("No comments yet.")).to_be_visible()


def test_a_comment_in_which_words_are_selected_is_not_taken_away(visit, post, reader):
    before, after = steps.rare_word(), steps.rare_word()
    farida = visit("reader")
    steps.write(farida, post, f"It was {before}.")
    bar(reader).click()
    steps.comment(reader, before).get_by_text(before).select_text()

    steps.comment(farida, before).get_by_role("link", name="Edit").click()
    farida.get_by_role("textbox", name="Your comment").fill(f"It was {after}.")
    farida.get_by_role("button", name="Save the change").click()

    expect(reader.get_by_text("This comment has changed.")).to_be_visible()
    expect(steps.comment(reader, before)).to_be_visible()
    reader.get_by_role("button", name="Show it as it is now").click()
    expect(steps.comment(reader, after)).to_be_focused()
    expect(reader.get_by_text("This comment has changed.")).to_have_count(0)


def test_a_comment_that_waits_is_told_when_it_is_approved_and_not_before(visit, sender, post, reader):
    held, public = steps.rare_word(), steps.rare_word()
    sender("newcomer").write(post, f"Held {held}.")
    sender("author").write(post, f"Public {public}.")
    expect(bar(reader)).to_have_text("1 new comment. Show it")

    mona = visit("moderator")
    steps.open_case(mona, "held", held)
    mona.get_by_role("button", name="Approve", exact=True).click()

    expect(bar(reader)).to_have_text("2 new comments. Show them")
    bar(reader).click()
    expect(steps.comment(reader, held)).to_be_visible()


def test_ones_own_comment_of_another_tab_is_told_and_that_of_this_tab_is_not(visit, post):
    word = steps.rare_word()
    farida = visit("reader")
    other = farida.context.new_page()
    other.goto(post.url)
    steps.write(farida, post, f"Mine {word}.")
    expect(bar(other)).to_be_visible()
    expect(bar(farida)).to_be_hidden()


def test_somebody_muted_is_not_announced(visit, sender, post):
    first, quiet, heard = steps.rare_word(), steps.rare_word(), steps.rare_word()
    farida, arthur = visit("reader"), visit("author")
    written = steps.write(arthur, post, f"First {first}.")
    address = written.locator("a[href^='/people/']").get_attribute("href")
    farida.goto(address)
    farida.get_by_role("button", name="Mute").click()
    try:
        farida.goto(post.url)
        steps.write(arthur, post, f"Quiet {quiet}.")
        sender("colleague").write(post, f"Heard {heard}.")
        expect(bar(farida)).to_have_text("1 new comment. Show it")
        bar(farida).click()
        expect(steps.comment(farida, heard)).to_be_visible()
        expect(steps.comment(farida, quiet)).to_have_count(0)
    finally:
        farida.goto(address)
        farida.get_by_role("button", name="Unmute").click()


def test_what_belongs_on_another_page_is_said_to_be_there(visit, post):
    first, second = steps.rare_word(), steps.rare_word()
    arthur, guest = visit("author"), visit()
    steps.write(arthur, post, f"First {first}.")
    address = steps.comment(arthur, first).get_by_role("link", name=re.compile("^Link to")).get_attribute("href")
    guest.goto(f"{post.url}/branch/{address.rpartition('/')[2]}")
    steps.write(arthur, post, f"Second {second}.")

    bar(guest).click()

    expect(guest.get_by_text("1 more elsewhere.")).to_be_visible()
    expect(guest.get_by_role("link", name="Load the page again")).to_be_focused()


def test_in_the_flat_view_a_reply_comes_last_and_names_what_it_answers(visit, sender, post):
    first, second = steps.rare_word(), steps.rare_word()
    arthur, guest = sender("author"), visit()
    arthur.write(post, f"First {first}.")
    guest.goto(f"{post.url}?view=flat")
    arthur.answer(post, f"Second {second}.", first)

    bar(guest).click()

    expect(guest.get_by_role("main").get_by_role("article")).to_contain_text([first, second])
    expect(steps.comment(guest, second)).to_contain_text("In reply to")


def test_the_bar_can_be_reached_and_pressed_by_keyboard(sender, post, reader):
    word = steps.rare_word()
    sender("author").write(post, f"New {word}.")
    expect(bar(reader)).to_be_visible()
    bar(reader).focus()
    reader.keyboard.press("Enter")
    expect(steps.comment(reader, word)).to_be_focused()


def test_the_number_is_said_to_those_who_do_not_see_the_bar_once_a_minute(visit, sender, post):
    guest = visit()
    guest.clock.install()
    guest.goto(post.url)
    said = guest.get_by_role("status").filter(has_text="new comment")
    arthur = sender("author")
    for number in (1, 2):
        arthur.write(post, f"New {steps.rare_word()}.")
        expect(bar(guest)).to_contain_text(f"{number} new comment")
        guest.clock.run_for(1_000)
        expect(said).to_have_text("1 new comment.")
    guest.clock.run_for(60_000)
    expect(said).to_have_text("2 new comments.")


def test_a_page_with_the_bar_is_usable_by_all(sender, watched, post):
    seen = watched()
    seen.page.goto(post.url)
    sender("author").write(post, f"New {steps.rare_word()}.")
    expect(bar(seen.page)).to_be_visible()
    found = []
    for size in ({"width": 1280, "height": 900}, {"width": 390, "height": 844}, {"width": 320, "height": 640}):
        seen.page.set_viewport_size(size)
        found += seen.violations()
        assert not seen.is_wider_than_its_window(), size
    seen.page.emulate_media(color_scheme="dark")
    found += seen.violations()
    assert (found, seen.complaints, seen.strangers, seen.cookies) == ([], [], [], [])


def test_where_there_is_no_stream_the_page_asks_now_and_then(visit, sender, post):
    word, guest = steps.rare_word(), visit()
    guest.route(re.compile(r"/live\?"), lambda route: route.fulfill(status=503))
    guest.clock.install()
    guest.goto(post.url)
    sender("author").write(post, f"New {word}.")
    guest.clock.run_for(31_000)
    expect(bar(guest)).to_be_visible()
    bar(guest).click()
    expect(steps.comment(guest, word)).to_be_visible()


def test_when_the_server_does_not_answer_the_bar_stays_and_says_so(sender, post, reader):
    word = steps.rare_word()
    sender("author").write(post, f"New {word}.")
    expect(bar(reader)).to_be_visible()
    reader.route(re.compile("/live/comments"), lambda route: route.abort())
    bar(reader).click()
    expect(reader.get_by_text("No answer. Try again in a moment.")).to_be_visible()
    reader.unroute(re.compile("/live/comments"))
    bar(reader).click()
    expect(steps.comment(reader, word)).to_be_visible()
    expect(reader.get_by_text("No answer. Try again in a moment.")).to_be_hidden()


def test_a_page_that_was_away_is_told_when_it_is_back(sender, post, reader):
    reader.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    reader.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    sender("author").write(post, f"New {steps.rare_word()}.")
    expect(bar(reader)).to_be_hidden()
    reader.evaluate("delete document.hidden")
    reader.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(bar(reader)).to_be_visible()


def test_a_post_that_is_taken_back_says_so(visit, post, reader):
    arthur = visit("author")
    arthur.goto(post.url)
    arthur.get_by_role("link", name="Edit this post").click()
    steps.set_state(arthur, "draft")
    expect(reader.get_by_text("This post is no longer public.").first).to_be_visible()


def test_nothing_is_missed_when_the_server_is_started_again(running: Site, visit, post, reader):
    before, after = steps.rare_word(), steps.rare_word()
    arthur = visit("author")
    steps.write(arthur, post, f"Before {before}.")
    expect(bar(reader)).to_be_visible()
    arthur.goto(post.url)
    steps.box(arthur).fill(f"After {after}.")

    web = running.child("forum.web")
    assert web
    for process in running.offspring_of(web) | {web}:
        os.kill(process, signal.SIGKILL)
    running.wait_until(lambda: running.child("forum.web") not in (0, web), "another web server")
    running.wait_until(running.answers, "an answer of the other web server")
    # The reader's page waits before it tries again: this is written while nobody listens.
    arthur.get_by_role("button", name="Post comment").click()
    expect(steps.comment(arthur, after)).to_be_visible()

    expect(bar(reader)).to_have_text("2 new comments. Show them")
    bar(reader).click()
    expect(reader.get_by_role("main").get_by_role("article")).to_contain_text([before, after])


@pytest.mark.parametrize("has_scripts", [False], ids=["no scripts"])
def test_without_scripts_nothing_of_it_is_seen_and_a_page_loaded_again_has_the_comment(visit, sender, post):
    word, guest = steps.rare_word(), visit()
    guest.goto(post.url)
    sender("author").write(post, f"New {word}.")
    expect(bar(guest)).to_have_count(0)
    expect(guest.locator(".live__bar :visible")).to_have_count(0)
    guest.reload()
    expect(steps.comment(guest, word)).to_be_visible()
