"""Whether a comment looks like what was marked as spam on this site. What it learns it learns from decisions here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import case, delete, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from forum.comments.findings import HOLD, Finding
from forum.comments.models import Comment
from forum.foundation import clock
from forum.foundation.db import db
from forum.screening import bayes, settings, starter
from forum.screening.bayes import Counts, Curve
from forum.screening.models import SpamLesson, SpamWord
from forum.screening.names import SPAM
from forum.screening.subject import Subject

# Decisions of each kind before it says anything: with fewer a word's rate is chance. Twenty words that were each in a
# third of fifty texts are known to within a sixth.
ENOUGH = 50
# The newest decisions that the probability is fitted to, and after how many new ones it is fitted again.
FITTED_TO, FITTED_EVERY = 500, 10
# Fewer that were scored beforehand say nothing of how often it is right.
FEWEST_SCORED = 20
# One value for all words, whatever their number: a hundred and fifty values take longer to send than to look up.
_KNOWN_TO_SQLITE = text("SELECT word, spam, honest FROM spam_words WHERE word IN (SELECT value FROM json_each(:words))")
_KNOWN_TO_POSTGRESQL = text("SELECT word, spam, honest FROM spam_words WHERE word = ANY(:words)")
# Of the words that spoke most, so many are told.
MOST_TOLD = 8


@dataclass(frozen=True)
class Learned:
    """How much was learned here: texts of each kind, and what makes of a score a probability."""

    spam: int = 0
    honest: int = 0
    curve: Curve = bayes.PLAIN

    @classmethod
    def of(cls, numbers: Mapping[str, Any]) -> Learned:
        slope, offset = numbers.get("curve", bayes.PLAIN)
        return cls(int(numbers.get("spam", 0)), int(numbers.get("honest", 0)), Curve(slope, offset))

    @property
    def is_enough(self) -> bool:
        return self.spam >= ENOUGH and self.honest >= ENOUGH


@dataclass(frozen=True)
class Score:
    """How likely a text is spam, and the words that speak most for it or against it, each with its weight."""

    probability: float
    strongest: list[tuple[str, float]]


def check(subject: Subject, numbers: dict[str, Any]) -> Iterator[Finding]:
    """It is as likely spam as is held here. Says nothing before enough was decided."""
    learned = Learned.of(numbers)
    if not learned.is_enough:
        return
    found = _scored(bayes.words_of(subject.own, subject.addresses), learned)
    if 100 * found.probability >= numbers["hold"]:
        told = [(word, round(share, 2)) for word, share in found.strongest[:MOST_TOLD]]
        words = [word for word, share in found.strongest if share > bayes.UNKNOWN and ":" not in word]
        yield Finding(SPAM, HOLD, {"percent": round(100 * found.probability), "strongest": told, "found": words})


def score(words: Sequence[str]) -> Score | None:
    """How likely a text of these words (bayes.words_of) is spam; None until enough was decided. Two queries."""
    learned = learned_here()
    return _scored(words, learned) if learned.is_enough else None


def learned_here() -> Learned:
    """How much was learned. One query."""
    kept = settings.kept().get(SPAM)
    return Learned.of(kept.numbers) if kept else Learned()


def learn(comment: Comment, *, is_spam: bool) -> None:
    """A moderator has said what this comment is. Saying it again changes nothing; the other takes it back first.

    It is scored before it is learned from: what was said of it then is what the probability is fitted to.
    """
    settings.change(SPAM, None)  # takes turns
    known = db.session.get(SpamLesson, comment.id)
    if known is not None and known.is_spam == is_spam:
        return
    if known is not None:
        _forget(known)
    learned = learned_here()
    subject = Subject(comment.author, comment.post, None, comment.body, comment.body_html, 0, comment.lang)
    words = bayes.words_of(subject.own, subject.addresses)
    raw = _raw(words, learned)[0] if learned.is_enough else None
    db.session.add(SpamLesson(comment_id=comment.id, is_spam=is_spam, words=words, score=raw, learned_at=clock.now()))
    db.session.flush()
    _count(words, is_spam, 1)
    _note(learned.spam + is_spam, learned.honest + (not is_spam))


def unlearn(comment: Comment) -> None:
    """Nobody has said what this comment is, after all: everything is as if it had never been learned from."""
    settings.change(SPAM, None)  # takes turns
    known = db.session.get(SpamLesson, comment.id)
    if known is not None:
        _forget(known)


def _forget(lesson: SpamLesson) -> None:
    learned, is_spam = learned_here(), lesson.is_spam
    _count(lesson.words, is_spam, -1)
    db.session.delete(lesson)
    db.session.flush()
    _note(learned.spam - is_spam, learned.honest - (not is_spam))


def _note(spam: int, honest: int) -> None:
    numbers: dict[str, Any] = {"spam": spam, "honest": honest}
    if (spam + honest) % FITTED_EVERY == 0:
        numbers["curve"] = list(_fitted())
    settings.change(SPAM, None, numbers=numbers)


def _fitted() -> Curve:
    newest = (
        select(SpamLesson.score, SpamLesson.is_spam)
        .where(SpamLesson.score.is_not(None))
        .order_by(SpamLesson.learned_at.desc(), SpamLesson.comment_id.desc())
        .limit(FITTED_TO)
    )
    told = [(raw, is_spam) for raw, is_spam in db.session.execute(newest).tuples() if raw is not None]
    return bayes.fit(told) if len(told) >= FEWEST_SCORED else bayes.PLAIN


def _scored(words: Sequence[str], learned: Learned) -> Score:
    raw, said = _raw(words, learned)
    return Score(learned.curve.probability(raw), said)


def _raw(words: Sequence[str], learned: Learned) -> tuple[float, list[tuple[str, float]]]:
    spam, honest = learned.spam + len(starter.SPAM), learned.honest + len(starter.HONEST)
    said = bayes.telling(words, _known(words), spam, honest)
    return bayes.raw_score([share for _word, share in said]), said


def _known(words: Sequence[str]) -> dict[str, Counts]:
    """What was learned of these words, here and from the starter. One query."""
    on_postgresql = db.session.get_bind().dialect.name == "postgresql"
    rows = db.session.execute(
        _KNOWN_TO_POSTGRESQL if on_postgresql else _KNOWN_TO_SQLITE,
        {"words": list(words) if on_postgresql else json.dumps(words)},
    )
    known = {word: Counts(spam, honest) for word, spam, honest in rows}
    for word in words:
        first = _starter().get(word)
        if first is not None:
            here = known.get(word, Counts(0, 0))
            known[word] = Counts(here.spam + first.spam, here.honest + first.honest)
    return known


@cache
def _starter() -> dict[str, Counts]:
    found: dict[str, Counts] = {}
    for texts, spam, honest in ((starter.SPAM, 1, 0), (starter.HONEST, 0, 1)):
        for one in texts:
            for word in bayes.words_of(one):
                known = found.get(word, Counts(0, 0))
                found[word] = Counts(known.spam + spam, known.honest + honest)
    return found


def _count(words: Sequence[str], is_spam: bool, by: int) -> None:
    """One text of a kind more or less. In the order of the alphabet: two at once take the rows in the same order."""
    column = SpamWord.spam if is_spam else SpamWord.honest
    if by > 0 and words:
        dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
        rows = [{"word": word, "spam": int(is_spam), "honest": int(not is_spam)} for word in sorted(words)]
        made = dialect.insert(SpamWord).values(rows)
        db.session.execute(
            made.on_conflict_do_update(index_elements=["word"], set_={column.key: column + 1}).execution_options(
                synchronize_session=False
            )
        )
    elif words:
        fewer = case((column > 0, column - 1), else_=0)
        db.session.execute(
            update(SpamWord)
            .where(SpamWord.word.in_(words))
            .values({column.key: fewer})
            .execution_options(synchronize_session=False)
        )
        db.session.execute(
            delete(SpamWord)
            .where(SpamWord.word.in_(words), SpamWord.spam == 0, SpamWord.honest == 0)
            .execution_options(synchronize_session=False)
        )
