"""In which language people are written to: their own where they chose one, never that of whoever caused the letter."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask_babel import force_locale

from config import ROOT
from forum.accounts import joining, signing_in, tokens
from forum.accounts.models import KNOWN, NEWCOMER
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation import appeals, care, decisions, flagging, queries, reporting, sanctions
from tests import makers
from tests.cast import PASSWORD, make_user
from tests.letters import letters


@pytest.fixture
def in_welsh(app, cast):
    """Everybody but those who cause the letters has chosen Welsh; the moderator has chosen English."""

    def choose(*people) -> None:
        for person in people:
            person.language = "cy"
        cast.mona.language = "en"
        db.session.commit()

    return choose


def later(work) -> None:
    # The clock goes on: letters are told apart by when they were written.
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        work()
        work()


def told(app, person) -> list[tuple[str, str]]:
    """The subjects of the letters to a person, each with the language it says it is in."""
    return [(letter.subject, re.search(r'<html lang="(\w+)"', letter.html)[1]) for letter in letters(app, person.email)]


def decide(comment, by, act: str, *rest):
    case = queries.open_case_of(comment)
    made = getattr(decisions, act)(case, by, case.version, *rest)
    db.session.commit()
    return made


def test_whoever_chose_welsh_reads_in_welsh_what_an_english_moderator_decided(app, post, cast, in_welsh, work):
    in_welsh(cast.nora)
    decide(makers.make_held(cast.nora, post, "Slow, slow.")[0], cast.mona, "reject", "unkind", "Kinder, please.")
    later(work)
    (letter,) = letters(app, cast.nora.email)
    assert letter.subject == "Nid yw eich sylw wedi’i gyhoeddi"
    assert '<html lang="cy"' in letter.html
    assert "Kinder, please." in letter.text
    for part in (letter.text, letter.html):
        assert "Helo Nora New," in part
        assert "Rheswm:" in part
        assert "Reason:" not in part


def test_a_welsh_moderator_does_not_write_welsh_to_others(app, post, cast, in_welsh, work):
    in_welsh(cast.max)
    comment = makers.make_held(cast.nora, post)[0]
    decide(comment, cast.max, "approve")
    later(work)
    assert told(app, cast.nora) == [("Your comment is published", "en")]


def test_on_a_welsh_site_who_has_chosen_none_is_written_to_in_welsh(app, post, cast, work, monkeypatch):
    site = app.config["FORUM"]
    monkeypatch.setitem(app.config, "FORUM", replace(site, language="cy"))
    cast.bob.language = "en"
    db.session.commit()
    for person in (cast.alice, cast.bob):
        comment = makers.make_comment(person, post)
        decisions.remove_public(comment, cast.mona, "unkind", "")
        db.session.commit()
    later(work)
    assert told(app, cast.alice) == [("Cafodd eich sylw ei ddileu", "cy")]
    assert told(app, cast.bob) == [("Your comment was removed", "en")]


def test_a_language_that_is_spoken_no_more_is_not_written_in(app, post, cast, work):
    cast.nora.language = "xx"
    db.session.commit()
    decide(makers.make_held(cast.nora, post)[0], cast.mona, "approve")
    later(work)
    assert told(app, cast.nora) == [("Your comment is published", "en")]


ASKED_FOR = {
    "confirm": lambda cast: joining.join("Ned", "ned", "ned@example.org", PASSWORD, "handle"),
    "confirm again": lambda cast: joining.ask_again(cast.nora, "handle"),
    "known address": lambda cast: joining.join("Nora", "nora2", cast.nora.email, PASSWORD, "handle"),
    "reset": lambda cast: signing_in.forgot(cast.nora.email),
}


@pytest.mark.parametrize(("chosen", "written"), [(None, "cy"), ("en", "en"), ("xx", "cy")])
@pytest.mark.parametrize("ask", ASKED_FOR)
def test_what_somebody_asked_for_on_a_page_is_in_the_language_of_the_page(ask, chosen, written, app, cast, work):
    cast.nora.language = chosen
    db.session.commit()
    with force_locale("cy"):
        ASKED_FOR[ask](cast)
    db.session.commit()
    work()
    (letter,) = letters(app)
    is_new = ask == "confirm"
    assert f'<html lang="{"cy" if is_new else written}"' in letter.html


# Every letter


def _confirm(cast, post):
    publish(catalog.ConfirmationAsked(tokens.make(cast.nora, tokens.CONFIRM, "handle").id))


def _known_address(cast, post):
    joining.join("Nora", "nora2", cast.nora.email, PASSWORD, "handle")


def _reset(cast, post):
    signing_in.forgot(cast.nora.email)


def _password_changed(cast, post):
    signing_in.change(cast.nora, PASSWORD, "another tidal quokka", None)


def _published(cast, post):
    decide(makers.make_held(cast.nora, post)[0], cast.mona, "approve")


def _lifted(cast, post):
    sanctions.lift(sanctions.silence(cast.nora, cast.mona, "unkind", "Kinder, please.", 24), cast.mona)


def _rejected(cast, post):
    decide(makers.make_held(cast.nora, post)[0], cast.mona, "reject", "unkind", "")


def _appealed(cast, post) -> appeals.Appeal:
    assert cast.max
    made = decide(makers.make_held(cast.nora, post)[0], cast.mona, "reject", "unkind", "")
    return appeals.make(made, cast.nora, "It is about the bus.")


def _answered(cast, post):
    appeal = _appealed(cast, post)
    appeals.answer(appeal, cast.max, appeal.case.version, is_upheld=False, words="You are right.")


def _flagged(cast, post):
    comment = makers.make_comment(cast.alice, post)
    cast.nora.trust = KNOWN
    flagging.flag(comment, cast.nora, "spam", "")
    db.session.commit()
    decide(comment, cast.mona, "remove", "spam")


def _reported(cast, post):
    cast.nora.is_moderator = True
    reporting.report(makers.make_comment(cast.alice, post), "Libel", "It says that I stole.")


def _digest(cast, post):
    makers.make_held(make_user("ned", trust=NEWCOMER), post)
    cast.nora.is_moderator, cast.nora.queue_mail = True, care.HOURLY
    publish(catalog.QueueDigestDue(cast.nora.id))


def _overdue(cast, post):
    case = makers.make_held(make_user("ned", trust=NEWCOMER), post)[1]
    case.escalated_at = case.opened_at = clock.now() - timedelta(hours=9)
    cast.nora.is_moderator = True
    publish(catalog.CasesOverdue(cast.nora.id))


# By its template: what causes it, and its subject in Welsh.
CAUSES = {
    "confirm": (_confirm, "Cadarnhewch eich cyfeiriad e-bost"),
    "known_address": (_known_address, "Mae gennych gyfrif eisoes"),
    "reset": (_reset, "Dewiswch gyfrinair newydd"),
    "password_changed": (_password_changed, "Newidiwyd eich cyfrinair"),
    "published": (_published, "Mae eich sylw wedi’i gyhoeddi"),
    "decision": (_rejected, "Nid yw eich sylw wedi’i gyhoeddi"),
    "lifted": (_lifted, "Gallwch ysgrifennu eto"),
    "appeal_received": (_appealed, "Mae eich apêl gennym"),
    "appeal_answered": (_answered, "Eich apêl: tynnir y penderfyniad yn ôl"),
    "flag_outcome": (_flagged, "Beth ddigwyddodd i’ch fflag"),
    "report_to_moderators": (_reported, "Adroddwyd bod sylw’n anghyfreithlon"),
    "queue (digest)": (_digest, "Mae 1 achos yn aros yn y ciw"),
    "queue (overdue)": (_overdue, "Mae 1 achos wedi aros yn hirach na’r addewid"),
}
# To an address that somebody typed, of whom we know no language.
TO_NOBODY_WE_KNOW = {"report_received", "report_outcome"}


def test_every_letter_is_below():
    there = {path.stem for path in (ROOT / "templates" / "emails").glob("*.txt")}
    assert {name.partition(" ")[0] for name in CAUSES} | TO_NOBODY_WE_KNOW == there


@pytest.mark.parametrize("name", CAUSES)
def test_every_letter_is_in_the_language_of_its_receiver(name, app, post, cast, in_welsh, work):
    cause, subject = CAUSES[name]
    in_welsh(cast.nora)
    cause(cast, post)
    db.session.commit()
    later(work)
    assert {in_ for _subject, in_ in told(app, cast.nora)} == {"cy"}
    assert subject in [found for found, _in in told(app, cast.nora)]
    assert {in_ for _subject, in_ in told(app, cast.mona)} <= {"en"}


def test_whoever_reports_without_an_account_is_written_to_in_the_language_of_the_site(app, post, cast, in_welsh, work):
    in_welsh(cast.max, cast.alice)
    reporting.report(makers.make_comment(cast.alice, post), "Libel", "It says that I stole.", email="x@example.org")
    db.session.commit()
    later(work)
    assert [letter.subject for letter in letters(app, "x@example.org")] == ["We have your report"]
    assert told(app, cast.max) == [("Adroddwyd bod sylw’n anghyfreithlon", "cy")]


@pytest.mark.parametrize("again", [True, False])
def test_the_letter_about_a_rejected_comment_says_where_it_can_be_sent_again(app, post, cast, work, again):
    comment, case = makers.make_held(cast.nora, post)
    decisions.reject(case, cast.mona, case.version, "unkind", may_send_again=again)
    db.session.commit()
    later(work)
    (letter,) = letters(app, cast.nora.email)
    for part in (letter.text, letter.html):
        assert ("You can edit your comment and send it again:" in part) is again
        assert (f"/comments/{comment.id}/edit" in part) is again
