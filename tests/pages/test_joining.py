"""Creating an account: the form, the letter, the link and the code."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy import insert as insert_into

from forum.accounts import queries, tokens, usernames
from forum.accounts.models import Token, User
from forum.foundation import clock
from forum.foundation.db import db
from tests.cast import PASSWORD
from tests.letters import letters
from tests.makers import make_post

NORA = {"name": "Nora New", "username": "nora", "email": "nora@example.org", "password": PASSWORD}
OTHER_PASSWORD = "velvet anchor tundra"


def join(visitor, **values):
    """Fill the form as Nora would, but for these values; the page that answers."""
    return visitor.submit(visitor.get("/join"), "/join", **(NORA | values))


def is_signed_in(visitor) -> bool:
    return visitor.get("/account/password").status == 200


@pytest.fixture
def rival(app):
    """Somebody who joins through another connection at the moment the next account is stored here."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one write at a time: the other waits, and then finds the name taken")

    def joins(username: str) -> None:
        def insert(*_args) -> None:
            with db.engine.begin() as other:
                person = {"username": username, "username_key": usernames.key(username), "name": "Rival"}
                nothing = {"is_author": False, "is_moderator": False, "is_admin": False, "trust": 0, "bio": ""}
                nothing |= {"role": "", "organisation": "", "created_at": clock.now()}
                other.execute(insert_into(User.__table__).values(**person, **nothing))

        event.listen(User, "before_insert", insert, once=True)

    return joins


def age(row: Token, by: timedelta) -> None:
    """Let time pass for one letter."""
    db.session.execute(
        update(Token).where(Token.id == row.id).values(created_at=row.created_at - by, expires_at=row.expires_at - by)
    )
    db.session.commit()


def newest_token() -> Token:
    return db.session.scalars(select(Token).order_by(Token.id.desc()).limit(1)).one()


# It works


def test_the_link_of_the_letter_lets_in_from_another_browser(app, visit):
    assert "Check your e-mail" in join(visit())
    [letter] = letters(app)
    assert letter.to == "nora@example.org"

    phone = visit()
    page = phone.submit(phone.get(letter.path), letter.path)

    assert "Welcome" in page
    assert is_signed_in(phone)


def test_the_code_of_the_letter_lets_in_the_browser_that_asked(app, visit):
    nora = visit()
    waiting = join(nora)
    code = letters(app)[0].code

    page = nora.submit(waiting, "/join/check", code=f" {code[:3]} {code[3:]} ")

    assert "Welcome" in page
    assert is_signed_in(nora)


def test_the_letter_is_short_and_names_the_site(app, visit):
    join(visit())
    [letter] = letters(app)
    assert "Have Your Say" in letter.text
    assert letter.path in letter.html
    assert letter.code in letter.html
    assert PASSWORD not in letter.raw.decode()


def test_nobody_is_in_before_the_address_is_confirmed(visit):
    nora = visit()
    join(nora)
    assert not is_signed_in(nora)


def test_somebody_signed_in_is_not_asked_to_join(cast, visit):
    assert visit(cast.alice).get("/join").location == "/"


# The link


def test_looking_at_the_link_confirms_nothing(app, visit):
    join(visit())
    path = letters(app)[0].path
    scanner = visit()
    assert scanner.get(path).status == 200
    assert scanner.client.head(path).status_code == 200
    assert not is_signed_in(scanner)
    assert not queries.by_email("nora@example.org").is_confirmed


def test_the_link_works_once(app, visit):
    join(visit())
    path = letters(app)[0].path
    first, second = visit(), visit()
    open_page = second.get(path)
    first.submit(first.get(path), path)

    late = second.submit(open_page, path)

    assert late.status == 410
    assert "used or is too old" in late
    assert second.get(path).status == 410
    assert not is_signed_in(second)


def test_link_and_code_are_one_use_together(app, visit):
    nora, phone = visit(), visit()
    waiting = join(nora)
    [letter] = letters(app)
    phone.submit(phone.get(letter.path), letter.path)
    assert nora.submit(waiting, "/join/check", code=letter.code).status == 422
    assert not is_signed_in(nora)


