"""Keeping the list of watched words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from forum.accounts.models import User
from forum.foundation import signing
from forum.foundation.db import db
from forum.foundation.errors import Conflict, Refused
from forum.screening import settings
from forum.screening.models import WatchedWord
from forum.screening.names import WORDS
from forum.screening.patterns import Pattern
from forum.screening.words import ACTIONS, MOST_WORDS, VERSION
from forum.text import language

LONGEST, LONGEST_NOTE = 100, 300
MOST_STARS = 4
# One letter alone would be found in everything.
FEWEST_LETTERS = 2


def add(pattern: str, lang: str, action: str, note: str, by: User) -> WatchedWord:
    """Watch a word from now on. The caller has asked `may_watch`. Raises Refused, naming the field."""
    word = WatchedWord(by_id=by.id)
    if (db.session.scalar(select(func.count(WatchedWord.id))) or 0) >= MOST_WORDS:
        raise Refused(_("The list is full. Take out words that find nothing first"), "pattern")
    _fill(word, pattern, lang, action, note)
    db.session.add(word)
    _changed(by)
    return word


def change(word: WatchedWord, pattern: str, lang: str, action: str, note: str, is_on: bool, by: User) -> WatchedWord:
    """As `add`, for a word that is on the list already."""
    _fill(word, pattern, lang, action, note)
    word.is_on = is_on
    _changed(by)
    return word


def remove(word: WatchedWord, by: User) -> None:
    db.session.delete(word)
    _changed(by)


def checked(pattern: str, lang: str = "") -> Pattern:
    """A pattern as it was typed. Raises Refused for one that finds nothing, or everything."""
    pattern = " ".join(pattern.split())
    if not pattern:
        raise Refused(_("Type a word or phrase"), "pattern")
    if len(pattern) > LONGEST:
        raise Refused(
            ngettext("Shorten this by %(num)d character", "Shorten this by %(num)d characters", len(pattern) - LONGEST),
            "pattern",
        )
    if pattern.count("*") > MOST_STARS:
        raise Refused(ngettext("Use at most %(num)d *", "Use at most %(num)d *", MOST_STARS), "pattern")
    made = Pattern(0, pattern, lang)
    if not made.words or any(
        sum(c != "*" for c in word) < FEWEST_LETTERS for word in made.words if "*" in word and word != "*"
    ):
        raise Refused(_("Type at least two letters beside each *"), "pattern")
    if len(made.together) < FEWEST_LETTERS and made.together.isascii():
        raise Refused(_("Type at least two letters"), "pattern")
    return made


def _fill(word: WatchedWord, pattern: str, lang: str, action: str, note: str) -> None:
    made = checked(pattern, lang)
    if action not in ACTIONS:
        raise Refused(_("Choose what happens"), "does")
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Refused(
            ngettext(
                "Shorten this by %(num)d character", "Shorten this by %(num)d characters", len(note) - LONGEST_NOTE
            ),
            "note",
        )
    lang = language.clean(lang, "")
    same = select(WatchedWord.id).where(
        func.lower(WatchedWord.pattern) == made.text.lower(), WatchedWord.lang == lang, WatchedWord.id != (word.id or 0)
    )
    if db.session.scalar(same) is not None:
        raise Conflict(_("This word is on the list already"), "pattern")
    word.pattern, word.lang, word.action, word.note = made.text, lang, action, note


def _changed(by: User) -> None:
    """Every process reads the list anew: with the next comment, because each looks for the version."""
    db.session.flush()
    settings.change(WORDS, by, numbers={VERSION: signing.new_secret()})
