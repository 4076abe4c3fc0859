"""What moderators find when they search: comments in every state, ready for the template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from forum.accounts import blocking
from forum.accounts.models import User
from forum.comments.models import Comment, HeldEdit
from forum.moderation import queries
from forum.moderation.models import Case, Signal
from forum.moderation.searching import Found, Wanted
from forum.reading import cards, desk, evidence, persons, profiles
from forum.reading.cards import PersonCard
from forum.reading.desk import Chip
from forum.reading.passages import passage
from forum.text import safe
from forum.text.excerpt import plain


@dataclass(frozen=True)
class SearchedRow:
    """One comment that was found; an address is empty where there is nothing to go to."""

    id: int
    person: PersonCard
    person_url: str
    when: datetime
    states: list[Chip]
    excerpt: Markup
    lang: str
    # What checks and readers said of it.
    found: list[Chip]
    discussion: str
    discussion_lang: str
    discussion_url: str
    case_url: str
    comment_url: str
    # What all accounts with the writer's e-mail address wrote.
    same_address_url: str


def rows(found: Found, wanted: Wanted) -> list[SearchedRow]:
    """One query for the signals of all of them."""
    cases = [case for some in found.cases.values() for case in some]
    signals = queries.signals_of([case.id for case in cases])
    return [_row(comment, edit, found.cases.get(comment.id, []), signals, wanted) for comment, edit in found.rows]


def _row(
    comment: Comment, edit: HeldEdit | None, cases: Sequence[Case], signals: dict[int, list[Signal]], wanted: Wanted
) -> SearchedRow:
    said = [signal for case in cases for signal in signals.get(case.id, [])]
    post = comment.post
    # Words are marked that were looked for; else those that a check found.
    words = [*wanted.words, wanted.matched] if wanted.reads_texts else _found_words(said)
    return SearchedRow(
        id=comment.id,
        person=cards.person_card(comment.author),
        person_url=persons.url_of(comment.author),
        when=comment.created_at,
        states=_states(comment, edit),
        excerpt=passage(_texts(comment, edit), words),
        lang=comment.lang,
        found=desk.chips(cases[0], said) if cases else [],
        discussion=post.title,
        discussion_lang=post.lang,
        discussion_url=url_for("posts.show", slug=post.slug) if post.is_public else "",
        case_url=url_for("queue.case", case_id=cases[0].id) if cases else "",
        comment_url=url_for("comments.show", comment_id=comment.id) if post.is_public else "",
        same_address_url=_same_address_url(comment.author),
    )


def _states(comment: Comment, edit: HeldEdit | None) -> list[Chip]:
    waits = [Chip("wait", "clock", _("New words wait"))] if edit is not None else []
    return [profiles.state_chip(comment), *waits]


def _texts(comment: Comment, edit: HeldEdit | None) -> list[str]:
    """Where the words may stand: as it is read, in the new words, and in the source, which has what a link hides."""
    read = [plain(safe.stored(comment.body_html)), *([plain(safe.stored(edit.body_html))] if edit else [])]
    return [*read, comment.body, *([edit.body] if edit else [])]


def _found_words(signals: Sequence[Signal]) -> list[str]:
    return [word for signal in signals for word in evidence.matched(signal.detail)]


def _same_address_url(author: User) -> str:
    if author.email is None:
        return ""
    return url_for("moderation_search.index", address=blocking.digest_of(author.email))
