"""Writing a comment: the toolbar and its keys, quoting, finding people, the limit."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import steps
from tests.journeys.test_keyboard import press_on

scripts_only = pytest.mark.parametrize("has_scripts", [True], ids=["scripts"])


@pytest.fixture
def farida(visit, post) -> Page:
    """A reader at a post of this journey's own."""
    page = visit("reader")
    page.goto(post.url)
    return page


def tool(page: Page, name: str) -> Locator:
    return page.get_by_role("toolbar", name="Format").get_by_role("button", name=name)


def select(box: Locator, start: int, end: int) -> None:
    box.evaluate("(box, [start, end]) => { box.focus(); box.setSelectionRange(start, end); }", [start, end])


def say(page: Page, post: steps.Post, markdown: str, word: str) -> None:
    """Write a comment that is not shown as it is typed."""
    page.goto(post.url)
    steps.box(page).fill(markdown)
    page.get_by_role("button", name="Post comment").click()
    expect(steps.comment(page, word)).to_be_visible()


# The toolbar


@scripts_only
@pytest.mark.parametrize(
    ("name", "before", "chosen", "after"),
    [
        ("Bold", "so it was", (3, 5), "so **it** was"),
        ("Bold", "so **it** was", (5, 7), "so it was"),
        ("Bold", "so it was", (2, 6), "so **it** was"),
        ("Italic", "so it was", (3, 5), "so *it* was"),
        ("Italic", "so **it** was", (5, 7), "so ***it*** was"),
        ("Italic", "so ***it*** was", (6, 8), "so **it** was"),
        ("Link", "so it was", (3, 5), "so [it](https://) was"),
        ("Link", "see https://example.org", (4, 23), "see [](https://example.org)"),
        ("Quotation", "one\n\ntwo", (0, 8), "> one\n>\n> two"),
        ("Quotation", "> one\n> two", (3, 8), "one\ntwo"),
        ("Quotation", "one\ntwo", (5, 5), "one\n> two"),
        ("List", "one\ntwo", (0, 7), "- one\n- two"),
        ("List", "- one\n- two", (0, 11), "one\ntwo"),
        ("Code", "so it was", (3, 5), "so `it` was"),
        ("Code", "one\ntwo", (0, 7), "```\none\ntwo\n```"),
    ],
)
def test_a_button_writes_markdown_and_undo_takes_it_back(farida, name, before, chosen, after):
    box = steps.box(farida)
    box.fill(before)
    select(box, *chosen)
    tool(farida, name).click()
    expect(box).to_have_value(after)
    expect(box).to_be_focused()
    farida.keyboard.press("ControlOrMeta+z")
    expect(box).to_have_value(before)
    farida.keyboard.press("ControlOrMeta+Shift+z")
    expect(box).to_have_value(after)


@scripts_only
def test_what_is_typed_next_stands_between_the_signs(farida):
    box = steps.box(farida)
    box.press_sequentially("So ")
    tool(farida, "Bold").click()
    farida.keyboard.type("it")
    expect(box).to_have_value("So **it**")
    select(box, 0, 2)
    tool(farida, "Link").click()
    farida.keyboard.type("https://example.org/x")
    expect(box).to_have_value("[So](https://example.org/x) **it**")


@scripts_only
def test_keys_write_the_same(farida):
    box = steps.box(farida)
    for key, value in (("b", "**it**"), ("i", "*it*"), ("k", "[it](https://)")):
        box.fill("it")
        select(box, 0, 2)
        farida.keyboard.press(f"Control+{key}")
        expect(box).to_have_value(value)


@scripts_only
def test_the_toolbar_is_one_stop_and_arrows_move_in_it(farida):
    expect(tool(farida, "Bold")).to_have_attribute("title", re.compile("Ctrl|⌘"))
    steps.box(farida).focus()
    farida.keyboard.press("Shift+Tab")
    expect(tool(farida, "Bold")).to_be_focused()
    for key, name in (("ArrowRight", "Italic"), ("End", "Code"), ("ArrowRight", "Bold"), ("ArrowLeft", "Code"),
                      ("Home", "Bold"), ("ArrowRight", "Italic")):  # fmt: skip
        farida.keyboard.press(key)
        expect(tool(farida, name)).to_be_focused()
    farida.keyboard.press("Tab")
    expect(steps.box(farida)).to_be_focused()
    farida.keyboard.press("Shift+Tab")
    expect(tool(farida, "Italic")).to_be_focused()
    farida.keyboard.press("Enter")
    expect(steps.box(farida)).to_have_value("**")


def test_without_a_script_there_is_no_toolbar(farida, has_scripts):
    expect(farida.get_by_role("toolbar", name="Format")).to_have_count(1 if has_scripts else 0)


# Looking at it, and sending it


