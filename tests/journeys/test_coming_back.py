"""Coming back to a discussion, and finding what is new."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.running.conftest import Site


@pytest.fixture
def an_hour_passes(running: Site) -> Callable[[], None]:
    """Let all that was written and read be an hour older."""

    def pass_by() -> None:
        with closing(sqlite3.connect(running.folder / "forum.db", timeout=20)) as database, database:
            for table, column in (("reading_positions", "since"), ("reading_positions", "seen_at"), *COMMENTS):
                older = f"strftime('%Y-%m-%d %H:%M:%f', {column}, '-1 hour') || '000'"
                database.execute(f"UPDATE {table} SET {column} = {older} WHERE {column} IS NOT NULL")

    return pass_by


COMMENTS = (("comments", "created_at"), ("comments", "published_at"))


@pytest.fixture
def news(visit, sender, post, an_hour_passes) -> tuple[Page, dict[str, str]]:
    """Somebody who was in a discussion an hour ago, with two comments that came since: the words of all three."""
    words = {name: f"{name} {steps.rare_word()}." for name in ("Old", "Reply", "Branch")}
    author, reader = sender("author"), visit("reader")
    author.write(post, words["Old"])
    reader.goto(post.url)
    an_hour_passes()
    author.answer(post, words["Reply"], words["Old"])
    author.write(post, words["Branch"])
    return reader, words


def test_a_list_leads_to_the_first_new_comment_and_the_page_marks_all_of_them(news, post):
    reader, words = news
    reader.goto("/")
    row = reader.get_by_role("article").filter(has_text=post.title)
    row.get_by_role("link", name=re.compile("^2 new")).click()

    expect(reader).to_have_url(re.compile(r"#comment-\d+$"))
    for name, is_new in (("Old", False), ("Reply", True), ("Branch", True)):
        own = reader.locator("article.card").filter(has_text=words[name])
        expect(own.get_by_text("New", exact=True)).to_have_count(1 if is_new else 0)
    first = reader.locator("article.card").filter(has_text=words["Reply"])
    expect(first).to_have_attribute("id", reader.url.partition("#")[2])
    items = reader.locator("#comments > .thread__list > li")
    expect(items.nth(1)).to_contain_text("New since your last visit")
    expect(items.nth(2)).to_contain_text(words["Branch"])

    reader.goto("/")
    expect(row.get_by_role("link", name=re.compile("new"))).to_have_count(0)


def test_the_head_of_the_discussion_leads_there_too_and_says_it_once(news, post, has_scripts):
    reader, words = news
    reader.goto(post.url)
    said = reader.get_by_role("status").filter(has_text="2 new comments since your last visit")
    # With scripts it is put in when the page has come to rest, so that it is read out.
    expect(said).to_have_count(1)
    reader.get_by_role("link", name="Go to the 2 new comments").click()
    expect(reader.locator("article.card:target")).to_contain_text(words["Reply"])

    reader.reload()
    expect(reader.get_by_role("link", name="Go to the 2 new comments")).to_be_visible()
    expect(said).to_have_count(0)


def test_an_order_shows_nothing_but_what_is_new(news, post):
    reader, words = news
    reader.goto(post.url)
    reader.get_by_role("navigation", name="Order of the comments").get_by_role("link", name="New 2").click()

    expect(reader.get_by_role("link", name="New 2")).to_have_attribute("aria-current", "page")
    cards = reader.locator("article.card")
    expect(cards).to_have_count(3)
    expect(cards.nth(0)).to_contain_text(words["Branch"])
    expect(cards.nth(1)).to_contain_text(words["Old"])
    expect(cards.nth(2)).to_contain_text(words["Reply"])


def test_n_goes_from_one_new_comment_to_the_next(news, post, has_scripts):
    if not has_scripts:
        pytest.skip("keys need scripts")
    reader, words = news
    reader.goto(post.url)
    for name in ("Reply", "Branch"):
        reader.keyboard.press("n")
        expect(reader.locator("article.card:focus")).to_contain_text(words[name])
    reader.keyboard.press("n")
    expect(reader.get_by_text("There is none further down this page.")).to_be_attached()
    expect(reader.locator("article.card:focus")).to_contain_text(words["Branch"])


def test_a_page_with_news_is_usable_by_all(watched, post, sender, an_hour_passes, has_scripts):
    if not has_scripts:
        pytest.skip("axe is a script")
    word = steps.rare_word()
    author, seen = sender("author"), watched("reader")
    author.write(post, f"Old {word}.")
    seen.page.goto(post.url)
    an_hour_passes()
    author.answer(post, f"A reply to {word}.", f"Old {word}.")
    author.write(post, "A branch.")
    for address in (post.url, f"{post.url}?order=new", "/"):
        seen.page.goto(address)
        expect(seen.page.get_by_text(re.compile("^New$|2 new")).first).to_be_visible()
        assert (seen.violations(), seen.complaints) == ([], [])
