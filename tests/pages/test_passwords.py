"""Getting back in without the password, and changing it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from forum.accounts.models import Token
from forum.foundation.db import db
from tests.cast import PASSWORD
from tests.letters import letters

NEW = "velvet anchor tundra"


def forgot(visitor, email: str):
    return visitor.submit(visitor.get("/password/forgot"), "/password/forgot", email=email)


def reset(visitor, path: str, password: str = NEW):
    return visitor.submit(visitor.get(path), path, password=password)


def sign_in(visitor, password: str):
    return visitor.submit(
        visitor.get("/sign-in"), "/sign-in", follow=False, email="alice@example.org", password=password
    )


def change(visitor, **values):
    form = {"current": PASSWORD, "password": NEW} | values
    return visitor.submit(visitor.get("/account/password"), "/account/password", **form)


def is_signed_in(visitor) -> bool:
    return visitor.get("/account/password").status == 200


def let_pass(by: timedelta) -> None:
    for row in db.session.scalars(select(Token)).all():
        times = {"created_at": row.created_at - by, "expires_at": row.expires_at - by}
        db.session.execute(update(Token).where(Token.id == row.id).values(**times))
    db.session.commit()


# A forgotten password


def test_the_letter_leads_to_a_new_password_and_in(app, cast, visit):
    assert cast.alice
    alice = visit()
    assert "Check your e-mail" in forgot(alice, "Alice@Example.org")
    [letter] = letters(app)
    assert letter.to == "alice@example.org"

    page = reset(alice, letter.path)

    assert "Your password is changed" in page
    assert is_signed_in(alice)
    assert sign_in(visit(), PASSWORD).status == 422
    assert sign_in(visit(), NEW).status == 303


def test_a_new_password_by_letter_ends_every_session(app, cast, visit):
    laptop, thief = visit(cast.alice), visit(cast.alice)
    bystander = visit(cast.bob)
    forgot(visit(), "alice@example.org")
    phone = visit()
    reset(phone, letters(app)[0].path)
    assert is_signed_in(phone)
    assert not is_signed_in(laptop)
    assert not is_signed_in(thief)
    assert is_signed_in(bystander)


def test_its_owner_is_told_that_the_password_changed(app, cast, visit):
    assert cast.alice
    forgot(visit(), "alice@example.org")
    reset(visit(), letters(app)[0].path)
    told = letters(app, "alice@example.org")[-1]
    assert told.subject == "Your password was changed"
    assert NEW not in told.raw.decode()


def test_looking_at_the_link_changes_nothing(app, cast, visit):
    assert cast.alice
    forgot(visit(), "alice@example.org")
    path = letters(app)[0].path
    assert visit().get(path).status == 200
    assert visit().client.head(path).status_code == 200
    assert sign_in(visit(), PASSWORD).status == 303


def test_the_link_works_once(app, cast, visit):
    assert cast.alice
    forgot(visit(), "alice@example.org")
    path = letters(app)[0].path
    mallory = visit()
    waiting = mallory.get(path)
    reset(visit(), path)
    late = mallory.submit(waiting, path, password="mallory was here too")
    assert late.status == 410
    assert "used or is too old" in late
    assert not is_signed_in(mallory)
    assert sign_in(visit(), NEW).status == 303


def test_the_link_lasts_an_hour(app, cast, visit):
    assert cast.alice
    forgot(visit(), "alice@example.org")
    let_pass(timedelta(hours=1, seconds=1))
    assert visit().get(letters(app)[0].path).status == 410


def test_a_second_letter_makes_the_first_void(app, cast, visit):
    assert cast.alice
    forgot(visit(), "alice@example.org")
    forgot(visit(), "alice@example.org")
    first, second = letters(app)
    assert visit().get(first.path).status == 410
    assert visit().get(second.path).status == 200


def test_a_weak_password_is_refused_and_the_link_stays_good(app, cast, visit):
    assert cast.alice
    forgot(visit(), "alice@example.org")
    path = letters(app)[0].path
    alice = visit()
    page = reset(alice, path, "alice archer")
    assert page.status == 422
    assert "easy to guess" in page
    assert "alice archer" not in page.html
    assert "Your password is changed" in alice.submit(page, path, password=NEW)


def test_a_reset_link_does_not_confirm(app, cast, visit):
    assert cast.alice
    forgot(visit(), "alice@example.org")
    word = letters(app)[0].path.rpartition("/")[2]
    assert visit().get(f"/join/confirm/{word}").status == 410


def test_a_reset_link_is_not_for_another_account(app, cast, visit):
    assert cast.alice
    assert cast.bob
    forgot(visit(), "alice@example.org")
    forgot(visit(), "bob@example.org")
    alices, bobs = (letter.path.rpartition("/")[2].split(".") for letter in letters(app))
    assert visit().get(f"/password/reset/{alices[0]}.{bobs[1]}").status == 410
    assert visit().get(f"/password/reset/{bobs[0]}.{alices[1]}").status == 410


def test_asking_says_the_same_whether_or_not_the_address_is_known(app, cast, visit):
    assert cast.alice
    answers = [forgot(visit(), email) for email in ("alice@example.org", "nobody@example.org", "not an address")]
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert answers[0].text == answers[1].text == answers[2].text
    assert [letter.to for letter in letters(app)] == ["alice@example.org"]


def test_asking_without_an_address_is_refused(app, visit):
    assert forgot(visit(), "").status == 422


def test_an_imported_account_without_an_address_gets_no_letter(app, cast, visit):
    cast.bob.email = cast.bob.email_key = None
    db.session.commit()
    for typed in ("None", "bob", "bob@example.org"):
        forgot(visit(), typed)
    assert db.session.scalar(select(func.count(Token.id))) == 0


def test_the_link_leads_to_the_sites_own_address_whatever_host_was_asked(app, cast, visit):
    assert cast.alice
    mallory = visit()
    mallory.submit(mallory.get("/password/forgot"), "/password/forgot", follow=False, email="alice@example.org")
    asked = {"email": "alice@example.org", "csrf_token": mallory.token()}
    mallory.send("/password/forgot", asked, headers={"X-Forwarded-Host": "evil.example"})
    for letter in letters(app):
        assert "http://localhost:8000/password/reset/" in letter.text
        assert "evil.example" not in letter.raw.decode()


# A new password for somebody signed in


def test_a_changed_password_keeps_this_session_and_ends_the_others(app, cast, visit):
    laptop, thief = visit(cast.alice), visit(cast.alice)
    bystander = visit(cast.bob)
    page = change(laptop)
    assert "Your other sessions have ended" in page
    assert is_signed_in(laptop)
    assert not is_signed_in(thief)
    assert is_signed_in(bystander)
    assert sign_in(visit(), PASSWORD).status == 422
    assert sign_in(visit(), NEW).status == 303
    assert letters(app, "alice@example.org")[-1].subject == "Your password was changed"


def test_a_changed_password_voids_the_letters_under_way(app, cast, visit):
    alice = visit(cast.alice)
    forgot(visit(), "alice@example.org")
    change(alice)
    assert visit().get(letters(app)[0].path).status == 410


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"current": "wrong"}, "not your present password"),
        ({"current": ""}, "Enter your present password"),
        ({"password": ""}, "Enter a new password"),
        ({"password": "short"}, "longer password"),
        ({"password": "alice archer"}, "easy to guess"),
        ({"password": "x" * 501}, "at most 500"),
    ],
)
def test_a_refused_change_changes_nothing_and_shows_no_password(app, cast, visit, values, words):
    alice, phone = visit(cast.alice), visit(cast.alice)
    page = change(alice, **values)
    assert page.status == 422
    assert words in page
    assert PASSWORD not in page.html
    assert is_signed_in(phone)
    assert letters(app) == []
    assert sign_in(visit(), PASSWORD).status == 303
