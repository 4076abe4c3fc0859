"""One case with all that a moderator wants to know before deciding, ready for its template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from forum.accounts.models import User
from forum.comments.models import HELD, PUBLISHED, REJECTED, REMOVED, WITHDRAWN, Comment
from forum.moderation import around, queries, rules
from forum.moderation.actions import APPEAL, UNDO
from forum.moderation.models import Case, Decision
from forum.moderation.permissions import may_decide, may_sanction, may_undo
from forum.reading import acts, cards, decision_lines, desk, evidence, flags, overlay, persons
from forum.reading.acts import Act
from forum.reading.cards import CommentCard, Setting
from forum.reading.decision_lines import DecisionLine
from forum.reading.dossier import Dossier, NoteLine, dossier
from forum.reading.evidence import SignalLine
from forum.reading.flags import Together
from forum.reading.persons import Agreement, Answering
from forum.text import marking, safe
from forum.text.excerpt import beginning

STATES: dict[str, LazyString] = {
    HELD: lazy_gettext("waiting"),
    PUBLISHED: lazy_gettext("public"),
    REJECTED: lazy_gettext("rejected"),
    REMOVED: lazy_gettext("removed"),
    WITHDRAWN: lazy_gettext("withdrawn"),
}
# A picture may be what a comment is held for: it is shown when somebody asks.
PICTURE = "<img"


@dataclass(frozen=True)
class Claim:
    """Who has the case, in words, and what this moderator can do about it."""

    name: str
    is_mine: bool
    minutes: int
    asked: str
    # The addresses of forms; empty where there is nothing to do.
    claim_url: str
    release_url: str
    take_over_url: str
    assign_url: str
    colleagues: list[tuple[int, str]]


@dataclass(frozen=True)
class Like:
    """A comment like this one, or by the same person."""

    url: str
    name: str
    post_title: str
    excerpt: str
    lang: str
    state_words: str
    is_same_text: bool


@dataclass(frozen=True)
class CasePage:
    case_id: int
    # Of the case and of the comment: a decision is about the words that were on the page.
    version: str
    kind: str
    url: str
    is_open: bool
    title: str
    claim: Claim
    comment: CommentCard | None
    # New words for a public comment, which wait; the comment shows what readers see meanwhile.
    edit: Markup | None
    edit_lang: str
    has_pictures: bool
    post_title: str
    post_url: str
    parent: CommentCard | None
    signals: list[SignalLine]
    acts: list[Act]
    reasons: list[tuple[str, str]]
    # Why this moderator does not decide on it.
    conflict: str
    # What the flags on it weigh, and of what it takes to hide it.
    flags: Together | None
    # What is answered on a form of its own.
    appeals: list[Answering]
    agreement: Agreement | None
    # Forms about the person instead of the comment: address and words.
    sanction_urls: list[tuple[str, str]]
    person: Dossier
    notes: list[NoteLine]
    past: list[DecisionLine]
    similar: list[Like]
    # What closed it, for a closed case.
    closing: DecisionLine | None


def case_page(case: Case, viewer: User, hides_at: int) -> CasePage:
    """Everything about one case. Sixteen queries at most, whatever hangs on it. `hides_at` as FORUM_FLAGS_HIDE."""
    comment, edit = case.comment, around.held_edit(case.comment) if case.comment else None
    signals = queries.signals_of([case.id]).get(case.id, [])
    words = [word for signal in signals for word in evidence.matched(signal.detail)]
    person, notes = dossier(case.concerns(), viewer, case)
    past = history(case, viewer)
    return CasePage(
        case_id=case.id,
        version=str(case.seen()),
        kind=case.kind,
        url=url_for("queue.case", case_id=case.id),
        is_open=case.is_open,
        title=_title(case),
        claim=claim(case, viewer),
        comment=_card(comment, [] if edit else words) if comment else None,
        edit=marking.marked(safe.stored(edit.body_html), words) if edit else None,
        edit_lang=edit.lang if edit else "",
        has_pictures=comment is not None and PICTURE in comment.body_html + (edit.body_html if edit else ""),
        post_title=comment.post.title if comment else "",
        post_url=url_for("posts.show", slug=comment.post.slug) if comment else "",
        parent=_parent(comment) if comment else None,
        signals=evidence.signal_lines(signals),
        acts=acts.of_case(case, viewer, edit),
        reasons=list(rules.reasons().items()),
        conflict=_conflict(case, viewer),
        flags=flags.together(signals, hides_at),
        appeals=persons.answering(case, viewer) if case.kind == APPEAL else [],
        agreement=persons.agreement(case, viewer) if case.is_open else None,
        sanction_urls=_sanction_urls(case, viewer),
        person=person,
        notes=notes,
        past=past,
        similar=[_like(one, comment) for one in around.similar(comment)] if comment else [],
        closing=_closing(case, past),
    )


def _title(case: Case) -> str:
    name = case.concerns().name
    return _("The comment by %(name)s", name=name) if case.comment else _("About %(name)s", name=name)


def _card(comment: Comment, words: Sequence[str]) -> CommentCard:
    """The comment as its moderators see it, whatever its state, with what the checks matched marked."""
    card = cards.comment_card(comment, Setting.of(comment.post))
    card.body_html = marking.marked(safe.stored(comment.body_html), words)
    card.tombstone = None
    return card


def _parent(comment: Comment) -> CommentCard | None:
    above = comment.answered
    if above is None:
        return None
    place = Setting.of(comment.post)
    # What hangs below may wait or be gone itself; whoever decides reads it.
    return cards.comment_card(above, place) if above.is_public else overlay.private_cards([above], comment.post)[0]


def _conflict(case: Case, viewer: User) -> str:
    if case.comment is None:
        return ""
    return may_decide(viewer, case.comment, case.comment.answered).reason


def _sanction_urls(case: Case, viewer: User) -> list[tuple[str, str]]:
    person = case.concerns()
    if not may_sanction(viewer, person):
        return []
    page = persons.url_of(person)
    return [(f"{page}#person-do", _("Warn, silence or suspend…"))]


def claim(case: Case, viewer: User) -> Claim:
    """Who has a case, and for how long yet. One query, for whom one could ask."""
    holder = case.holder()
    is_mine = holder is not None and holder.id == viewer.id
    is_anothers = holder is not None and not is_mine
    return Claim(
        name=holder.name if holder else "",
        is_mine=is_mine,
        minutes=desk.claimed_minutes(case) if holder else 0,
        asked=case.assigned_to.name if case.assigned_to else "",
        claim_url=url_for("claims.claim", case_id=case.id) if case.is_open and holder is None else "",
        release_url=url_for("claims.release", case_id=case.id) if is_mine else "",
        take_over_url=url_for("claims.take_over", case_id=case.id) if case.is_open and is_anothers else "",
        assign_url=url_for("claims.assign", case_id=case.id) if case.is_open else "",
        colleagues=[(person.id, person.name) for person in around.colleagues(viewer)] if case.is_open else [],
    )


def history(case: Case, viewer: User) -> list[DecisionLine]:
    """What was decided on this comment or in this case, undone or not, the newest first. One query."""
    if case.comment is None:
        return []
    made = queries.history_of([case.comment.id]).get(case.comment.id, [])
    return lines(made[::-1], viewer)


def lines(made: Sequence[Decision], viewer: User) -> list[DecisionLine]:
    """Decisions as lines, when all that came after them is among them."""
    undone = {row.on_id for row in made if row.action == UNDO and row.on_id}
    undoable = {row.id for row in made if row.id not in undone and may_undo(viewer, row)}
    return [decision_lines.decision_line(row, undone, undoable) for row in made]


def _closing(case: Case, past: Sequence[DecisionLine]) -> DecisionLine | None:
    if case.is_open:
        return None
    return next((line for line in past if line.case_url.endswith(f"/{case.id}") and line.action != UNDO), None)


def _like(one: Comment, comment: Comment) -> Like:
    return Like(
        url=url_for("comments.show", comment_id=one.id),
        name=one.author.name,
        post_title=one.post.title,
        excerpt=beginning(safe.stored(one.body_html), 120),
        lang=one.lang,
        state_words=str(STATES[one.state]),
        is_same_text=bool(comment.text_digest) and one.text_digest == comment.text_digest,
    )