def test_the_link_and_the_code_expire(app, visit):
    nora = visit()
    waiting = join(nora)
    [letter] = letters(app)
    age(newest_token(), timedelta(hours=48, seconds=1))
    assert visit().get(letter.path).status == 410
    assert nora.submit(waiting, "/join/check", code=letter.code).status == 422


@pytest.mark.parametrize(
    "change", ["another row", "another secret", "no secret", "no number", "a reset link", "letters"]
)
def test_a_false_link_is_refused(app, visit, change):
    join(visit())
    word = letters(app)[0].path.rpartition("/")[2]
    number, _, secret = word.partition(".")
    false = {
        "another row": f"{int(number) + 1}.{secret}",
        "another secret": f"{number}.{secret[::-1]}",
        "no secret": f"{number}.",
        "no number": f".{secret}",
        "a reset link": f"{number}.{tokens.link(newest_token())[::-1]}",
        "letters": "9" * 30 + "." + "é%00",
    }[change]
    assert visit().get(f"/join/confirm/{false}").status in (400, 410)


def test_a_link_is_good_for_its_purpose_only(app, visit):
    join(visit())
    word = letters(app)[0].path.rpartition("/")[2]
    assert visit().get(f"/password/reset/{word}").status == 410


# The code


def test_tries_at_the_code_are_counted_and_end(app, visit):
    nora = visit()
    waiting = join(nora)
    code = letters(app)[0].code
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _try in range(tokens.MOST_TRIES):
        answer = nora.submit(waiting, "/join/check", code=wrong)
        assert answer.status == 422
        assert "does not match" in answer
    assert newest_token().tries == tokens.MOST_TRIES

    assert nora.submit(waiting, "/join/check", code=code).status == 422
    assert not is_signed_in(nora)


def test_tries_sent_all_at_once_are_all_counted(app, visit):
    nora = visit()
    join(nora)
    wrong = {"code": f"{(int(letters(app)[0].code) + 1) % 10**6:06}", "csrf_token": nora.token()}
    cookie = nora.client.get_cookie("hys").value

    def try_once(_number: int) -> int:
        client = app.test_client()
        client.set_cookie("hys", cookie)
        return client.post("/join/check", data=wrong).status_code

    with ThreadPoolExecutor(6) as many:
        assert set(many.map(try_once, range(tokens.MOST_TRIES))) == {422}

    db.session.expire_all()
    assert newest_token().tries == tokens.MOST_TRIES


def test_one_wrong_code_leaves_the_right_one_good(app, visit):
    nora = visit()
    waiting = join(nora)
    code = letters(app)[0].code
    nora.submit(waiting, "/join/check", code=f"{(int(code) + 1) % 10**6:06}")
    assert "Welcome" in nora.submit(waiting, "/join/check", code=code)


@pytest.mark.parametrize("typed", ["", "12", "abcdef", "１２３４５６", "0" * 500, "9" * 6 + "é"])
def test_what_is_no_code_is_refused(visit, typed):
    nora = visit()
    assert nora.submit(join(nora), "/join/check", code=typed).status == 422


def test_a_code_is_of_no_use_in_another_browser(app, visit):
    join(visit())
    code = letters(app)[0].code
    stranger = visit()
    stranger.get("/join")
    assert stranger.post("/join/check", {"code": code}).location == "/join"
    assert not is_signed_in(stranger)


def test_the_waiting_page_without_having_joined_leads_to_the_form(visit):
    assert visit().get("/join/check").location == "/join"
    assert visit().post("/join/again").location == "/join"


# The letter again


def test_another_letter_makes_the_first_void(app, visit):
    nora = visit()
    waiting = join(nora)
    age(newest_token(), timedelta(minutes=2))

    waiting = nora.submit(waiting, "/join/again")

    first, second = letters(app)
    assert visit().get(first.path).status == 410
    assert nora.submit(waiting, "/join/check", code=first.code).status == 422
    assert "Welcome" in nora.submit(waiting, "/join/check", code=second.code)


def test_another_letter_waits_a_minute(app, visit):
    nora = visit()
    nora.submit(join(nora), "/join/again")
    assert len(letters(app)) == 1


# The same answer whether or not an address is known


