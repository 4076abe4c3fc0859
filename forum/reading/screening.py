"""The checks and the watched words as moderators see them, and what a trial found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from forum.comments.models import REJECTED, REMOVED, Comment
from forum.foundation import clock
from forum.moderation import screened
from forum.moderation.screened import Outcome
from forum.reading.desk import Chip
from forum.reading.profiles import state_chip
from forum.screening import bayes, checks, queries, sentences, settings, trial
from forum.screening.checks import ASKS, LOOKS, Check, Number
from forum.screening.models import BLOCK, FLAG, HOLD, NUDGE, WatchedWord
from forum.screening.names import SPAM
from forum.screening.settings import Kept
from forum.screening.spam import ENOUGH, Learned
from forum.text import language
from forum.text.excerpt import beginning
from forum.text.safe import stored

# What is counted: four weeks hold as many Mondays as Sundays.
COUNTED_DAYS = 28
# A word that is let through so often, after so many decisions, holds people back for nothing.
LENIENT_SHARE, LENIENT_AFTER = 80, 10
# Of the comments a trial found, so many are shown.
SHOWN = 30
LENGTH = 220

ACTIONS = {
    NUDGE: (lazy_gettext("Ask first"), lazy_gettext("The writer sees why, and can post it as it is: then it waits.")),
    FLAG: (lazy_gettext("Tell"), lazy_gettext("Everybody reads it, and a moderator looks.")),
    HOLD: (lazy_gettext("Hold"), lazy_gettext("A moderator decides before others read it.")),
    BLOCK: (lazy_gettext("Stop"), lazy_gettext("It is not taken; the writer sees the word, and can change it.")),
}
_KINDS = {NUDGE: "calm", FLAG: "wait", HOLD: "wait", BLOCK: "bad"}


@dataclass(frozen=True)
class WordRow:
    """A watched word, and what became of what it found."""

    id: int
    pattern: str
    match: str
    chip: Chip
    outcome: Outcome
    note: str
    is_on: bool
    # It holds back many whom moderators let through.
    is_strict: bool


def word_rows() -> list[WordRow]:
    """Two queries."""
    outcomes = screened.by_word(_since())
    return [_word_row(word, outcomes.get(word.id, Outcome())) for word in queries.watched_words()]


def _word_row(word: WatchedWord, outcome: Outcome) -> WordRow:
    share = outcome.share_let_through
    return WordRow(
        id=word.id,
        pattern=word.pattern,
        match=_match(word),
        chip=Chip(_KINDS[word.action], "", str(ACTIONS[word.action][0])),
        outcome=outcome,
        note=word.note,
        is_on=word.is_on,
        is_strict=word.action in (HOLD, BLOCK)
        and outcome.decided >= LENIENT_AFTER
        and share is not None
        and share >= LENIENT_SHARE,
    )


def _match(word: WatchedWord) -> str:
    kind = _("pattern") if "*" in word.pattern else _("phrase") if " " in word.pattern else _("whole word")
    return f"{kind}, {language.LANGUAGES[word.lang]}" if word.lang in language.LANGUAGES else str(kind)


@dataclass(frozen=True)
class CheckRow:
    """A check, how it is set here, and what became of what it found."""

    name: str
    label: str
    does: str
    is_on: bool
    numbers: list[tuple[Number, str, int]]
    # What becomes of moderators, and of those who wrote the post.
    staff: str
    authors: str
    on_edits: bool
    can_try: bool
    outcome: Outcome
    # What must happen before it says anything.
    waits_for: str = ""


def check_rows() -> list[CheckRow]:
    """All of them in their order. Two queries."""
    kept, outcomes = settings.kept(), screened.by_check(_since())
    return [
        check_row(check, kept.get(check.name, Kept()), outcomes.get(check.name, Outcome())) for check in checks.CHECKS
    ]


def check_row(check: Check, kept: Kept, outcome: Outcome) -> CheckRow:
    numbers = check.numbers_of(kept)
    return CheckRow(
        name=check.name,
        label=sentences.label(check.name),
        does=sentences.does(check.name),
        is_on=check.is_on_here(kept),
        numbers=[
            (number, str(sentences.NUMBERS[check.name, number.name]), int(numbers[number.name]))
            for number in check.numbers
        ],
        staff=_passing(check.staff),
        authors=_passing(check.authors),
        on_edits=check.edits,
        can_try=check.tries,
        outcome=outcome,
        waits_for=_waits_for(check, numbers),
    )


def outcome_of(check: Check) -> Outcome:
    """What became of what one check found. One query."""
    return screened.by_check(_since()).get(check.name, Outcome())


def _passing(means: str) -> str:
    return str({LOOKS: _("looked at"), ASKS: _("asked, and taken at their word")}.get(means, _("left alone")))


def _waits_for(check: Check, numbers: dict[str, Any]) -> str:
    if check.name != SPAM or Learned.of(numbers).is_enough:
        return ""
    learned = Learned.of(numbers)
    return _(
        "It is silent until moderators here have marked %(enough)d comments as spam and let %(enough)d through. "
        "So far: %(spam)d and %(honest)d.",
        enough=ENOUGH,
        spam=learned.spam,
        honest=learned.honest,
    )


@dataclass(frozen=True)
class HitRow:
    """A comment that a trial found."""

    url: str
    name: str
    excerpt: str
    lang: str
    when: Any
    chip: Chip
    found: list[str]


@dataclass(frozen=True)
class Tried:
    """What a trial found: how many of the comments, how many of those that moderators had let through or stopped."""

    looked_at: int
    hits: int
    let_through: int
    stopped: int
    rows: list[HitRow]

    @property
    def error_rate(self) -> int | None:
        """Of what moderators had decided on, the share that they had let through, in percent."""
        decided = self.let_through + self.stopped
        return round(100 * self.let_through / decided) if decided else None


def tried(looked_at: Sequence[Comment], hits: Sequence[trial.Hit]) -> Tried:
    """One query."""
    stopped = sum(hit.comment.state in (REJECTED, REMOVED) for hit in hits)
    stand = {hit.comment.id for hit in hits if hit.comment.state not in (REJECTED, REMOVED)}
    return Tried(
        looked_at=len(looked_at),
        hits=len(hits),
        let_through=len(screened.let_through(stand)),
        stopped=stopped,
        rows=[_hit_row(hit) for hit in hits[:SHOWN]],
    )


def _hit_row(hit: trial.Hit) -> HitRow:
    comment = hit.comment
    found = [word for finding in hit.findings for word in finding.detail.get("found", ())]
    return HitRow(
        url=url_for("comments.show", comment_id=comment.id),
        name=comment.author.name,
        excerpt=beginning(stored(comment.body_html), LENGTH),
        lang=comment.lang,
        when=comment.created_at,
        chip=state_chip(comment),
        found=found[: bayes.COMBINED],
    )


def _since():
    return clock.now() - timedelta(days=COUNTED_DAYS)
