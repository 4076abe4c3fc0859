"""People as moderators see them: the list, one person with what can be done about them, and what waits for a second
moderator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _

from forum.accounts.models import UNTIL_LIFTED, User
from forum.comments import queries as comment_queries
from forum.foundation import clock
from forum.moderation import appeals, cleaning, people, rules, sanctions, standing, statements
from forum.moderation.actions import WARN
from forum.moderation.cleaning import Effect
from forum.moderation.models import Appeal, Case, Decision, Sanction
from forum.moderation.permissions import may_agree, may_answer, may_clean_up, may_lift, may_sanction
from forum.reading import cards, decision_lines, dossier, profiles
from forum.reading.cards import PersonCard
from forum.reading.decision_lines import DecisionLine
from forum.reading.dossier import Dossier
from forum.reading.profiles import Line
from forum.web.filters import on_the_clock


@dataclass(frozen=True)
class State:
    """How somebody stands, for a chip."""

    kind: str
    words: str


@dataclass(frozen=True)
class PersonRow:
    card: PersonCard
    url: str
    is_author: bool
    is_staff: bool
    trust_words: str
    comments: int
    against: int
    joined: datetime
    state: State


@dataclass(frozen=True)
class Length:
    """For how long, with what that means if it is done now."""

    value: str
    words: str
    effect: str


@dataclass(frozen=True)
class SanctionRow:
    """A sanction, with the ways to its statement and to its end."""

    words: str
    rule: str
    message: str
    by: str
    when: datetime
    state: str
    is_in_force: bool
    statement_url: str
    lift_url: str


@dataclass(frozen=True)
class Agreement:
    """A suspension that waits for a second moderator, with the form to agree or decline."""

    line: str
    rule: str
    message: str
    effect: str
    version: str
    agree_url: str
    decline_url: str
    # Why this moderator does neither.
    conflict: str


@dataclass(frozen=True)
class Answering:
    """An appeal, with the form to answer it."""

    person: PersonCard
    what: str
    rule: str
    message: str
    decided_by: str
    decided_at: datetime
    words: str
    made_at: datetime
    version: str
    answer_url: str
    statement_url: str
    # What happens if the decision is taken back.
    effect: str
    # Why this moderator does not answer it.
    conflict: str


@dataclass(frozen=True)
class PersonPage:
    record: Dossier
    url: str
    state: State
    is_author: bool
    is_staff: bool
    sanctions: list[SanctionRow]
    waiting: Agreement | None
    # The newest decision on them: a form is about the person as they stood then.
    seen: int
    reasons: list[tuple[str, str]]
    silences: list[Length]
    suspensions: list[Length]
    warn_effect: str
    silence_effect: str
    suspend_effect: str
    # Why there are no forms; empty when there are.
    conflict: str
    clean_up_url: str
    past: list[DecisionLine]
    comments: list[tuple[Line, State]]
    older_url: str


def rows(found: Sequence[User]) -> list[PersonRow]:
    """One query for all of them."""
    counted = people.comments_by([person.id for person in found])
    return [_row(person, *counted.get(person.id, (0, 0))) for person in found]


def page(person: User, viewer: User, *, takes_two: bool, after: str = "") -> PersonPage:
    """Fourteen queries at most."""
    record, _notes = dossier.dossier(person, viewer)
    verdict, last = may_sanction(viewer, person), standing.last_on(person)
    waiting = standing.waiting_on(person)
    comments, later = comment_queries.all_by(person, after)
    return PersonPage(
        record=record,
        url=url_of(person),
        state=state_of(person),
        is_author=person.is_author,
        is_staff=person.is_staff,
        sanctions=[_sanction_row(one, viewer) for one in standing.sanctions_of(person) if not standing.is_waiting(one)],
        waiting=_agreement(waiting, viewer) if waiting is not None else None,
        seen=last.id if last is not None else 0,
        reasons=list(rules.reasons().items()),
        silences=[_length(hours, "") for hours in sanctions.HOURS],
        suspensions=_suspensions(person, viewer, takes_two=takes_two),
        warn_effect=_("They see it on every page, and cannot write before they say that they have read it."),
        silence_effect=_("They cannot write comments, like or flag. They can read, edit, withdraw and appeal."),
        suspend_effect=_("They can only read, withdraw their comments and appeal."),
        conflict=verdict.reason,
        clean_up_url=url_for("sanctions.clean_up", user_id=person.id) if may_clean_up(viewer, person) else "",
        past=[decision_lines.decision_line(row) for row in standing.decisions_on(person)],
        comments=list(zip(profiles.lines(comments), map(_comment_state, comments), strict=True)),
        older_url=url_for("sanctions.person", user_id=person.id, after=later) if later else "",
    )


def agreement(case: Case, viewer: User) -> Agreement | None:
    """The suspension that a case about a person waits with. One query."""
    if case.user is None:
        return None
    waiting = standing.waiting_on(case.user)
    return _agreement(waiting, viewer) if waiting is not None else None


def answering(case: Case, viewer: User) -> list[Answering]:
    """The appeals that a case waits with. One query, and one for each."""
    return [_answering(appeal, case, viewer) for appeal in appeals.waiting_on(case)]


def cleaning_effect(person: User) -> Effect:
    return cleaning.effect_on(person)


def url_of(person: User) -> str:
    return url_for("sanctions.person", user_id=person.id)


def state_of(person: User) -> State:
    if person.is_suspended:
        return State("bad", _until(_("Suspended"), person.suspended_until))
    if person.is_silenced:
        return State("wait", _until(_("Silenced"), person.silenced_until))
    if person.has_warning:
        return State("wait", _("Warned, has not read it yet"))
    if not person.is_claimed:
        return State("still", _("Not claimed"))
    return State("good", _("Active")) if person.is_confirmed else State("still", _("E-mail not confirmed"))


def _until(words: str, moment: datetime | None) -> str:
    if moment is None or moment == UNTIL_LIFTED:
        return words
    return _("%(what)s until %(time)s", what=words, time=on_the_clock(moment))


def _row(person: User, shown: int, against: int) -> PersonRow:
    return PersonRow(
        card=cards.person_card(person),
        url=url_of(person),
        is_author=person.is_author,
        is_staff=person.is_staff,
        trust_words=dossier.trust_words(person),
        comments=shown,
        against=against,
        joined=person.created_at,
        state=state_of(person),
    )


def _suspensions(person: User, viewer: User, *, takes_two: bool) -> list[Length]:
    is_second_asked = takes_two and sanctions.needs_second(person, viewer, None)
    second = _("A second moderator must agree first.") if is_second_asked else ""
    return [
        _length(hours, second if hours is None or hours > sanctions.ALONE_UP_TO else "") for hours in sanctions.HOURS
    ]


def _length(hours: int | None, more: str) -> Length:
    if hours is None:
        return Length("0", statements.length_words(hours), more)
    until = _("Until %(time)s.", time=on_the_clock(clock.now() + timedelta(hours=hours)))
    return Length(str(hours), statements.length_words(hours), f"{'' if more else until}{more}")


def _sanction_row(one: Sanction, viewer: User) -> SanctionRow:
    line = dossier.sanction_lines([one])[0]
    is_in_force = standing.is_in_force(one)
    may_end = is_in_force and bool(may_lift(viewer, one))
    return SanctionRow(
        words=line.words,
        rule=line.reason,
        message=one.decision.message,
        by=_names(one.decision),
        when=one.created_at,
        state=_sanction_state(one, is_in_force=is_in_force),
        is_in_force=is_in_force,
        statement_url=url_for("appeals.statement", decision_id=one.decision_id),
        lift_url=url_for("sanctions.lift", sanction_id=one.id) if may_end else "",
    )


def _names(decision: Decision) -> str:
    by = decision.by.name if decision.by is not None else _("Former member")
    if len(decision.taken_by()) > 1 and decision.on is not None and decision.on.by is not None:
        return _("%(first)s and %(second)s", first=decision.on.by.name, second=by)
    return by


def _sanction_state(one: Sanction, *, is_in_force: bool) -> str:
    if one.begins_at is None:
        return _("Declined by a second moderator.")
    if one.lifted_at is not None:
        return _("Lifted %(time)s.", time=on_the_clock(one.lifted_at))
    if one.kind == WARN:
        return _("Not read yet.") if is_in_force else _("Read.")
    if one.ends_at is None:
        return _("In force until it is lifted.")
    time = on_the_clock(one.ends_at)
    return _("In force until %(time)s.", time=time) if is_in_force else _("Ended %(time)s.", time=time)


def _agreement(waiting: Sanction, viewer: User) -> Agreement:
    proposal = waiting.decision
    values = {"by": _names(proposal), "name": waiting.user.name, "time": statements.length_words(waiting.hours)}
    return Agreement(
        line=_("%(by)s proposes to suspend %(name)s %(time)s.", **values),
        rule=statements.rule(proposal),
        message=proposal.message,
        effect=_("They can only read, withdraw their comments and appeal."),
        version=str(proposal.case.version),
        agree_url=url_for("sanctions.agree", sanction_id=waiting.id),
        decline_url=url_for("sanctions.decline", sanction_id=waiting.id),
        conflict=may_agree(viewer, waiting).reason,
    )


def _answering(appeal: Appeal, case: Case, viewer: User) -> Answering:
    decision = appeal.decision
    verdict = may_answer(viewer, appeal)
    conflict = verdict.reason
    if not verdict and not appeals.can_be_answered(decision):
        conflict += " " + _("Nobody else moderates here, so it waits until somebody does.")
    return Answering(
        person=cards.person_card(appeal.user),
        what=decision_lines.done_words(decision.action),
        rule=statements.rule(decision),
        message=decision.message,
        decided_by=_names(decision),
        decided_at=decision.created_at,
        words=appeal.words,
        made_at=appeal.created_at,
        version=str(case.seen()),
        answer_url=url_for("appeals.answer", appeal_id=appeal.id),
        statement_url=url_for("appeals.statement", decision_id=decision.id),
        effect=_("The comment is shown again, with all that hangs on it.")
        if decision.comment_id is not None
        else _("It ends now, and all that it did is put back."),
        conflict=conflict,
    )


def _comment_state(comment) -> State:
    chip = profiles.state_chip(comment)
    return State(chip.kind, chip.text)
