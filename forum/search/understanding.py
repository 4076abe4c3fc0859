"""What each piece of a search means: words to look for, something to narrow by, or OR between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from flask_babel import gettext as _

from forum.search import wording
from forum.search.operators import MINE, ORDER, Meaning
from forum.search.pieces import Piece, pieces
from forum.search.wording import Sought

OR: Final = ("OR", "NEU")
# These stand before a colon in addresses, not to narrow a search.
_SCHEMES: Final = frozenset({"data", "doi", "geo", "mailto", "sms", "tel", "urn"})


@dataclass(frozen=True)
class Understood:
    """A piece with what it looks for, or what it narrows by.

    `is_joint`: it is an OR that joins the words on both sides; `is_between`: one that two operators need not have.
    """

    piece: Piece
    sought: tuple[Sought, ...] = ()
    meaning: Meaning | None = None
    is_joint: bool = False
    is_between: bool = False
    notes: tuple[str, ...] = ()


def understand(typed: str, today: date, *, has_person: bool) -> list[Understood]:
    """Everything that was typed, in order. What makes no sense is words, with a note that says so."""
    found = [_one(piece, typed, today, has_person=has_person) for piece in pieces(typed)]
    return [_joined(found, place) if _is_or(one.piece) else one for place, one in enumerate(found)]


def _one(piece: Piece, typed: str, today: date, *, has_person: bool) -> Understood:
    if piece.is_unclosed:
        return Understood(piece, notes=(_("A quotation mark has no partner, so it was left out."),))
    if piece.name:
        return _operator(piece, typed[piece.start : piece.end], today, has_person=has_person)
    if piece.text.casefold() == "mine" and not (piece.is_quoted or piece.is_without):
        return _narrowed(piece, Meaning(MINE, True, ""), piece.text, has_person=has_person)
    if not piece.is_quoted and piece.text.startswith(("-", "−")):
        note = _("A minus leaves out what follows it at once: -word. Elsewhere it was ignored.")
        return _as_words(piece, note)
    if piece.text == "NOT" and not (piece.is_quoted or piece.is_without):
        return _as_words(piece, _("“NOT” leaves nothing out. Put a minus right before the word: -word."))
    return _as_words(piece)


def _operator(piece: Piece, typed: str, today: date, *, has_person: bool) -> Understood:
    if not piece.operator and not _is_strange(piece):
        start = piece.start + piece.is_without
        return _as_words(replace(piece, text=typed[piece.is_without :], text_start=start, name=""))
    if not piece.operator:
        note = _(
            "“%(typed)s” was searched as plain words: “%(name)s:” is nothing to narrow by.",
            typed=typed,
            name=piece.name,
        )
        return _as_words(piece, note)
    if not piece.text.strip():
        return _as_words(
            piece,
            _("“%(typed)s” was searched as a plain word: write what you mean right after the colon.", typed=typed),
        )
    meaning = piece.operator.read(piece.text.strip(), today)
    if not meaning:
        return _as_words(piece, str(piece.operator.misread) % {"typed": typed})
    return _narrowed(piece, meaning, typed, has_person=has_person)


def _narrowed(piece: Piece, meaning: Meaning, typed: str, *, has_person: bool) -> Understood:
    if piece.is_without and meaning.part in (MINE, ORDER):
        return _as_words(piece, _("“%(typed)s” was searched as plain words: it cannot be left out.", typed=typed))
    if meaning.part == MINE and not has_person:
        return _as_words(
            piece, _("“%(typed)s” was searched as plain words: sign in to search what you wrote.", typed=typed)
        )
    return Understood(piece, meaning=meaning)


def _is_strange(piece: Piece) -> bool:
    """Whether it looks like an operator and is none; "12:30", "C++:" and addresses do not."""
    is_colon_alone = not piece.text[:1].isalnum() or piece.text.isdigit()
    return piece.is_quoted or not (is_colon_alone or piece.name.casefold() in _SCHEMES)


def _as_words(piece: Piece, *notes: str) -> Understood:
    found = wording.of(piece)
    return Understood(piece, sought=found.sought, notes=(*notes, *found.notes))


def _is_or(piece: Piece) -> bool:
    return piece.text in OR and not (piece.is_quoted or piece.is_without or piece.name)


def _joined(found: Sequence[Understood], place: int) -> Understood:
    """An OR: a joint between words, nothing between operators of one kind (any of them will do), a word elsewhere."""
    one = found[place]
    if 0 < place < len(found) - 1:
        before, after = found[place - 1], found[place + 1]
        if _is_operand(before) and _is_operand(after):
            return Understood(one.piece, is_joint=True)
        if _part(before) and _part(before) == _part(after):
            return Understood(one.piece, is_between=True)
    note = _("“%(typed)s” was searched as a plain word: it stands between two words or phrases.", typed=one.piece.text)
    return replace(one, notes=(note,))


def _is_operand(one: Understood) -> bool:
    return bool(one.sought) and not one.piece.is_without and not _is_or(one.piece)


def _part(one: Understood) -> str:
    return one.meaning.part if one.meaning and not one.piece.is_without else ""
