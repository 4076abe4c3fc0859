"""Signing in and out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from forum.accounts.models import Session, User
from forum.foundation import clock
from forum.foundation.db import db
from tests.cast import PASSWORD
from tests.letters import letters
from tests.makers import make_post

HERE = "http://localhost"


def sign_in(visitor, email: str = "alice@example.org", password: str = PASSWORD, page: str = "/sign-in", **values):
    return visitor.submit(visitor.get(page), "/sign-in", follow=False, email=email, password=password, **values)


def is_signed_in(visitor) -> bool:
    return visitor.get("/account/password").status == 200


def cookie_of(page) -> str:
    return next(value for name, value in page.response.headers if name == "Set-Cookie" and value.startswith("hys="))


# It works


@pytest.mark.parametrize("email", ["alice@example.org", "Alice@Example.ORG", " alice@example.org "])
def test_the_right_password_lets_in(cast, visit, email):
    assert cast.alice
    alice = visit()
    assert sign_in(alice, email).status == 303
    page = alice.get("/")
    assert "Alice Archer" in page
    assert is_signed_in(alice)


def test_without_being_asked_to_the_browser_forgets_when_it_closes(cast, visit):
    assert cast.alice
    cookie = cookie_of(sign_in(visit()))
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie
    row = db.session.scalars(select(Session)).one()
    assert row.expires_at <= clock.now() + timedelta(hours=24)


def test_keep_me_signed_in_lasts_thirty_days(cast, visit):
    assert cast.alice
    cookie = cookie_of(sign_in(visit(), keep="y"))
    assert "Expires" in cookie
    row = db.session.scalars(select(Session)).one()
    assert row.is_kept
    assert clock.now() + timedelta(days=29) < row.expires_at <= clock.now() + timedelta(days=30)


def test_a_session_past_its_time_opens_nothing(cast, visit):
    alice = visit(cast.alice)
    db.session.execute(update(Session).values(expires_at=clock.now() - timedelta(seconds=1)))
    db.session.commit()
    assert not is_signed_in(alice)


def test_somebody_signed_in_is_led_on(cast, visit):
    alice = visit(cast.alice)
    assert alice.get("/sign-in").location == "/"
    assert alice.get("/sign-in?next=/series").location == "/series"
    assert alice.get("/sign-in?next=//evil.example").location == "/"


def test_a_closed_page_asks_to_sign_in_and_leads_back(cast, visit):
    assert cast.alice
    alice = visit()
    asked = alice.follow(alice.get("/account/password?x=1"))
    back = alice.submit(asked, "/sign-in", follow=False, email="alice@example.org", password=PASSWORD)
    assert back.location == "/account/password?x=1"


def test_words_typed_before_signing_in_are_found_again(cast, visit):
    post = make_post(cast.arthur)
    assert cast.alice
    alice = visit()
    typed = {"body": "The 42 is late.", "intent": "signin", "lang": "en"}
    asked = alice.follow(alice.send(f"/posts/{post.slug}/comments", typed))
    assert "The 42 is late." in asked
    page = alice.submit(asked, "/sign-in", email="alice@example.org", password=PASSWORD)
    assert page.form("/comments")["fields"]["body"] == "The 42 is late."


# Refusals


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(cast, visit):
    assert cast.alice
    answers = [sign_in(visit(), "alice@example.org", "wrong"), sign_in(visit(), "nobody@example.org", "wrong")]
    assert [answer.status for answer in answers] == [422, 422]
    said = [answer.text.replace(email, "") for answer, email in zip(answers, ("alice@", "nobody@"), strict=True)]
    assert said[0] == said[1]
    assert "do not match" in answers[0]


@pytest.mark.parametrize(
    "password", ["", "wrong", PASSWORD.upper(), PASSWORD + " ", PASSWORD[:-1], "\N{BROKEN HEART}" * 600]
)
def test_another_password_does_not_let_in(cast, visit, password):
    assert cast.alice
    alice = visit()
    page = sign_in(alice, password=password)
    assert page.status == 422
    assert not is_signed_in(alice)


@pytest.mark.parametrize("email", ["", "nobody", "nobody@example.org", "%", "' OR 1=1 --", "a" * 5000])
def test_another_address_does_not_let_in(cast, visit, email):
    assert cast.alice
    assert sign_in(visit(), email).status == 422


def test_the_address_is_kept_and_the_password_is_not(cast, visit):
    page = sign_in(visit(), "alice@example.org", "a wrong password", keep="y")
    fields = page.form("/sign-in")["fields"]
    assert fields["email"] == "alice@example.org"
    assert fields["password"] == ""
    assert fields["keep"] == "y"
    assert "a wrong password" not in page.html


def test_imported_accounts_without_a_password_are_closed(cast, visit):
    db.session.add(User(username="old", username_key="old", name="Old Writer", origin="somewhere:1"))
    db.session.commit()
    for email in ("", "None", "old", "somewhere:1"):
        assert sign_in(visit(), email, "None").status == 422


def test_an_unconfirmed_address_gets_its_letter_instead(app, cast, visit):
    cast.nora.confirmed_at = None
    db.session.commit()
    nora = visit()
    page = sign_in(nora, "nora@example.org")
    assert page.location == "/join/check"
    assert not is_signed_in(nora)
    [letter] = letters(app)
    assert "Welcome" in nora.submit(nora.get("/join/check"), "/join/check", code=letter.code)


# Where `next` may lead


@pytest.mark.parametrize(
    "next_page",
    ["/series", "/posts/a-post?order=newest", "/search?q=%C5%B5y", f"{HERE}/series", f"{HERE}/series?x=1"],
)
def test_next_leads_to_a_page_of_this_site(cast, visit, next_page):
    assert cast.alice
    page = sign_in(visit(), next=next_page)
    assert page.location == next_page.removeprefix(HERE)


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "/\\evil.example", "//["])
def test_next_never_leads_elsewhere(cast, visit, next_page):
    """The whole table is in tests/web/test_respond.py."""
    assert cast.alice
    assert sign_in(visit(), next=next_page).location == "/"


def test_the_way_in_keeps_next_only_where_it_was_asked_for(visit):
    page = visit().get("/sign-in?next=/series")
    assert page.form("/sign-in")["fields"]["next"] == "/series"


# Signing out


def test_signing_out_ends_the_session_everywhere_its_cookie_went(cast, visit):
    alice, thief = visit(cast.alice), visit()
    stolen = alice.client.get_cookie("hys").value
    thief.client.set_cookie("hys", stolen)
    assert is_signed_in(thief)

    page = alice.submit(alice.get("/"), "/sign-out")

    assert "You are signed out" in page
    assert not is_signed_in(alice)
    assert not is_signed_in(thief)
    assert db.session.scalar(select(func.count(Session.id))) == 0


def test_signing_out_here_leaves_the_other_browser_in(cast, visit):
    laptop, phone = visit(cast.alice), visit(cast.alice)
    laptop.submit(laptop.get("/"), "/sign-out")
    assert is_signed_in(phone)


def test_a_link_does_not_sign_out(cast, visit):
    alice = visit(cast.alice)
    assert alice.get("/sign-out").status == 405
    assert is_signed_in(alice)


def test_signing_in_gives_a_new_cookie_and_a_new_form_token(cast, visit):
    assert cast.alice
    alice = visit()
    before = alice.token()
    planted = alice.client.get_cookie("hys").value
    sign_in(alice)
    assert alice.client.get_cookie("hys").value != planted
    assert alice.send("/sign-out", {"csrf_token": before}).status == 400
    stranger = visit()
    stranger.client.set_cookie("hys", planted)
    assert not is_signed_in(stranger)


def test_signing_in_again_ends_the_session_this_browser_had(app, cast, visit):
    """As when a confirmation link is opened in a browser where somebody else is signed in."""
    assert cast.alice
    cast.nora.confirmed_at = None
    db.session.commit()
    sign_in(visit(), "nora@example.org")
    shared = visit(cast.alice)
    [letter] = letters(app)
    shared.submit(shared.get(letter.path), letter.path)
    assert "Nora New" in shared.get("/")
    assert db.session.scalar(select(func.count(Session.id)).where(Session.user_id == cast.alice.id)) == 0


@pytest.mark.parametrize("cookie", ["", "x", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb", "é", '"', "a" * 4000])
def test_a_made_up_cookie_is_a_guests(cast, visit, cookie):
    assert cast.alice
    guest = visit()
    guest.client.set_cookie("hys", cookie)
    assert guest.get("/").status == 200
    assert not is_signed_in(guest)


def test_the_database_holds_no_secret_that_a_cookie_could_be_made_of(cast, visit):
    alice = visit(cast.alice)
    row = db.session.scalars(select(Session)).one()
    assert row.secret_digest not in alice.client.get_cookie("hys").value
    thief = visit()
    thief._take_cookie(row.secret_digest)
    assert not is_signed_in(thief)
