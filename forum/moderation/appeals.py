"""Asking for another moderator to look at a decision, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from forum.accounts.models import KNOWN, User
from forum.comments import publication
from forum.comments.models import HELD, PUBLISHED, REJECTED, REMOVED, Comment
from forum.comments.queries import writer_and_post
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation import clock
from forum.foundation.access import require
from forum.foundation.db import db
from forum.foundation.errors import Conflict, Refused
from forum.moderation import cases, cleaning, decisions, queries, questions, sanctions, snapshots, standing, trust
from forum.moderation.actions import APPEAL, CLEAN_UP, OVERTURN, UPHOLD
from forum.moderation.decisions import AlreadyDecided
from forum.moderation.models import Appeal, Case, Decision, Seen
from forum.moderation.permissions import may_answer, may_appeal

# Enough to say why, and to be read to the end.
LONGEST = 4_000


def make(decision: Decision, by: User, words: str) -> Appeal:
    """Appeal against a decision, once. Raises Refused, Forbidden, and Conflict when it was undone meanwhile."""
    require(may_appeal(by, decision, has_appealed=against(decision) is not None))
    words = _checked(words)
    comment = decision.comment
    case = cases.open_for(comment, APPEAL) if comment is not None else cases.open_about(by, APPEAL)
    # From here on this waits for whoever undoes the decision, and they for this.
    db.session.execute(select(Decision.id).where(Decision.id == decision.id).with_for_update())
    if not queries.is_in_force(decision):
        raise Conflict(_("This decision was undone, so there is nothing to appeal against."))
    appeal = _add(decision, case, by, words)
    cases.touch(case)
    publish(catalog.AppealMade(appeal.id))
    return appeal


def answer(appeal: Appeal, by: User, version: int | Seen, is_upheld: bool, words: str) -> Decision:
    """Let the decision stand, or take back all that it did.

    Raises AlreadyDecided when somebody else has answered, Forbidden, and Refused for words that are missing.
    """
    require(may_answer(by, appeal))
    words = decisions.checked_message(words)
    if not words:
        raise Refused(_("Say why. They will read it with care"), "words")
    case, decision = appeal.case, appeal.decision
    if appeal.answer_id is not None or not cases.close(case, version):
        raise AlreadyDecided(case, queries.last_decision(case))
    was = _state(decision)
    before = {} if is_upheld else _overturn(decision, by)
    made = decisions.add(
        case, UPHOLD if is_upheld else OVERTURN, by, comment=decision.comment, user=decision.user,
        # The reason stays: the comment is kept from readers for the same one.
        reason=decision.reason, message=words, before=before, on=decision, from_state=was, to_state=_state(decision),
    )  # fmt: skip
    appeal.answer_id = made.id
    db.session.flush()
    questions.go_on(case)
    return made


def put_back(made: Decision, _by: User) -> None:
    """The answer is taken back: what was overturned holds again, and the appeal waits."""
    appeal = db.session.scalar(select(Appeal).where(Appeal.answer_id == made.id))
    if appeal is None:
        raise Conflict(_("This cannot be undone."))
    if made.action == OVERTURN:
        _take_back(made, appeal.decision)
    appeal.answer_id = None
    made.case.kind = APPEAL
    db.session.flush()
    cases.reopen(made.case)


def against(decision: Decision) -> Appeal | None:
    """The appeal against this decision, with its answer. One query."""
    return db.session.scalar(select(Appeal).where(Appeal.decision_id == decision.id).options(*_whole()))


def waiting_on(case: Case) -> Sequence[Appeal]:
    """The appeals that a case waits with, the oldest first. One query."""
    return db.session.scalars(
        select(Appeal)
        .where(Appeal.case_id == case.id, Appeal.answer_id.is_(None))
        .options(*_whole())
        .order_by(Appeal.id)
    ).all()


def by_id(appeal_id: int) -> Appeal | None:
    return db.session.scalar(select(Appeal).where(Appeal.id == appeal_id).options(*_whole()))


def can_be_answered(decision: Decision) -> bool:
    """Whether anybody moderates here who had no part in the decision."""
    return standing.has_other_staff(decision.taken_by() | {decision.user_id or 0})


def _whole() -> tuple[ORMOption, ...]:
    decision = joinedload(Appeal.decision)
    return (
        joinedload(Appeal.user),
        joinedload(Appeal.case),
        joinedload(Appeal.answer).joinedload(Decision.by),
        decision.joinedload(Decision.by),
        decision.joinedload(Decision.on),
        decision.joinedload(Decision.comment).options(*writer_and_post()),
    )


def _add(decision: Decision, case: Case, by: User, words: str) -> Appeal:
    """Of two at once, one is kept."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = {
        "decision_id": decision.id, "case_id": case.id, "user_id": by.id, "words": words, "created_at": clock.now(),
    }  # fmt: skip
    added = dialect.insert(Appeal).values(row).on_conflict_do_nothing().returning(Appeal.id)
    number = db.session.scalar(added)
    if number is None:
        raise Conflict(_("You have appealed against this decision already."))
    return db.session.get_one(Appeal, number)


def _checked(words: str) -> str:
    words = words.replace("\x00", "").strip()
    if not words:
        raise Refused(_("Say why you think that it should be decided otherwise"), "words")
    if len(words) > LONGEST:
        raise Refused(
            ngettext("Shorten this by %(num)d character", "Shorten this by %(num)d characters", len(words) - LONGEST),
            "words",
        )
    return words


def _state(decision: Decision) -> str:
    if decision.comment is not None:
        return decision.comment.state
    return standing.of(decision.user) if decision.user is not None else standing.FREE


def _overturn(decision: Decision, by: User) -> dict[str, Any]:
    """Take back all that a decision did; what undoing this needs."""
    if decision.comment is not None:
        return _show(decision, decision.comment)
    before: dict[str, Any] = {}
    sanction = standing.made_by(decision)
    if sanction is not None and sanction.lifted_at is None:
        before["ended"] = sanctions.end(sanction, by)
    if decision.action == CLEAN_UP:
        before["back"] = cleaning.bring_back(decision)
    return before


def _show(decision: Decision, comment: Comment) -> dict[str, Any]:
    decisions.answer_flags(decision.case, is_upheld=False)
    if comment.state not in (HELD, REJECTED, REMOVED):
        return {}  # public again already, or its writer took it back
    before = snapshots.of(comment) | {"was": comment.state}
    publication.show(comment)
    comment.may_send_again = True
    return before | trust.give(comment.author, KNOWN)


def _take_back(made: Decision, decision: Decision) -> None:
    before = made.before
    if decision.comment is not None:
        decisions.answer_flags(decision.case, is_upheld=True)
        if "was" not in before:
            return
        if decision.comment.state != PUBLISHED:
            raise Conflict(_("This comment has changed since the decision, so it cannot be undone. Decide anew."))
        snapshots.put_back(decision.comment, before["was"], before)
        trust.take_back(made)
        return
    sanction = standing.made_by(decision)
    if sanction is not None and before.get("ended"):
        sanctions.begin_again(sanction)
    if decision.action == CLEAN_UP:
        cleaning.take_again(decision, before["back"])
