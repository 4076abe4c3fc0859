"""What moderators know of a person: their record here, what was imposed on them, what colleagues noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from forum.accounts.models import KNOWN, NEWCOMER, TRUSTED, User
from forum.comments import queries as comment_queries
from forum.comments.models import PUBLISHED, REJECTED, REMOVED
from forum.moderation import around, notes, queries, rules
from forum.moderation.actions import SILENCE, SUSPEND, WARN
from forum.moderation.models import Case, Note, Sanction
from forum.moderation.permissions import may_take_back
from forum.reading import cards
from forum.reading.cards import PersonCard
from forum.web.filters import date

# As many as the highest level has.
BARS = 4
_LEVELS: dict[int, LazyString] = {
    NEWCOMER: lazy_gettext("Newcomer"),
    KNOWN: lazy_gettext("Known"),
    2: lazy_gettext("Well known"),
    TRUSTED: lazy_gettext("Trusted"),
    4: lazy_gettext("Staff"),
}


@dataclass(frozen=True)
class NoteLine:
    words: str
    by: str
    when: datetime
    # The address of the form, for whoever may delete it.
    delete_url: str


@dataclass(frozen=True)
class SanctionLine:
    words: str
    when: datetime
    by: str
    reason: str
    # Whether it is over, was lifted, or waits for a second moderator.
    state: str


@dataclass(frozen=True)
class Dossier:
    id: int
    card: PersonCard
    url: str
    joined: datetime
    trust: int
    trust_words: str
    bars: list[bool]
    approved: int
    rejected: int
    removed: int
    flags_upheld: int
    flags_total: int
    likes: int
    sanctions: list[SanctionLine]
    notes: list[NoteLine]
    note_url: str


def dossier(person: User, viewer: User, case: Case | None = None) -> tuple[Dossier, list[NoteLine]]:
    """A person's, and the notes on the case they are looked at for. Five queries."""
    on_case, on_person = notes.around(case, person) if case else ([], list(notes.of_person(person)))
    states, (upheld, total) = comment_queries.states_of(person), queries.flag_record(person)
    _comments, _discussions, likes = comment_queries.totals_of(person)
    level = BARS if person.is_staff else person.trust
    found = Dossier(
        id=person.id,
        card=cards.person_card(person),
        url=url_for("people.show", username=person.username),
        joined=person.created_at,
        trust=level,
        trust_words=str(_LEVELS.get(level, _LEVELS[TRUSTED])),
        bars=[number < level for number in range(BARS)],
        approved=states.get(PUBLISHED, 0),
        rejected=states.get(REJECTED, 0),
        removed=states.get(REMOVED, 0),
        flags_upheld=upheld,
        flags_total=total,
        likes=likes,
        sanctions=sanction_lines(around.sanctions(person)),
        notes=note_lines(on_person, viewer),
        note_url=url_for("notes.add_about_person", username=person.username),
    )
    return found, note_lines(on_case, viewer)


def trust_words(person: User) -> str:
    return str(_LEVELS.get(BARS if person.is_staff else person.trust, _LEVELS[TRUSTED]))


def note_lines(found: Sequence[Note], viewer: User) -> list[NoteLine]:
    return [_note_line(note, viewer) for note in found]


def _note_line(note: Note, viewer: User) -> NoteLine:
    return NoteLine(
        words=note.words,
        by=note.by.name if note.by else _("Former member"),
        when=note.created_at,
        delete_url=url_for("notes.delete", note_id=note.id) if may_take_back(viewer, note) else "",
    )


def sanction_lines(found: Sequence[Sanction]) -> list[SanctionLine]:
    return [_sanction_line(one) for one in found]


def _sanction_line(one: Sanction) -> SanctionLine:
    by = one.decision.by
    return SanctionLine(
        words=_imposed(one),
        when=one.created_at,
        by=by.name if by else _("Former member"),
        reason=rules.reason_words(one.decision.reason) if one.decision.reason else "",
        state=_state(one),
    )


def _imposed(one: Sanction) -> str:
    if one.kind == WARN:
        return _("Warned")
    if one.hours is None:
        return {SILENCE: _("Silenced until lifted"), SUSPEND: _("Suspended until lifted")}[one.kind]
    days, hours = divmod(one.hours, 24)
    lasts = (
        ngettext("%(num)d hour", "%(num)d hours", one.hours)
        if hours or days == 1
        else ngettext("%(num)d day", "%(num)d days", days)
    )
    if one.kind == SILENCE:
        return _("Silenced for %(time)s", time=lasts)
    return _("Suspended for %(time)s", time=lasts)


def _state(one: Sanction) -> str:
    if one.lifted_at is not None:
        return _("Lifted on %(date)s.", date=date(one.lifted_at))
    if one.kind != WARN and one.begins_at is None:
        return _("Waits for a second moderator.")
    return ""
