"""Watched words in a comment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from forum.comments.findings import ASK, FLAG, HOLD, Finding
from forum.foundation.cache import Cache
from forum.foundation.errors import Refused
from forum.screening import queries
from forum.screening.models import BLOCK, WatchedWord
from forum.screening.models import FLAG as FLAG_WORD
from forum.screening.models import HOLD as HOLD_WORD
from forum.screening.models import NUDGE as NUDGE_WORD
from forum.screening.names import WORDS
from forum.screening.patterns import Matcher, Pattern, Place
from forum.screening.subject import Subject

# More than a list that anybody reads through; each costs a little with every comment.
MOST_WORDS = 2_000

# What a word does, the strongest first: what of several happens.
ACTIONS = (BLOCK, HOLD_WORD, FLAG_WORD, NUDGE_WORD)
_EFFECTS = {HOLD_WORD: HOLD, FLAG_WORD: FLAG, NUDGE_WORD: ASK}

# Of the setting of this check: changes with every change of the list.
VERSION = "version"

Found = dict[Pattern, list[Place]]


class Watched:
    """The words that are watched now, ready to be looked for."""

    def __init__(self, words: Mapping[int, str], matcher: Matcher) -> None:
        # What each does, by its number.
        self.actions = words
        self.matcher = matcher

    @classmethod
    def of(cls, words: list[WatchedWord]) -> Watched:
        on = [word for word in words if word.is_on]
        return cls({word.id: word.action for word in on}, Matcher(Pattern(w.id, w.pattern, w.lang) for w in on))


# One list for each version of it; sizes are counted in words.
_compiled: Cache[Watched] = Cache(lambda watched: 1 + len(watched.matcher), 4 * MOST_WORDS)


def watched(version: str | None) -> Watched:
    """The words of this version of the list. One query, and none for a version that this process knows."""
    if version is None:
        return Watched({}, Matcher(()))
    return _compiled.get(version, lambda: Watched.of(list(queries.watched_words())))


def words(subject: Subject, numbers: Mapping[str, Any]) -> Iterator[Finding]:
    """Words that moderators watch. Raises Refused for one that is not taken at all."""
    yield from found_in(subject, watched(numbers.get(VERSION)))


def found_in(subject: Subject, list_of_words: Watched) -> Iterator[Finding]:
    """The same for a list of one's own, as a look at the past uses it."""
    found = list_of_words.matcher.find(text_of(subject), subject.lang)
    if not found:
        return
    by_action: dict[str, Found] = {}
    for pattern, places in found.items():
        by_action.setdefault(list_of_words.actions[pattern.number], {})[pattern] = places
    if BLOCK in by_action:
        raise Blocked(_typed(subject, by_action[BLOCK]), _detail(subject, by_action[BLOCK]))
    # What the writer is asked about stands alone; of the others one case is made.
    asked = by_action.pop(NUDGE_WORD, None)
    if by_action:
        strongest = next(action for action in ACTIONS if action in by_action)
        together = {pattern: places for part in by_action.values() for pattern, places in part.items()}
        yield Finding(WORDS, _EFFECTS[strongest], _detail(subject, together))
    if asked:
        yield Finding(WORDS, ASK, _detail(subject, asked))


class Blocked(Refused):
    """A text with a word in it that is not taken here."""

    def __init__(self, typed: str, detail: dict[str, Any]) -> None:
        super().__init__(
            _(
                "Not posted: “%(word)s” is not taken on this site. Your words are kept: change it and post again.",
                word=typed,
            ),
            "body",
        )
        self.detail = detail


def text_of(subject: Subject) -> str:
    """What is looked through: what readers see, and where links lead, which they do not see."""
    hidden = [address for address in subject.addresses if address not in subject.visible]
    return "\n".join([subject.visible, *hidden]) if hidden else subject.visible


def _detail(subject: Subject, found: Found) -> dict[str, Any]:
    text = text_of(subject)
    places = sorted({place for where in found.values() for place in where})
    return {
        "words": [{"id": pattern.number, "pattern": pattern.text} for pattern in found],
        "found": list(dict.fromkeys(text[start:end] for start, end in places)),
        # Of what readers see, by its characters.
        "spans": [[start, end] for start, end in places if end <= len(subject.visible)],
    }


def _typed(subject: Subject, found: Found) -> str:
    start, end = min(place for where in found.values() for place in where)
    return text_of(subject)[start:end]