@scripts_only
def test_a_preview_comes_in_place_and_one_goes_on_writing(farida):
    word, box = steps.rare_word(), steps.box(farida)
    box.fill(f"The **{word}** is bold.")
    farida.evaluate("window.isSamePage = true")
    farida.get_by_role("button", name="Preview").click()
    preview = farida.get_by_role("region", name="Preview")
    expect(preview.get_by_role("strong")).to_have_text(word)
    expect(preview).to_be_focused()
    expect(box).to_be_hidden()
    farida.get_by_role("link", name="Write", exact=True).click()
    expect(box).to_be_focused()
    expect(box).to_have_value(f"The **{word}** is bold.")
    expect(preview).to_have_count(0)
    assert farida.evaluate("window.isSamePage")


@scripts_only
def test_a_preview_of_nothing_says_so_in_place(farida):
    farida.get_by_role("button", name="Preview").click()
    expect(farida.get_by_role("alert").filter(has_text="Write something first")).to_be_visible()
    expect(steps.box(farida)).to_be_visible()


@scripts_only
def test_control_and_enter_post(farida):
    word = steps.rare_word()
    steps.box(farida).fill(f"No button was pressed for {word}.")
    farida.keyboard.press("Control+Enter")
    expect(steps.comment(farida, word)).to_be_visible()
    expect(steps.box(farida)).to_have_value("")


@scripts_only
def test_while_it_is_sent_the_composer_says_so_and_takes_no_second_press(farida):
    # Counted, and kept from leaving, so that the page can be looked at meanwhile.
    farida.evaluate("""() => {
      window.sent = 0;
      addEventListener("submit", (event) => { sent += !event.defaultPrevented; event.preventDefault(); });
    }""")
    steps.box(farida).fill("On its way.")
    post = farida.get_by_role("button", name="Post comment")
    post.click()
    expect(farida.locator("[data-posting]")).to_have_text("Posting…")
    expect(farida.locator("[data-posting]")).to_be_visible()
    expect(farida.get_by_role("status").filter(has_text="Posting…")).to_be_attached()
    expect(post).to_have_attribute("aria-disabled", "true")
    farida.keyboard.press("Control+Enter")
    post.click(force=True)
    assert farida.evaluate("sent") == 1


# The limit


@scripts_only
def test_the_limit_is_said_before_and_counted_near_it(farida):
    box = steps.box(farida)
    expect(farida.get_by_text("Up to 32,000 characters.")).to_be_visible()
    left = farida.locator("[data-left]")
    box.fill("x" * 31_499)
    expect(left).to_be_hidden()
    # One letter outside the first plane of Unicode counts as one, and space around counts for nothing.
    box.fill(" " + "x" * 31_499 + "\N{TROPICAL FISH}\n")
    expect(left).to_have_text("Characters left: 500")
    expect(farida.get_by_role("status").filter(has_text="Characters left: 500")).to_be_attached()
    box.fill("x" * 32_012)
    expect(left).to_have_text("Characters too many: 12")
    farida.get_by_role("button", name="Post comment").click()
    expect(farida.get_by_role("alert").filter(has_text="Shorten your comment by 12 characters")).to_be_visible()
    expect(steps.box(farida)).to_have_value("x" * 32_012)


# Quoting


def test_a_comment_is_quoted_in_the_reply_to_it(visit, post, has_scripts):
    word, mine = steps.rare_word(), steps.rare_word()
    say(visit("author"), post, f"They said **{word}**.", word)
    farida = visit("reader")
    farida.goto(post.url)
    steps.comment(farida, word).get_by_role("link", name=re.compile("^Quote")).click()
    box = steps.reply_box(farida)
    expect(box).to_have_value(re.compile(rf"^> They said \*\*{word}\*\*\.\n>\n> .+, #\d+\n\n$"))
    expect(box).to_be_focused()
    if has_scripts:
        farida.keyboard.type(f"I say {mine}.")
    else:
        box.fill(f"{box.input_value()}I say {mine}.")
    farida.get_by_role("button", name="Post reply").click()
    reply = steps.replies_to(farida, word).filter(has_text=mine)
    expect(reply.get_by_role("blockquote").get_by_role("strong")).to_have_text(word)
    expect(reply.get_by_role("blockquote").get_by_role("link", name=re.compile("^#"))).to_be_visible()


@scripts_only
def test_only_the_chosen_words_are_quoted(visit, post):
    first, second = steps.rare_word(), steps.rare_word()
    say(visit("author"), post, f"They said {first}.\n\nAnd 2 \\* 2, {second}.", second)
    farida = visit("reader")
    farida.goto(post.url)
    comment = steps.comment(farida, first)
    comment.locator(".words p").nth(1).evaluate("words => document.getSelection().selectAllChildren(words)")
    comment.get_by_role("link", name=re.compile("^Quote")).click()
    expect(steps.reply_box(farida)).to_have_value(re.compile(rf"^> And 2 \\\* 2, {second}\.\n>\n> .+, #\d+\n\n$"))


@scripts_only
def test_chosen_words_are_quoted_by_the_button_beside_them_without_a_pointer(visit, post):
    word = steps.rare_word()
    say(visit("author"), post, f"Not this.\n\nOnly {word}.", word)
    farida = visit("reader")
    farida.goto(post.url)
    steps.comment(farida, word).locator(".words p").nth(1).evaluate(
        "words => document.getSelection().selectAllChildren(words)"
    )
    near = farida.locator(".quote-near")
    expect(near).to_be_visible()
    expect(near).to_have_accessible_name(re.compile("^Quote the comment by"))
    near.press("Enter")
    expect(steps.reply_box(farida)).to_have_value(re.compile(rf"^> Only {word}\.\n>\n> "))