def words(page) -> str:
    """What a page says, without the address it repeats and the numbers that differ on every page."""
    plain = page.text.replace("alice@example.org", "…").replace("nobody@example.org", "…")
    return re.sub(r"[0-9a-f]{12,}", "", plain)


def test_joining_says_the_same_for_a_known_address(app, cast, visit):
    assert cast.alice
    known, unknown = visit(), visit()

    answers = [
        join(visitor, email=email, username=username)
        for visitor, email, username in [
            (known, "Alice@Example.org", "somebody"),
            (unknown, "nobody@example.org", "another"),
        ]
    ]

    assert [answer.status for answer in answers] == [200, 200]
    assert words(answers[0]).replace("Alice@Example.org", "…") == words(answers[1])
    assert [letter.subject for letter in letters(app, "alice@example.org")] == ["You have an account already"]
    assert [letter.subject for letter in letters(app, "nobody@example.org")] == ["Confirm your e-mail address"]


def test_a_known_address_gets_no_link_that_confirms(app, cast, visit):
    assert cast.alice
    join(visit(), email="alice@example.org")
    [letter] = letters(app)
    assert letter.path == "/sign-in"
    assert not re.search(r"/join/confirm|/password/reset", letter.text + letter.html)
    assert db.session.scalar(select(func.count(Token.id))) == 0


def test_joining_with_a_known_address_changes_nothing_of_the_account(cast, visit):
    before = (cast.alice.name, cast.alice.username, cast.alice.password_hash)
    join(visit(), email="alice@example.org", password=OTHER_PASSWORD)
    assert (cast.alice.name, cast.alice.username, cast.alice.password_hash) == before
    assert db.session.scalar(select(func.count(User.id))) == 1


def test_the_waiting_page_says_the_same_for_a_known_address(app, cast, visit):
    assert cast.alice
    known, unknown = visit(), visit()
    pages = [
        join(known, email="alice@example.org", username="somebody"),
        join(unknown, email="nobody@example.org", username="another"),
    ]
    for name, values in (("/join/check", {"code": "000000"}), ("/join/again", {})):
        answers = [visitor.submit(page, name, **values) for visitor, page in zip((known, unknown), pages, strict=True)]
        assert answers[0].status == answers[1].status
        assert words(answers[0]) == words(answers[1])


def test_tries_at_the_code_say_the_same_for_a_known_address(app, cast, visit):
    assert cast.alice
    known, unknown = visit(), visit()
    pages = [
        (known, join(known, email="alice@example.org", username="somebody")),
        (unknown, join(unknown, email="nobody@example.org", username="another")),
    ]
    right = letters(app, "nobody@example.org")[0].code
    wrong = f"{(int(right) + 1) % 10**6:06}"
    said = [[words(v.submit(p, "/join/check", code=wrong)) for _ in range(tokens.MOST_TRIES + 2)] for v, p in pages]
    assert said[0] == said[1]


# Somebody else's address


def test_who_joins_with_a_strangers_address_gains_nothing(app, visit):
    """Mallory joins with Nora's address and waits for her to confirm it."""
    mallory, nora = visit(), visit()
    waiting = join(mallory, name="Mallory", username="mallory", password=OTHER_PASSWORD)
    [first] = letters(app)

    join(nora)
    second = letters(app)[-1]

    assert visit().get(first.path).status == 410
    assert mallory.submit(waiting, "/join/check", code=first.code).status == 422
    assert mallory.submit(waiting, "/join/check", code=second.code).status == 422
    nora.submit(nora.get(second.path), second.path)
    account = queries.by_email("nora@example.org")
    assert (account.name, account.username) == ("Nora New", "nora")
    page = mallory.submit(mallory.get("/sign-in"), "/sign-in", email="nora@example.org", password=OTHER_PASSWORD)
    assert page.status == 422
    assert not is_signed_in(mallory)
    assert is_signed_in(nora)


