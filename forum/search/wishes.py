"""What a search looks for: its words and phrases, without small words where others say more."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from forum.search.engine import Wish
from forum.search.understanding import Understood
from forum.search.wording import Sought

# Each wish with what it was typed as.
Wishes = dict[Wish, list[Sought]]

# Words that say nothing about a subject: left out of a question that has others.
_SMALL_ENGLISH: Final = """
    a about after all also am an and any are as at be because been before being but by can could did do
    does doing don for from had has have having he her here hers him his how i if in into is it its just
    me more most my no nor not of off on only or other our out over own s same she should so some such t
    than that the their them then there these they this those through to too under up very was we were
    what when where which while who whom why will with would you your
"""
_SMALL_WELSH: Final = """
    a ac am ar at beth ble bod chi dw dy ef ei eich ein eu fe fi fy gan gyda hi hon hwn hyn i lle mae mewn mi
    na neu ni nid o oedd ond pa pam pan pwy r roedd sut sy sydd ti w wedi wrth y ydw ydy ydyn yn yng ym yr
"""
# Of words that are in nearly every text.
MOST_SMALL: Final = 12
_SMALL: Final = frozenset(f"{_SMALL_ENGLISH} {_SMALL_WELSH}".split())


def wishes(found: Sequence[Understood]) -> Wishes:
    """All that is looked for; an OR makes one wish of the words on both sides of it."""
    choices: list[list[Sought]] = []
    is_joint = False
    for one in found:
        sought = [] if one.piece.is_without else list(one.sought)
        if is_joint:
            choices[-1].append(sought.pop(0))
        is_joint = one.is_joint
        choices += [[each] for each in sought]
    return {_wish(choice): choice for choice in choices}


def telling(found: Wishes, *, has_others: bool) -> Wishes:
    """Those that say something about a subject; the first ones, where none does and nothing else narrows the search."""
    kept = {wish: choice for wish, choice in found.items() if not _is_small(choice)}
    return kept if kept or has_others else dict(islice(found.items(), MOST_SMALL))


def _wish(choice: Sequence[Sought]) -> Wish:
    return Wish(tuple(dict.fromkeys(each.term for each in choice)), is_needed=all(each.is_quoted for each in choice))


def _is_small(choice: Sequence[Sought]) -> bool:
    return len(choice) == 1 and not choice[0].is_quoted and all(word.text in _SMALL for word in choice[0].words)
