"""Anybody, with or without an account, says that a comment is illegal, and can ask what became of it.

As the Digital Services Act asks of a hosting service (Regulation (EU) 2022/2065, article 16): easy to reach, by
electronic means only, with the reasons, the place, name and address where these are given, and good faith.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import or_, select, update
from sqlalchemy.orm import contains_eager

from forum.comments.models import PUBLISHED, Comment
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.moderation import cases, queries
from forum.moderation.actions import FLAGGED, UNDO_FOR
from forum.moderation.models import Case, Decision, Report, Signal

LONGEST_LAW, LONGEST_WORDS, LONGEST_NAME, LONGEST_EMAIL = 500, 4_000, 80, 254
ILLEGAL = "illegal"
# A report is looked at before any number of dislikes. It hides nothing by itself: whoever asks is not known to us.
WEIGHS = 1_000
# The same words about the same comment within this time are one form, sent twice.
SENT_TWICE = timedelta(hours=1)

# Whose report it was is needed while somebody may complain about what was decided, which is six months (article 20).
SENDERS_KEPT = timedelta(days=183)

# Letters that are not taken for one another: Crockford's base 32 without its vowels and look-alikes. 16 of them make
# 77 bits, which nobody guesses.
LETTERS = "0123456789BCDFGHJKMNPQRSTVWXYZ"

WAITING, ACTED, KEPT, GONE = "waiting", "acted", "kept", "gone"


@dataclass(frozen=True)
class Outcome:
    """What became of a report, and since when; nothing of what it said or of whom it is about."""

    state: str
    since: datetime


def report(
    comment: Comment, law: str, words: str, name: str = "", email: str = "", *, in_good_faith: bool = True
) -> Report:
    """Report a public comment. The caller has asked `may_report`. Raises Refused, naming the field."""
    law, words, name, email = (" ".join(law.split()), words.strip(), " ".join(name.split()), email.strip())
    _check(law, words, name, email)
    if not in_good_faith:
        raise Refused(_("Say that you believe this to be true"), "good_faith")
    earlier = _sent_before(comment, law, words)
    if earlier is not None:
        return earlier
    case = cases.open_for(comment, FLAGGED)
    signal = cases.add_signal(case, ILLEGAL, {"text": words, "law": law}, weight=WEIGHS)
    made = Report(signal_id=signal.id, reference=_new_reference(), law=law, words=words, name=name, email=email)
    db.session.add(made)
    db.session.flush()  # the event needs its number
    publish(catalog.CommentReported(made.id))
    return made


def by_reference(typed: str) -> Report | None:
    """The report of this reference, however its letters are grouped."""
    letters = re.sub(r"[\s-]", "", typed).upper()
    if len(letters) != 16 or not set(letters) <= set(LETTERS):
        return None
    found = select(Report).join(Report.signal).where(Report.reference == _grouped(letters))
    return db.session.scalar(found.options(contains_eager(Report.signal)))


def outcome(made: Report) -> Outcome:
    """What became of it, once that can no longer be undone. Two queries."""
    case = db.session.get_one(Case, made.signal.case_id)
    decision = db.session.scalar(
        select(Decision)
        .where(
            Decision.comment_id == case.comment_id,
            Decision.created_at >= made.created_at,
            Decision.created_at <= clock.now() - UNDO_FOR,
            queries.in_force(),
        )
        .order_by(Decision.id.desc())
        .limit(1)
    )
    if decision is not None:
        return Outcome(KEPT if decision.to_state == PUBLISHED else ACTED, decision.created_at)
    if case.closed_at is not None and queries.last_decision(case) is None:
        return Outcome(GONE, case.closed_at)
    return Outcome(WAITING, made.created_at)


def to_be_told(decision: Decision) -> list[Report]:
    """Reports that this decision answers, of people who gave an address and were not told."""
    return list(
        db.session.scalars(
            select(Report)
            .join(Report.signal)
            .where(Signal.case_id == decision.case_id, Report.email != "", Report.told_at.is_(None))
            .options(contains_eager(Report.signal))
        )
    )


def forget_senders() -> None:
    """Delete names and addresses that are needed no more. Due every day."""
    db.session.execute(
        update(Report)
        .where(Report.created_at < clock.now() - SENDERS_KEPT, or_(Report.name != "", Report.email != ""))
        .values(name="", email="")
        .execution_options(synchronize_session=False)
    )


def _check(law: str, words: str, name: str, email: str) -> None:
    if not law:
        raise Refused(_("Say which law, or what kind of law, in a few words"), "law")
    if not words:
        raise Refused(_("Say why you think it is illegal"), "words")
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        raise Refused(_("Add the part after the @, for example “@example.org”"), "email")
    for text, longest, field in (
        (law, LONGEST_LAW, "law"), (words, LONGEST_WORDS, "words"), (name, LONGEST_NAME, "name"),
        (email, LONGEST_EMAIL, "email"),
    ):  # fmt: skip
        over = len(text) - longest
        if over > 0:
            sentence = ngettext("Shorten this by %(num)d character", "Shorten this by %(num)d characters", over)
            raise Refused(sentence, field)


def _sent_before(comment: Comment, law: str, words: str) -> Report | None:
    return db.session.scalar(
        select(Report)
        .join(Signal, Signal.id == Report.signal_id)
        .join(Case, Case.id == Signal.case_id)
        .where(
            Case.comment_id == comment.id,
            Report.law == law,
            Report.words == words,
            Report.created_at >= clock.now() - SENT_TWICE,
        )
        .limit(1)
    )


def _new_reference() -> str:
    return _grouped("".join(secrets.choice(LETTERS) for _letter in range(16)))


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))