@scripts_only
def test_a_quotation_goes_where_the_caret_is_in_an_open_reply(visit, sender, post):
    first, second = steps.rare_word(), steps.rare_word()
    arthur = sender("author")
    arthur.write(post, f"One says {first}.")
    arthur.write(post, f"One says {second}.")
    farida = visit("reader")
    farida.goto(post.url)
    steps.open_reply(farida, first)
    box = steps.reply_box(farida)
    box.fill("Before.\n\nAfter.")
    select(box, 7, 7)
    steps.comment(farida, second).get_by_role("link", name=re.compile("^Quote")).click()
    expect(box).to_have_value(re.compile(rf"^Before\.\n\n> One says {second}\.\n>\n> .+, #\d+\n\nAfter\.$"))
    expect(farida.get_by_role("form", name="Reply to")).to_have_count(1)
    expect(box).to_be_focused()
    farida.keyboard.press("ControlOrMeta+z")
    expect(box).to_have_value("Before.\n\nAfter.")


@scripts_only
def test_a_reply_is_quoted_dressed_addressed_and_posted_without_a_pointer(visit, sender, post):
    word, mine = steps.rare_word(), steps.rare_word()
    sender("author").write(post, f"Answer {word} by keys.")
    farida = visit("reader")
    farida.goto(post.url)
    press_on(farida, steps.comment(farida, word).get_by_role("link", name=re.compile("^Quote")))
    expect(steps.reply_box(farida)).to_be_focused()
    farida.keyboard.type("Yes, ")
    farida.keyboard.press("Control+b")
    farida.keyboard.type(mine)
    farida.keyboard.press("End")
    farida.keyboard.type(", says @ada")
    expect(farida.get_by_role("listbox", name="People")).to_be_visible()
    farida.keyboard.press("Enter")
    farida.keyboard.press("Control+Enter")
    reply = steps.replies_to(farida, word).filter(has_text=mine)
    expect(reply.get_by_role("blockquote")).to_contain_text(word)
    expect(reply.get_by_role("strong").filter(has_text=mine)).to_be_visible()
    expect(reply.get_by_role("link", name="@adaeze")).to_be_visible()


# Finding people


@scripts_only
def test_people_are_found_by_keys_while_a_name_is_typed(visit, sender, post):
    sender("author").write(post, "The author is here.")
    farida = visit("reader")
    farida.goto(post.url)
    box = steps.box(farida)
    box.press_sequentially("Ask @ada")
    people = farida.get_by_role("listbox", name="People")
    chosen = people.get_by_role("option", selected=True)
    expect(chosen).to_contain_text("@adaeze")
    expect(farida.get_by_role("status").filter(has_text="found. Choose with the arrow keys.")).to_be_attached()
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    farida.keyboard.press("Enter")
    expect(box).to_have_value("Ask @adaeze ")
    expect(people).to_have_count(0)
    farida.keyboard.press("ControlOrMeta+z")
    expect(box).to_have_value("Ask @ada")


@scripts_only
def test_the_list_of_people_is_walked_and_closed_by_keys(farida):
    box = steps.box(farida)
    box.press_sequentially("@d")
    people = farida.get_by_role("listbox", name="People")
    options, chosen = people.get_by_role("option"), people.get_by_role("option", selected=True)
    expect(chosen).to_have_count(1)
    count = options.count()
    assert count > 1, "the demo has several whose name begins with d"
    farida.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    farida.keyboard.press("ArrowUp")
    farida.keyboard.press("ArrowUp")
    expect(options.nth(count - 1)).to_have_attribute("aria-selected", "true")
    farida.keyboard.press("Escape")
    expect(people).to_have_count(0)
    expect(box).to_be_focused()
    assert box.get_attribute("aria-activedescendant") is None
    farida.keyboard.press("Enter")
    expect(box).to_have_value("@d\n")


@scripts_only
def test_a_person_is_chosen_by_pointer_too(farida):
    box = steps.box(farida)
    box.press_sequentially("@gwen")
    farida.get_by_role("listbox", name="People").get_by_role("option").first.click()
    expect(box).to_have_value(re.compile("^@gwenllian "))
    expect(box).to_be_focused()


@scripts_only
@pytest.mark.parametrize("typed", ["mail@ada", "a/@ada", "@zqzqzq", "@", "`@`"])
def test_no_list_opens_where_nobody_is_meant(farida, typed):
    steps.box(farida).press_sequentially(typed)
    farida.wait_for_timeout(600)
    expect(farida.get_by_role("listbox")).to_have_count(0)


# The page of help


def test_the_composer_leads_to_a_page_about_markdown(farida):
    farida.locator("#write").get_by_role("link", name="Markdown").click()
    expect(steps.heading(farida, "Writing with Markdown")).to_be_visible()
