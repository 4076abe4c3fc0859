"""What people type into the search box, read: words, "phrases", -not, OR, prefix*, and the operators of the table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from flask_babel import gettext as _

from forum.foundation.errors import Refused
from forum.search import analysis, operators
from forum.search.analysis import Word
from forum.search.engine import KINDS, Term, Wish, Words
from forum.search.operators import AFTER, AUTHOR, BEFORE, DISCUSSION, HAS, KIND, MINE, ORDER, SERIES, TAG, Meaning
from forum.search.understanding import Understood, understand
from forum.search.wishes import telling
from forum.search.wishes import wishes as wishes_of

# Room for a question of two or three sentences, as people ask a person.
LONGEST: Final = 500
MOST_TERMS: Final = 48
# Phrases, prefixes and what is left out: each must be looked at in full, however common its words are.
MOST_EXACT: Final = 8


@dataclass(frozen=True)
class Token:
    """An operator in what was typed, so that it can be shown and taken out again.

    `name` is what it narrows by, in English, whatever was typed: author, in, tag, series, post, after, before, has,
    mine or order ("in:" with the name of a series is `series`). `value` is what to show: a name as typed, a day as
    2026-01-31, or one of the engine's words (post, image, newest …). `rest` is the search without it.
    """

    name: str
    value: str
    typed: str
    rest: str
    is_without: bool = False


@dataclass(frozen=True)
class Reading:
    """A search as it was understood; `posts`, `tags` and `series` are slugs, which may be of nothing there is.

    Of several values of one part any will do. `typed` is the cleaned search, and `words` are those of it that are
    looked for, with their places in it. `notes` say in plain sentences what was not understood.
    """

    typed: str = ""
    wishes: tuple[Wish, ...] = ()
    without: tuple[Term, ...] = ()
    authors: tuple[Words, ...] = ()
    without_authors: tuple[Words, ...] = ()
    # Empty: all kinds.
    kinds: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()
    without_tags: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    without_series: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    without_posts: tuple[str, ...] = ()
    # From `since` on, and before `until`.
    since: datetime | None = None
    until: datetime | None = None
    contents: frozenset[str] = frozenset()
    without_contents: frozenset[str] = frozenset()
    is_mine: bool = False
    # Empty where none was typed.
    order: str = ""
    tokens: tuple[Token, ...] = ()
    notes: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()


def read(typed: str, *, today: date, has_person: bool) -> Reading:
    """What somebody meant. Raises Refused (field "q") when it is too long, or has nothing to look for."""
    if len(typed) > LONGEST:
        raise Refused(_("Shorten your search to %(num)d characters or fewer.", num=LONGEST), "q")
    typed = analysis.clean(typed)
    found = understand(typed, today, has_person=has_person)
    is_narrowed = any(_narrows(one) for one in found)
    wishes = telling(wishes_of(found), has_others=is_narrowed)
    if not (wishes or is_narrowed):
        raise Refused(_nothing_said(found), "q")
    without = tuple(dict.fromkeys(sought.term for one in found if one.piece.is_without for sought in one.sought))
    _check_length(wishes, without, names=sum(bool(one.meaning) for one in found))
    return replace(
        _narrowing(found),
        typed=typed,
        wishes=tuple(wishes),
        without=without,
        tokens=tuple(_token(typed, found, place, one.meaning) for place, one in enumerate(found) if one.meaning),
        notes=(*dict.fromkeys(note for one in found for note in one.notes), *_contradictions(found)),
        words=tuple(word for choice in wishes.values() for sought in choice for word in sought.words),
    )


def _check_length(wishes: Collection[Wish], without: Collection[Term], names: int) -> None:
    if sum(len(wish.terms) for wish in wishes) + len(without) + names > MOST_TERMS:
        sentence = _("Search for %(num)d words or fewer. Leave out the least important ones.", num=MOST_TERMS)
        raise Refused(sentence, "q")
    exact = [term for wish in wishes for term in wish.terms if wish.is_needed or term.is_prefix]
    if len(exact) + len(without) > MOST_EXACT:
        sentence = _("Use %(num)d phrases, stars and minus signs or fewer.", num=MOST_EXACT)
        raise Refused(sentence, "q")


def _nothing_said(found: Sequence[Understood]) -> str:
    if any(one.piece.is_without and (one.sought or one.meaning) for one in found):
        return _("Add a word to look for: this says only what to leave out.")
    return _("Type a word to look for.")


def _contradictions(found: Sequence[Understood]) -> Iterator[str]:
    kinds = [one for one in found if one.meaning and one.meaning.part == KIND]
    if {one.meaning.value for one in kinds if one.meaning} == set(KINDS) and all(one.piece.is_without for one in kinds):
        yield _("You left out every kind of result, so all kinds were searched.")


def _narrows(one: Understood) -> bool:
    return bool(one.meaning and one.meaning.part != ORDER and not one.piece.is_without)


def _narrowing(found: Sequence[Understood]) -> Reading:
    """What the operators say, without words."""
    meant: dict[str, list[Any]] = {part: [] for part in operators.PARTS}
    refused: dict[str, list[Any]] = {part: [] for part in operators.PARTS}
    for one in found:
        if one.meaning:
            (refused if one.piece.is_without else meant)[one.meaning.part].append(one.meaning.value)
    # "Not before" is after, and the other way round.
    since = max([*_first(meant[AFTER]), *refused[BEFORE]], default=None)
    until = min([*_last(meant[BEFORE]), *refused[AFTER]], default=None)
    return Reading(
        authors=_each(meant[AUTHOR]),
        without_authors=_each(refused[AUTHOR]),
        kinds=frozenset(meant[KIND] or (refused[KIND] and set(KINDS) - set(refused[KIND]))),
        tags=_each(meant[TAG]),
        without_tags=_each(refused[TAG]),
        series=_each(meant[SERIES]),
        without_series=_each(refused[SERIES]),
        posts=_each(meant[DISCUSSION]),
        without_posts=_each(refused[DISCUSSION]),
        since=since,
        until=until,
        contents=frozenset(meant[HAS]),
        without_contents=frozenset(refused[HAS]),
        is_mine=bool(meant[MINE]),
        order=meant[ORDER][-1] if meant[ORDER] else "",
    )


def _each(values: list[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))


def _first(days: list[datetime]) -> list[datetime]:
    return [min(days)] if days else []


def _last(days: list[datetime]) -> list[datetime]:
    return [max(days)] if days else []


def _token(typed: str, found: Sequence[Understood], place: int, meaning: Meaning) -> Token:
    one = found[place].piece
    # An OR before it, or else after it, would join nothing any more.
    is_or = [0 <= near < len(found) and found[near].is_between for near in (place - 1, place + 1)]
    start = found[place - 1 if is_or[0] else place].piece.start
    end = found[place + 1 if is_or[1] and not is_or[0] else place].piece.end
    rest = " ".join(part for part in (typed[:start].strip(), typed[end:].strip()) if part)
    return Token(meaning.part, meaning.shown, typed[one.start : one.end], rest, one.is_without)
