"""When something breaks: a page in plain words, nothing half done, and no secret in the log."""

from __future__ import annotations

import logging
import re

import pytest
from flask import abort, request
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from forum.accounts.models import User
from forum.foundation.db import db
from forum.foundation.errors import Conflict, Forbidden, IllegalStep, NotFound, Refused
from forum.web import settle
from forum.web.guard import open_to_anybody
from tests.sites import own_site

SECRET = "velvet anchor tundra"


@pytest.fixture
def broken(tmp_path):
    """A site with an address that does what the test says."""

    def site(act):
        app = own_site(tmp_path)

        @app.route("/break/<token>", methods=["GET", "POST"])
        @open_to_anybody
        def break_down(token: str):
            return act()

        app.config["WTF_CSRF_ENABLED"] = False
        return app.test_client()

    return site


def raising(error: Exception):
    def act():
        raise error

    return act


def test_a_refusal_is_said_in_its_own_words_and_escaped(broken):
    kinds = {"Refused": (Refused, 400), "Forbidden": (Forbidden, 403), "NotFound": (NotFound, 404),
             "Conflict": (Conflict, 409), "IllegalStep": (IllegalStep, 409)}  # fmt: skip

    def refuse():
        raise kinds[request.view_args["token"]][0]("Why not? <script>x</script>")

    client = broken(refuse)
    for name, (_kind, status) in kinds.items():
        answer = client.get(f"/break/{name}")
        assert answer.status_code == status, name
        assert "Why not? &lt;script&gt;" in answer.get_data(as_text=True), name


def test_every_status_has_a_page(broken):
    client = broken(lambda: abort(int(request.view_args["token"])))
    for status in (401, 403, 404, 405, 406, 408, 410, 413, 415, 418, 429, 431, 500, 501, 502, 503):
        answer = client.get(f"/break/{status}")
        assert answer.status_code == status
        assert "<h1" in answer.get_data(as_text=True)


def test_a_surprise_is_a_page_with_a_number_that_is_in_the_log(broken, caplog):
    answer = broken(raising(ValueError(f"inside: {SECRET}"))).get("/break/x")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert SECRET not in page
    assert "ValueError" not in page
    assert "Traceback" not in page
    number = re.search(r"<strong>([0-9a-f]{8})</strong>", page).group(1)
    assert number in caplog.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_token_of_a_mailed_link_is_not_logged(broken, caplog):
    broken(raising(ValueError("x"))).post("/break/7.secrettoken?next=secretquery", data={"password": SECRET})
    assert "unexpected error" in caplog.text
    assert "secrettoken" not in caplog.text
    assert "secretquery" not in caplog.text
    assert SECRET not in caplog.text


def test_what_people_typed_is_not_logged_with_an_error_of_the_database(broken, caplog):
    def twice():
        for _ in range(2):
            db.session.add(User(username="x", username_key="x", name="X", password_hash=SECRET))
            db.session.flush()
        return "unreachable"

    assert broken(twice).post("/break/x").status_code == 409
    assert "IntegrityError" in caplog.text
    assert SECRET not in caplog.text


def test_a_database_that_is_busy_is_said_to_be_and_what_was_typed_is_kept(broken, caplog):
    busy = OperationalError(
        "UPDATE users", {"password_hash": SECRET}, Exception("database is locked"), hide_parameters=True
    )
    answer = broken(raising(busy)).post("/break/x", data={"body": "My <b>words</b>."})
    assert answer.status_code == 500
    assert "very busy" in answer.get_data(as_text=True)
    assert "My &lt;b&gt;words&lt;/b&gt;." in answer.get_data(as_text=True)
    assert int(answer.headers["Retry-After"]) > 0
    assert SECRET not in caplog.text


def test_signing_in_and_joining_leave_no_secret_in_the_log(app, cast, visit, caplog):
    assert cast.alice
    caplog.set_level(logging.DEBUG)
    guest = visit()
    for url in ("/sign-in", "/join", "/password/forgot"):
        guest.post(url, {"email": "alice@example.org", "password": SECRET, "name": "Al", "username": "al"})
    alice = visit(cast.alice)
    alice.post("/account/password", {"current": SECRET, "password": SECRET})
    links = {path.read_text() for path in app.config["FORUM"].outbox_dir.glob("*.eml")}
    tokens = {word for text in links for word in re.findall(r"/(?:reset|confirm)/(\S+)", text)}
    assert tokens
    for secret in (SECRET, alice.client.get_cookie("hys").value, *tokens):
        assert secret not in caplog.text


# One request, one transaction


def add_somebody() -> None:
    db.session.add(User(username="new", username_key="new", name="New"))
    db.session.flush()


def people(client) -> int:
    with client.application.app_context():
        return db.session.scalar(select(func.count(User.id)))


def test_changes_are_kept_when_the_answer_is_good(broken):
    def act():
        status = request.view_args["token"]
        db.session.add(User(username=status, username_key=status, name=status))
        return "", int(status)

    client = broken(act)
    for status, kept in ((200, 1), (400, 1), (303, 2), (403, 2), (404, 2), (409, 2), (422, 2), (500, 2)):
        client.post(f"/break/{status}")
        assert people(client) == kept, status


@pytest.mark.parametrize("error", [Refused("No."), ValueError("x"), OperationalError("x", {}, Exception("x"))])
def test_changes_before_an_error_are_undone(broken, error):
    def act():
        add_somebody()
        raise error

    client = broken(act)
    client.post("/break/x")
    assert people(client) == 0


def test_a_counted_try_is_kept_although_the_answer_refuses(broken):
    def act():
        add_somebody()
        settle.keep_anyway()
        return "", 422

    client = broken(act)
    client.post("/break/x")
    assert people(client) == 1


def test_a_change_that_cannot_be_kept_is_not_answered_as_if_it_were(broken):
    """The database refuses at the very end, as at a commit."""

    def act():
        db.session.add(User(username="x", username_key="x", name=None))
        return "Done."

    client = broken(act)
    answer = client.post("/break/x")
    assert answer.status_code == 500
    assert "Done." not in answer.get_data(as_text=True)
    assert people(client) == 0


def test_the_tests_own_error_is_the_databases(tmp_path):
    with own_site(tmp_path).app_context(), pytest.raises(IntegrityError):
        db.session.execute(text("INSERT INTO users (username) VALUES ('x')"))
