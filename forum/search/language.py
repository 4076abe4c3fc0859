"""What people type into the search box: words, "phrases", -not, author:name; anything else is plain words."""

from __future__ import annotations

import re
from typing import Final

from flask_babel import gettext as _

from forum.foundation.errors import Refused
from forum.search import analysis
from forum.search.engine import Query

LONGEST: Final = 200
# Each word costs a walk through all that holds it; nobody's question has more.
MOST_WORDS: Final = 12

_PIECE: Final = re.compile(
    r"""(?:(?<!\S)(?P<minus>[-−](?=[\w"“”])))?(?P<author>(?:(?<!\S)|(?<=[-−]))author:(?=\S))?"""
    r"""(?:["“”](?P<quoted>[^"“”]*)["“”]|(?P<bare>[^\s"“”]+))""",
    re.IGNORECASE,
)

# Words that say nothing about a subject: left out of a question that has others.
_SMALL_ENGLISH: Final = """
    a about after all also am an and any are as at be because been before being but by can could did do
    does doing don for from had has have having he her here hers him his how i if in into is it its just
    me more most my no nor not of off on only or other our out over own s same she should so some such t
    than that the their them then there these they this those through to too under up very was we were
    what when where which while who whom why will with would you your
"""
_SMALL_WELSH: Final = """
    ac ar at beth bod chi dw dy ef ei eu fe fi fy gan gyda hi hon hwn i mae mewn mi ni nid o oedd ond
    pan pwy r roedd sy sydd ti w wedi wrth y ydy ydyn yn yng ym yr
"""
_SMALL: Final = frozenset(f"{_SMALL_ENGLISH} {_SMALL_WELSH}".split())


def read(typed: str) -> Query:
    """The query somebody typed. Raises Refused when it is too long, or has nothing to look for."""
    if len(typed) > LONGEST:
        raise Refused(_("Shorten your search to %(num)d characters or fewer.", num=LONGEST), "q")
    query = _read(analysis.clean(typed))
    if not (query.ranked_words or query.authors):
        if query.without or query.without_authors:
            raise Refused(_("Add a word to look for: this says only what to leave out."), "q")
        raise Refused(_("Type a word to look for."), "q")
    if _length(query) > MOST_WORDS:
        sentence = _("Search for %(num)d words or fewer. Leave out the least important ones.", num=MOST_WORDS)
        raise Refused(sentence, "q")
    return query


def _read(typed: str) -> Query:
    words: list[str] = []
    phrases: list[tuple[str, ...]] = []
    authors: list[str] = []
    without: list[tuple[str, ...]] = []
    without_authors: list[str] = []
    for piece in _PIECE.finditer(typed):
        found = tuple(word.text for word in analysis.words(piece["quoted"] or piece["bare"] or ""))
        if not found:
            continue
        if piece["author"]:
            (without_authors if piece["minus"] else authors).extend(found)
        elif piece["minus"]:
            without.append(found)
        elif piece["quoted"]:
            phrases.append(found)
        else:
            words.extend(found)
    return Query(
        tuple(_telling(words, has_others=bool(phrases or authors))),
        tuple(dict.fromkeys(phrases)),
        tuple(dict.fromkeys(authors)),
        tuple(dict.fromkeys(without)),
        tuple(dict.fromkeys(without_authors)),
    )


def _telling(words: list[str], *, has_others: bool) -> list[str]:
    telling = [word for word in dict.fromkeys(words) if word not in _SMALL]
    return telling if telling or has_others else list(dict.fromkeys(words))


def _length(query: Query) -> int:
    left_out = sum(len(phrase) for phrase in query.without)
    return len(query.ranked_words) + len(query.authors) + left_out + len(query.without_authors)
