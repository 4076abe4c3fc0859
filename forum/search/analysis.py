"""From text to the words that are compared: without case and accents, English ones without their endings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
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
    rf"(?P<unspaced>[{_UNSPACED}]+)"
    rf"|(?P<word>{_LETTER}+)(?:(?<=\w\w)['’]{_LETTER}{{1,2}}(?!{_LETTER})|(?P<sign>\+\+|\#(?!\w)))?"
)
_ALL_UNSPACED: Final = re.compile(f"[{_UNSPACED}]+")
# Names that would be a single letter without their sign.
_SIGNED: Final = {"c++": "cplusplus", "c#": "csharp", "f#": "fsharp"}

# "maxLength", "YouTube": one word, found by its parts too. Of more parts, it is a key or a picture in letters.
_HUMP: Final = re.compile("[a-z][A-Z]")
_HUMPED: Final = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
MOST_PARTS: Final = 6


class Word(NamedTuple):
    """A word of a text and where it stands."""

    text: str
    start: int
    end: int


def clean(text: str) -> str:
    """The text with each letter and its accents as one character; positions of words count in this form."""
    return unicodedata.normalize("NFC", text)


def is_unspaced(text: str) -> bool:
    """Whether all of it is in a script that is written without spaces."""
    return bool(_ALL_UNSPACED.fullmatch(text))


def words(text: str) -> Iterator[Word]:
    """The words of a cleaned text in order."""
    for match in _WORD.finditer(text):
        if match.lastgroup == "unspaced":
            yield from _pairs(match[0], match.start())
        elif match.lastgroup == "sign" and (signed := _SIGNED.get(match[0].lower())):
            yield Word(signed, match.start(), match.end())
        else:
            folded = fold(match["word"][:LONGEST_WORD])
            if folded:
                yield Word(folded, match.start("word"), match.end("word"))


def parts(text: str, word: Word) -> list[str]:
    """What "maxLength" in this text is made of: max, length; nothing for words without humps."""
    if not _HUMP.search(text, word.start, word.end):
        return []
    found = [part.lower() for part in _HUMPED.findall(text[word.start : word.end][:LONGEST_WORD])]
    return [part for part in found if len(part) > 1] if len(found) <= MOST_PARTS else []


def has_parts(text: str) -> bool:
    """Whether `parts` of any word may be something: for most texts one look says no."""
    return bool(_HUMP.search(text))


def _all_parts(text: str, found: Iterable[Word]) -> Iterable[str]:
    return dict.fromkeys(part for word in found for part in parts(text, word)) if has_parts(text) else ()


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


def spelt(text: str) -> list[str]:
    """The words of a text in order, folded, and behind them the parts of words that are several.

    Behind, so that they stand between no words that follow each other.
    """
    text = clean(text)
    found = list(words(text))
    return [*(word.text for word in found), *_all_parts(text, found)]


def terms(text: str, lang: str) -> list[str]:
    """What the index holds for a text: the words that `spelt` gives, without their endings."""
    return list(map(stemmer(lang), spelt(text)))


def forms(word: str) -> set[str]:
    """Every term that a searched word may stand for: nobody says which language they search in."""
    return {word, _english(word)}


_stemmer: Final = EnglishStemmer()
# Plurals that the stemmer does not take back to their singular.
_SINGULAR: Final = {
    "bonuses": "bonus", "buses": "bus", "busses": "bus", "campuses": "campus", "children": "child", "crises": "crisis",
    "focuses": "focus", "gases": "gas", "men": "man", "statuses": "status", "surpluses": "surplus",
    "viruses": "virus", "women": "woman",
}  # fmt: skip


@lru_cache(maxsize=50_000)
def _english(word: str) -> str:
    return _stemmer.stem(_SINGULAR.get(word, word))
