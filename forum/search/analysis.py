"""From text to the words that are compared: without case and accents, English ones without their endings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from whoosh.lang.snowball.english import EnglishStemmer

# Longer ones are addresses, keys and vandalism; their beginning tells them apart.
LONGEST_WORD: Final = 64

# Letters that Unicode does not take apart into a plain one and a mark.
_PLAIN: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
# Accents, Hebrew points, Arabic vowel signs and the Arabic stretcher; joiners. Vowels of Indic scripts stay.
_DROPPED: Final = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u200c\u200d]")
# Written without spaces: compared in pairs of signs.
_UNSPACED: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Marks belong to the letter before them; Python's \w leaves them out.
_MARKS: Final = "".join(chr(n) for n in range(0x300, 0xFE30) if unicodedata.category(chr(n)) in ("Mn", "Mc"))
_LETTER: Final = rf"(?:[^\W_{_UNSPACED}][{_MARKS}\u200c\u200d]*)"
# "council's", "don't", Welsh "mae'r": the ending goes with the word and is dropped. But "l'eau", "d'or" and
# "o'neill" are two words.
_WORD: Final = re.compile(
    rf"(?P<unspaced>[{_UNSPACED}]+)|(?P<word>{_LETTER}+)(?:(?<=\w\w)['’]{_LETTER}{{1,2}}(?!{_LETTER}))?"
)


class Word(NamedTuple):
    """A word of a text and where it stands."""

    text: str
    start: int
    end: int


def clean(text: str) -> str:
    """The text with each letter and its accents as one character; positions of words count in this form."""
    return unicodedata.normalize("NFC", text)


def words(text: str) -> Iterator[Word]:
    """The words of a cleaned text in order."""
    for match in _WORD.finditer(text):
        if match["word"]:
            folded = fold(match["word"][:LONGEST_WORD])
            if folded:
                yield Word(folded, match.start("word"), match.end("word"))
        else:
            yield from _pairs(match["unspaced"], match.start())


def _pairs(signs: str, start: int) -> Iterator[Word]:
    for place in range(max(len(signs) - 1, 1)):
        pair = signs[place : place + 2]
        yield Word(fold(pair), start + place, start + place + len(pair))


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """The word as everybody types it: lower case, no accents."""
    bare = _DROPPED.sub("", unicodedata.normalize("NFKD", word.casefold())).translate(_PLAIN)
    return unicodedata.normalize("NFKC", bare).replace(" ", "")


def stemmer(lang: str) -> Callable[[str], str]:
    """What makes the term that the index holds of a folded word of a text in this language."""
    return _english if lang.partition("-")[0] == "en" else str


def terms(text: str, lang: str) -> list[str]:
    """What the index holds for a text."""
    stem = stemmer(lang)
    return [stem(word.text) for word in words(clean(text))]


def forms(word: str) -> set[str]:
    """Every term that a searched word may stand for: nobody says which language they search in."""
    return {word, _english(word)}


_stemmer: Final = EnglishStemmer()


@lru_cache(maxsize=50_000)
def _english(word: str) -> str:
    return _stemmer.stem(word)
