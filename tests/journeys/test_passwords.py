"""Passwords, forgotten and changed."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys import steps

NEW = "oblong sparrow teapot"


def test_a_forgotten_password_is_reset_through_the_letter_and_old_sessions_end(visit):
    old, here = visit(), visit()
    nora = steps.join(old, "Nora New")
    here.goto("/sign-in")
    here.get_by_role("link", name="Forgotten it?").click()
    here.get_by_label("E-mail address").fill(nora.email)
    here.get_by_role("button", name="Send the link").click()

    steps.follow_letter(here, nora, "Choose a new password")
    here.get_by_label("New password").fill(NEW)
    here.get_by_role("button", name="Save and sign in").click()

    expect(here.get_by_text("Your password is changed, and you are signed in.")).to_be_visible()
    old.goto("/account/password")
    expect(steps.heading(old, "Sign in")).to_be_visible()
    old.get_by_label("E-mail address").fill(nora.email)
    old.get_by_label("Password", exact=True).fill(nora.password)
    old.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(old.get_by_role("main")).to_contain_text("That e-mail and password do not match.")
    steps.sign_in(old, steps.SignIn(nora.email, NEW))


def test_a_letter_for_a_new_password_works_once(visit):
    nora = visit()
    who = steps.join(nora, "Nora New")
    nora.goto("/password/forgot")
    nora.get_by_label("E-mail address").fill(who.email)
    nora.get_by_role("button", name="Send the link").click()
    steps.follow_letter(nora, who, "Choose a new password")
    nora.get_by_label("New password").fill(NEW)
    nora.get_by_role("button", name="Save and sign in").click()

    steps.follow_letter(nora, who, "Choose a new password")

    expect(steps.heading(nora, "This link does not work any more")).to_be_visible()
