"""Reporting illegal content, as a guest and as a member, and asking what became of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation import decisions, queries
from forum.moderation.models import Report, Signal
from tests import makers

FILLED = {"law": "Libel", "words": "It says that I stole.", "good_faith": "y"}


@pytest.fixture
def comment(app, cast, post):
    return makers.make_comment(cast.alice, post, "Words that somebody reports.")


def count() -> int:
    return db.session.scalar(select(func.count(Report.id)))


def form_of(comment) -> str:
    return f"/comments/{comment.id}/report"


def test_a_guest_reports_from_the_flag_page_without_an_account_and_gets_a_reference(comment, cast, visit):
    guest = visit()
    flag = guest.get(f"/comments/{comment.id}/flag")
    assert f'href="{form_of(comment)}"' in flag.html
    assert "Sign in to flag it" in flag
    page = guest.submit(guest.get(form_of(comment)), "/report", **FILLED)
    made = db.session.scalar(select(Report))
    assert "Your report has reached the moderators" in page
    assert made.reference in page
    assert "has not decided yet" in guest.get(f"/reports/{made.reference}")
    queue = visit(cast.mona).get("/moderation?tab=flagged")
    assert "Words that somebody reports." in queue
    case = visit(cast.mona).get(f"/moderation/cases/{queries.open_case_of(comment).id}")
    assert "Libel: It says that I stole." in case


def test_a_guest_gets_no_cookie_and_no_token(comment, visit):
    page = visit().get(form_of(comment))
    assert "Set-Cookie" not in page.response.headers
    assert "csrf_token" not in page.html


def test_a_member_reports_and_is_not_noted(comment, cast, visit):
    bob = visit(cast.bob)
    assert f'href="{form_of(comment)}"' in bob.get(f"/comments/{comment.id}/flag").html
    bob.submit(bob.get(form_of(comment)), "/report", **FILLED)
    assert db.session.scalar(select(Signal)).by_id is None
    assert db.session.scalar(select(Report)).name == ""


def test_a_member_without_the_token_of_their_session_reports_nothing(comment, cast, visit):
    assert visit(cast.bob).send(form_of(comment), FILLED).status == 400
    assert count() == 0


REFUSED = [
    ("no law", {"law": ""}, "Say which law"),
    ("no words", {"words": ""}, "Say why you think"),
    ("no good faith", {"good_faith": None}, "Say that you believe"),
    ("half an address", {"email": "me"}, "Add the part after the @"),
    ("the field that programs fill in", {"website": "https://spam.example"}, "Leave the last field empty"),
]


@pytest.mark.parametrize(("values", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_report_with(values, words, comment, visit):
    guest = visit()
    sent = {name: value for name, value in (FILLED | values).items() if value is not None}
    page = guest.send(form_of(comment), sent)
    assert page.status == 422
    assert words in page
    assert "Error: " in page
    assert "website" in values or values.get("words") == "" or "It says that I stole." in page.html, "words are kept"
    assert count() == 0


@pytest.mark.parametrize("state", ["held", "rejected", "removed", "withdrawn"])
def test_what_is_not_public_cannot_be_reported_nor_told_from_nothing(state, comment, visit):
    comment.state = state
    db.session.commit()
    for page in (visit().get(form_of(comment)), visit().send(form_of(comment), FILLED)):
        assert page.status == 404
        assert "Words that somebody reports" not in page
    assert visit().get("/comments/99999/report").status == 404


def test_the_page_of_a_report_says_only_state_and_outcome(comment, cast, visit):
    guest = visit()
    guest.send(form_of(comment), FILLED | {"name": "Gwen Reporter", "email": "gwen@example.org"})
    case = queries.open_case_of(comment)
    decisions.remove(case, cast.mona, case.version, "illegal", "Zanzibar message")
    db.session.commit()
    reference = db.session.scalar(select(Report.reference))
    assert "has not decided yet" in guest.get(f"/reports/{reference}")
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        page = guest.get(f"/reports/{reference}")
    assert "The comment is not shown any more." in page
    for secret in ("Gwen", "gwen", "stole", "Libel", "Alice", "Mona", "Zanzibar", comment.post.title, "Words that"):
        assert secret not in page.html, secret
    assert page.response.headers["Cache-Control"] == "private, no-store"
    assert page.response.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("reference", ["0000-0000-0000-0000", "x", "%25", "0" * 400])
def test_a_reference_that_is_none_finds_nothing(reference, comment, visit):
    visit().send(form_of(comment), FILLED)
    assert visit().get(f"/reports/{reference}").status == 404


def test_markup_in_a_report_stays_text(comment, cast, visit):
    visit().send(form_of(comment), FILLED | {"words": "<script>alert(1)</script>", "law": "<b>x</b>"})
    page = visit(cast.mona).get(f"/moderation/cases/{queries.open_case_of(comment).id}")
    assert "<script>alert" not in page.html
    assert "<b>x</b>" not in page.html
