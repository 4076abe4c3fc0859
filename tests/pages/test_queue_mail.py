"""Where moderators choose what they are mailed."""

from __future__ import annotations

import pytest

from forum.foundation.db import db

PAGE = "/moderation/mail"


@pytest.mark.parametrize("choice", ["hourly", "daily", "never", ""])
def test_a_choice_is_saved_and_shown_again(choice, cast, visit):
    cast.mona.queue_mail = "daily" if choice == "" else ""
    db.session.commit()
    mona = visit(cast.mona)
    page = mona.submit(mona.get(PAGE), PAGE, queue_mail=choice)
    assert "Saved." in page
    assert page.form(PAGE)["fields"]["queue_mail"] == choice
    assert cast.mona.queue_mail == choice


@pytest.mark.parametrize("sent", [{"queue_mail": "sideways"}, {}])
def test_what_is_not_offered_is_refused(sent, cast, visit):
    cast.mona.queue_mail = "hourly"
    db.session.commit()
    page = visit(cast.mona).post(PAGE, sent)
    assert page.status == 422
    assert "Choose when you want a letter" in page
    assert cast.mona.queue_mail == "hourly"


def test_only_moderators_come_here(cast, visit):
    for person in (cast.alice, cast.arthur):
        assert visit(person).get(PAGE).status == 403
        assert visit(person).post(PAGE, {"queue_mail": "hourly"}).status == 403
    assert visit().get(PAGE).status == 303
