"""What writers do with their own comments later."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys import steps


def test_an_edited_comment_says_so_and_shows_how_it_read_before(visit, post):
    before, after = steps.rare_word(), steps.rare_word()
    farida, arthur, guest = visit("reader"), visit("author"), visit()
    steps.write(farida, post, f"At first it said {before} here.")
    arthur.goto(post.url)
    steps.like(arthur, before)
    edit(farida, before, f"At first it said {after} here.")

    guest.goto(post.url)
    expect(steps.comment(guest, before)).to_have_count(0)
    steps.comment(guest, after).get_by_role("link", name="edited").click()

    versions = guest.get_by_role("main").get_by_role("list").get_by_role("listitem")
    expect(versions).to_contain_text([f"At first it said [taken out: {before}][added: {after}] here.", before])
    expect(versions.first.get_by_role("deletion")).to_contain_text(before)
    expect(versions.first.get_by_role("insertion")).to_contain_text(after)
    expect(versions.nth(1).get_by_role("insertion")).to_have_count(0)
    guest.get_by_role("link", name="Back to the comment").click()
    expect(steps.comment(guest, after)).to_be_visible()


def test_a_slip_mended_at_once_leaves_no_mark(visit, post):
    slip, word = steps.rare_word(), steps.rare_word()
    farida, guest = visit("reader"), visit()
    steps.write(farida, post, f"A slip: {slip}.")
    steps.comment(farida, slip).get_by_role("link", name="Edit").click()
    expect(farida.get_by_text("It can be edited until")).to_be_visible()
    farida.get_by_role("textbox", name="Your comment").fill(f"Mended: {word}.")
    farida.get_by_role("button", name="Save the change").click()
    expect(farida.get_by_text("Saved.", exact=True)).to_be_visible()

    guest.goto(post.url)
    expect(steps.comment(guest, word)).to_be_visible()
    expect(steps.comment(guest, word).get_by_role("link", name="edited")).to_have_count(0)


def edit(page, words: str, new: str) -> None:
    """Change the comment that says this, looking at the change first."""
    steps.comment(page, words).get_by_role("link", name="Edit").click()
    page.get_by_role("textbox", name="Your comment").fill(new)
    page.get_by_role("main").get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview")).to_contain_text(new)
    page.get_by_role("button", name="Save the change").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()


def test_a_withdrawn_comment_leaves_a_line_above_its_replies(visit, sender, post):
    word, reply = steps.rare_word(), f"I answer with {steps.rare_word()}."
    farida, guest = visit("reader"), visit()
    steps.write(farida, post, f"I will regret {word}.")
    sender("author").answer(post, reply, word)
    farida.goto(post.url)
    steps.comment(farida, word).get_by_role("link", name="Withdraw").click()
    expect(farida.get_by_text("It has 1 reply.")).to_be_visible()
    farida.get_by_role("button", name="Withdraw comment").click()
    expect(farida.get_by_text("Your comment is withdrawn.")).to_be_visible()

    guest.goto(post.url)
    expect(guest.get_by_text(word)).to_have_count(0)
    expect(steps.replies_to(guest, "The writer withdrew this comment.").filter(has_text=reply)).to_be_visible()


def test_only_its_writer_is_offered_to_change_a_comment(visit, post):
    word = steps.rare_word()
    farida, arthur = visit("reader"), visit("author")
    mine = steps.write(farida, post, f"Mine is {word}.")
    expect(mine.get_by_role("link", name="Edit")).to_be_visible()
    expect(mine.get_by_role("link", name="Flag")).to_be_hidden()

    arthur.goto(post.url)

    theirs = steps.comment(arthur, word)
    expect(theirs.get_by_role("link", name="Flag")).to_be_visible()
    expect(theirs.get_by_role("link", name="Edit")).to_be_hidden()
    expect(theirs.get_by_role("link", name="Withdraw")).to_be_hidden()
    expect(theirs.get_by_role("link", name="Remove")).to_be_hidden()