def test_who_confirms_a_strangers_joining_by_reset_voids_the_strangers_code(app, visit):
    """Nora, told of an account she did not make, takes it by a new password; Mallory's page still waits."""
    mallory, nora = visit(), visit()
    waiting = join(mallory, password=OTHER_PASSWORD)
    [confirmation] = letters(app)
    nora.submit(nora.get("/password/forgot"), "/password/forgot", email="nora@example.org")
    reset = letters(app)[-1]
    nora.submit(nora.get(reset.path), reset.path, password=PASSWORD)

    assert mallory.submit(waiting, "/join/check", code=confirmation.code).status == 422
    assert visit().get(confirmation.path).status == 410
    assert not is_signed_in(mallory)
    assert is_signed_in(nora)


def test_an_address_in_another_spelling_is_the_one_that_gets_the_letter(app, visit):
    """Two addresses fold together; only the one who joins now is written to."""
    join(visit(), email="strasse@example.org", username="mallory")
    join(visit(), email="straße@example.org", username="nora")
    assert "stra" in letters(app)[-1].to
    assert queries.by_email("straße@example.org").email == "straße@example.org"
    assert letters(app)[-1].to == "straße@example.org"


# Refusals


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "at least 2 letters"),
        ("name", "\u3164\u3164", "at least 2 letters"),
        ("name", "x" * 81, "at most 80"),
        ("username", "a b", "Use letters and numbers"),
        ("username", "nоra", "one alphabet"),
        ("username", "moderator", "kept for the site"),
        ("username", "alice", "is taken"),
        ("username", "a1ice", "looks like one that is taken"),
        ("email", "", "after the @"),
        ("email", "nora", "after the @"),
        ("email", "nora@", "cannot be right"),
        ("email", "nora@example.org, alice@example.org", "cannot be right"),
        ("email", "nora@example.org\r\nBcc: alice@example.org", "cannot be right"),
        ("email", "Nora <nora@example.org>", "cannot be right"),
        ("email", "n" * 250 + "@example.org", "cannot be right"),
        ("password", "short", "longer password"),
        ("password", "password1234", "easy to guess"),
        ("password", "nora@example.org", "easy to guess"),
        ("password", "x" * 501, "at most 500"),
    ],
)
def test_a_wrong_value_is_refused_and_the_others_are_kept(app, cast, visit, field, value, words):
    assert cast.alice
    page = join(visit(), **{field: value})
    assert page.status == 422
    assert words in page
    kept = page.form("/join")["fields"]
    for name in ("name", "username", "email"):
        if name != field:
            assert kept[name] == NORA[name]
    assert kept["password"] == ""
    assert PASSWORD not in page.html
    assert letters(app) == []
    assert db.session.scalar(select(func.count(User.id))) == 1


def test_a_password_of_more_than_72_characters_is_taken(visit):
    assert "Check your e-mail" in join(visit(), password="a long sentence about buses and tides " * 4)


def test_a_form_sent_twice_at_once_asks_for_one_account(app, visit):
    nora = visit()
    page = nora.get("/join")
    nora.submit(page, "/join", **NORA)
    assert nora.submit(page, "/join", **NORA).status == 200
    assert db.session.scalar(select(func.count(User.id))) == 1
    assert visit().get(letters(app)[-1].path).status == 200


def test_of_two_who_take_one_username_at_once_one_is_told_to_try_again(visit, rival):
    """The other takes it after the name was found free and before the account is stored."""
    rival("n0ra")
    page = join(visit())
    assert page.status == 422
    assert "Try again" in page
    assert page.form("/join")["fields"]["name"] == "Nora New"
    assert PASSWORD not in page.html


def test_a_name_is_shown_without_what_is_invisible(app, visit):
    join(visit(), name="  Nora\u202e\u200b \n New\u3164 ")
    assert queries.by_email("nora@example.org").name == "Nora New"


def test_words_typed_before_joining_are_found_again(app, cast, visit):
    post = make_post(cast.arthur)
    nora = visit()
    typed = {"body": "The 42 is late.", "intent": "join", "lang": "en"}
    page = nora.follow(nora.send(f"/posts/{post.slug}/comments", typed))
    assert "The 42 is late." in page
    waiting = nora.submit(page, "/join", **NORA)
    assert "Check your e-mail" in waiting

    back = nora.submit(waiting, "/join/check", code=letters(app)[0].code)

    assert "The 42 is late." in back
    assert back.form("/comments")["fields"]["body"] == "The 42 is late."
