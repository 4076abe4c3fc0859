"""What people do on the pages, by the words that they see there."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

# Seconds within which the worker sends letters, opens cases and tells the index.
WORKER_PATIENCE = 10
PASSWORD = "tidal quokka bicycle"


@dataclass(frozen=True)
class SignIn:
    email: str
    password: str


@dataclass(frozen=True)
class Post:
    title: str
    url: str


def rare_word() -> str:
    """A word that no text of the demo holds, and no stemmer shortens."""
    return "zq" + "".join(secrets.choice("bdfgkmprtv") + secrets.choice("aou") for _syllable in range(5)) + "x"


def sign_in(page: Page, who: SignIn) -> None:
    page.goto("/sign-in")
    fill_sign_in(page, who)


def fill_sign_in(page: Page, who: SignIn) -> None:
    page.get_by_label("E-mail address").fill(who.email)
    page.get_by_label("Password", exact=True).fill(who.password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_text(re.compile("^Menu of"))).to_be_attached()


def fill_join(page: Page, name: str) -> SignIn:
    """Fill in “Create an account” for somebody new; how they sign in from then on."""
    username = rare_word()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Username").fill(username)
    page.get_by_label("E-mail address").fill(f"{username}@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(heading(page, "Check your e-mail")).to_be_visible()
    return SignIn(f"{username}@example.org", PASSWORD)


def join(page: Page, name: str) -> SignIn:
    page.goto("/join")
    who = fill_join(page, name)
    confirm(page, who)
    return who


def confirm(page: Page, who: SignIn) -> None:
    """Follow the link in the letter, in this browser."""
    follow_letter(page, who, "Confirm your e-mail address")
    page.get_by_role("button", name="Confirm and sign in").click()
    expect(page.get_by_text("Welcome. Your e-mail address is confirmed.")).to_be_visible()


def open_letter(page: Page, who: SignIn, subject: str) -> None:
    """The newest letter to this address with this subject, in the outbox."""
    letter = page.get_by_role("listitem").filter(has_text=who.email).filter(has_text=subject)
    look_until(page, "/dev/mail", lambda: letter.count() > 0, f"no letter “{subject}” to {who.email}")
    letter.first.get_by_role("link").click()
    expect(heading(page, subject)).to_be_visible()


def follow_letter(page: Page, who: SignIn, subject: str) -> None:
    open_letter(page, who, subject)
    page.get_by_role("main").get_by_role("link", name=re.compile("^http")).first.click()


def publish(page: Page, title: str = "", **values: str) -> Post:
    """Write a post as this author, and publish it."""
    title = title or f"A post about {rare_word()}"
    page.goto("/desk/posts/new")
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Text", exact=True).fill("It was a *long* winter.\n\nAnd then it was not.")
    for label, value in values.items():
        page.get_by_label(label.capitalize()).first.fill(value)
    set_state(page, "published")
    page.get_by_role("link", name="See the post").click()
    expect(heading(page, title)).to_be_visible()
    return Post(title, page.url)


def set_state(page: Page, state: str) -> None:
    page.get_by_label("State").select_option(state)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Published." if state == "published" else "Draft saved.")).to_be_visible()


def set_policy(page: Page, post: Post, policy: str) -> None:
    """Open, check or close the discussion of a post, as its author."""
    page.goto(post.url)
    page.get_by_role("link", name="Edit this post").click()
    page.get_by_label("Who may write below it").select_option(policy)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()


def write(page: Page, post: Post, words: str) -> Locator:
    """Write a comment below a post as this member; the comment on the page that follows."""
    page.goto(post.url)
    box(page).fill(words)
    page.get_by_role("button", name="Post comment").click()
    expect(comment(page, words)).to_be_visible()
    return comment(page, words)


def answer(page: Page, post: Post, words: str, answered: str) -> Locator:
    """Reply to the comment with these words; the reply on the page that follows."""
    page.goto(post.url)
    open_reply(page, answered)
    reply_box(page).fill(words)
    page.get_by_role("button", name="Post reply").click()
    expect(comment(page, words)).to_be_visible()
    return comment(page, words)


def open_reply(page: Page, answered: str) -> None:
    comment(page, answered).get_by_role("link", name=re.compile("^Reply")).click()
    expect(reply_box(page)).to_be_focused()


def withdraw(page: Page, words: str) -> None:
    """Take back the comment that says this, as its writer on its page."""
    comment(page, words).get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw comment").click()
    expect(page.get_by_text("Your comment is withdrawn.")).to_be_visible()


def like(page: Page, words: str) -> None:
    """Like the comment that says this, as a member on its page."""
    comment(page, words).get_by_role("button", name=re.compile("^Like")).click()
    expect(comment(page, words).get_by_role("link", name=re.compile("like"))).to_be_visible()


def open_case(page: Page, kind: str, words: str) -> None:
    """Open the case of the comment that says this from the queue, as a moderator."""
    row = page.get_by_role("main").get_by_role("link").filter(has_text=words)
    look_until(page, f"/moderation?tab={kind}&shown=1000", lambda: row.count() > 0, f"no case of “{words}”")
    row.click()
    expect(page.get_by_role("region", name="Decide")).to_be_visible()


def give_reason(page: Page, act: str, reason: str, message: str, writer: str = "") -> None:
    """Say in an open case why to reject or remove a comment, and what its writer is to read."""
    page.locator("summary").filter(has_text=re.compile(f"^{act}…")).click()
    page.get_by_label("Reason (the writer sees it)").locator("visible=true").select_option(reason)
    page.get_by_label(f"Message to {writer}").locator("visible=true").fill(message)


def find(page: Page, word: str) -> Locator:
    """The results for a word, once there are some."""
    look_until(page, f"/search?q={word}", lambda: results(page, word).count() > 0, f"{word} was not found")
    return results(page, word)


def lose(page: Page, word: str) -> None:
    """Search until a word is found no more."""
    look_until(page, f"/search?q={word}", lambda: results(page, word).count() == 0, f"{word} was still found")


def results(page: Page, word: str) -> Locator:
    return page.get_by_role("main").get_by_role("article").filter(has_text=word)


def look_until(page: Page, address: str, is_so: Callable[[], bool], complaint: str) -> None:
    """Open a page again and again until the worker has done its part."""
    deadline = time.monotonic() + WORKER_PATIENCE
    while page.goto(address) and not is_so():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.2)


def comment(page: Page, words: str) -> Locator:
    """The comment that says this."""
    return page.get_by_role("article").filter(has_text=words)


def box(page: Page) -> Locator:
    """Where a comment on the post is written."""
    return page.get_by_role("textbox", name="Your comment", exact=True)


def reply_box(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("^Your reply to"))


def heading(page: Page, words: str) -> Locator:
    return page.get_by_role("heading", level=1, name=words)


def replies_to(page: Page, words: str) -> Locator:
    """All comments below the comment that says this."""
    item = page.get_by_role("listitem").filter(has=page.locator(":scope > article").filter(has_text=words))
    return item.get_by_role("list").get_by_role("article")


def code_in_letter(page: Page) -> str:
    return re.search(r"\b\d{6}\b", page.get_by_role("region", name="Text of the letter").inner_text()).group()
