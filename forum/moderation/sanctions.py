"""What moderators do about a person: warn, silence, suspend, and lift it. Each is done once, whoever tries."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, update

from forum.accounts.models import User
from forum.foundation import clock
from forum.foundation.access import require
from forum.foundation.db import db
from forum.foundation.errors import Conflict, Refused
from forum.moderation import cases, decisions, questions, rules, standing
from forum.moderation.actions import DECLINE, HELD, LIFT, PROPOSE, SILENCE, SUSPEND, WARN
from forum.moderation.decisions import AlreadyDecided
from forum.moderation.models import Case, Decision, Sanction, Seen
from forum.moderation.permissions import may_agree, may_lift, may_sanction
from forum.moderation.standing import PROPOSED

# How long somebody may be silenced or suspended; None until it is lifted.
HOURS = (24, 3 * 24, 7 * 24, 30 * 24, None)
# A day is enough to stop a quarrel. What keeps a person away for longer two people have to want.
ALONE_UP_TO = 24


def warn(person: User, by: User, reason: str, message: str, *, seen: int | None = None) -> Sanction:
    """Tell a person, who must say that they have read it before they write again.

    `seen` is the newest decision on the person that the moderator knew of, 0 for none. Raises AlreadyDecided when
    there is a newer one, Forbidden, and Refused for words that are missing.
    """
    _check(person, by, reason, message)
    take_turn(person, seen)
    return _impose(person, by, WARN, reason, message, None)


def silence(
    person: User, by: User, reason: str, message: str, hours: int | None, *, seen: int | None = None
) -> Sanction:
    """Let a person neither write nor like nor flag for so many hours, or until it is lifted. Raises as `warn`."""
    _check(person, by, reason, message, hours)
    take_turn(person, seen)
    return _impose(person, by, SILENCE, reason, message, hours)


def suspend(
    person: User,
    by: User,
    reason: str,
    message: str,
    hours: int | None,
    *,
    takes_two: bool = True,
    seen: int | None = None,
) -> Sanction:
    """The same, and they cannot change what they wrote. Raises as `warn`.

    Where it `takes_two` and is for longer than a day, it waits for another moderator, if there is one.
    """
    _check(person, by, reason, message, hours)
    if takes_two and needs_second(person, by, hours):
        return _propose(person, by, reason, message, hours, seen)
    take_turn(person, seen)
    return _impose(person, by, SUSPEND, reason, message, hours)


def needs_second(person: User, by: User, hours: int | None) -> bool:
    """Whether this long a suspension is for two moderators to decide, and there are two."""
    return (hours is None or hours > ALONE_UP_TO) and standing.has_other_staff({by.id, person.id})


def agree(sanction: Sanction, by: User, version: int | Seen | None = None) -> Decision:
    """Suspend, as another moderator proposed. Raises AlreadyDecided when it no longer waits, and Forbidden."""
    require(may_agree(by, sanction))
    proposal, person = sanction.decision, sanction.user
    _close_waiting(sanction, version)
    was, now = standing.of(person), clock.now()
    sanction.begins_at, sanction.agreed_by_id = now, by.id
    sanction.ends_at = now + timedelta(hours=sanction.hours) if sanction.hours else None
    standing.settle(person)
    decision = decisions.add(
        proposal.case, SUSPEND, by, user=person, reason=proposal.reason, message=proposal.message, on=proposal,
        from_state=was, to_state=standing.of(person),
    )  # fmt: skip
    # From here on this is the decision that is explained to the person, undone or appealed.
    sanction.decision_id = decision.id
    db.session.flush()
    questions.go_on(proposal.case)
    db.session.expire(sanction, ["decision", "agreed_by"])
    return decision


def decline(sanction: Sanction, by: User, message: str = "", version: int | Seen | None = None) -> Decision:
    """Do not suspend. The person never hears of it. Raises as `agree`."""
    require(may_agree(by, sanction))
    _close_waiting(sanction, version)
    sanction.lifted_at, sanction.lifted_by_id = clock.now(), by.id
    case, state = sanction.decision.case, standing.of(sanction.user)
    decision = decisions.add(
        case, DECLINE, by, user=sanction.user, message=decisions.checked_message(message),
        on=sanction.decision, from_state=PROPOSED, to_state=state,
    )  # fmt: skip
    questions.go_on(case)
    return decision


def lift(sanction: Sanction, by: User, message: str = "") -> Decision:
    """End a sanction before its time. Raises AlreadyDecided when it has ended already, Forbidden and Refused."""
    require(may_lift(by, sanction))
    message = decisions.checked_message(message)
    person = sanction.user
    was = standing.of(person)
    if not standing.is_in_force(sanction) or not end(sanction, by):
        _lose_to_last(person)
    return decisions.add(
        closed_case(person), LIFT, by, user=person, message=message, on=sanction.decision,
        from_state=was, to_state=standing.of(person),
    )  # fmt: skip


def end(sanction: Sanction, by: User) -> bool:
    """Let a sanction end now, if nobody else has; the account says so."""
    if not _change(sanction, Sanction.lifted_at.is_(None), lifted_at=clock.now(), lifted_by_id=by.id):
        return False
    standing.settle(sanction.user)
    return True


def begin_again(sanction: Sanction) -> None:
    """That it ended is undone."""
    _change(sanction, lifted_at=None, lifted_by_id=None)
    standing.settle(sanction.user)


def acknowledge(sanction: Sanction, by: User) -> None:
    """The warned person has read it. Doing it twice changes nothing."""
    if sanction.kind != WARN or sanction.user_id != by.id:
        raise Refused(_("This is no warning to you."))
    _change(sanction, Sanction.acknowledged_at.is_(None), acknowledged_at=clock.now())
    standing.settle(by)


def put_back_imposed(decision: Decision, _by: User) -> None:
    """A warning, silence or suspension that is undone never was. One that two agreed on waits for the second again."""
    sanction = standing.made_by(decision)
    if sanction is None or sanction.lifted_at is not None:
        raise Conflict(_("It has ended meanwhile, so there is nothing to undo."))
    person = sanction.user
    if decision.on is not None and decision.on.action == PROPOSE:
        _change(sanction, decision_id=decision.on.id, begins_at=None, ends_at=None, agreed_by_id=None)
        cases.reopen(decision.case)
    else:
        db.session.delete(sanction)
    standing.settle(person)


def put_back_proposal(decision: Decision, _by: User) -> None:
    sanction = standing.made_by(decision)
    if sanction is None or not standing.is_waiting(sanction):
        raise Conflict(_("Another moderator has answered this already."))
    db.session.delete(sanction)
    db.session.flush()
    cases.close(decision.case, decision.case.version)
    questions.go_on(decision.case)


def put_back_lift(decision: Decision, _by: User) -> None:
    sanction = standing.made_by(decision.on) if decision.on is not None else None
    if sanction is None:
        raise Conflict(_("This cannot be undone."))
    begin_again(sanction)


def put_back_decline(decision: Decision, by: User) -> None:
    put_back_lift(decision, by)
    cases.reopen(decision.case)


def closed_case(person: User) -> Case:
    """The case of a decision that nobody had to wait for."""
    case = Case(user_id=person.id, kind=HELD, opened_at=clock.now(), closed_at=clock.now())
    db.session.add(case)
    db.session.flush()
    return case


def take_turn(person: User, seen: int | None = None) -> None:
    """Let one decision on a person be taken at a time. Raises AlreadyDecided when there is a newer one than `seen`."""
    # Written as it is, because SQLite knows no other way to wait for its turn.
    unchanged = update(User).where(User.id == person.id).values(has_warning=User.has_warning)
    db.session.execute(unchanged.execution_options(synchronize_session=False))
    last = standing.last_on(person)
    if seen is not None and last is not None and last.id != seen:
        raise AlreadyDecided(last.case, last)


def _check(person: User, by: User, reason: str, message: str, hours: int | None = None) -> None:
    require(may_sanction(by, person))
    if not rules.is_reason(reason):
        raise Refused(_("Give the reason. People will read it with care"), "reason")
    if not decisions.checked_message(message):
        raise Refused(_("Say in your words what happened. They will read it with care"), "message")
    if hours not in HOURS:
        raise Refused(_("Choose for how long"), "hours")


def _impose(person: User, by: User, kind: str, reason: str, message: str, hours: int | None) -> Sanction:
    was, now = standing.of(person), clock.now()
    decision = decisions.add(
        closed_case(person), kind, by, user=person, reason=reason, message=decisions.checked_message(message),
        from_state=was, to_state=standing.AFTER[kind],
    )  # fmt: skip
    sanction = Sanction(
        user_id=person.id, decision_id=decision.id, kind=kind, hours=hours, begins_at=now,
        ends_at=now + timedelta(hours=hours) if hours else None,
    )  # fmt: skip
    db.session.add(sanction)
    standing.settle(person)
    return sanction


def _propose(person: User, by: User, reason: str, message: str, hours: int | None, seen: int | None) -> Sanction:
    # The case first and then the person, as whoever decides on the case takes them.
    case = cases.open_about(person, HELD)
    take_turn(person, seen)
    if standing.waiting_on(person) is not None:
        raise Conflict(_("A suspension of this person waits for a second moderator already."))
    state = standing.of(person)
    decision = decisions.add(
        case, PROPOSE, by, user=person, reason=reason, message=decisions.checked_message(message),
        from_state=state, to_state=PROPOSED,
    )  # fmt: skip
    sanction = Sanction(user_id=person.id, decision_id=decision.id, kind=SUSPEND, hours=hours)
    db.session.add(sanction)
    db.session.flush()
    cases.touch(case)
    return sanction


def _close_waiting(sanction: Sanction, version: int | Seen | None) -> None:
    """Of two who answer a proposal, one does. Raises AlreadyDecided."""
    case = sanction.decision.case
    if not standing.is_waiting(sanction) or not cases.close(case, case.version if version is None else version):
        _lose_to_last(sanction.user)


def _lose_to_last(person: User) -> None:
    last = standing.last_on(person)
    if last is None:
        raise Conflict(_("This changed while you were looking at it. Look at it again."))
    raise AlreadyDecided(last.case, last)


def _change(sanction: Sanction, *only_if: ColumnElement[bool], **values: object) -> bool:
    changed = db.session.execute(
        update(Sanction)
        .where(Sanction.id == sanction.id, *only_if)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(sanction)
    return changed.rowcount == 1  # type: ignore[attr-defined]
