"""Text folded so that what readers take for the same is the same: case, accents, look-alikes, what takes no ink."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from forum.accounts.usernames import confusables

# As in words: letters, digits, and in scripts that write vowels as marks these marks.
LETTER: Final = r"\w\u0900-\u0963\u0966-\u109f\u1780-\u17d3"
# Signs that stand for letters, as people write them: l33t, $pam.
SIGNS: Final = "@$!|€£"

# Fillers of Hangul and Khmer, the empty pattern of Braille, variation selectors: none takes ink.
_INKLESS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_ALSO_I = str.maketrans({"1": "i", "|": "i"})
_LEET = str.maketrans(
    {
        "0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "@": "a", "$": "s", "!": "i",
        "|": "l", "€": "e", "£": "l",
    }
)  # fmt: skip
# White letters on black discs and squares, and letters of flags: the standard folds those of other colours alone.
_ON_BLACK = (0x1F150, 0x1F170, 0x1F1E6)
# Latin letters by their names: with a stroke or a hook, as a small capital.
_LATIN = re.compile(
    r"(?:LATIN|MODIFIER) (?:SMALL |CAPITAL )?LETTER (?:SMALL |CAPITAL |DOTLESS |OPEN |SCRIPT )*([A-Z])(?: WITH .*)?$"
)
# Drawn less alike than the standard asks for, and used for Latin letters all the same.
_TAKEN_FOR = dict(zip("вкмнтєяипшβεηκμτχωσπ", "bkmhternnwbenkmtxwon", strict=True))
_RUN = re.compile(r"(.)\1+")


def fold(text: str) -> str:
    """Without case, accents and what takes no ink; in one form where there are many (ﬁ, ｆｉ)."""
    return text.lower().translate(_ASCII) if text.isascii() else text.translate(_PLAIN)


def fold_alike(text: str) -> str:
    """The same, and letters of other alphabets that are drawn like Latin ones as these."""
    return text.lower().translate(_ASCII) if text.isascii() else text.translate(_ALIKE)


def places(text: str, alike: bool = False) -> list[int] | None:
    """Where each character of the folded text comes from, and where the text ends; None: each from its own place."""
    if text.isascii():
        return None
    table, found = (_ALIKE if alike else _PLAIN), []
    for place, character in enumerate(text):
        found.extend([place] * len(table[ord(character)]))
    found.append(len(text))
    return found


def readings(word: str) -> list[str]:
    """A word with signs and digits as those read it who know what is meant: fr33 as free. The word itself is not among
    them."""
    plain = word.strip("!|")
    if not any(c.isalpha() for c in plain):
        return []
    found = {form.translate(_ALSO_I).translate(_LEET) for form in (word, plain)}
    found |= {form.translate(_LEET) for form in (word, plain)}
    return sorted(found - {word})


# Most words of a comment are in every other comment too.
@lru_cache(maxsize=20_000)
def skeleton(word: str) -> str:
    """Without letters that repeat the one before."""
    return _RUN.sub(r"\1", word)


def runs(word: str) -> list[int]:
    """How often each letter of the skeleton stands in the word."""
    counts: list[int] = []
    last = ""
    for letter in word:
        if letter == last:
            counts[-1] += 1
        else:
            counts.append(1)
            last = letter
    return counts


class _Table(dict[int, str]):
    """What becomes of each character; found out when it is first met."""

    def __init__(self, alike: bool) -> None:
        super().__init__()
        self._alike = alike

    def __missing__(self, code: int) -> str:
        folded = _folded(chr(code), self._alike)
        # A text can hold any of a million characters; those that people write are few.
        if len(self) < 20_000:
            self[code] = folded
        return folded


def _folded(character: str, alike: bool) -> str:
    for first in _ON_BLACK:
        if first <= ord(character) < first + 26:
            return chr(ord(character) - first + ord("a"))
    parts = [c for c in unicodedata.normalize("NFKD", character) if not _is_inkless(c)]
    return "".join(_plain(part, alike) for part in parts)


def _plain(part: str, alike: bool) -> str:
    if part.isascii():
        return "-" if part == "_" else part.lower()
    latin = _latin(part) or (_latin_like(part) if alike else "")
    return latin or part.casefold()


def _latin(letter: str) -> str:
    """The plain form of a Latin letter with a stroke, a hook or of another size, or nothing."""
    named = _LATIN.match(unicodedata.name(letter, ""))
    return named[1].lower() if named else ""


def _is_inkless(character: str) -> bool:
    # Combining classes: 7 to 9 spell (nukta, voicing, virama), so do vowel signs, which have none; the others decorate.
    place = unicodedata.combining(character)
    decorates = place != 0 and not 7 <= place <= 9
    return decorates or unicodedata.category(character) in ("Cf", "Me") or _INKLESS.match(character) is not None


def _latin_like(letter: str) -> str:
    """The Latin letter that this one is drawn like (Unicode Technical Standard 39), or nothing."""
    if not letter.isalpha():
        return ""
    found = confusables.is_confusable(letter, greedy=True, preferred_aliases=[])
    alike = [other["c"] for other in found[0]["homoglyphs"]] if found else []
    letters = sorted({c.lower() for c in alike if len(c) == 1 and c.isascii() and c.isalpha()})
    return letters[0] if letters else _TAKEN_FOR.get(letter.lower(), "")


_ASCII = {ord("_"): "-"}
_PLAIN, _ALIKE = _Table(alike=False), _Table(alike=True)
